"""What Razorpay says about orders, payments and refunds, checked for shape before anything is done with it.

What money depends on must be exact. What is only shown is taken as far as it can be shown, and never stops money.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from checkout_app.payments.gateway.errors import Garbled

_LARGEST = 2**31 - 1


def _shown(value: object) -> str | None:
    """Take text for people: what can't be printed is left out, and what is no text is nothing."""
    return "".join(filter(str.isprintable, value)) if isinstance(value, str) else None


def _sum(value: object) -> int | None:
    """Take a sum on which money depends but that may be missing; what is none is not known."""
    return value if type(value) is int and 0 <= value <= _LARGEST else None


def _counted(value: object) -> int:
    """Take a count, or a moment in unix seconds; what is none is 0."""
    return value if type(value) is int and 0 <= value <= _LARGEST else 0


_ID = re.compile(r"[A-Za-z0-9_]{1,40}")
_Id = Annotated[str, Field(pattern=f"^{_ID.pattern}$")]
_Amount = Annotated[int, Field(ge=0, le=_LARGEST)]
_Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
_Counted = Annotated[int, BeforeValidator(_counted)]
_Shown = Annotated[str | None, BeforeValidator(_shown)]


def id_in(item: dict[str, Any], name: str) -> str:
    """Return the id that something the gateway listed names, whatever else is odd about it; empty when it is none."""
    named = item.get(name)
    return named if isinstance(named, str) and _ID.fullmatch(named) else ""


class _Entity(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    @classmethod
    def read(cls, answer: Any) -> Self:
        """Read one of the gateway's answers; raises Garbled when it is not such an entity."""
        try:
            return cls.model_validate(answer)
        except ValidationError as error:
            fields = ", ".join(sorted({str(item["loc"][0]) if item["loc"] else "all of it" for item in error.errors()}))
            raise Garbled(f"{cls.__name__}: {fields} can't be understood") from error

    @classmethod
    def read_each(cls, given: Iterable[dict[str, Any]]) -> tuple[list[Self], list[Garbled]]:
        """Read the items of a list one by one: what can be understood, and what is wrong with the rest."""
        entities: list[Self] = []
        odd: list[Garbled] = []
        for item in given:
            try:
                entities.append(cls.read(item))
            except Garbled as garbled:
                odd.append(garbled)
        return entities, odd


class OrderEntity(_Entity):
    """An order as the gateway describes it; amounts in minor units."""

    id: _Id
    amount: _Amount
    currency: _Currency
    receipt: _Shown = None
    status: _Shown = None
    created_at: _Counted = 0
    amount_paid: _Counted = 0
    amount_due: Annotated[int | None, BeforeValidator(_sum)] = None
    attempts: _Counted = 0
    notes: Any = None

    @property
    def is_paid(self) -> bool:
        """Whether nothing is due for it any more, whatever sum was paid."""
        return self.status == "paid" and self.amount_due == 0


class PaymentEntity(_Entity):
    """A payment as the gateway describes it; amounts in minor units."""

    id: _Id
    order_id: _Id | None = None
    amount: _Amount
    currency: _Currency
    status: Literal["created", "authorized", "captured", "refunded", "failed"]
    captured: bool = False
    amount_refunded: _Amount = 0
    offer_id: _Shown = None
    fee_bearer: _Shown = None
    method: _Shown = None
    card: Any = None
    vpa: _Shown = None
    bank: _Shown = None
    wallet: _Shown = None
    error_reason: _Shown = None
    error_description: _Shown = None
    email: _Shown = None
    contact: _Shown = None
    created_at: _Counted = 0

    @property
    def method_detail(self) -> str:
        """Say how it was paid: `UPI · asha@bank`, `Visa ending 1007`."""
        match self.method:
            case "card":
                card = self.card if isinstance(self.card, dict) else {}
                network, last4 = _shown(card.get("network")), _shown(card.get("last4"))
                return f"{network or 'Card'} ending {last4[-4:]}" if last4 else "Card"
            case "upi":
                return f"UPI · {self.vpa}" if self.vpa else "UPI"
            case "netbanking":
                return f"Netbanking · {self.bank}" if self.bank else "Netbanking"
            case "wallet":
                return f"Wallet · {self.wallet}" if self.wallet else "Wallet"
        return (self.method or "").replace("_", " ").capitalize()


class DowntimeEntity(_Entity):
    """Trouble with a way to pay, as the gateway describes it; `begin` and `end` in unix seconds."""

    id: _Id
    method: _Shown = None
    begin: int = 0
    end: int | None = None
    instrument: Any = None

    @property
    def instrument_name(self) -> str:
        """Name the bank, network or app it is limited to: `HDFC`, `google pay`; empty when it is all of them."""
        named = self.instrument if isinstance(self.instrument, dict) else {}
        names = (_shown(named.get(key)) for key in ("issuer", "bank", "network", "psp", "wallet"))
        return next((name.replace("_", " ") for name in names if name and name != "ALL"), "")


class DisputeEntity(_Entity):
    """A dispute as a webhook describes it; `amount` in minor units, `respond_by` in unix seconds."""

    id: _Id | None = None
    amount: _Amount | None = None
    currency: _Currency | None = None
    phase: _Shown = None
    respond_by: Annotated[int, Field(ge=0, le=_LARGEST)] | None = None

    @classmethod
    def read_leniently(cls, given: dict[str, Any]) -> Self:
        """Read what can be read: nothing of a dispute moves money, and a person looks at it in any case."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            odd = {item["loc"][0] for item in error.errors()}
            return cls.model_validate({name: value for name, value in given.items() if name not in odd})


class RefundEntity(_Entity):
    """A refund as the gateway describes it."""

    id: _Id
    payment_id: _Id
    amount: Annotated[int, Field(gt=0, le=_LARGEST)]
    currency: _Currency
    status: Literal["pending", "processed", "failed"]
    receipt: _Shown = None
    acquirer_data: Any = None

    @property
    def bank_reference(self) -> str | None:
        """The number a bank finds this refund by, once there is one."""
        data = self.acquirer_data if isinstance(self.acquirer_data, dict) else {}
        numbers = (_shown(str(data[key])) for key in ("arn", "rrn", "utr") if data.get(key))
        return next((number[:80] for number in numbers if number), None)
