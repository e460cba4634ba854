"""Tables of what is for sale: products, which people read about, their variants, which they buy, and their files."""

from datetime import datetime

from sqlalchemy import JSON, true
from sqlmodel import CheckConstraint, Field, Index, UniqueConstraint

from checkout_app.core import ids
from checkout_app.core.orm import Base, id_field

HIGHEST_RATE = 10_000
LONGEST_NAME = 120
VALUES_APART = " / "


class Product(Base, table=True):
    """Something for sale, as people read about it. It has at least one variant."""

    __tablename__ = "products"

    id: str = id_field()
    slug: str = Field(max_length=80, unique=True)
    position: int = Field(default=0, index=True)
    """Place in the shop window, smallest first."""
    name: str = Field(max_length=LONGEST_NAME)
    category: str = Field(max_length=40)
    summary: str = Field(max_length=200)
    description: str
    details: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    """Pairs of `term` and `text`, in the order they are shown."""
    image: str = Field(max_length=200)
    """Path below the web root, such as `products/brass-diya.svg`."""
    image_alt: str = Field(max_length=300)
    pictures: list[dict[str, str]] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    """Photographs by their `id`, with an `alt`; the first is `image`. Nothing where that was drawn."""
    digital: bool = False
    on_sale: bool = True
    back_in: str | None = Field(default=None, max_length=40)
    options: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    """What its variants differ in, such as Colour and Size, in this order; nothing where there is but one."""

    def called(self, variant: "Variant") -> str:
        """Return what one of its variants is called: by its own name, and by its values where there are several.

        It is as long as a name may be at most, and its values are always whole.
        """
        if not variant.option_values:
            return self.name
        values = f", {VALUES_APART.join(variant.option_values)}"
        room = LONGEST_NAME - len(values)
        return (self.name if len(self.name) <= room else f"{self.name[: room - 1]}…") + values


class Variant(Base, table=True):
    """What is bought: a product in one size or colour, with its price, its tax and its stock.

    Amounts are tax-inclusive minor units; a price change never touches orders that exist.
    """

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("product_id", "position"),
        # The last word on overselling, whatever the code above it does.
        CheckConstraint("held >= 0", name="held_not_negative"),
        CheckConstraint("on_hand IS NULL OR on_hand >= held", name="held_is_there"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(f"tax_rate >= 0 AND tax_rate <= {HIGHEST_RATE}", name="tax_rate_in_range"),
    )

    id: str = id_field()
    product_id: str = Field(foreign_key="products.id", max_length=ids.ID_LENGTH)
    position: int = 1
    """Place among the product's variants; the first is on sale, and what the product is bought as if none is chosen."""
    sku: str = Field(max_length=80, unique=True)
    option_values: list[str] = Field(default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    """What tells it from the others: one for each of the product's options."""
    on_sale: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether it can be chosen, as long as its product is on sale."""
    amount: int
    currency: str = Field(default="INR", max_length=3)
    tax_rate: int = 0
    """GST in basis points: 500 is 5 %."""
    next_tax_rate: int | None = None
    """What it is from `next_tax_from` on; None where nothing else is known."""
    next_tax_from: datetime | None = None
    """The moment in which a day begins in India."""
    hsn: str = Field(default="", max_length=8)
    """HSN code of goods, SAC code of services."""
    weight: int | None = None
    """Grams, packed; None where nothing is sent or nobody has weighed it."""
    on_hand: int | None = None
    """Units in the house, held ones included; None for what never runs out."""
    held: int = 0
    """Units promised to orders that are not paid yet."""

    @property
    def available(self) -> int | None:
        """Units that can be promised to somebody now; None for what never runs out."""
        return None if self.on_hand is None else self.on_hand - self.held

    def rate_at(self, moment: datetime) -> int:
        """Return the rate by which a sale of a moment is taxed, in basis points."""
        if self.next_tax_from is None or self.next_tax_rate is None or moment < self.next_tax_from:
            return self.tax_rate
        return self.next_tax_rate


class ProductFile(Base, table=True):
    """What was put there for the buyers of a digital product; the newest of a product is what all of them get."""

    __tablename__ = "product_files"
    __table_args__ = (Index("ix_product_files_product_id_id", "product_id", "id"),)

    id: str = id_field()
    product_id: str = Field(foreign_key="products.id", max_length=ids.ID_LENGTH)
    name: str = Field(max_length=100)
    """Under which name they keep it."""
    media_type: str = Field(max_length=40)
    size: int
    """Bytes."""
    digest: str = Field(max_length=64)
    """SHA-256 of its content, by which `catalog.files` finds that."""
