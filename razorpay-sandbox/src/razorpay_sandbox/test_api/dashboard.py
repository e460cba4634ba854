"""What happens at Razorpay without any call of the merchant's: offers, disputes, settlements, other keys."""

from typing import Final

from razorpay_sandbox.api import listing
from razorpay_sandbox.core import validation
from razorpay_sandbox.core.errors import invalid, required
from razorpay_sandbox.payments import disputes, offers, settling
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity
from razorpay_sandbox.test_api.fields import Body, named, text

_LONGEST_REASON: Final = 100
_GRACE: Final = 86_400
_LONGEST_GRACE: Final = 366 * 86_400


def offer(gateway: Gateway, body: Body) -> Entity:
    """Take something off the next payment of an order: ``{order_id, amount_off}``."""
    with gateway.store.transaction():
        order = named(gateway, "order", body)
        return offers.attach(gateway, order, validation.integer(body, "amount_off"))


def dispute(gateway: Gateway, body: Body) -> Entity:
    """Open a dispute, ``{payment_id, reason, respond_by?, phase?}``, or move one, ``{dispute_id, status}``."""
    with gateway.store.transaction():
        answer = _move(gateway, body) if "dispute_id" in body else _open(gateway, body)
    gateway.wake()
    return answer


def _open(gateway: Gateway, body: Body) -> Entity:
    if "status" in body:
        raise invalid("A status belongs to a dispute_id; a new dispute is open.", "status")
    payment = named(gateway, "payment", body)
    reason = text(body, "reason")
    if not reason:
        raise required("reason")
    if len(reason) > _LONGEST_REASON:
        raise invalid(f"The reason may not be greater than {_LONGEST_REASON} characters.", "reason")
    phase = body.get("phase", "chargeback")
    if phase not in disputes.PHASES:
        raise invalid(f"The phase is one of {', '.join(disputes.PHASES)}.", "phase")
    return disputes.open_dispute(gateway, payment, reason, phase, _respond_by(body))


def _respond_by(body: Body) -> int | None:
    if body.get("respond_by") is None:
        return None
    moment = validation.integer(body, "respond_by")
    listing.check_moment("respond_by", moment)
    return moment


def _move(gateway: Gateway, body: Body) -> Entity:
    status = body.get("status")
    if status not in disputes.MOVES:
        raise invalid(f"The status is one of {', '.join(disputes.MOVES)}.", "status")
    return disputes.move(gateway, named(gateway, "dispute", body), status)


def settle(gateway: Gateway, _body: Body) -> Entity:
    """Settle now whatever is captured, without delay, account by account; answers the settlements."""
    made = [settling.settle(gateway, pair.id, delay=0) for pair in gateway.config.keys]
    return listing.collection([each for each in made if each])


def regenerate(gateway: Gateway, body: Body) -> Entity:
    """Make another key for an account, that of ``key_id`` or the first one; answers its id and secret.

    The key that it replaces works for ``grace`` seconds more: a day unless told, as the Dashboard offers, or 0.
    """
    grace = validation.integer(body, "grace") if "grace" in body else _GRACE
    if not 0 <= grace <= _LONGEST_GRACE:
        raise invalid(f"The grace is from 0 to {_LONGEST_GRACE} seconds.", "grace")
    with gateway.store.transaction():
        account = gateway.account(text(body, "key_id") or gateway.keys.newest(gateway.config.keys[0].id).id)
        made = gateway.keys.regenerate(account, gateway.clock.precise(), grace)
    return {"id": made.id, "secret": made.secret}
