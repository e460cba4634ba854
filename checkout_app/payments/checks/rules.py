"""The rules of the books, each as a query that returns only what offends against it.

A rule is one statement, so it sees one state of the books while people buy, and nothing is held open around it. Over a
scope it costs what the scope holds, not what the shop holds.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union
from sqlmodel import col

from checkout_app.catalog.models import Variant
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.journal.models import Issue, Subject
from checkout_app.orders.models import Order, OrderLine, Stock
from checkout_app.orders.moves import OrderPayment
from checkout_app.payments import keys
from checkout_app.payments.checks.scope import EVERYTHING, Scope, Where, is_held
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.models import GatewayOrder, Payment, PaymentAllocation, Refund, RefundPart
from checkout_app.payments.statuses import ACCEPTED, BACK, GIVEN, PaymentStatus, Purpose, RefundStatus

MOST: Final = 20
"""How many offenders of one rule are named."""

Offenders = Select[*tuple[Any, ...]]


class Rule(ABC):
    """Something that holds at every moment."""

    name: ClassVar[str]

    def __init__(self) -> None:
        self._statements: dict[Where, Statement[Any]] = {}

    @abstractmethod
    def offenders(self, of: Where) -> Offenders:
        """Return the query for what offends: its id, its order's id or an empty one, and the figures of the detail."""

    @abstractmethod
    def detail(self, *figures: Any) -> str:
        """Say what is wrong with one of them."""

    async def check(self, of: Scope) -> list[Violation]:
        """Return what offends, a few of them when there are many."""
        async with database.ask(long=True) as session:
            rows = (await session.exec(self._statement(of.where), **of.values, **self._values())).all()
        return [Violation(self.name, subject, self.detail(*figures), order_id) for subject, order_id, *figures in rows]

    def _statement(self, of: Where) -> Statement[Any]:
        if (known := self._statements.get(of)) is None:
            known = self._statements[of] = Statement(self.offenders(of).limit(MOST))
        return known

    def _values(self) -> dict[str, Any]:
        """Return the values of the rule's own parameters."""
        return {"mode": settings().mode}


class HeldStockAddsUp(Rule):
    """Of a variant as many units are held as unpaid orders were promised."""

    name = "held stock adds up"

    def offenders(self, of: Where) -> Offenders:  # noqa: ARG002 - a unit does not know its order
        """Compare all that is held, whatever the scope."""
        promised = (
            select(col(OrderLine.variant_id).label("variant_id"), func.sum(col(OrderLine.quantity)).label("units"))
            .join(Order, col(Order.id) == col(OrderLine.order_id))
            .where(is_held())
            .group_by(col(OrderLine.variant_id))
            .cte()
        )
        held: Offenders = select(col(Variant.id).label("id")).where(col(Variant.held) > 0)
        touched = union(held, select(promised.c.variant_id)).subquery()
        units = func.coalesce(promised.c.units, 0)
        return (
            select(col(Variant.id), literal(""), col(Variant.held), units)
            .select_from(touched)
            .join(Variant, col(Variant.id) == touched.c.id)
            .outerjoin(promised, promised.c.variant_id == col(Variant.id))
            .where(col(Variant.held) != units)
        )

    def detail(self, held: int, promised: int) -> str:
        """Say how many are held and how many were promised."""
        return f"{held} held, {promised} promised"


class PaidOrdersHaveTheirPayment(Rule):
    """A paid order has one captured payment that counts its exact amount, and its stock was sold."""

    name = "paid orders have their payment"

    def offenders(self, of: Where) -> Offenders:
        """Find paid orders without such a payment, and payments of orders that are not paid."""
        fits = and_(
            col(Order.paid_at).is_not(None),
            col(Payment.purpose) == Purpose.ORDER,
            col(Payment.status) == PaymentStatus.CAPTURED,
            func.coalesce(col(Payment.toward_order), col(Payment.amount)) == col(Order.amount),
            col(Payment.currency) == col(Order.currency),
            col(Order.stock).in_((Stock.SOLD, Stock.RESTOCKED)),
        )
        return (
            select(
                col(Order.id),
                col(Order.id),
                col(Order.state),
                col(Order.payment_status),
                col(Order.stock),
                col(Payment.id),
                col(Payment.amount),
            )
            .outerjoin(PaymentAllocation, col(PaymentAllocation.order_id) == col(Order.id))
            .outerjoin(Payment, col(Payment.id) == col(PaymentAllocation.payment_id))
            .where(
                of(col(Order.id)), or_(col(Order.paid_at).is_not(None), col(PaymentAllocation.order_id).is_not(None))
            )
            .where(or_(col(Payment.id).is_(None), ~fits))
        )

    def detail(self, state: str, status: str, stock: str, payment_id: str | None, amount: int | None) -> str:
        """Say how the order stands, and what pays it."""
        paid_by = f"paid by {payment_id} of {amount}" if payment_id else "paid by nothing"
        return f"{state}, {status}, {stock}, {paid_by}"


class OnePaymentAnOrder(Rule):
    """No two payments pay one order."""

    name = "one payment an order"

    def offenders(self, of: Where) -> Offenders:
        """Find orders that several payments pay."""
        return (
            select(col(Payment.order_id), col(Payment.order_id), func.count())
            .where(of(col(Payment.order_id)))
            .where(col(Payment.status) == PaymentStatus.CAPTURED, col(Payment.purpose) == Purpose.ORDER)
            .group_by(col(Payment.order_id))
            .having(func.count() > 1)
        )

    def detail(self, payments: int) -> str:
        """Say how many there are."""
        return f"{payments} payments"


