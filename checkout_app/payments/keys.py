"""Keys: which gateway orders are this shop's to ask about, and whose signature counts for one.

A key belongs to one account and to one mode of it, test or live, and sees nothing of any other. So the gateway is asked
about an order only when it was made with one of our keys, the present or the previous one, which are one account's.
What was made with a key that was in use before those goes over to the present one: `former_keys` sees to that.

An order that was never opened at the gateway has no key yet. It takes the one that it is opened with.
"""

from sqlalchemy import ColumnElement
from sqlmodel import bindparam, col

from checkout_app.core.settings import settings
from checkout_app.payments.models import GatewayOrder

TEST = "rzp_test_"
"""How the keys of test mode begin."""


def is_ours(gateway_order: GatewayOrder) -> bool:
    """Tell whether our gateway may be asked about an order."""
    return gateway_order.key_id in settings().keys


def ours() -> ColumnElement[bool]:
    """Say so in a statement that is made for the occasion."""
    return col(GatewayOrder.key_id).in_(list(settings().keys))


def sentence(gateway_order: GatewayOrder) -> str:
    """Say why nothing can be done here about an order that is not ours."""
    return f"It was paid with the key {gateway_order.key_id}, which is of another mode or account than this shop's."


def is_of_other_mode(gateway_order: GatewayOrder) -> bool:
    """Tell whether an order is of test mode and we are live, or the other way round."""
    return not gateway_order.key_id.startswith(settings().mode)


OF_THIS_MODE = col(GatewayOrder.key_id).startswith(bindparam("mode"))
"""That an order is of our mode, for a statement that is given `mode`."""


def secrets_for(gateway_order: GatewayOrder) -> list[str]:
    """Return the secrets with which a success of this order may be signed.

    A payment window opens with the present key. One that was open when the key changed goes on with the previous one,
    which is believed about no order that was made since: a key is often changed because others have come to know it.
    """
    known, may_sign = settings().keys, {settings().razorpay_key_id, gateway_order.key_id}
    return [secret for key_id, secret in known.items() if key_id in may_sign]
