"""Ship what was bought, know that it arrived, and take back what was sent back: each in one transaction, once.

Whoever does any of it holds the order's lock, so of two who ship the same units at once one finds none left.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence

import structlog

from checkout_app.catalog import stock
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput, ShopError
from checkout_app.core.session import Session
from checkout_app.core.text import Unfit, one_line
from checkout_app.fulfilment import parcels
from checkout_app.fulfilment.errors import KeyUsed, ReturnRefused, ShipmentNotFound, ShipmentRefused
from checkout_app.fulfilment.models import LONGEST_CARRIER, LONGEST_TRACKING, Shipment, ShipmentLine
from checkout_app.fulfilment.parcels import Parcel, Sent
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Data
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order, Stock
from checkout_app.orders.moves import OrderEvent

log = structlog.stdlib.get_logger(__name__)

Units = Mapping[str, int]
"""How many units of which line of an order."""


async def look(order_id: str) -> Sent:
    """Return what was sent of an order; raises OrderNotFound."""
    async with database.read() as session:
        order = await session.get(Order, order_id)
        if order is None:
            raise OrderNotFound
        return await parcels.sent(session, order)


async def ship(
    order_id: str, units: Units | None, *, carrier: str, tracking: str = "", request_key: str, by: Actor
) -> Parcel:
    """Ship units of an order's lines, or all that is left of it; the same key again answers the same parcel.

    Raises OrderNotFound, InvalidInput for words that can't be kept or a line of which nothing is shipped,
    ShipmentRefused when the order is not to be shipped or not as much is left of a line, and KeyUsed.
    """
    by_whom, number = _carrier(carrier), _said("tracking", tracking, LONGEST_TRACKING)
    shipment = Shipment(
        order_id=order_id,
        carrier=by_whom,
        tracking=number,
        request_key=request_key,
        request_digest=_digest(units, "ship", by_whom, number),
    )
    async with database.write() as session:
        sent = await _locked(session, order_id)
        if known := _made_before(sent, shipment):
            return known
        if refused := why_not(sent):
            raise ShipmentRefused(refused)
        parcel = _pack(session, shipment, units or sent.left, sent)
        whole = parcel.units == sent.left
        event = OrderEvent.SHIPPED if whole else OrderEvent.PARTLY_SHIPPED
        if not await orders.handle(session, sent.order, event, by, **_told(parcel), carrier=by_whom, tracking=number):
            raise ShipmentRefused
    log.info("shipped", order_id=order_id, shipment_id=shipment.id)
    return parcel


async def ship_each(
    order_ids: Sequence[str], *, carrier: str, request_key: str, by: Actor
) -> Mapping[str, Parcel | ShopError]:
    """Ship all that is left of each of some orders, one after the other; what one is refused for stops no other.

    The same key again answers the same. Returns the parcel or the refusal of each; raises InvalidInput for words that
    can't be kept.
    """
    _carrier(carrier)
    done: dict[str, Parcel | ShopError] = {}
    for order_id in order_ids:
        try:
            done[order_id] = await ship(order_id, None, carrier=carrier, request_key=request_key, by=by)
        except ShopError as refusal:
            done[order_id] = refusal
    return done


async def deliver(shipment_id: str, by: Actor) -> Parcel:
    """Know that a parcel arrived; a second time it is known already. Raises ShipmentNotFound."""
    async with database.write() as session:
        found = await session.get(Shipment, shipment_id)
        if found is None or found.came_back:
            raise ShipmentNotFound
        sent = await _locked(session, found.order_id)
        [parcel] = [parcel for parcel in sent.shipped if parcel.shipment.id == shipment_id]
        if parcel.shipment.delivered_at is not None:
            return parcel
        parcel.shipment.delivered_at = clock.now()
        everything = not sent.left and all(each.shipment.delivered_at for each in sent.shipped)
        await _tell(
            session, sent.order, OrderEvent.DELIVERED, OrderEvent.PARTLY_DELIVERED, parcel, by, whole=everything
        )
    return parcel


async def take_back(order_id: str, units: Units, *, restock: bool, request_key: str, by: Actor) -> Parcel:
    """Take back units that were shipped, and put them on the shelf again where they are to be sold once more.

    The same key again answers the same. Raises OrderNotFound, InvalidInput for a line of which nothing is shipped,
    ReturnRefused when not as many of a line are out, and KeyUsed.
    """
    shipment = Shipment(
        order_id=order_id,
        came_back=True,
        restock=restock,
        request_key=request_key,
        request_digest=_digest(units, "take back", restock),
    )
    async with database.write() as session:
        sent = await _locked(session, order_id)
        if known := _made_before(sent, shipment):
            return known
        parcel = _pack(session, shipment, units, sent)
        if restock:
            stock.restock(session, _by_variant(sent, parcel.units))
        everything = not sent.left and parcel.units == sent.out
        await _tell(
            session, sent.order, OrderEvent.CAME_BACK, OrderEvent.PARTLY_CAME_BACK, parcel, by, whole=everything
        )
    log.info("came back", order_id=order_id, shipment_id=shipment.id, restock=restock)
    return parcel


async def _locked(session: Session, order_id: str) -> Sent:
    for order in await database.lock(session, Order, [order_id]):
        return await parcels.sent(session, order)
    raise OrderNotFound


def _made_before(sent: Sent, shipment: Shipment) -> Parcel | None:
    """Return the parcel that was made under the key of another; raises KeyUsed for one of something else."""
    known = next((each for each in sent.parcels if each.shipment.request_key == shipment.request_key), None)
    if known and known.shipment.request_digest != shipment.request_digest:
        raise KeyUsed
    return known


def why_not(sent: Sent) -> str:
    """Say why nothing is shipped of what is not paid, is on the shelf again, or goes nowhere; empty where it can be.

    So no unit is in two places.
    """
    if not sent.is_paid:
        return "Its money is not the shop's, or goes back."
    if sent.order.stock != Stock.SOLD:
        return "Its items are back on the shelf."
    if sent.order.ships_to is None:
        return "There is no postal address that it goes to."
    return "" if sent.left else "Nothing is left to ship."


def _pack(session: Session, shipment: Shipment, units: Units, sent: Sent) -> Parcel:
    """Put units of an order's lines into a parcel.

    Raises InvalidInput for a line of which nothing is shipped, and the refusal when not as many of one are there.
    """
    lines = {each.line.id: each.line for each in sent.lines}
    if units.keys() - lines.keys():
        raise InvalidInput({"lines": "Nothing is shipped of such a line of this order."})
    for line_id, wanted in units.items():
        if wanted > (sent.out if shipment.came_back else sent.left).get(line_id, 0):
            raise _too_many(shipment, lines[line_id].name, sent, line_id)
    session.add(shipment)
    session.add_all([ShipmentLine(shipment_id=shipment.id, line_id=line, units=each) for line, each in units.items()])
    return Parcel(shipment, dict(units))


def _too_many(shipment: Shipment, name: str, sent: Sent, line_id: str) -> ShopError:
    if shipment.came_back:
        return ReturnRefused(f"Only {sent.out.get(line_id, 0)} of {name} can have come back.")
    return ShipmentRefused(f"Only {sent.left.get(line_id, 0)} of {name} can be shipped.")


def _by_variant(sent: Sent, units: Units) -> Units:
    sums: dict[str, int] = {}
    for each in sent.lines:
        if each.line.id in units:
            sums[each.line.variant_id] = sums.get(each.line.variant_id, 0) + units[each.line.id]
    return sums


async def _tell(
    session: Session, order: Order, all_of_it: OrderEvent, part: OrderEvent, parcel: Parcel, by: Actor, *, whole: bool
) -> None:
    """Write down what happened to a parcel, and move the order with it when that was so of all of its parcels."""
    if not (whole and await orders.handle(session, order, all_of_it, by, **_told(parcel))):
        await orders.record(session, order, part, by, **_told(parcel))


def _told(parcel: Parcel) -> Data:
    return {"shipment_id": parcel.shipment.id, "units": sum(parcel.units.values())}


def _carrier(words: str) -> str:
    """Return who brings a parcel as it is kept; raises InvalidInput."""
    if not (fit := _said("carrier", words, LONGEST_CARRIER)):
        raise InvalidInput({"carrier": "Say who brings the parcel."})
    return fit


def _said(field: str, words: str, longest: int) -> str:
    """Return words as they are kept; raises InvalidInput."""
    try:
        return one_line(words, longest)
    except Unfit as unfit:
        raise InvalidInput({field: f"Say it in at most {longest} ordinary characters."}) from unfit


def _digest(units: Units | None, *said: str | bool) -> str:
    return hashlib.sha256(json.dumps([said, units], sort_keys=True).encode()).hexdigest()