class CapturedMoneyHasAPurpose(Rule):
    """Somebody has decided about all captured money."""

    name = "captured money has a purpose"

    def offenders(self, of: Where) -> Offenders:
        """Find captured payments without a purpose."""
        return (
            select(col(Payment.id), col(Payment.order_id), col(Payment.amount))
            .where(of(col(Payment.order_id)))
            .where(col(Payment.status) == PaymentStatus.CAPTURED, col(Payment.purpose) == Purpose.NONE)
        )

    def detail(self, amount: int) -> str:
        """Say how much it is."""
        return str(amount)


class MoneyThatPaysNoOrderGoesBack(Rule):
    """Money that pays no order goes back in full, by the gateway or outside, or a person was told.

    Money of another mode is none.

    More than all of it is no offence: a part was refunded in the dashboard while a refund of the whole was unsure here,
    and the gateway, which can't return more than it has, refuses one of them.
    """

    name = "money that pays no order goes back"

    def offenders(self, of: Where) -> Offenders:
        """Find such money that is not, of orders that wait for nobody."""
        going = _refunded(GIVEN)
        told = select(col(Issue.id)).where(
            col(Issue.subject) == Subject.ORDER,
            col(Issue.subject_id) == col(Payment.order_id),
            col(Issue.resolved_at).is_(None),
        )
        return (
            select(col(Payment.id), col(Payment.order_id), going, col(Payment.amount))
            .where(of(col(Payment.order_id)), col(Payment.purpose).in_((Purpose.RETURN, Purpose.ATTENTION)))
            .join(GatewayOrder, col(GatewayOrder.id) == col(Payment.gateway_order_id))
            .where(going < col(Payment.amount), ~told.exists(), keys.OF_THIS_MODE)
        )

    def detail(self, going: int, amount: int) -> str:
        """Say how much of it is on its way."""
        return f"{going} of {amount} is on its way"


class RefundsAddUp(Rule):
    """A payment says it gave back what its refunds add up to."""

    name = "refunds add up"

    def offenders(self, of: Where) -> Offenders:
        """Find payments that say otherwise."""
        refunded = _refunded(ACCEPTED)
        return select(col(Payment.id), col(Payment.order_id), col(Payment.amount_refunded), refunded).where(
            of(col(Payment.order_id)), col(Payment.amount_refunded) != refunded
        )

    def detail(self, said: int, refunded: int) -> str:
        """Say both sums."""
        return f"says {said}, the refunds add up to {refunded}"


class OrdersFollowTheirRefunds(Rule):
    """An order says of its money's way back what its refunds say."""

    name = "the order follows its refunds"

    def offenders(self, of: Where) -> Offenders:
        """Find orders whose status is another than their refunds make it."""
        refunded = _refunded(BACK)
        status = case(
            (refunded == 0, OrderPayment.PAID),
            (refunded >= refundable(), OrderPayment.REFUNDED),
            else_=OrderPayment.PARTIALLY_REFUNDED,
        )
        return (
            select(col(Order.id), col(Order.id), col(Order.payment_status), refunded)
            .join(Payment, col(Payment.order_id) == col(Order.id))
            .where(of(col(Order.id)), col(Payment.purpose) == Purpose.ORDER, col(Order.payment_status) != status)
        )

    def detail(self, status: str, refunded: int) -> str:
        """Say how the order stands, and how much went back."""
        return f"{status}, {refunded} refunded"


class UnitsGoBackOnce(Rule):
    """Of a line no more units go back than were bought."""

    name = "units go back once"

    def offenders(self, of: Where) -> Offenders:
        """Find lines of which more do."""
        units = func.sum(col(RefundPart.units))
        return (
            select(col(OrderLine.id), col(OrderLine.order_id), units, col(OrderLine.quantity))
            .select_from(Payment)
            .join(Refund, col(Refund.payment_id) == col(Payment.id))
            .join(RefundPart, col(RefundPart.refund_id) == col(Refund.id))
            .join(OrderLine, col(OrderLine.id) == col(RefundPart.line_id))
            .where(of(col(Payment.order_id)), col(Refund.status).in_(GIVEN))
            .group_by(col(OrderLine.id))
            .having(units > col(OrderLine.quantity))
        )

    def detail(self, going: int, bought: int) -> str:
        """Say how many go back, of how many."""
        return f"{going} of {bought} go back"


BOOKS: Final[tuple[Rule, ...]] = (
    HeldStockAddsUp(),
    PaidOrdersHaveTheirPayment(),
    OnePaymentAnOrder(),
    CapturedMoneyHasAPurpose(),
    MoneyThatPaysNoOrderGoesBack(),
    RefundsAddUp(),
    OrdersFollowTheirRefunds(),
    UnitsGoBackOnce(),
)
"""The rules of which the books alone are to blame when they do not hold."""


async def check_rules(of: Scope = EVERYTHING, rules: Collection[Rule] = BOOKS) -> list[Violation]:
    """Return what offends against the rules; an empty list says the books are right."""
    return [violation for rule in rules for violation in await rule.check(of)]


def refundable() -> ColumnElement[int]:
    """Return what can go back of a payment: all but a fee that the buyer bore."""
    paid, counted = col(Payment.amount), col(Payment.toward_order)
    return case((counted < paid, counted), else_=paid)


def _refunded(statuses: Collection[RefundStatus]) -> ColumnElement[int]:
    """Return how much of a payment goes back by refunds that are this far."""
    total = select(func.coalesce(func.sum(col(Refund.amount)), 0)).where(
        col(Refund.payment_id) == col(Payment.id), col(Refund.status).in_(statuses)
    )
    return total.correlate(Payment).scalar_subquery()
