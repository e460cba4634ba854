"""What the API is told of a product by the people of the shop, and what it tells them."""

from datetime import datetime
from typing import (
    Annotated,
    Any,
    NotRequired,  # which FastAPI can describe before 3.12
    Self,
    cast,
)

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from checkout_app.catalog import drafts
from checkout_app.catalog.corrections import Why
from checkout_app.catalog.drafts import Draft
from checkout_app.catalog.models import HIGHEST_RATE, Product, Variant
from checkout_app.catalog.picture_names import image_of
from checkout_app.catalog.service import Offer
from checkout_app.core import clock, ids
from checkout_app.core.settings import settings
from checkout_app.merchant.products.listing import Row


def _whole(said: Any) -> Any:
    """Take what a form sends of a number: nothing for none, and otherwise its digits."""
    if not isinstance(said, str):
        return said
    if not said.strip():
        return None
    if not (said.strip().isascii() and said.strip().isdecimal()):
        raise PydanticCustomError("whole", "Write a whole number.")
    return int(said)


def price(said: Any) -> Any:
    """Take an amount, or what a form sends of one that can't be read."""
    if isinstance(said, str) and not (said.isascii() and said.isdecimal()):
        raise PydanticCustomError("price", "Write a price such as 1,299.50.")
    return said


Whole = Annotated[int | None, BeforeValidator(_whole)]
_Id = Annotated[str, Field(max_length=ids.ID_LENGTH)]
_Words = Annotated[str, Field(max_length=2 * drafts.LONGEST_DESCRIPTION)]


class Detail(TypedDict):
    """A row of what is told of a product beside its words, such as its country of origin."""

    term: _Words
    text: _Words


class Picture(TypedDict):
    """A photograph by its id, with what it shows, for who can't see it: by itself what the product is called."""

    id: _Words
    alt: NotRequired[_Words]


class PictureBody(BaseModel):
    """A photograph that a product can have; `image_url` is that of one width."""

    id: str
    image_url: str

    @classmethod
    def of(cls, picture_id: str) -> Self:
        """Describe one."""
        return cls(id=picture_id, image_url=_at(image_of(picture_id)))


class ProductRequest(BaseModel):
    """What is said of a product: `amount` in minor units with tax, `tax_rate` in basis points, `weight` in grams.

    A new one needs a name, a category and an amount. It is on sale at once unless it is hidden, taxed as the last one
    was made, and without `stock` it never runs out. Of one that is there, what is not said stays.
    """

    model_config = ConfigDict(extra="forbid")

    name: _Words = ""
    category: _Words = ""
    summary: _Words = ""
    description: _Words = ""
    details: Annotated[list[Detail], Field(max_length=2 * drafts.MOST_DETAILS)] = []
    pictures: Annotated[list[Picture], Field(max_length=2 * drafts.MOST_PICTURES)] = []
    amount: Annotated[int, BeforeValidator(price)] = 0
    tax_rate: Annotated[int, Field(ge=0, le=HIGHEST_RATE)] = 0
    hsn: _Words = ""
    weight: Whole = None
    sku: _Words = ""
    stock: Whole = None
    digital: bool = False
    on_sale: bool = True
    back_in: _Words | None = None

    def draft(self) -> Draft:
        """Return what is said, and nothing of the rest."""
        return cast("Draft", self.model_dump(exclude_unset=True, exclude={"variant_id"}))


class ChangeRequest(ProductRequest):
    """What is said of a product that is there; its price, SKU, stock and weight are of the variant that is named."""

    variant_id: _Id | None = None


class CorrectionRequest(BaseModel):
    """How many units there are in the house, and why that is another number; `seen` is what it was to who says so."""

    model_config = ConfigDict(extra="forbid")

    stock: Whole
    why: Why = Why.COUNTED
    seen: Whole = None
    variant_id: _Id | None = None


class ListedBody(BaseModel):
    """A product in the shop's table; `stock` with the `held` units, null for what never runs out."""

    id: str
    slug: str
    name: str
    category: str
    image_url: str
    on_sale: bool
    sku: str
    amount: int
    currency: str
    stock: int | None
    held: int

    @classmethod
    def of(cls, row: Row) -> Self:
        """Describe one."""
        told = {name: value for name, value in row._asdict().items() if name in cls.model_fields}
        return cls(**told, image_url=_at(row.image))


class ListedPage(BaseModel):
    """Some products, the newest first, and the cursor of the next ones."""

    items: list[ListedBody]
    next_cursor: str | None


class WholeBody(ListedBody):
    """A product with everything that is said of it; amounts in minor units, rates in basis points, weights in grams."""

    summary: str
    description: str
    details: list[Detail]
    pictures: list[Picture]
    tax_rate: int
    hsn: str
    weight: int | None
    digital: bool
    back_in: str | None
    created_at: datetime

    @classmethod
    def whole(cls, offer: Offer) -> Self:
        """Describe one."""
        product, variant = offer.product, offer.variant
        fields = set(cls.model_fields)
        of_variant = variant.model_dump(include=(fields & set(Variant.model_fields)) - {"id", "created_at"})
        told = of_variant | product.model_dump(include=fields & set(Product.model_fields))
        told |= {"tax_rate": variant.rate_at(clock.now()), "stock": variant.on_hand}
        return cls(**told, image_url=_at(product.image))


def _at(image: str) -> str:
    return f"{settings().public_url}/{image}"
