"""What pages of the shop's orders are made of: when new ones are asked for, and what the gateway said last."""

import json
from typing import Final

import pytest

from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.pagination import Page
from checkout_app.merchant.orders.listing import View
from checkout_app.merchant.orders.money_view import payment_view, refund_view
from checkout_app.merchant.orders.views import Asking, orders_view
from checkout_app.payments.models import Payment, Refund
from checkout_app.payments.statuses import PaymentStatus

OWNER: Final = Identity("OWNER", "SESSION", "meera@example.in", "Meera", Role.OWNER)


@pytest.mark.parametrize(
    ("asking", "asks"),
    [
        (Asking(View.TO_SHIP), "/api/merchant/orders?view=to-ship&limit=20"),
        (Asking(View.ALL), "/api/merchant/orders?view=all&limit=20"),
        (Asking(View.ALL, search="asha"), ""),
        (Asking(View.ALL, day=clock.day_of(clock.now())), ""),
        (Asking(View.ALL, cursor="01"), ""),
    ],
)
def test_new_orders_are_asked_for_where_they_would_come_first(asking: Asking, asks: str) -> None:
    assert orders_view(OWNER, asking, Page([], None), {}).asks == asks


def test_what_the_gateway_said_is_shown_as_it_is_kept_and_what_it_did_not_say_is_left_out() -> None:
    failed = Payment(
        id="pay_1",
        order_id="ORDER",
        gateway_order_id="order_1",
        amount=48000,
        currency="INR",
        status=PaymentStatus.FAILED,
        error_reason="payment_cancelled",
        error_description="The customer “left”.",
    )
    said = json.loads(payment_view(failed).said)
    assert said.items() >= {"id": "pay_1", "status": "failed", "amount": 48000, "amount_refunded": 0}.items()
    assert (said["error_reason"], said["error_description"]) == ("payment_cancelled", "The customer “left”.")
    assert not {"captured_at", "method", "order_id"} & said.keys()
    refund = Refund(payment_id="pay_1", order_id="ORDER", amount=100, currency="INR", reason="Chipped")
    assert refund_view(refund).said == ""
    refund.gateway_refund_id = "rfnd_1"
    assert json.loads(refund_view(refund).said).items() >= {"gateway_refund_id": "rfnd_1", "amount": 100}.items()
