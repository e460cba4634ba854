"""What was paid, given back, told and disputed in a bulk-loaded shop, made from its plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from razorpay_sandbox.payments.failures import FAILURES
from tests.support.bulk_plan import DAY, HOUR, SECOND
from tests.support.bulk_rows import buyer_id
from tests.support.bulk_sql import Dialect, insert_from, json_object, one_of, quoted
from tests.support.shops import KEY_ID

DISPUTED_EVERY: Final = 250
DISPUTES_OPEN: Final = 10

_FAILURE: Final = FAILURES["payment_failed"]
_ORDER, _OTHER_ORDER = "'order_' || bare || '1'", "'order_' || bare || '2'"
_FAILED, _PAYMENT, _SECOND_PAYMENT = "'pay_' || bare || '1'", "'pay_' || bare || '2'", "'pay_' || bare || '3'"
_REFUNDED: Final = "plan WHERE outcome IN ('partly', 'wholly', 'twice')"
_BACK: Final = "CASE outcome WHEN 'partly' THEN amount / 4 ELSE amount END"
_BACK_AT: Final = f"CASE outcome WHEN 'twice' THEN paid + {90 * SECOND} ELSE later END"
_GIVEN_BACK: Final = f"CASE outcome WHEN 'twice' THEN {_SECOND_PAYMENT} ELSE {_PAYMENT} END"


@dataclass(frozen=True, slots=True)
class Money:
    """The money of so many orders up to a moment."""

    sql: Dialect
    orders: int
    now: int

    def statements(self) -> Iterator[str]:
        """Yield what makes the rows, in an order that foreign keys allow."""
        yield self._gateway_orders("plan", _ORDER)
        yield self._gateway_orders("plan WHERE outcome = 'twice'", _OTHER_ORDER)
        yield from self._payments()
        yield self._refunds()
        yield from self._events()
        yield from self._disputes()
        yield self._webhooks()

    def _at(self, moment: str) -> str:
        return self.sql.moment.format(moment)

    def _gateway_orders(self, source: str, key: str) -> str:
        return insert_from(
            source,
            "gateway_orders",
            created_at=self._at(f"made + {SECOND}"),
            id=key,
            order_id="id",
            amount="amount",
            currency="'INR'",
            key_id=f"'{KEY_ID}'",
        )

    def _payments(self) -> Iterator[str]:
        said = {"error_reason": f"'{_FAILURE.reason}'", "error_description": f"'{_FAILURE.description}'"}
        yield self._payment("failed = 1", _FAILED, _ORDER, f"made + {40 * SECOND}", status="'failed'", **said)
        back = "CASE outcome WHEN 'partly' THEN amount / 4 WHEN 'wholly' THEN amount ELSE 0 END"
        yield self._captured("sold = 1", _PAYMENT, _ORDER, "paid", purpose="'order'", amount_refunded=back)
        later, whole = f"paid + {60 * SECOND}", {"purpose": "'return'", "amount_refunded": "amount"}
        yield self._captured("outcome = 'twice'", _SECOND_PAYMENT, _OTHER_ORDER, later, **whole)
        yield insert_from(
            "plan WHERE sold = 1",
            "payment_allocations",
            created_at=self._at("paid"),
            order_id="id",
            payment_id=_PAYMENT,
        )

    def _captured(self, which: str, key: str, gateway_order: str, at: str, **more: str) -> str:
        return self._payment(which, key, gateway_order, at, status="'captured'", captured_at=self._at(at), **more)

    def _payment(self, which: str, key: str, gateway_order: str, at: str, **more: str) -> str:
        columns = {
            "created_at": self._at(at),
            "id": key,
            "order_id": "id",
            "gateway_order_id": gateway_order,
            "amount": "amount",
            "currency": "'INR'",
            "purpose": "'none'",
            "amount_refunded": "0",
            "method": one_of("n", "upi", "upi", "card", "upi", "netbanking"),
            "method_detail": one_of(
                "n", *["UPI · success@razorpay"] * 2, "Visa ending 1007", "UPI · success@razorpay", "Netbanking · HDFC"
            ),
            "announced_at": self._at(f"{at} + {2 * SECOND}"),
            "updated_at": self._at(at),
        }
        return insert_from(f"plan WHERE {which}", "payments", **(columns | more))

    def _refunds(self) -> str:
        return insert_from(
            _REFUNDED,
            "refunds",
            created_at=self._at(_BACK_AT),
            id="stem || 'F1'",
            payment_id=_GIVEN_BACK,
            order_id="id",
            request_key=f"CASE outcome WHEN 'twice' THEN 'return-' || {_SECOND_PAYMENT} ELSE stem || 'K2' END",
            gateway_refund_id="'rfnd_' || bare || '1'",
            amount=_BACK,
            currency="'INR'",
            status="'processed'",
            cause="CASE outcome WHEN 'twice' THEN 'paid_twice' ELSE 'requested' END",
            reason="CASE outcome WHEN 'twice' THEN '' ELSE 'Sent back.' END",
            restock="TRUE",
            attempts="1",
            updated_at=self._at(_BACK_AT),
        )

    # --- what is told ------------------------------------------------------------------------------------------------

    def _event(self, which: str, tag: str, at: str, kind: str, actor: str, data: str = "'{}'") -> str:
        """Write the event of an order that its actor caused; the buyer is a person who is named."""
        return insert_from(
            which,
            "events",
            created_at=self._at(at),
            id=f"stem || '{tag}'",
            subject="'order'",
            subject_id="id",
            kind=f"'{kind}'",
            data=self.sql.json.format(data),
            actor=f"'{actor}'",
            actor_id=buyer_id("buyer") if actor == "buyer" else "NULL",
        )

    def _events(self) -> Iterator[str]:
        currency = quoted("'INR'")
        paid = json_object(payment_id=quoted(_PAYMENT), amount="amount", currency=currency)
        failed = json_object(payment_id=quoted(_FAILED))
        cause = json_object(payment_id=quoted(_SECOND_PAYMENT), cause=quoted("'paid_twice'"))
        refund = json_object(refund_id=quoted("stem || 'F1'"), amount=_BACK, currency=currency)
        back = json_object(amount=_BACK, currency=currency)
        whole = f"{_BACK_AT} + {SECOND}"
        yield self._event("plan", "E1", "made", "created", "buyer")
        yield self._event("plan WHERE failed = 1", "E2", f"made + {40 * SECOND}", "payment_failed", "gateway", failed)
        yield self._event("plan WHERE sold = 1", "E3", "paid", "paid", "gateway", paid)
        yield self._event("plan WHERE outcome = 'expired'", "E4", "ended", "expired", "shop")
        yield self._event("plan WHERE outcome = 'cancelled'", "E4", "ended", "cancelled", "buyer")
        yield self._event("plan WHERE outcome = 'twice'", "E4", f"paid + {60 * SECOND}", "returning", "shop", cause)
        yield self._event(_REFUNDED, "E5", _BACK_AT, "refund", "gateway", refund)
        yield self._event("plan WHERE outcome = 'partly'", "E6", whole, "partially_refunded", "gateway", back)
        yield self._event("plan WHERE outcome = 'wholly'", "E6", whole, "refunded", "gateway", back)
        yield self._event("plan WHERE outcome = 'wholly'", "E7", whole, "restocked", "shop")

    def _disputes(self) -> Iterator[str]:
        """Let banks dispute a payment now and then; time has solved all but the newest disputes."""
        opened, dispute, issue = f"paid + {HOUR}", "'disp_' || bare || '1'", "stem || 'S1'"
        source = f"plan WHERE n % {DISPUTED_EVERY} = 7 AND outcome = 'paid' AND {opened} < {self.now}"
        ended = f"n <= {self.orders - DISPUTED_EVERY * DISPUTES_OPEN}"
        stage, changed = f"CASE WHEN {ended} THEN 'won' ELSE 'created' END", f"{opened} + {DAY}"
        yield insert_from(
            source,
            "disputes",
            created_at=self._at(opened),
            id=dispute,
            payment_id=_PAYMENT,
            order_id="id",
            stage=stage,
            phase="'chargeback'",
            amount="amount",
            currency="'INR'",
            respond_by=self._at(f"{opened} + {10 * DAY}"),
            updated_at=self._at(f"CASE WHEN {ended} THEN {changed} ELSE {opened} END"),
        )
        yield insert_from(
            source,
            "issues",
            created_at=self._at(opened),
            id=issue,
            kind="'dispute'",
            subject="'order'",
            subject_id="id",
            about=dispute,
            data=self.sql.json.format(json_object(stage=quoted(stage))),
            detail="''",
            resolved_at=self._at(f"CASE WHEN {ended} THEN {changed} END"),
            note="''",
        )
        told = json_object(issue_id=quoted(issue), stage=quoted("'created'"))
        yield self._event(source, "E8", opened, "attention", "shop", told)
        yield self._event(
            f"{source} AND {ended}", "E9", changed, "decided", "shop", json_object(issue_id=quoted(issue))
        )

    def _webhooks(self) -> str:
        """Let the gateway have told of every payment once."""
        name = "CASE status WHEN 'failed' THEN 'payment.failed' ELSE 'payment.captured' END"
        made = self.sql.seconds.format("created_at")
        payment = json_object(
            id=quoted("id"),
            entity=quoted("'payment'"),
            amount="amount",
            currency=quoted("currency"),
            status=quoted("status"),
            order_id=quoted("gateway_order_id"),
            method=quoted("method"),
            created_at=made,
        )
        body = json_object(
            entity=quoted("'event'"),
            event=quoted(name),
            contains="""'["payment"]'""",
            payload=json_object(payment=json_object(entity=payment)),
            created_at=made,
        )
        return insert_from(
            "payments",
            "webhook_events",
            created_at="announced_at",
            id="substr(id, 5)",
            event=name,
            body=body,
            digest=self.sql.digest.format(body),
            handled_at="announced_at",
            attempts="1",
        )
