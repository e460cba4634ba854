"""What the API tells the people of the shop of its orders."""

from datetime import datetime
from typing import Self

from checkout_app.buyer.bodies import DisputeBody, EventBody, FromRow, LineBody, OrderSummary, PaymentBody, RefundBody
from checkout_app.checkout.bodies import FirmBody
from checkout_app.delivery.api import PostalAddressBody
from checkout_app.mail.again import Told
from checkout_app.merchant.orders.listing import View
from checkout_app.merchant.orders.whole import Whole
from checkout_app.orders.timeline import Reader, issue_sentence


class ListedBody(FromRow):
    """An order in the shop's table: `units` in all, its `first` line, whether it `waits` for a person."""

    id: str
    number: str
    status: str
    state: str
    payment_status: str
    fulfilment_status: str
    amount: int
    currency: str
    email: str
    name: str
    town: str
    units: int
    first: str
    waits: bool
    created_at: datetime
    paid_at: datetime | None


class ListedPage(FromRow):
    """Some orders, the newest first, the cursor of the next ones, and how many are in the views with something to do.

    A page can have less than was asked for, or nothing, and still a cursor: a search goes on there, among older orders.
    """

    items: list[ListedBody]
    next_cursor: str | None
    counts: dict[View, int]


class SoldBody(LineBody):
    """One line, frozen when the order was made; `tax` is inside of what it comes to."""

    id: str
    variant_id: str
    sku: str
    hsn: str
    tax: int


class AttemptBody(PaymentBody):
    """One attempt to pay: `purpose` says what its money is for, `gateway_order_id` for which order at Razorpay."""

    gateway_order_id: str
    purpose: str
    captured_at: datetime | None


class DeedBody(EventBody):
    """One entry of the timeline, with who did it: `actor_email` where that is somebody known."""

    actor: str
    actor_email: str | None


class WaitingBody(FromRow):
    """What waits for a person about the order, since when."""

    id: str
    kind: str
    message: str
    opened_at: datetime


class ToldBody(FromRow):
    """A mail to the buyer about an event of the order: what kind, and what became of the newest such mail.

    `sent_at` is null of one that was not sent: it is under way, or went nowhere, as `failure` says.
    """

    event_id: str
    kind: str
    at: datetime
    sent_at: datetime | None
    failure: str

    @classmethod
    def of(cls, told: Told) -> Self:
        """Describe one."""
        mail, event = told.mail, told.event
        sent_at, failure = (mail.sent_at, mail.failure) if mail else (None, "")
        return cls(event_id=event.id, kind=told.kind, at=event.created_at, sent_at=sent_at, failure=failure)


class WholeBody(OrderSummary):
    """An order with everything that belongs to it, and its buyer's `former` orders; `tax` is inside `amount`."""

    number: str
    state: str
    payment_status: str
    fulfilment_status: str
    email: str
    name: str
    subtotal: int
    coupon: str | None
    discount: int
    delivery: int
    tax: int
    tax_scheme: str
    ships_to: PostalAddressBody | None
    firm: FirmBody | None
    lines: list[SoldBody]
    payments: list[AttemptBody]
    refunds: list[RefundBody]
    disputes: list[DisputeBody]
    timeline: list[DeedBody]
    issues: list[WaitingBody]
    mails: list[ToldBody]
    former: list[ListedBody]

    @classmethod
    def of(cls, found: Whole) -> Self:
        """Describe one."""
        record, order = found.record, found.record.order
        told = zip(record.events, record.timeline(Reader.SHOP), strict=True)
        described = set(OrderSummary.model_fields) | set(cls.model_fields)
        return cls(
            status=order.status,
            **order.model_dump(include=described - {"ships_to"}),
            ships_to=PostalAddressBody.of(order.ships_to) if order.ships_to else None,
            firm=FirmBody.model_validate(order.firm) if order.firm else None,
            lines=[SoldBody.model_validate(row) for row in record.lines],
            payments=[AttemptBody.model_validate(row) for row in record.payments],
            refunds=[RefundBody.of(row) for row in record.refunds],
            disputes=[DisputeBody.model_validate(row) for row in record.disputes],
            timeline=[
                DeedBody(
                    kind=entry.kind,
                    message=entry.message,
                    at=entry.at,
                    actor=event.actor,
                    actor_email=found.who.get(event.actor_id or ""),
                )
                for event, entry in told
            ],
            issues=[
                WaitingBody(id=issue.id, kind=issue.kind, message=issue_sentence(issue), opened_at=issue.created_at)
                for issue in record.issues
                if issue.resolved_at is None
            ],
            mails=[ToldBody.of(each) for each in found.mails],
            former=[ListedBody.model_validate(row) for row in found.former],
        )
