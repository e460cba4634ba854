"""What the shopkeeper does over HTTP about the categories: their order, and what they are called."""

from typing import Annotated, Final, Self

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.catalog import categories
from checkout_app.catalog.drafts import LONGEST_CATEGORY
from checkout_app.catalog.window import Category
from checkout_app.core import database
from checkout_app.core.described import Answers, refusal
from checkout_app.journal.actors import Actor

router = APIRouter(prefix="/api/merchant/categories", tags=["merchant"])

_LONGEST_SLUG: Final = 4 * LONGEST_CATEGORY
_Owner = Annotated[Identity, Depends(guard.owner)]
_Slug = Annotated[str, Path(max_length=_LONGEST_SLUG)]
_UNKNOWN: Final[Answers] = {404: refusal("There is no such category.")}


class CategoryBody(BaseModel):
    """A category by its `slug`, as its address has it; how many `products` of it are for sale, and how many are not."""

    model_config = ConfigDict(from_attributes=True)

    slug: str
    name: str
    products: int
    hidden: int

    @classmethod
    def of(cls, category: Category) -> Self:
        """Describe one."""
        return cls.model_validate(category)


class CategoriesBody(BaseModel):
    """The categories, in the order in which they are shown."""

    items: list[CategoryBody]


class PlaceRequest(BaseModel):
    """Before which category one is to stand, by its slug; the last place where that is empty."""

    model_config = ConfigDict(extra="forbid")

    before: Annotated[str, Field(max_length=_LONGEST_SLUG)]


class NameRequest(BaseModel):
    """What a category is to be called; with `join` it becomes one with another one that is called that."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)]
    join: bool = False


@router.get("", **guard.open_to(Caller.SHOP))
async def list_categories() -> CategoriesBody:
    """List the categories of all products, those of which nothing is for sale as well."""
    async with database.ask() as session:
        return CategoriesBody(items=[CategoryBody.of(each) for each in await categories.every_category(session)])


@router.put("/{slug}/place", **guard.open_to(Caller.OWNER, _UNKNOWN))
async def place_category(slug: _Slug, body: PlaceRequest, owner: _Owner) -> CategoriesBody:
    """Let a category stand before another one, and list them all. The others keep their order."""
    async with database.write() as session:
        await categories.place(session, slug, body.before, Actor.of(owner))
        return CategoriesBody(items=[CategoryBody.of(each) for each in await categories.every_category(session)])


@router.put("/{slug}/name", **guard.open_to(Caller.OWNER, _UNKNOWN))
async def rename_category(slug: _Slug, body: NameRequest, owner: _Owner) -> CategoryBody:
    """Call a category something else: all of its products follow, and its old address leads to nothing.

    Where another one is called that it is refused, unless the two are to become one.
    """
    async with database.write() as session:
        renamed = await categories.rename(session, slug, body.name, Actor.of(owner), join=body.join)
        return CategoryBody.of(renamed)
