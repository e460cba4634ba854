"""One order as the back office shows it: ready-made text."""

import json
from dataclasses import dataclass, replace
from urllib.parse import quote

from checkout_app.auth.callers import Caller
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.money import format_amount
from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.places import place_of
from checkout_app.delivery.rules import charge_in_words
from checkout_app.journal.models import ActorKind, Event
from checkout_app.merchant.desk import BY, Desk, desk
from checkout_app.merchant.needs.views import needs_of
from checkout_app.merchant.orders.mails_view import MailView, mail_view
from checkout_app.merchant.orders.money_view import MoneyView, SumView, payment_view, refund_view, sums_view
from checkout_app.merchant.orders.possible import Possible
from checkout_app.merchant.orders.sending_view import SendingView, UnitsView, sending_view, units_view
from checkout_app.merchant.orders.views import RowView, row_view, sending, status_of
from checkout_app.merchant.orders.whole import Whole
from checkout_app.orders import readdressing
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.timeline import Reader, issue_sentence
from checkout_app.payments.refund_parts import LineLeft
from checkout_app.payments.service import Refundable


@dataclass(frozen=True, slots=True)
class BuyerView:
    """Whose it is and how they are reached; what is not known is empty."""

    name: str
    email: str
    phone: str = ""
    call: str = ""
    write: str = ""
    address: tuple[str, ...] = ()
    firm: str = ""
    gstin: str = ""


@dataclass(frozen=True, slots=True)
class AddressView:
    """Where it goes, as a form asks for it; `may_change` says whether who looks at it may let it go elsewhere.

    Town and State are empty where the PIN says them, so that they follow it.
    """

    may_change: bool = False
    name: str = ""
    phone: str = ""
    pin: str = ""
    line1: str = ""
    line2: str = ""
    landmark: str = ""
    town: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    """One line."""

    name: str
    href: str
    sku: str
    quantity: str
    unit: str
    amount: str


@dataclass(frozen=True, slots=True)
class EventView:
    """An entry of the timeline, with who it was."""

    at: str
    who: str
    message: str


@dataclass(frozen=True, slots=True)
class RefundView:
    """What can go back; without a payment nothing can."""

    payment: str = ""
    currency: str = ""
    left: str = ""
    lines: tuple[UnitsView, ...] = ()
    delivery: str = ""
    delivery_worth: str = ""


@dataclass(frozen=True, slots=True)
class OneOrderView:
    """One order."""

    desk: Desk
    id: str
    number: str
    placed: str
    status: str
    tone: str
    sending: str
    waits: tuple[str, ...]
    needs: str
    """Where that is dealt with."""
    buyer: BuyerView
    lines: tuple[LineView, ...]
    sums: tuple[SumView, ...]
    payments: tuple[MoneyView, ...]
    refunds: tuple[MoneyView, ...]
    timeline: tuple[EventView, ...]
    may_note: bool
    may_cancel: bool
    goes_to: AddressView
    mails: tuple[MailView, ...]
    former: tuple[RowView, ...]
    parcels: SendingView
    refund: RefundView


def one_order_view(person: Identity, found: Whole, can: Possible) -> OneOrderView:
    """Describe an order for who looks at it, and what they can do with it."""
    known, order = found.record, found.record.order
    status, tone = status_of(order, waits=known.waits)
    return OneOrderView(
        desk=desk(person),
        id=order.id,
        number=order.number,
        placed=clock.format_moment(order.created_at),
        status=status,
        tone=tone,
        sending=sending(order.fulfilment_status, order.payment_status) if order.ships_to else "",
        waits=tuple(issue_sentence(issue) for issue in known.issues if issue.resolved_at is None),
        needs=needs_of(order.id),
        buyer=_buyer(order),
        lines=tuple(_line(line, order.currency) for line in known.lines),
        sums=sums_view(order, known.payments, known.refunds),
        payments=tuple(payment_view(payment) for payment in known.payments),
        refunds=tuple(refund_view(refund) for refund in known.refunds),
        timeline=_timeline(found),
        may_note=Caller.SHIPPERS.admits(person.role),
        may_cancel=person.role is Role.OWNER and orders.is_unpaid(order),
        goes_to=_goes_to(order, person, sent=bool(can.sent.lines)),
        mails=tuple(mail_view(each, person) for each in found.mails),
        former=tuple(row_view(each) for each in found.former),
        parcels=sending_view(can.sent, person),
        refund=_refundable(can.refundable, person),
    )


def _buyer(order: Order) -> BuyerView:
    firm = order.firm
    if order.ships_to is None:
        return BuyerView(order.name, order.email)
    address = PostalAddress.of(order.ships_to)
    words = quote(f"Hello {order.name.split(' ')[0]}, this is about your order {order.number}.")
    return BuyerView(
        name=order.name or address.name,
        email=order.email,
        phone=address.phone,
        call=f"tel:{address.phone.replace(' ', '')}",
        write=f"https://wa.me/{''.join(filter(str.isdigit, address.phone))}?text={words}",
        address=tuple(address.lines),
        firm=firm.name if firm else "",
        gstin=firm.gstin if firm else "",
    )


def _goes_to(order: Order, person: Identity, *, sent: bool) -> AddressView:
    """Say where an order goes of which something is sent, also where nobody has said it yet."""
    may = sent and person.role is Role.OWNER and readdressing.may_change(order)
    kept = order.ships_to or {}
    place = place_of(kept.get("pin", ""))
    by_pin = {"town": place.town, "state": place.state} if place else {}
    return AddressView(may, **{name: "" if said == by_pin.get(name) else said for name, said in kept.items()})


def _line(line: OrderLine, currency: str) -> LineView:
    return LineView(
        name=line.name,
        href=f"/product/{line.slug}",
        sku=line.sku,
        quantity=str(line.quantity),
        unit=format_amount(line.unit_amount, currency),
        amount=format_amount(line.amount, currency),
    )


def _timeline(found: Whole) -> tuple[EventView, ...]:
    """Tell what happened, the newest first, and who did it."""
    told = zip(found.record.events, found.record.timeline(Reader.SHOP), strict=True)
    return tuple(
        EventView(clock.format_moment(each.at), _who(event, found), each.message) for event, each in reversed([*told])
    )


def _who(event: Event, found: Whole) -> str:
    kind = ActorKind(event.actor)
    return BY[kind] if kind is ActorKind.BUYER else found.who.get(event.actor_id or "", BY[kind])


def _refundable(found: Refundable | None, person: Identity) -> RefundView:
    if found is None or not found.left or person.role is not Role.OWNER:
        return RefundView()
    currency, delivery = found.payment.currency, found.parts.delivery
    return RefundView(
        payment=found.payment.id,
        currency=currency,
        left=format_amount(found.left, currency),
        lines=tuple(_refund_line(line) for line in found.parts.lines if line.units),
        delivery=charge_in_words(delivery, currency) if delivery else "",
        delivery_worth=json.dumps([0, delivery]),
    )


def _refund_line(left: LineLeft) -> UnitsView:
    worths = [left.worth(units) if units else 0 for units in range(left.units + 1)]
    return replace(units_view(left.line, left.units), worths=json.dumps(worths))
