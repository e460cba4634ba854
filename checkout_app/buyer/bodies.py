"""What the API tells a buyer of their orders."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from checkout_app.checkout.bodies import FirmBody
from checkout_app.core.settings import settings
from checkout_app.delivery.api import PostalAddressBody
from checkout_app.fulfilment.parcels import Parcel
from checkout_app.journal.models import Issue
from checkout_app.orders import files, requests
from checkout_app.orders.files import Bought
from checkout_app.orders.models import Order, OrderLine
from checkout_app.orders.timeline import Reader
from checkout_app.payments import refunds
from checkout_app.payments.models import Refund
from checkout_app.payments.record import Record


class FromRow(BaseModel):
    """What is said of something by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class OrderSummary(FromRow):
    """An order in a list; `amount` in minor units."""

    id: str
    status: str
    amount: int
    currency: str
    created_at: datetime
    paid_at: datetime | None
    expires_at: datetime


class LineBody(FromRow):
    """One line, frozen when the order was made; `discount` and `delivery` are its shares of the order's."""

    product_id: str
    variant_id: str
    sku: str
    name: str
    quantity: int
    unit_amount: int
    amount: int
    discount: int
    delivery: int
    gst_percent: int | float


class PaymentBody(FromRow):
    """One attempt to pay; `offer` is what Razorpay took off, `customer_fee` what it put on top as its fee."""

    id: str
    status: str
    amount: int
    offer: int
    customer_fee: int
    amount_refunded: int
    currency: str
    method: str
    method_detail: str
    error_reason: str | None
    error_description: str | None
    created_at: datetime


class RefundBody(FromRow):
    """Money on its way back."""

    id: str
    gateway_refund_id: str | None
    payment_id: str
    amount: int
    currency: str
    status: str
    reason: str
    bank_reference: str | None
    created_at: datetime

    @classmethod
    def of(cls, row: Refund) -> Self:
        """Describe one."""
        return cls(reason=refunds.reason_of(row), **row.model_dump(include=set(cls.model_fields) - {"reason"}))


class DisputeBody(FromRow):
    """What the buyer's bank says against a payment; `amount` in minor units, null when it did not say."""

    id: str
    payment_id: str
    stage: str
    phase: str
    amount: int | None
    currency: str
    respond_by: datetime | None


class FileBody(BaseModel):
    """A file that was bought with a line; `link` opens it without signing in, `downloads_left` says how often."""

    line_id: str
    name: str
    media_type: str
    size: int
    downloads_left: int
    link: str


class AskedBody(BaseModel):
    """What was asked for; the shop answers by e-mail, and what it says is on the order's timeline too."""

    kind: str
    note: str
    asked_at: datetime

    @classmethod
    def of(cls, issue: Issue) -> Self:
        """Describe one."""
        return cls(kind=requests.request_of(issue), note=issue.detail, asked_at=issue.created_at)


class ShippedLine(BaseModel):
    """So many units of a line that are in a parcel."""

    line_id: str
    name: str
    quantity: int


class ShipmentBody(BaseModel):
    """A parcel on its way; `delivered_at` is null until the shop knows that it arrived."""

    id: str
    carrier: str
    tracking: str
    shipped_at: datetime
    delivered_at: datetime | None
    lines: list[ShippedLine]


class EventBody(FromRow):
    """One entry of the timeline."""

    kind: str
    message: str
    at: datetime


class OrderBody(OrderSummary):
    """An order with everything that belongs to it; `tax` is inside `amount`, and `coupon` makes it cheaper.

    `ships_to` and `firm`, which it is bought for, are for its buyer and the people of the shop: the holder of its link
    does not get them.
    """

    number: str
    fulfilment_status: str
    subtotal: int
    coupon: str | None
    discount: int
    delivery: int
    tax: int
    ships_to: PostalAddressBody | None
    firm: FirmBody | None
    lines: list[LineBody]
    payments: list[PaymentBody]
    refunds: list[RefundBody]
    disputes: list[DisputeBody]
    files: list[FileBody]
    shipments: list[ShipmentBody]
    timeline: list[EventBody]


def body_of(record: Record, reader: Reader, bought: Sequence[Bought], parcels: Sequence[Parcel]) -> OrderBody:
    """Describe an order with everything that belongs to it, for who reads it."""
    order = record.order
    return OrderBody(
        **OrderSummary.model_validate(order).model_dump(),
        **order.model_dump(
            include={"number", "fulfilment_status", "subtotal", "coupon", "discount", "delivery", "tax"}
        ),
        ships_to=PostalAddressBody.of(order.ships_to) if order.ships_to and reader is not Reader.OTHER else None,
        firm=FirmBody.model_validate(order.firm) if order.firm and reader is not Reader.OTHER else None,
        lines=[LineBody.model_validate(row) for row in record.lines],
        payments=[PaymentBody.model_validate(row) for row in record.payments],
        refunds=[RefundBody.of(row) for row in record.refunds],
        disputes=[DisputeBody.model_validate(row) for row in record.disputes],
        files=[_file(record.order, one) for one in bought],
        shipments=[_shipment(each, record.lines) for each in parcels if not each.shipment.came_back],
        timeline=[EventBody.model_validate(told) for told in record.timeline(reader)],
    )


def _file(order: Order, bought: Bought) -> FileBody:
    return FileBody(
        line_id=bought.line_id,
        downloads_left=bought.left,
        link=settings().public_url + files.link(order, bought.line_id),
        **bought.file.model_dump(include={"name", "media_type", "size"}),
    )


def _shipment(parcel: Parcel, lines: Sequence[OrderLine]) -> ShipmentBody:
    told = parcel.shipment.model_dump(include={"id", "carrier", "tracking", "delivered_at"})
    there = [
        ShippedLine(line_id=line.id, name=line.name, quantity=parcel.units[line.id])
        for line in lines
        if line.id in parcel.units
    ]
    return ShipmentBody(**told, shipped_at=parcel.shipment.created_at, lines=there)
