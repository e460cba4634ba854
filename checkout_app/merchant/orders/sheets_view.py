"""What is printed for parcels, packing slips and address labels, as the back office shows it: ready-made text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.delivery.address import PostalAddress
from checkout_app.fulfilment.parcels import Sent
from checkout_app.merchant.desk import Desk, desk


@dataclass(frozen=True, slots=True)
class PackedView:
    """So many units of a line."""

    quantity: str
    name: str
    sku: str


@dataclass(frozen=True, slots=True)
class SlipView:
    """What is in a parcel, without prices: it may be somebody's present."""

    number: str
    ordered: str
    name: str
    lines: tuple[PackedView, ...]
    units: str


@dataclass(frozen=True, slots=True)
class SlipsView:
    """The slips of some orders; of those in `without` there is none."""

    desk: Desk
    shop: str
    slips: tuple[SlipView, ...]
    without: str


@dataclass(frozen=True, slots=True)
class LabelView:
    """What is written on a parcel."""

    number: str
    name: str
    lines: tuple[str, ...]
    pin: str
    phone: str


@dataclass(frozen=True, slots=True)
class LabelsView:
    """The labels of some orders, all from the same sender, whose `state` may not be known."""

    desk: Desk
    shop: str
    state: str
    labels: tuple[LabelView, ...]
    without: str


def slips_view(person: Identity, chosen: Sequence[Sent], shop: str) -> SlipsView:
    """Describe the packing slips of some orders: of what is left to ship, or else of what was shipped."""
    packed = [(sent, sent.left or sent.out) for sent in chosen]
    return SlipsView(
        desk=desk(person),
        shop=shop,
        slips=tuple(_slip(sent, units) for sent, units in packed if units),
        without=_without([sent for sent, units in packed if not units], "Nothing is in a parcel of"),
    )


def labels_view(person: Identity, chosen: Sequence[Sent], shop: str, state: str) -> LabelsView:
    """Describe the address labels of some orders."""
    return LabelsView(
        desk=desk(person),
        shop=shop,
        state=state,
        labels=tuple(_label(sent.order.number, sent.order.ships_to) for sent in chosen if sent.order.ships_to),
        without=_without([sent for sent in chosen if not sent.order.ships_to], "There is no postal address of"),
    )


def _slip(sent: Sent, units: Mapping[str, int]) -> SlipView:
    order, total = sent.order, sum(units.values())
    lines = [each.line for each in sent.lines if each.line.id in units]
    return SlipView(
        number=order.number,
        ordered=f"Ordered on {clock.format_date(order.created_at)}",
        name=(order.ships_to or {}).get("name", "") or order.name,
        lines=tuple(PackedView(str(units[line.id]), line.name, line.sku) for line in lines),
        units="1 item" if total == 1 else f"{total} items",
    )


def _label(number: str, kept: Mapping[str, str]) -> LabelView:
    address = PostalAddress.of(kept)
    return LabelView(number, address.name, tuple(address.below_name), address.pin, address.phone)


def _without(rest: Sequence[Sent], said: str) -> str:
    return f"{said} {', '.join(sent.order.number for sent in rest)}." if rest else ""
