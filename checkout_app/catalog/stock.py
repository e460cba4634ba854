"""Keep count of what is left: guarded changes in sorted order, fenced by constraints in the database.

Each takes a mapping of variant ids to units, and is made with what else the session changes. Two buyers of the same
last unit can't both pass, and two transactions can't wait for each other.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Integer
from sqlmodel import bindparam, col, or_, update

from checkout_app.catalog.errors import OutOfStock
from checkout_app.catalog.models import Product, Variant
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement

Units = Mapping[str, int]

_UNITS: Final[Any] = bindparam("units", type_=Integer)
_ON_HAND, _HELD = col(Variant.on_hand), col(Variant.held)
_THE_VARIANT: Final = update(Variant).where(col(Variant.id) == bindparam("variant"))
_HOLD: Final = Statement[None](
    _THE_VARIANT.where(or_(_ON_HAND.is_(None), _ON_HAND - _HELD >= _UNITS)).values(held=_HELD + _UNITS)
)
_RELEASE: Final = Statement[None](_THE_VARIANT.values(held=_HELD - _UNITS))
_COMMIT: Final = Statement[None](_THE_VARIANT.values(held=_HELD - _UNITS, on_hand=_ON_HAND - _UNITS))
_TURN_UP: Final = Statement[None](_THE_VARIANT.where(_ON_HAND - _HELD < _UNITS).values(on_hand=_HELD + _UNITS))
_RESTOCK: Final = Statement[None](_THE_VARIANT.values(on_hand=_ON_HAND + _UNITS))


def hold(session: Session, wanted: Units) -> None:
    """Promise units to an order; the session raises Lost when there are too few, and `shortage` says of what."""
    exchange(session, {}, wanted)


def exchange(session: Session, given: Units, wanted: Units) -> None:
    """Give promised units back and promise others, by one change of each variant; the session raises Lost as above."""
    for variant_id in sorted(given.keys() | wanted.keys()):
        more = wanted.get(variant_id, 0) - given.get(variant_id, 0)
        if more:
            session.change(Variant, _HOLD if more > 0 else _RELEASE, variant=variant_id, units=abs(more))


def release(session: Session, held: Units) -> None:
    """Give promised units back to the shelf."""
    _change(session, _RELEASE, held)


def commit(session: Session, held: Units) -> None:
    """Turn promised units into sold ones."""
    _change(session, _COMMIT, held)


def restock(session: Session, sold: Units) -> None:
    """Put sold units back on the shelf."""
    _change(session, _RESTOCK, sold)


async def turn_up(session: Session, sold: Units) -> None:
    """Let there be so many units to promise, where fewer are counted: they were sold, so they were there."""
    for variant_id, quantity in sorted(sold.items()):
        await session.exec(_TURN_UP, variant=variant_id, units=quantity)


async def shortage(session: Session, wanted: Units) -> OutOfStock:
    """Say of what there is too little, the first of several."""
    for variant_id, quantity in sorted(wanted.items()):
        variant = await session.get_one(Variant, variant_id, populate_existing=True)
        if variant.available is not None and variant.available < quantity:
            break
    product = await session.get_one(Product, variant.product_id)
    return OutOfStock(product.called(variant), variant.available or 0)


def _change(session: Session, statement: Statement[None], units: Units) -> None:
    for variant_id, quantity in sorted(units.items()):
        session.change(Variant, statement, variant=variant_id, units=quantity)
