"""What the watch looks at beside the books: rules that do not hold although the books are right in themselves."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, literal, select
from sqlmodel import col

from checkout_app.core import clock
from checkout_app.core.settings import settings
from checkout_app.journal.models import Issue, Subject
from checkout_app.payments import keys, orphans
from checkout_app.payments.checks.rules import BOOKS, Offenders, Rule
from checkout_app.payments.checks.scope import Scope, Where
from checkout_app.payments.checks.violations import Violation
from checkout_app.payments.models import GatewayOrder, Payment

SILENCE: Final = timedelta(minutes=2)
"""A captured payment that no webhook announced within this time means that webhooks do not reach us.

Together with the time the reconciler and the watch take, that is an alarm within five minutes.
"""
_REMEMBERED = timedelta(days=1)


class WebhooksReachUs(Rule):
    """A webhook announces every payment soon after the gateway captured it."""

    name = "webhooks reach us"

    def offenders(self, of: Where) -> Offenders:  # noqa: ARG002 - a lost webhook may be about any order
        """Find the last day's payments that no webhook told us of, whatever the scope."""
        captured = select(col(Payment.id), literal(""), col(Payment.captured_at)).where(
            col(Payment.captured_at) < bindparam("silent_since"),
            col(Payment.captured_at) > bindparam("remembered_since"),
            col(Payment.announced_at).is_(None),
            keys.OF_THIS_MODE,
        )
        return captured.join(GatewayOrder, col(GatewayOrder.id) == col(Payment.gateway_order_id))

    def detail(self, captured_at: datetime) -> str:
        """Say since when it was silent."""
        return f"captured {captured_at:%H:%M} UTC, no webhook"

    async def check(self, of: Scope) -> list[Violation]:
        """Return them, of a shop that has webhooks."""
        return await super().check(of) if settings().razorpay_webhook_secret else []

    def _values(self) -> dict[str, Any]:
        now = clock.now()
        return super()._values() | {"silent_since": now - SILENCE, "remembered_since": now - _REMEMBERED}


class NothingIsMissing(Rule):
    """The books know every order of this shop that the gateway has money for."""

    name = "nothing is missing in the books"

    def offenders(self, of: Where) -> Offenders:  # noqa: ARG002 - an order that is not known is in no scope
        """Find what the sweep or a webhook came upon, until it has been made again or a person has resolved it."""
        missing = (col(Issue.subject) == Subject.ORPHAN, col(Issue.resolved_at).is_(None))
        return select(col(Issue.about), literal(""), col(Issue.subject_id)).where(*missing)

    def detail(self, gateway_order_id: str) -> str:
        """Name the order at the gateway."""
        return orphans.missing(gateway_order_id)


WATCHED: Final[tuple[Rule, ...]] = (*BOOKS, WebhooksReachUs(), NothingIsMissing())
