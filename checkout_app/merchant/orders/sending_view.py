"""What was sent of an order and what can be, as the back office shows it: ready-made text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.fulfilment.parcels import Parcel, Sent
from checkout_app.merchant.orders.views import LABELS, SLIPS, path_of
from checkout_app.orders.models import OrderLine


@dataclass(frozen=True, slots=True)
class UnitsView:
    """So many units of a line as there may be; `part` and what they are worth are for the form's script, as JSON."""

    id: str
    name: str
    most: int
    part: str
    worths: str = ""


@dataclass(frozen=True, slots=True)
class ParcelView:
    """A parcel, or what came back; `path` is where it is said that it arrived, empty once that was said."""

    about: str
    what: str
    at: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class SendingView:
    """What can be shipped, what was, and what may come back; for who only looks nothing can be done.

    `slip` and `label` are where these are to be printed, empty where there are none.
    """

    slip: str = ""
    label: str = ""
    left: tuple[UnitsView, ...] = ()
    parcels: tuple[ParcelView, ...] = ()
    out: tuple[UnitsView, ...] = ()


def sending_view(sent: Sent, person: Identity) -> SendingView:
    """Describe what was sent, and what may be done about the rest by who looks at it."""
    may, is_ready = Caller.SHIPPERS.admits(person.role), sent.order.ships_to is not None
    order_ids = [sent.order.id]
    return SendingView(
        slip=path_of(SLIPS, order_ids) if sent.left or sent.out else "",
        label=path_of(LABELS, order_ids) if is_ready else "",
        left=tuple(units_view(each.line, each.left) for each in sent.lines if each.left and may and is_ready),
        parcels=tuple(_parcel(parcel, sent, may=may) for parcel in sent.parcels),
        out=tuple(units_view(each.line, each.out) for each in sent.lines if each.out and may),
    )


def contents(sent: Sent, units: Mapping[str, int]) -> str:
    """List units of an order's lines."""
    names = {each.line.id: each.line.name for each in sent.lines}
    return ", ".join(f"{number} × {names[line_id]}" for line_id, number in units.items())  # noqa: RUF001 - a true multiplication sign


def _parcel(parcel: Parcel, sent: Sent, *, may: bool) -> ParcelView:
    shipment, what = parcel.shipment, contents(sent, parcel.units)
    at = clock.format_moment(shipment.created_at)
    if shipment.came_back:
        return ParcelView("Came back, and is on the shelf again" if shipment.restock else "Came back", what, at)
    about = ", ".join(part for part in (shipment.carrier, shipment.tracking) if part)
    if shipment.delivered_at:
        return ParcelView(f"{about}. It arrived on {clock.format_date(shipment.delivered_at)}", what, at)
    return ParcelView(about, what, at, f"/api/merchant/shipments/{shipment.id}/delivered" if may else "")


def units_view(line: OrderLine, most: int) -> UnitsView:
    """Describe up to so many units of a line."""
    return UnitsView(line.id, line.name, most, json.dumps({"line_id": line.id}))
