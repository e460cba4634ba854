"""What of an order a refund gives back: units of its lines, and of what sending it cost.

What that is worth follows from what the lines came to when the order was made. What refunds were to give back that have
failed is there to be given back again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlmodel import bindparam, col, func, select

from checkout_app.core.errors import InvalidInput
from checkout_app.core.money import format_amount, spread
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.orders import service as orders
from checkout_app.orders.models import OrderLine
from checkout_app.payments.errors import RefundRefused
from checkout_app.payments.models import Payment, Refund, RefundPart
from checkout_app.payments.statuses import GIVEN, Purpose
from checkout_app.pricing.derivation import worth_of_units

_GONE: Final = Statement[RefundPart](
    select(RefundPart)
    .join(Refund, col(Refund.id) == col(RefundPart.refund_id))
    .where(Refund.payment_id == bindparam("payment"), col(Refund.status).in_(GIVEN))
)
_GIVEN: Final = Statement[tuple[str, int]](
    select(Refund.payment_id, func.sum(Refund.amount))
    .where(col(Refund.payment_id).in_(bindparam("payments", expanding=True)), col(Refund.status).in_(GIVEN))
    .group_by(col(Refund.payment_id))
)
_UNITS_GONE: Final = Statement[tuple[str, str, int]](
    select(Refund.payment_id, RefundPart.line_id, func.sum(RefundPart.units))
    .join(RefundPart, col(RefundPart.refund_id) == col(Refund.id))
    .where(col(Refund.payment_id).in_(bindparam("payments", expanding=True)), col(Refund.status).in_(GIVEN))
    .where(col(RefundPart.line_id).is_not(None))
    .group_by(col(Refund.payment_id), col(RefundPart.line_id))
)
_OF: Final = Statement[RefundPart](
    select(RefundPart).where(RefundPart.refund_id == bindparam("refund")).order_by(col(RefundPart.line_id))
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is to be given back of an order: units by line, and so much of what sending it cost, in minor units."""

    units: Mapping[str, int] = field(default_factory=dict)
    delivery: int = 0

    @classmethod
    def of(cls, rows: Sequence[RefundPart]) -> "Parts":
        """Return what the rows of a refund say."""
        units = {row.line_id: row.units for row in rows if row.line_id}
        return cls(units, sum(row.amount for row in rows if row.line_id is None))


@dataclass(frozen=True, slots=True)
class LineLeft:
    """What has not gone back of a line; amounts in minor units."""

    line: OrderLine
    paid: int
    """What was paid for all of it, without its way."""
    gone: int = 0
    """How many units have gone back."""
    given: int = 0
    """What was given for them."""

    @property
    def units(self) -> int:
        """How many are left."""
        return self.line.quantity - self.gone

    def worth(self, units: int) -> int:
        """Return what so many of them are worth."""
        return worth_of_units(self.paid, self.line.quantity, units, self.gone, self.given)


@dataclass(frozen=True, slots=True)
class Remainder:
    """What has not gone back of an order by its parts, and how much of what sending it cost."""

    lines: Sequence[LineLeft] = ()
    delivery: int = 0


@dataclass(slots=True)
class Gone:
    """What goes back of a payment or has: so much of it, in minor units, and so many units of lines, by line."""

    amount: int = 0
    units: dict[str, int] = field(default_factory=dict)


class PricedPart(NamedTuple):
    """Units of a line, or something of no line, and what that is worth."""

    line_id: str | None
    units: int
    amount: int


async def remainder(session: Session, payment: Payment) -> Remainder:
    """Return what has not gone back of the order that a payment pays; nothing where it pays none.

    Where Razorpay took something off, each part was paid with its share of what is left.
    """
    if payment.purpose != Purpose.ORDER:
        return Remainder()
    lines = await orders.lines(session, payment.order_id)
    charge = sum(line.delivery for line in lines)
    *paid, sending = spread(payment.refundable, [*(line.amount - line.discount for line in lines), charge])
    gone = (await session.exec(_GONE, payment=payment.id)).all()
    left = [_left_of(line, amount, gone) for line, amount in zip(lines, paid, strict=True)]
    return Remainder(left, sending - sum(part.amount for part in gone if part.line_id is None))


def _left_of(line: OrderLine, paid: int, gone: Sequence[RefundPart]) -> LineLeft:
    its = [part for part in gone if part.line_id == line.id]
    return LineLeft(line, paid, sum(part.units for part in its), sum(part.amount for part in its))


async def gone_of_each(session: Session, payment_ids: Sequence[str]) -> Mapping[str, Gone]:
    """Say of each of some payments what goes back of it or has."""
    found = {payment_id: Gone() for payment_id in payment_ids}
    for payment_id, amount in await session.exec(_GIVEN, payments=list(payment_ids)):
        found[payment_id].amount = amount
    for payment_id, line_id, units in await session.exec(_UNITS_GONE, payments=list(payment_ids)):
        found[payment_id].units[line_id] = units
    return found


async def priced(session: Session, payment: Payment, asked: Parts) -> Sequence[PricedPart]:
    """Say what parts of an order are worth; raises InvalidInput, or RefundRefused when not as much is left of one.

    The caller holds the lock of the payment's order.
    """
    left = await remainder(session, payment)
    lines = {each.line.id: each for each in left.lines}
    if asked.units.keys() - lines.keys():
        raise InvalidInput({"lines": "What this payment pays has no such line."})
    for line_id, units in asked.units.items():
        _require(units, lines[line_id])
    if asked.delivery > left.delivery:
        rest = format_amount(left.delivery, payment.currency)
        raise RefundRefused(f"Only {rest} of what sending it cost is left to refund.")
    parts = [PricedPart(line_id, units, lines[line_id].worth(units)) for line_id, units in sorted(asked.units.items())]
    if asked.delivery:
        parts.append(PricedPart(None, 0, asked.delivery))
    if not any(part.amount for part in parts):
        raise RefundRefused("Nothing was paid for that.")
    return parts


def keep(session: Session, refund: Refund, parts: Sequence[PricedPart]) -> None:
    """Let a refund remember what it gives back."""
    session.add_all([RefundPart(refund_id=refund.id, **part._asdict()) for part in parts])


async def of_refund(session: Session, refund_id: str) -> Parts:
    """Return what a refund gives back; nothing where only an amount was said."""
    return Parts.of((await session.exec(_OF, refund=refund_id)).all())


def _require(units: int, left: LineLeft) -> None:
    if units > left.units:
        are = "is" if left.units == 1 else "are"
        raise RefundRefused(f"Only {left.units} of {left.line.name} {are} left to refund.")
