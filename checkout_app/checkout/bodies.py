"""What the API tells somebody of what they may buy, and whom it is for."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from checkout_app.checkout.quote import Quote, QuoteLine
from checkout_app.orders import firms
from checkout_app.orders.firms import Firm
from checkout_app.pricing.models import KeptQuote
from checkout_app.pricing.reasons import Reason


class FirmBody(BaseModel):
    """The firm that is bought for, by its name and its GSTIN, whose State changes no tax."""

    model_config = ConfigDict(strict=True, from_attributes=True)

    name: Annotated[str, Field(max_length=200)]
    gstin: Annotated[str, Field(max_length=40)]

    def checked(self, prefix: str) -> Firm:
        """Return it if it can be one; raises InvalidInput, its fields under names that begin with `prefix`."""
        return firms.read(self.name, self.gstin, prefix)


class QuoteLineBody(BaseModel):
    """So many units of one variant; `discount` and `delivery` are its shares, and `tax` is inside what it comes to."""

    product_id: str
    variant_id: str
    name: str
    quantity: int
    unit_amount: int
    amount: int
    discount: int
    delivery: int
    tax: int
    tax_rate: int

    @classmethod
    def of(cls, line: QuoteLine) -> Self:
        """Describe one."""
        product, variant, figures = line.offer.product, line.offer.variant, line.figures
        return cls(
            product_id=product.id,
            variant_id=variant.id,
            name=line.offer.name,
            quantity=line.quantity,
            unit_amount=variant.amount,
            amount=figures.amount,
            discount=figures.discount,
            delivery=figures.delivery,
            tax=figures.tax,
            tax_rate=figures.rate,
        )


class ReasonBody(BaseModel):
    """Why a figure is what it is."""

    figure: str
    amount: int
    message: str

    @classmethod
    def of(cls, reason: Reason, currency: str) -> Self:
        """Describe one."""
        return cls(figure=reason.figure, amount=reason.amount, message=reason.message(currency))


class QuoteBody(BaseModel):
    """What a purchase would cost now, in minor units, rates in basis points; `explanation` says why.

    It is no promise: an order by its `quote_id` is priced anew, and made where no figure is another by then. From
    `expires_at` on it is not worth showing any more.
    """

    quote_id: str
    lines: list[QuoteLineBody]
    discount: int
    delivery: int
    tax: int
    total: int
    currency: str
    explanation: list[ReasonBody]
    expires_at: datetime

    @classmethod
    def of(cls, priced: Quote, kept: KeptQuote) -> Self:
        """Describe one, and by what it is kept."""
        derived, currency = priced.derived, priced.currency
        return cls(
            quote_id=kept.id,
            lines=[QuoteLineBody.of(line) for line in priced.lines],
            discount=derived.discount,
            delivery=derived.delivery,
            tax=derived.tax,
            total=derived.total,
            currency=currency,
            explanation=[ReasonBody.of(reason, currency) for reason in derived.reasons],
            expires_at=kept.expires_at,
        )
