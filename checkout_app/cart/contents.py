"""What is in a cart, as it is now: prices and stock of this moment, and what has changed since it was put there."""

from dataclasses import dataclass
from typing import Any

from checkout_app.cart.models import CartLine
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import Offer
from checkout_app.core.settings import settings


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of a variant; amounts in minor units."""

    id: str
    product_id: str
    variant_id: str
    offer_id: str
    """By what it is wanted."""
    slug: str
    name: str
    image: str
    quantity: int
    unit_amount: int
    """What one costs now."""
    currency: str
    was: int | None
    """What one cost when it was put there, where that is something else."""
    left: int | None
    """How many are left, where that is fewer than are wanted."""
    for_sale: bool
    merged: int
    """How many of them came from another cart as it merged."""

    @classmethod
    def of(cls, line: CartLine, variant: Variant, product: Product) -> "Line":
        """Describe a line by what is for sale now."""
        left, seen = variant.available, line.unit_amount
        return cls(
            id=line.id,
            product_id=product.id,
            variant_id=variant.id,
            offer_id=Offer(product, variant).id,
            slug=product.slug,
            name=product.called(variant),
            image=product.image,
            quantity=line.quantity,
            unit_amount=variant.amount,
            currency=variant.currency,
            was=None if seen == variant.amount else seen,
            left=None if left is None or left >= line.quantity else left,
            for_sale=product.on_sale and variant.on_sale,
            merged=line.merged,
        )

    @property
    def amount(self) -> int:
        """What they cost together now."""
        return self.unit_amount * self.quantity

    @property
    def can_be_had(self) -> bool:
        """Whether as many can be ordered as are wanted."""
        return self.for_sale and self.left is None


@dataclass(frozen=True, slots=True)
class Contents:
    """A cart as it is now; one that was never filled is version 0."""

    cart_id: str = ""
    version: int = 0
    lines: tuple[Line, ...] = ()

    @property
    def units(self) -> int:
        """How many things are in it."""
        return sum(line.quantity for line in self.lines)

    @property
    def subtotal(self) -> int:
        """What all that is still for sale costs now."""
        return sum(line.amount for line in self.lines if line.for_sale)

    @property
    def can_be_had(self) -> bool:
        """Whether all of it can be ordered as it is."""
        return all(line.can_be_had for line in self.lines)

    @property
    def currency(self) -> str:
        """What the amounts are in: one currency, as in an order."""
        return self.lines[0].currency if self.lines else "INR"

    def told(self) -> dict[str, Any]:
        """Return what the API tells of it."""
        return {
            "version": self.version,
            "lines": [_told(line) for line in self.lines],
            "units": self.units,
            "subtotal": self.subtotal,
            "currency": self.currency,
        }


def _told(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "slug": line.slug,
        "name": line.name,
        "image_url": f"{settings().public_url}/{line.image}",
        "quantity": line.quantity,
        "unit_amount": line.unit_amount,
        "amount": line.amount,
        "was": line.was,
        "left": line.left,
        "for_sale": line.for_sale,
        "merged": line.merged,
    }
