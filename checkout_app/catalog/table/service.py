"""Hand all products over as a table, say what a table would change, and change it: all of it, or nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Integer, String
from sqlmodel import bindparam, col, select, tuple_

from checkout_app.catalog import products, taxes
from checkout_app.catalog.corrections import too_few
from checkout_app.catalog.errors import TableMoved
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import Offer
from checkout_app.catalog.table.columns import HEADINGS, row_of, told_of
from checkout_app.catalog.table.plan import plan, slugs_of
from checkout_app.catalog.table.planned import Plan, Shop, Step
from checkout_app.core import clock, database
from checkout_app.core.changes import Taken
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.spreadsheet_files import Table, Unreadable, read
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import Actor

LARGEST: Final = 5 * 1024 * 1024
"""Bytes of a file at most."""
MOST_ROWS: Final = 5_000
"""Rows of a file that is read: a larger shop's comes in several."""
_PAGE: Final = 500
"""Rows that are asked for at a time."""
_BATCH: Final = 25
"""Rows that are written at a time: on PostgreSQL by one statement, which takes longer to plan than it has parts."""
Item = TypeVar("Item")
Watch = Callable[[str], None]
"""Is told how far it has come."""

_CHOSEN: Final[Any] = select(Product, Variant).join(
    Variant, (col(Variant.product_id) == col(Product.id)) & col(Variant.on_sale)
)
_PLACE: Final = tuple_(col(Product.id), col(Variant.position))
_AFTER: Final = tuple_(bindparam("product", type_=String), bindparam("position", type_=Integer))
_ALL: Final = Statement[tuple[Product, Variant]](
    _CHOSEN.where(_PLACE > _AFTER).order_by(col(Product.id), col(Variant.position)).limit(_PAGE)
)
_OF_SLUGS: Final = Statement[tuple[Product, Variant]](
    _CHOSEN.where(col(Product.slug).in_(bindparam("slugs", expanding=True))).order_by(
        col(Product.id), col(Variant.position)
    )
)
_LOCKED: Final = Statement[str](
    select(Variant.id)
    .where(col(Variant.product_id).in_(bindparam("products", expanding=True)))
    .order_by(col(Variant.id))
    .with_for_update()
)
_OF_PRODUCTS: Final = Statement[tuple[Product, Variant]](
    select(Product, Variant)
    .join(Variant, col(Variant.product_id) == col(Product.id))
    .where(col(Product.id).in_(bindparam("products", expanding=True)))
    .order_by(col(Product.id), col(Variant.position))
)


class Looked(NamedTuple):
    """What a table would change, and the digest by which that is agreed to."""

    plan: Plan
    digest: str


async def table() -> AsyncIterator[Sequence[Sequence[str]]]:
    """Yield the rows of the table of all products, the headings first, some at a time."""
    yield [HEADINGS]
    product, position = "", 0
    while True:
        async with database.ask() as session:
            found = [Offer(*row) for row in await session.exec(_ALL, product=product, position=position)]
        yield [row_of(offer, clock.now()) for offer in found]
        if len(found) < _PAGE:
            return
        product, position = found[-1].product.id, found[-1].variant.position


async def look(content: bytes, watch: Watch = lambda _: None) -> Looked:
    """Say what a file would change; raises InvalidInput for one that is no table. Nothing is changed."""
    try:
        said = await asyncio.to_thread(read, content, MOST_ROWS)
    except Unreadable as unreadable:
        raise InvalidInput({"file": str(unreadable)}) from unreadable
    watch(f"Read {len(said.rows):,} rows")
    async with database.read() as session:
        shop = await _shop(session, said)
    planned = await asyncio.to_thread(plan, said, shop)
    return Looked(planned, await asyncio.to_thread(planned.digest, content))


async def put(content: bytes, digest: str, by: Actor, watch: Watch = lambda _: None) -> Plan:
    """Change what a file says, if that is still what a digest was given for; where all of it is so already, nothing.

    Raises InvalidInput where anything is wrong with it, and TableMoved.
    """
    planned, now = await look(content, watch)
    if planned.problems:
        raise InvalidInput({"file": "Something is wrong with it: look at it again."})
    if not planned.steps:
        return planned
    if now != digest:
        raise TableMoved
    changed = sorted({step.offer.product.id for step in planned.steps if not step.is_new})
    watch(f"Wrote 0 of {len(planned.steps):,} rows")
    try:
        async with database.write() as session:
            await session.exec(_LOCKED, products=changed)
            for done, batch in enumerate(_batches(planned.steps, _BATCH)):
                await _write(session, batch, by)
                watch(f"Wrote {done * _BATCH + len(batch):,} of {len(planned.steps):,} rows")
    except Taken as taken:
        raise TableMoved from taken
    return planned


async def _shop(session: Session, said: Table) -> Shop:
    """Read what there is of what a table names."""
    offers: dict[str, list[Offer]] = {}
    for slugs in _batches(list(dict.fromkeys(slug for row in said.rows for slug in slugs_of(row))), _PAGE):
        for row in await session.exec(_OF_SLUGS, slugs=slugs):
            offers.setdefault(row[0].slug, []).append(Offer(*row))
    skus = {sku for row in said.rows for sku in (row.cells.get("sku", ""), *slugs_of(row)) if sku}
    known = (offer for those in offers.values() for offer in those)
    taken = {offer.variant.sku: products.Holder(offer.variant.id, offer.name) for offer in known}
    for some in _batches(sorted(skus - taken.keys()), _PAGE):
        taken |= await products.holders(session, some)
    return Shop(offers, taken, await products.usual_rate(session), clock.now())


async def _write(session: Session, steps: Sequence[Step], by: Actor) -> None:
    """Write some steps down, and let others go on; raises TableMoved where something is not as it was planned of."""
    fresh: dict[str, Offer] = {}
    of_product: dict[str, list[Variant]] = {}
    if changed := sorted({step.offer.product.id for step in steps if not step.is_new}):
        for product, variant in await session.exec(_OF_PRODUCTS, products=changed):
            fresh[variant.id] = Offer(product, variant)
            of_product.setdefault(product.id, []).append(variant)
    moment = clock.now()
    for step in steps:
        if step.is_new:
            if step.offer.variant.position == 1:
                session.add(step.offer.product)
                await products.tell_made(session, step.offer, by)
            session.add(step.offer.variant)
            continue
        now = fresh.get(step.offer.variant.id)
        if now is None or not _is_as(now, step, moment):
            raise TableMoved
        if "tax_rate" in step.kept:
            await taxes.rate_all(session, of_product[now.product.id], step.kept["tax_rate"], by)
        await products.write(session, now, step.kept, by)
    await session.put_away()
    await asyncio.sleep(0)


def _is_as(now: Offer, step: Step, moment: datetime) -> bool:
    """Tell whether what a step changes is what it was planned of, and there can be so few units."""
    is_so, was = told_of(now, moment), told_of(step.offer, moment)
    return all(is_so[name] == was[name] for name in step.kept) and not too_few(now.variant, step.kept.get("stock"))


def _batches(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    """Cut items into lists of at most so many."""
    return (list(items[begin : begin + size]) for begin in range(0, len(items), size))
