"""Look into a cart and change it. Who changes it says which version they saw; who only adds need not."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Integer
from sqlmodel import bindparam, col, delete, select, update

from checkout_app.cart import found
from checkout_app.cart.contents import Contents
from checkout_app.cart.draft import Draft
from checkout_app.cart.errors import CartChanged
from checkout_app.cart.merging import merge
from checkout_app.cart.models import MAX_LINES, Cart, CartLine
from checkout_app.cart.owner import Owner
from checkout_app.catalog import service as catalog
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.service import Offer
from checkout_app.core import clock, database
from checkout_app.core.changes import Lost, Taken
from checkout_app.core.errors import InvalidInput, Unavailable
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement

_TRIES: Final = 20
"""How often a change is begun anew that others are ahead of: each time one of them is through."""
_UNITS: Final = bindparam("units", type_=Integer)
_BOUGHT: Final = (
    select(col(CartLine.id), col(CartLine.quantity))
    .where(col(CartLine.cart_id) == bindparam("cart"), col(CartLine.variant_id) == bindparam("variant"))
    .with_for_update()
    .offset(0)
    .subquery("bought")
)
"""A line as it is once nobody else changes it; by itself PostgreSQL would choose by what there was before they did.

So it would if it took conditions on what is found here into the question itself, which an offset keeps it from.
"""
_TAKE_SOME: Final = Statement[None](
    update(CartLine)
    .where(col(CartLine.id) == _BOUGHT.c.id, _BOUGHT.c.quantity > _UNITS)
    .values(quantity=_BOUGHT.c.quantity - _UNITS)
)
_TAKE_ALL: Final = Statement[None](
    delete(CartLine).where(col(CartLine.id).in_(select(_BOUGHT.c.id).where(_BOUGHT.c.quantity <= _UNITS)))
)
_MOVE_ON: Final = Statement[None](
    update(Cart)
    .where(col(Cart.id) == bindparam("cart"))
    .values(version=col(Cart.version) + 1, updated_at=bindparam("now"))
)


async def contents(owner: Owner) -> Contents:
    """Return what is in somebody's cart; from now on so is what their browser had, and they as a guest."""
    if owner.is_nobody:
        return Contents()
    async with database.ask() as session:
        carts = await found.find(session, owner)
    if not carts.others:
        return carts.contents()
    for _ in range(_TRIES):
        with suppress(Lost, Taken):
            async with database.change() as session:
                merge(session, owner, await found.find(session, owner))
            break
    return await _as_it_is(owner)  # what others were ahead of each time merges when it is looked for next


async def add(owner: Owner, name: str, quantity: int = 1) -> Contents:
    """Put so many more units of something into a cart, whatever else is done to it meanwhile; named as in an `Offer`.

    Raises ProductNotFound, OutOfStock, InvalidInput when it is more than a cart takes.
    """
    [offer] = await _offers({name: quantity})
    return await _change(owner, lambda draft: draft.want(offer, draft.units_of(offer) + quantity))


async def add_what_can_be_had(owner: Owner, wanted: Mapping[str, int]) -> Contents:
    """Let at least so many units of these variants be in a cart, of each as many as there are.

    What is not for sale, or finds no room, stays out. Doing it twice adds nothing.
    """
    async with database.ask() as session:
        offers = await catalog.named(session, wanted)

    def act(draft: Draft) -> None:
        for offer in offers:
            draft.want_at_least(offer, wanted[offer.variant.id])

    return await _change(owner, act) if offers else await contents(owner)


async def fill(owner: Owner, wanted: Mapping[str, int], *, version: int) -> Contents:
    """Let so many units of what is named be in a cart and nothing else; raises CartChanged and the same as `add`."""
    if len(wanted) > MAX_LINES:
        raise InvalidInput({"items": f"A cart has at most {MAX_LINES} lines."})
    offers = await _offers(wanted)

    def act(draft: Draft) -> None:
        draft.keep_only({offer.variant.id for offer in offers})
        for offer in offers:
            draft.want(offer, sum(wanted.get(name, 0) for name in offer.names))

    return await _change(owner, act, version=version)


async def set_quantity(owner: Owner, line_id: str, quantity: int, *, version: int) -> Contents:
    """Let another number of units be in a line.

    Raises CartChanged, LineNotFound, ProductNotFound when it is not for sale any more, and the same as `add`.
    """
    return await _change(owner, lambda draft: draft.set_quantity(line_id, quantity), version=version)


async def remove(owner: Owner, line_id: str, *, version: int) -> Contents:
    """Take a line out; raises CartChanged, LineNotFound."""
    return await _change(owner, lambda draft: draft.remove(line_id), version=version)


def take_bought(session: Session, cart_id: str, units: Mapping[str, int]) -> None:
    """Let what was bought leave the cart it was in, and no more than that; it may have left it before."""
    session.change_any(Cart, _MOVE_ON, cart=cart_id, now=clock.now())
    for variant_id, bought in sorted(units.items()):
        for statement in (_TAKE_ALL, _TAKE_SOME):  # in this order, or SQLite would take what is left too
            session.change_any(CartLine, statement, cart=cart_id, variant=variant_id, units=bought)


async def forget(session: Session, *whose: Any) -> None:
    """Forget the carts that meet some conditions, and what is in them."""
    of_carts = col(CartLine.cart_id).in_(select(Cart.id).where(*whose))
    await session.exec(delete(CartLine).where(of_carts))
    await session.exec(delete(Cart).where(*whose))


async def _change(owner: Owner, act: Callable[[Draft], None], *, version: int | None = None) -> Contents:
    """Change a cart as it was seen, and begin anew when somebody else was first."""
    for _ in range(_TRIES):
        seen = await contents(owner)
        if version is not None and version != seen.version:
            raise CartChanged(seen.told())
        with suppress(Lost, Taken):
            async with database.change() as session:
                carts = await found.find(session, owner)
                if carts.contents().version != seen.version:
                    raise Lost
                draft = Draft(session, owner, carts.theirs)
                act(draft)
                draft.finish()
            return await _as_it_is(owner)
    raise Unavailable


async def _as_it_is(owner: Owner) -> Contents:
    async with database.ask() as session:
        return (await found.find(session, owner)).contents()


async def _offers(wanted: Mapping[str, int]) -> Sequence[Offer]:
    """Find what is wanted by its names; raises ProductNotFound."""
    async with database.ask() as session:
        offers = await catalog.named(session, wanted)
    known = {name for offer in offers for name in offer.names}
    if not known.issuperset(wanted):
        raise ProductNotFound
    return offers
