"""What Razorpay says about payments and refunds, checked for shape before anything is done with it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from checkout_app.payments.models import PaymentStatus, RefundStatus


class _Entity(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class Card(_Entity):
    """The part of a card that may be shown."""

    last4: str | None = Field(default=None, max_length=4)
    network: str | None = Field(default=None, max_length=40)


class PaymentEntity(_Entity):
    """A payment as the gateway describes it; amounts in minor units."""

    id: str = Field(max_length=40)
    order_id: str | None = Field(default=None, max_length=40)
    amount: int = Field(ge=0)
    currency: str = Field(max_length=3)
    status: str
    captured: bool = False
    amount_refunded: int = 0
    method: str | None = None
    card: Card | None = None
    vpa: str | None = None
    bank: str | None = None
    wallet: str | None = None
    error_reason: str | None = None
    error_description: str | None = None

    @property
    def standing(self) -> PaymentStatus:
        """Translate the gateway's status into ours."""
        if self.status == "refunded":
            return PaymentStatus.CAPTURED if self.captured else PaymentStatus.RELEASED
        return PaymentStatus(self.status)

    @property
    def method_detail(self) -> str:
        """Say how it was paid: `UPI · asha@bank`, `Visa ending 1007`."""
        match self.method:
            case "card":
                card = self.card or Card()
                return f"{card.network or 'Card'} ending {card.last4}" if card.last4 else "Card"
            case "upi":
                return f"UPI · {self.vpa}" if self.vpa else "UPI"
            case "netbanking":
                return f"Netbanking · {self.bank}" if self.bank else "Netbanking"
            case "wallet":
                return f"Wallet · {self.wallet}" if self.wallet else "Wallet"
        return (self.method or "").replace("_", " ").capitalize()


class RefundEntity(_Entity):
    """A refund as the gateway describes it."""

    id: str = Field(max_length=40)
    payment_id: str = Field(max_length=40)
    amount: int = Field(gt=0)
    currency: str = Field(max_length=3)
    status: str
    receipt: str | None = None
    acquirer_data: dict[str, Any] | list[Any] | None = None

    @property
    def standing(self) -> RefundStatus:
        """Translate the gateway's status into ours."""
        return RefundStatus(self.status)

    @property
    def bank_reference(self) -> str | None:
        """The number a bank finds this refund by, once there is one."""
        data = self.acquirer_data if isinstance(self.acquirer_data, dict) else {}
        return next((str(data[key])[:80] for key in ("arn", "rrn", "utr") if data.get(key)), None)
