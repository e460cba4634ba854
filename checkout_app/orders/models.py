"""Tables of the record: orders and their lines. What is frozen when an order is made says so; the rest moves."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON
from sqlmodel import CheckConstraint, Field, Index, UniqueConstraint

from checkout_app.core import ids
from checkout_app.core.due import Due, due_index
from checkout_app.core.orm import Base, id_field, partial_index
from checkout_app.orders.firms import LONGEST_NAME, Firm
from checkout_app.orders.moves import Fulfilment, OrderPayment, OrderState, OrderStatus, api_status
from checkout_app.pricing.models import LONGEST_CODE, QUOTE_ID_LENGTH
from checkout_app.seller.models import LONGEST_GSTIN

LONGEST_MARK, LONGEST_PERSON = 16, 32
_UNPAID = "state = 'open' AND payment_status = 'unpaid'"
UNSENT = (
    "(payment_status = 'paid' OR payment_status = 'partially_refunded')"
    " AND (fulfilment_status = 'unfulfilled' OR fulfilment_status = 'partly_shipped')"
)
"""Which orders are paid for and not all sent."""
REFUNDED = "payment_status = 'refunded' OR payment_status = 'partially_refunded'"
"""Of which orders money went back."""


class Stock(StrEnum):
    """What an order does to the shelf: units held for it, taken for good, given back unpaid, or put back refunded."""

    HELD = "held"
    SOLD = "sold"
    RELEASED = "released"
    RESTOCKED = "restocked"


class Order(Base, Due, table=True):
    """What somebody bought or was about to. `due_at` is when the gateway is asked about it next.

    Frozen: number, who and what for, its quote, every amount, and the seller's tax scheme.
    """

    guarded: ClassVar[tuple[str, ...]] = ("state", "payment_status", "stock")
    """An order is moved only from where it was seen."""
    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("buyer_id", "idempotency_key"),
        Index("ix_orders_buyer_id_id", "buyer_id", "id"),
        due_index(),
        partial_index("ix_orders_expires_at_unpaid", "expires_at", where=_UNPAID),
        partial_index("ix_orders_buyer_id_unpaid", "buyer_id", where=_UNPAID),
        partial_index("ix_orders_ordered_from", "ordered_from", where="ordered_from IS NOT NULL"),
        partial_index("ix_orders_id_held", "id", where="stock = 'held'"),
        partial_index("ix_orders_id_unsent", "id", where=UNSENT),
        partial_index("ix_orders_id_refunded", "id", where=REFUNDED),
        partial_index("ix_orders_quote_id", "quote_id", where="quote_id IS NOT NULL"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("amount = subtotal - discount + delivery", name="amounts_add_up"),
    )

    id: str = id_field()
    number: str = Field(default_factory=ids.new_number, max_length=12, unique=True)
    """What people read out and search by."""
    buyer_id: str = Field(foreign_key="users.id")
    email: str = Field(max_length=254)
    name: str = Field(max_length=80)
    ships_to: dict[str, str] | None = Field(default=None, sa_type=JSON)
    """The postal address that its parcel goes to; None of files, and where the shop has not said where it sends."""
    firm_name: str | None = Field(default=None, max_length=LONGEST_NAME)
    """The firm that it is bought for; None when it is for nobody but its buyer."""
    firm_gstin: str | None = Field(default=None, max_length=LONGEST_GSTIN)
    """The number of that firm with GST: there are both or neither."""
    state: str = Field(default=OrderState.OPEN, max_length=10)
    payment_status: str = Field(default=OrderPayment.UNPAID, max_length=20)
    fulfilment_status: str = Field(default=Fulfilment.UNFULFILLED, max_length=15)
    stock: str = Field(default=Stock.HELD, max_length=10)
    subtotal: int
    """What the lines cost together, tax included, in minor units as all amounts are."""
    coupon: str | None = Field(default=None, max_length=LONGEST_CODE)
    """By which it is cheaper."""
    discount: int = 0
    delivery: int = 0
    tax: int = 0
    """The tax that is inside `amount`."""
    amount: int
    """The total: what is to be paid."""
    currency: str = Field(max_length=3)
    tax_scheme: str = Field(max_length=12)
    """How the seller stood to GST when the order was made."""
    idempotency_key: str = Field(max_length=80)
    request_digest: str = Field(max_length=64)
    """SHA-256 of what was asked for, to tell a repetition from a different order under the same key."""
    expires_at: datetime
    """Until when the units are held; money may still come later."""
    updated_at: datetime = Field(index=True)
    paid_at: datetime | None = None
    links_ended: int = 0
    """How often its buyer has ended all links to it."""
    ordered_from: str | None = Field(default=None, max_length=LONGEST_MARK)
    """What tells the network address that it came from from others, as long as it is unpaid."""
    cart_id: str | None = Field(default=None, max_length=ids.ID_LENGTH)
    """The cart that it was made of, which its lines leave once it is paid. No key of another table: carts go."""
    quote_id: str | None = Field(default=None, max_length=QUOTE_ID_LENGTH)
    """The quote that its buyer agreed to, if they named one. No key of another table: quotes go with who asked."""
    opening_until: datetime | None = None
    """Until when somebody is busy creating this order's gateway order."""

    @property
    def status(self) -> OrderStatus:
        """The API's one word for where it stands."""
        return api_status(self.state, self.payment_status)

    @property
    def firm(self) -> Firm | None:
        """The firm that it is bought for; None when it is for nobody but its buyer."""
        return Firm(self.firm_name, self.firm_gstin) if self.firm_name and self.firm_gstin else None


