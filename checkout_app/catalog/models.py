"""The table of what is for sale."""

from sqlalchemy import JSON
from sqlmodel import CheckConstraint, Field

from checkout_app.core.orm import Row, id_field


class Product(Row, table=True):
    """Something for sale. Amounts are tax-inclusive minor units; a price change never touches orders that exist."""

    __tablename__ = "products"
    __table_args__ = (
        # The last word on overselling, whatever the code above it does.
        CheckConstraint("held >= 0", name="held_not_negative"),
        CheckConstraint("on_hand IS NULL OR on_hand >= held", name="held_is_there"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: str = id_field()
    slug: str = Field(max_length=80, unique=True)
    position: int = Field(default=0, index=True)
    """Place in the shop window, smallest first."""
    name: str = Field(max_length=120)
    category: str = Field(max_length=40)
    summary: str = Field(max_length=200)
    description: str
    details: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    """Pairs of `term` and `text`, in the order they are shown."""
    image: str = Field(max_length=200)
    """Path below the web root, such as `products/brass-diya.svg`."""
    image_alt: str = Field(max_length=300)
    amount: int
    currency: str = Field(default="INR", max_length=3)
    gst_percent: int = 0
    hsn: str = Field(default="", max_length=8)
    digital: bool = False
    on_sale: bool = True
    back_in: str | None = Field(default=None, max_length=40)
    on_hand: int | None = None
    """Units in the house, held ones included; None for what never runs out."""
    held: int = 0
    """Units promised to orders that are not paid yet."""

    @property
    def available(self) -> int | None:
        """Units that can be promised to somebody now; None for what never runs out."""
        return None if self.on_hand is None else self.on_hand - self.held
