"""Calls that Razorpay does not have, under ``/_test``: for tests and for the console.

A buyer without a browser, the bank's late word, faults, the delivery policy, the clock, the ledger, a clean slate.
"""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any, Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from razorpay_sandbox.api.forms import json_value
from razorpay_sandbox.api.front import json_answer, read_body
from razorpay_sandbox.core import validation
from razorpay_sandbox.core.errors import invalid, not_an_integer
from razorpay_sandbox.payments import attempts, downtimes, lifecycle, refund_processing
from razorpay_sandbox.state import fault_rules
from razorpay_sandbox.state.account_settings import AccountSettings
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity
from razorpay_sandbox.test_api import dashboard, ledger
from razorpay_sandbox.test_api.fields import Body, named, text
from razorpay_sandbox.webhooks import deliveries

_TEXTS: Final = ("method", "vpa", "bank", "wallet", "email", "contact", "description")
_POLICY: Final = ("drop", "duplicate", "delay", "reorder", "factor", "seed")

_NAMES: Final = ("event_id", "event", "order_id", "payment_id")
_FARTHEST: Final = 10 * 366 * 86_400  # seconds the clock may be away from real time


def _outcome(body: Body) -> attempts.Outcome:
    outcome = body.get("outcome", "success")
    if outcome not in attempts.OUTCOMES:
        raise invalid(f"The outcome is one of {', '.join(attempts.OUTCOMES)}.", "outcome")
    return cast("attempts.Outcome", outcome)


def pay(gateway: Gateway, body: Body) -> Entity:
    """Do what a buyer does in the modal, from choosing a method to the bank's answer.

    ``key_id`` says with which key the modal was opened: with the account's present one unless told.
    """
    outcome = _outcome(body)
    order = named(gateway, "order", body)
    texts: Any = {name: given for name in _TEXTS if (given := text(body, name))}
    request = attempts.AttemptRequest(
        order_id=order.id,
        amount=validation.integer(body, "amount") if body.get("amount") is not None else None,
        currency=order.entity["currency"],
        notes=body.get("notes") or {},
        **texts,
    )
    reason = text(body, "reason")
    key_id = text(body, "key_id") or gateway.keys.newest(order.account).id
    payment = attempts.begin(gateway, key_id, request)
    return attempts.conclude(gateway, payment["id"], outcome, reason)


def conclude(gateway: Gateway, body: Body) -> Entity:
    """Give the bank's word on a payment that was begun, or that failed: ``{payment_id, outcome, reason?}``."""
    payment = named(gateway, "payment", body)
    return attempts.conclude(gateway, payment.id, _outcome(body), text(body, "reason"))


def conclude_refund(gateway: Gateway, body: Body) -> Entity:
    """End a pending refund: ``{refund_id, status: "processed" | "failed"}``."""
    if body.get("status") not in ("processed", "failed"):
        raise invalid("A refund ends processed or failed.", "status")
    with gateway.store.transaction():
        refund = named(gateway, "refund", body)
        refund.hidden["ends"] = body["status"]
        refund_processing.conclude(gateway, refund)
    gateway.wake()
    return refund.entity


def read_faults(gateway: Gateway, _body: Body) -> Entity:
    """Show the faults in force."""
    return {"rules": [asdict(rule) for rule in gateway.faults.rules], "seed": gateway.faults.seed}


def set_faults(gateway: Gateway, body: Any) -> Entity:
    """Replace the faults; an empty list ends them."""
    seed = body.pop("seed", 0) if isinstance(body, dict) else 0
    if not isinstance(seed, int):
        raise not_an_integer("seed")
    gateway.faults.set(fault_rules.read_rules(body), seed)
    return read_faults(gateway, {})


def _without_secret(endpoint: deliveries.Endpoint) -> Entity:
    described = asdict(endpoint)
    return {"secret_exists": bool(described.pop("secret")), **described}


def read_webhooks(gateway: Gateway, _body: Body) -> Entity:
    """Show the configured endpoint, the delivery policy, all endpoints and the latest deliveries; no secrets."""
    configured = deliveries.configured(gateway)
    return {
        "endpoint": configured.url or None,
        "secret_exists": bool(configured.secret),
        "active": configured.active,
        **asdict(gateway.carrier.policy),
        "endpoints": [_without_secret(each) for each in deliveries.endpoints(gateway)],
        "pending": deliveries.pending(gateway),
        "deliveries": deliveries.summary(gateway),
    }


def set_webhooks(gateway: Gateway, body: Body) -> Entity:
    """Set the endpoint, its secret and the delivery policy; what is not named stays. A stopped endpoint is enabled."""
    given = [text(body, name) or "" for name in ("endpoint", "url") if name in body]
    if given and given[0] and not given[0].startswith(("http://", "https://")):
        raise invalid("The endpoint is an address that begins with http:// or https://.", "endpoint")
    secret = text(body, "secret") or deliveries.configured(gateway).secret
    gateway.carrier.change({name: body[name] for name in _POLICY if name in body})
    deliveries.configure(gateway, given[0] if given else None, secret)
    return read_webhooks(gateway, {})


