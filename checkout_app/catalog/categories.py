"""The categories that there are: put in an order, and called something else, by which two become one.

A category is a word on products and nothing besides. So it ends with the last product that has it, and whatever is done
to one is done to its products, those that are not for sale as well.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import String
from sqlmodel import bindparam, col, select, update

from checkout_app.catalog import drafts
from checkout_app.catalog.drafts import Draft
from checkout_app.catalog.errors import CategoryNotFound
from checkout_app.catalog.models import Product
from checkout_app.catalog.window import ALL_CATEGORIES, Category, categories, slug_of
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject
from checkout_app.seller import service as seller
from checkout_app.seller.models import ONLY

MOVED: Final = "category_moved"
RENAMED: Final = "category_renamed"
JOINED: Final = "category_joined"
MOST_ORDERED: Final = 100
"""How many have a place of their own; those after them stay as the window would have them."""

_HAVE: Final = col(Product.category).in_(bindparam("names", type_=String, expanding=True))
_LOCKED: Final = Statement[str](select(Product.id).where(_HAVE).order_by(col(Product.id)).with_for_update())
_CALLED: Final = Statement[None](update(Product).where(_HAVE).values(category=bindparam("called", type_=String)))


async def every_category(session: Session) -> tuple[Category, ...]:
    """List the categories of all products in their order, those of which nothing is for sale as well."""
    return categories((await session.exec(ALL_CATEGORIES)).all())


async def place(session: Session, slug: str, before: str, by: Actor) -> None:
    """Let a category stand before another one, by their slugs, or last where that is empty.

    So two people who move some at once have both what they said. Raises CategoryNotFound, InvalidInput.
    """
    row = await seller.change(session, by)
    known = await every_category(session)
    moved = _one(known, slug)
    rest = [each for each in known if each is not moved]
    at = next((at for at, each in enumerate(rest) if each.slug == before), None) if before else len(rest)
    if at is None:
        raise InvalidInput({"before": "There is no such other category any more: look again."})
    if at >= MOST_ORDERED:
        raise InvalidInput({"before": f"Only the first {MOST_ORDERED} categories have a place of their own."})
    ordered = (*rest[:at], moved, *rest[at:])
    if ordered == known:
        return
    row.categories = "\n".join(each.name for each in ordered[:MOST_ORDERED])
    await journal.record(session, Subject.SELLER, ONLY, MOVED, by, name=moved.name, place=at + 1)


async def rename(session: Session, slug: str, name: str, by: Actor, *, join: bool = False) -> Category:
    """Call a category something else, and return it: all of its products follow.

    Where another one is called that the two become one, if that is what somebody wants: it can't be undone. Raises
    CategoryNotFound, InvalidInput.
    """
    row = await seller.change(session, by)
    known = await every_category(session)
    category, called = _one(known, slug), _fit(name)
    other = next((each for each in known if each.slug == slug_of(called) and each is not category), None)
    if other and not join:
        raise InvalidInput({"name": f"There is a category {other.name} already. Say that the two become one, or not."})
    called = other.name if other else called
    if category.names != (called,):
        await session.exec(_LOCKED, names=list(category.names))
        await session.exec(_CALLED, names=list(category.names), called=called)
        row.categories = _replaced(row.categories, slug, "" if other else called)
        kind, followed = JOINED if other else RENAMED, category.products + category.hidden
        said = {"before": category.name, "after": called}
        await journal.record(session, Subject.SELLER, ONLY, kind, by, **said, products=followed)
    return _one(await every_category(session), slug_of(called))


def _one(known: Sequence[Category], slug: str) -> Category:
    found = next((each for each in known if each.slug == slug), None)
    if found is None:
        raise CategoryNotFound
    return found


def _fit(name: str) -> str:
    kept, wrong = drafts.fit(Draft(category=name))
    if wrong:
        raise InvalidInput({"name": wrong["category"]})
    return kept["category"]


def _replaced(order: str, slug: str, called: str) -> str:
    """Return an order in which a category is called something else, or not named any more."""
    lines = (called if slug_of(line) == slug else line for line in order.splitlines())
    return "\n".join(line for line in lines if line)
