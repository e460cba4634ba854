"""What `check` says: where the money is, what waits for a person, and what does not hold."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlmodel import col, func, select

from checkout_app.core import database
from checkout_app.core.money import format_amount
from checkout_app.core.settings import settings
from checkout_app.orders.timeline import issue_sentence
from checkout_app.payments import former_keys, keys
from checkout_app.payments.checks.comparison import Compared, compare_with_gateway
from checkout_app.payments.checks.rules import BOOKS, refundable
from checkout_app.payments.checks.scope import EVERYTHING
from checkout_app.payments.checks.shelf import WhatIsOnSaleCanBePaid
from checkout_app.payments.checks.unknown import Others
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.gateway.errors import RazorpayError
from checkout_app.payments.issues import open_issues
from checkout_app.payments.models import GatewayOrder, Payment
from checkout_app.payments.statuses import PaymentStatus, Purpose

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person: the order, by the gateway's id when the books do not know it, and why."""

    order_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; amounts in minor units."""

    ledger: Mapping[str, int]
    waiting: Sequence[Waiting]
    more_wait: bool
    violations: Sequence[Violation]
    others: Mapping[str, Others]
    """What the account at the gateway has of other shops, by their ids; an empty one where it does not say whose."""
    elsewhere: Mapping[str, int]
    """How many orders are left out, being of another mode or account, by the key they were made with."""
    untold: str
    """Why the gateway could not be asked; empty when it was."""

    def lines(self) -> Iterator[str]:
        """Say it to a person."""
        for name, amount in self.ledger.items():
            yield f"{name:<10} {format_amount(amount, 'INR'):>18}"
        for key_id, orders in self.elsewhere.items():
            mode = "test mode" if key_id.startswith(keys.TEST) else "live mode"
            yield f"LEFT OUT  orders of {mode}, made with {key_id}: {orders:,}"
        for waits in self.waiting:
            yield f"WAITS  for a person, {waits.order_id}: {waits.message}"
        if self.more_wait:
            yield "WAITS  and more; GET /api/merchant/issues lists them all"
        for shop_id, other in self.others.items():
            whose = f"the shop {shop_id}" if shop_id else "whoever does not say"
            yield f"OTHERS  {other.payments} payments, {format_amount(other.amount, 'INR')}, of {whose}"
        for violation in self.violations:
            yield f"VIOLATION  {violation.rule}, {violation.subject}: {violation.detail}"
        if self.untold:
            yield f"UNKNOWN  {settings().razorpay_api_url} does not tell: {self.untold}"
        yield f"{len(self.violations)} violations"

    def json(self) -> str:
        """Say it to a program."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)


async def check(patience: timedelta, progress: Progress) -> Report:
    """Look over all books, and compare them with the gateway; what differs is read again for that long."""
    violations = list[Violation]()
    rules = (*BOOKS, WhatIsOnSaleCanBePaid())
    for place, rule in enumerate(rules, start=1):
        progress(f"rule {place} of {len(rules)}: {rule.name}")
        violations += await rule.check(EVERYTHING)
    violations += await former_keys.find()
    compared, untold = Compared(), ""
    try:
        compared = await compare_with_gateway(patience=patience, progress=progress)
    except RazorpayError as failure:
        untold = str(failure) or type(failure).__name__
    async with database.read() as session:
        waiting = await open_issues(session)
    return Report(
        ledger=await ledger(),
        waiting=[Waiting(waits.issue.subject_id, issue_sentence(waits.issue)) for waits in waiting.items],
        more_wait=waiting.next_cursor is not None,
        violations=[*violations, *compared.violations],
        others=compared.others,
        elsewhere=await former_keys.orders_elsewhere(),
        untold=untold,
    )


async def ledger() -> dict[str, int]:
    """Return our account's captured money by its purpose, in minor units; the parts add up to `captured`.

    What buyers paid on top for Razorpay's fee is a part by itself: it is not the shop's.
    """
    query = (
        select(Payment.purpose, func.sum(refundable()), func.sum(col(Payment.amount) - refundable()))
        .join(GatewayOrder, col(GatewayOrder.id) == col(Payment.gateway_order_id))
        .where(Payment.status == PaymentStatus.CAPTURED, keys.ours())
        .group_by(col(Payment.purpose))
    )
    async with database.ask() as session:
        found = (await session.exec(query)).all()
    sums = {purpose: int(amount) for purpose, amount, _ in found}
    parts = {**{str(purpose): sums.get(purpose, 0) for purpose in Purpose}, "fee": sum(int(fee) for *_, fee in found)}
    return {"captured": sum(parts.values()), **parts}
