"""Orders as pages show them: ready-made text, small enough for a state, only for who may see the order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checkout_app.buyer.order.money_back import MoneyBack, is_sent, money_back, refund_message
from checkout_app.buyer.order.wording import to
from checkout_app.buyer.standing import STANDINGS, standing_of
from checkout_app.core import clock
from checkout_app.core.money import format_amount
from checkout_app.core.settings import settings
from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.rules import charge_in_words
from checkout_app.orders import files, links, requests
from checkout_app.orders.files import MOST_DOWNLOADS, Bought
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.moves import Fulfilment, OrderEvent
from checkout_app.orders.timeline import Reader
from checkout_app.payments import failures
from checkout_app.payments.models import Payment
from checkout_app.payments.record import Record
from checkout_app.payments.statuses import BACK_WITHIN, PaymentStatus, Purpose
from checkout_app.seller.service import Terms

GOES_ON = ("paid", "partially_refunded")
"""States of orders of which something is still to come."""
_ENDED = (*GOES_ON, "refunded", "expired", "cancelled")
"""States of orders of which nothing is to be decided any more, so that they can be had once more."""
FEW_LEFT = 5
"""From so few downloads on, people are told how many are left."""
_ON_ITS_WAY = frozenset({OrderEvent.PARTLY_SHIPPED, OrderEvent.SHIPPED})
_TO_BE_SHIPPED = frozenset({Fulfilment.UNFULFILLED, Fulfilment.PARTLY_SHIPPED})
_SENT_BACK = {
    "partially_refunded": "Part of {your} money was sent back",
    "refunded": "{your} money was sent back",
}
"""Headlines of money that is on its way no more."""


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a receipt."""

    name: str
    href: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True)
class EventView:
    """One entry of the timeline."""

    at: str
    message: str


@dataclass(frozen=True, slots=True)
class PaymentView:
    """The payment that paid an order; empty while there is none."""

    id: str = ""
    amount: str = ""
    offer: str = ""
    fee: str = ""
    method: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that was bought, and where it is; `href` is empty once it was downloaded as often as it can be."""

    name: str
    about: str
    href: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order; the page looks different in each `display_state`, and `message` and `next` are as in its status."""

    id: str = ""
    number: str = ""
    link: str = ""
    display_state: str = ""
    headline: str = ""
    message: str = ""
    next: str = ""
    first_name: str = ""
    name: str = ""
    email: str = ""
    placed: str = ""
    ships_to: tuple[str, ...] = ()
    """Where it goes, line by line and the phone last; for the holder of its link the town alone."""
    firm: str = ""
    """The firm that it is bought for; empty when it is for none, and for the holder of its link."""
    gstin: str = ""
    delivery: str = ""
    """What sending it costs, where it goes somewhere; else empty."""
    coupon: str = ""
    discount: str = ""
    amount: str = ""
    tax: str = ""
    again: bool = False
    """Whether its buyer can put it into their cart once more."""
    steps: tuple[str, ...] = ()
    lines: tuple[LineView, ...] = ()
    payment: PaymentView = PaymentView()
    back: MoneyBack = field(default_factory=MoneyBack)
    files: tuple[FileView, ...] = ()
    asked: str = ""
    """What the buyer asked the shop for and waits for, in a sentence."""
    may_ask: str = ""
    """What can be asked for: cancel, return, or nothing."""
    timeline: tuple[EventView, ...] = ()


def order_view(record: Record, reader: Reader, terms: Terms, bought: Sequence[Bought] = ()) -> OrderView:
    """Describe an order for its own page, as its reader is to hear it.

    `terms` are what the seller says of it, `bought` the files that it gives.
    """
    order, state = record.order, display_state(record)
    firm = order.firm if reader is Reader.BUYER else None
    message, then = describe(state, record, reader)
    return OrderView(
        id=order.id,
        number=order.number,
        link=settings().public_url + links.page(order),
        display_state=state,
        headline=headline(state, record, reader),
        message=message,
        next=then,
        first_name=order.name.split(" ")[0],
        name=order.name,
        email=order.email if reader is Reader.BUYER else _masked(order.email),
        placed=clock.format_moment(order.created_at),
        ships_to=_goes_to(order, reader),
        firm=firm.name if firm else "",
        gstin=firm.gstin if firm else "",
        delivery=charge_in_words(order.delivery, order.currency) if order.ships_to else "",
        coupon=order.coupon or "",
        discount=format_amount(order.discount, order.currency) if order.discount else "",
        amount=format_amount(order.amount, order.currency),
        tax=format_amount(order.tax, order.currency) if order.tax else "",
        again=reader is Reader.BUYER and state in _ENDED and _leaves_something(record, bought),
        steps=_steps(record, reader, terms) if state in GOES_ON else (),
        lines=tuple(_line(line, order.currency) for line in record.lines),
        payment=_payment(record),
        back=money_back(record, reader),
        files=tuple(_file(order, one, reader) for one in bought),
        asked=_asked(record, reader),
        may_ask=requests.possible(order) or "",
        timeline=tuple(EventView(clock.format_moment(told.at), told.message) for told in record.timeline(reader)),
    )


def display_state(record: Record) -> str:
    """Return the state an order is shown in, one of `STANDINGS`."""
    return standing_of(
        record.order,
        waits=record.waits,
        under_way=any(_is_on_its_way(payment) for payment in record.payments),
        failed=any(payment.status == PaymentStatus.FAILED for payment in record.payments),
    )