def replay(gateway: Gateway, body: Body) -> Entity:
    """Send events again, all or those named by ``event_id``, ``event``, ``order_id`` or ``payment_id``."""
    wanted = {name: given for name in _NAMES if (given := text(body, name))}
    return {"replayed": deliveries.replay(gateway, wanted)}


def read_clock(gateway: Gateway, _body: Body) -> Entity:
    """Show the offset and what time it makes."""
    return {"offset": gateway.clock.offset, "now": gateway.clock.now()}


def set_clock(gateway: Gateway, body: Body) -> Entity:
    """Move the clock; what becomes due by that has happened when this is answered."""
    offset = body.get("offset")
    if isinstance(offset, bool) or not isinstance(offset, int | float):
        raise invalid("The offset is a number of seconds.", "offset")
    if abs(offset) > _FARTHEST:
        raise invalid("The clock moves ten years at most.", "offset")
    ahead = offset - gateway.clock.offset
    gateway.clock.move(offset)
    if ahead > 0:
        deliveries.pull(gateway, ahead)
    lifecycle.advance(gateway)
    gateway.wake()
    return read_clock(gateway, {})


def read_switches(gateway: Gateway, _body: Body) -> Entity:
    """Show the account settings and ordered outcomes."""
    return asdict(gateway.settings)


def set_switches(gateway: Gateway, body: Body) -> Entity:
    """Change some of them."""
    gateway.settings.change(gateway.store, body)
    return read_switches(gateway, {})


def resolve_downtime(gateway: Gateway, body: Body) -> Entity:
    """End a downtime: ``{id}``."""
    return downtimes.resolve(gateway, str(body.get("id")))


def forget(gateway: Gateway, _body: Body) -> Entity:
    """Forget every entity, event, delivery, fault, switch, new key and the clock's offset.

    The configured endpoint stays.
    """
    with gateway.store.transaction():
        gateway.store.forget()
        deliveries.forget_endpoints(gateway)
        gateway.clock.move(0)
        gateway.settings.reset(gateway.store)
        gateway.keys.reset()
        gateway.carrier.reset()
    gateway.faults.set([])
    gateway.wake()
    return {"forgotten": True}


_Act = Callable[[Gateway, Any], Entity]
_CALLS: Final[tuple[tuple[str, str, tuple[str, ...] | None, _Act], ...]] = (
    ("POST", "pay", ("order_id", "outcome", "reason", "amount", "notes", "key_id", *_TEXTS), pay),
    ("POST", "conclude", ("payment_id", "outcome", "reason"), conclude),
    ("POST", "refund", ("refund_id", "status"), conclude_refund),
    ("POST", "offer", ("order_id", "amount_off"), dashboard.offer),
    ("POST", "dispute", ("payment_id", "reason", "respond_by", "phase", "dispute_id", "status"), dashboard.dispute),
    ("POST", "settle", (), dashboard.settle),
    ("POST", "keys", ("key_id", "grace"), dashboard.regenerate),
    ("GET", "faults", (), read_faults),
    ("PUT", "faults", None, set_faults),
    ("GET", "webhooks", (), read_webhooks),
    ("PUT", "webhooks", ("endpoint", "url", "secret", *_POLICY), set_webhooks),
    ("POST", "webhooks/replay", _NAMES, replay),
    ("GET", "clock", (), read_clock),
    ("PUT", "clock", ("offset",), set_clock),
    ("GET", "switches", (), read_switches),
    ("PUT", "switches", tuple(each.name for each in fields(AccountSettings)), set_switches),
    ("POST", "downtimes", ("method", "instrument", "severity"), downtimes.start),
    ("POST", "downtimes/resolve", ("id",), resolve_downtime),
    ("GET", "ledger", (), ledger.write),
    ("DELETE", "data", (), forget),
)
"""Method, path, the fields a body may have, and what is done. Faults are spelt in several ways and read their own."""


def _body(raw: bytes) -> Any:
    try:
        body = json_value(raw) if raw.strip() else {}
    except ValueError:
        raise invalid("The body must be JSON.") from None
    if not isinstance(body, dict | list):
        raise invalid("The body must be a JSON object.")
    return body


def _check(body: Any, known: tuple[str, ...]) -> None:
    if not isinstance(body, dict):
        raise invalid("The body must be a JSON object.")
    validation.known_fields(body, known)


def routes(gateway: Gateway) -> list[Route]:
    """List the calls."""

    def route(method: str, path: str, known: tuple[str, ...] | None, act: _Act) -> Route:
        async def endpoint(request: Request) -> Response:
            body = _body(await read_body(request))
            if known is not None:
                _check(body, known)
            return json_answer(await run_in_threadpool(act, gateway, body))

        return Route(f"/_test/{path}", endpoint, methods=[method])

    return [route(*call) for call in _CALLS]