class OrderLine(Base, table=True):
    """One line of an order, frozen when the order was made; amounts in minor units."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("amount = unit_amount * quantity", name="amount_is_of_units"),
        CheckConstraint("taxable + cgst + sgst + igst = amount - discount + delivery", name="tax_adds_up"),
    )

    id: str = id_field()
    order_id: str = Field(foreign_key="orders.id")
    position: int
    product_id: str = Field(foreign_key="products.id")
    variant_id: str = Field(foreign_key="variants.id")
    sku: str = Field(max_length=80)
    slug: str = Field(max_length=80)
    name: str = Field(max_length=120)
    option_values: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    """What told the variant from others then; they are in its name, too."""
    image: str = Field(max_length=200)
    quantity: int
    unit_amount: int
    amount: int
    """Units times their price, tax included."""
    discount: int = 0
    """This line's share of the order's discount."""
    delivery: int = 0
    """This line's share of the order's delivery charge."""
    taxable: int
    """The value that is taxed: what the line comes to in the end, without its tax."""
    tax_rate: int
    """Basis points: 500 is 5 %."""
    cgst: int = 0
    sgst: int = 0
    igst: int = 0
    hsn: str = Field(default="", max_length=8)

    @property
    def offer_id(self) -> str:
        """What it was wanted by, as an `Offer` says it."""
        return self.variant_id if self.option_values else self.product_id

    @property
    def tax(self) -> int:
        """The tax inside what the line comes to."""
        return self.cgst + self.sgst + self.igst

    @property
    def gst_percent(self) -> int | float:
        """The rate in per cent, as the API gives it: a whole number where it is one, and else as 0.25."""
        whole, rest = divmod(self.tax_rate, 100)
        return self.tax_rate / 100 if rest else whole


class CouponUse(Base, table=True):
    """The coupon of an order, and who has it with it where each person may have it once."""

    __tablename__ = "coupon_uses"
    __table_args__ = (UniqueConstraint("order_id", "coupon"), UniqueConstraint("coupon", "person"))

    id: str = id_field()
    coupon: str = Field(foreign_key="coupons.code", max_length=LONGEST_CODE)
    order_id: str = Field(foreign_key="orders.id")
    person: str | None = Field(default=None, max_length=LONGEST_PERSON)
    """What tells who has it from others, as long as the order may be paid or is."""