def _is_on_its_way(payment: Payment) -> bool:
    taken = payment.status == PaymentStatus.CAPTURED and payment.amount_refunded < payment.amount
    return taken or payment.status == PaymentStatus.AUTHORIZED


def _leaves_something(record: Record, bought: Sequence[Bought]) -> bool:
    """Tell whether there is more in an order than files, which its buyer has and needs no second time."""
    had = {one.line_id for one in bought if one.left}
    return any(line.id not in had for line in record.lines)


def headline(state: str, record: Record, reader: Reader) -> str:
    """Return what an order's page and its status say first; the page thanks the buyer of a paid one instead."""
    sent = _SENT_BACK.get(state) if is_sent(record) else None
    return to(reader, sent or STANDINGS[state].headline)


def describe(state: str, record: Record, reader: Reader) -> tuple[str, str]:
    """Say what became of the money and what comes next; the page and the status over HTTP say the same."""
    match state:
        case "paid":
            paid = f"{_payment(record).amount} is paid."
            return f"{paid} {refund_message(record, reader)}".strip(), ""
        case "partially_refunded" | "refunded":
            return refund_message(record, reader), ""
        case "confirming":
            known = "Razorpay has told us about the payment. It is safe to close this page."
            return known, f"We keep asking until the bank has answered. {_money_message(record, reader)}"
        case "failed" | "unpaid":
            sentence, step = _failure(record, reader)
            kept = f"Its items are kept until {clock.format_time(record.order.expires_at)}."
            return f"{sentence} {_money_message(record, reader)}".strip(), f"{step} {kept}".strip()
        case "attention":
            person = "A person looks into it, and what comes of it is said here."
            return to(reader, "{your} money is either this order's or comes back to {you}."), person
        case _:
            return refund_message(record, reader) or _money_message(record, reader), "It can be ordered again."


def _failure(record: Record, reader: Reader) -> tuple[str, str]:
    """Say why the last attempt to pay failed and what to do best now, which nobody but the buyer can; else nothing."""
    if not (failed := [payment for payment in record.payments if payment.status == PaymentStatus.FAILED]):
        return "", ""
    why = failures.why(failed[-1].error_reason)
    return why.sentence, why.step if reader is Reader.BUYER else ""


def _money_message(record: Record, reader: Reader) -> str:
    """Say what became of the buyer's money, and nothing that is not certain."""
    if record.asked and all(failures.why(payment.error_reason).untouched for payment in record.payments):
        return "No money was taken."
    if not record.payments:
        return ""
    latest = max(payment.created_at for payment in record.payments)
    by = clock.format_date(latest + BACK_WITHIN)
    return to(reader, f"If money left {{your}} account, it comes back by {by}.")


def _steps(record: Record, reader: Reader, terms: Terms) -> tuple[str, ...]:
    """Say what happens after an order was paid: what was shipped or else is promised, and what is certain."""
    shipped = [told.message for told in record.timeline(reader) if told.kind in _ON_ITS_WAY]
    promised = terms.shipping if record.order.fulfilment_status in _TO_BE_SHIPPED else ""
    receipt = "This receipt stays under My orders." if reader is Reader.BUYER else ""
    return tuple(step for step in (*shipped, promised, terms.returns, receipt) if step)


def _goes_to(order: Order, reader: Reader) -> tuple[str, ...]:
    """Say where an order goes, line by line, and to others than its buyer no more than the town."""
    if order.ships_to is None:
        return ()
    address = PostalAddress.of(order.ships_to)
    return (*address.lines, address.phone) if reader is Reader.BUYER else (address.town,)


def _masked(email: str) -> str:
    """Return what tells an address from another of the buyer's, and does not tell it to anybody else."""
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}…{at}{domain}" if email else ""


def _line(line: OrderLine, currency: str) -> LineView:
    return LineView(
        name=line.name,
        href=f"/product/{line.slug}",
        quantity=str(line.quantity),
        amount=format_amount(line.amount, currency),
    )


def _file(order: Order, bought: Bought, reader: Reader) -> FileView:
    way = files.path if reader is Reader.BUYER else files.link
    file = bought.file
    about = f"{Path(file.name).suffix[1:].upper()}, {_size(file.size)}"
    if bought.left == 0:
        about = f"{about}. It was downloaded {MOST_DOWNLOADS} times, as often as it can be."
    elif bought.left <= FEW_LEFT:
        about = f"{about}. It can be downloaded {f'{bought.left} times' if bought.left > 1 else 'once'} more."
    return FileView(name=file.name, about=about, href=way(order, bought.line_id) if bought.left else "")


def _asked(record: Record, reader: Reader) -> str:
    issue = requests.open_one(record.issues)
    if issue is None:
        return ""
    what = "to cancel" if requests.request_of(issue) is requests.Request.CANCEL else "to return an item"
    return to(reader, f"{{you}} asked {what} on {clock.format_moment(issue.created_at)}. The shop answers by e-mail.")


def _size(size: int) -> str:
    """Write a number of bytes as people read it."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(size // 1000, 1)} KB"  # noqa: PLR2004 - a megabyte


def _payment(record: Record) -> PaymentView:
    for payment in record.payments:
        if payment.purpose == Purpose.ORDER:
            paid_at = record.order.paid_at or payment.created_at
            method = payment.method_detail or payment.method
            return PaymentView(
                id=payment.id,
                amount=format_amount(payment.amount, payment.currency),
                offer=format_amount(payment.offer, payment.currency) if payment.offer else "",
                fee=format_amount(payment.customer_fee, payment.currency) if payment.customer_fee else "",
                method=method,
                at=clock.format_moment(paid_at),
            )
    return PaymentView()
