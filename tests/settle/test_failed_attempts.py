"""What an order says of an attempt to pay that failed: why, what to do now, and of the money only what is certain."""

from datetime import timedelta
from typing import Any, Final

import pytest

from checkout_app.buyer.order.status import order_status
from checkout_app.buyer.order.views import OrderView, order_view
from checkout_app.core import clock, database
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import Reader
from checkout_app.payments.record import gather
from checkout_app.seller.service import Terms
from razorpay_sandbox.core.errors import GatewayError
from razorpay_sandbox.payments import attempts
from tests.support.histories import History
from tests.support.inside import timeline
from tests.support.shops import KEY_ID

_BACK: Final = f"If money left your account, it comes back by {clock.format_date(clock.now() + timedelta(days=10))}."
_LEAD: Final = "An attempt to pay did not go through."


async def _fails(history: History, *reasons: str) -> None:
    """Let attempts to pay fail for these reasons, one after the other, and the shop hear of it."""
    for reason in reasons:
        [gateway_order_id] = history.gateway_order_ids
        request = attempts.AttemptRequest(order_id=gateway_order_id)
        payment = attempts.begin(history.inside.gateway, KEY_ID, request)
        with pytest.raises(GatewayError):
            attempts.conclude(history.inside.gateway, payment["id"], "failure", reason)
        await history.act(("poll", 0, ""))


async def _page(history: History, reader: Reader = Reader.BUYER, **how: Any) -> OrderView:
    async with database.read() as session:
        record = await gather(session, await session.get_one(Order, history.order_id), **how)
    view, status = order_view(record, reader, Terms()), order_status(record, reader)
    assert (view.message, view.next, view.display_state) == (status.message, status.next, "failed")
    return view


async def test_the_last_attempt_is_told_with_the_next_step_and_each_in_the_timeline(history: History) -> None:
    await _fails(history, "card_expired", "insufficient_funds")
    view = await _page(history)
    assert view.message == f"There was not enough money in the account. {_BACK}"
    assert view.next.startswith("Choose another card or account. Its items are kept until ")
    assert [message for kind, message in await timeline(history.order_id) if kind == "payment_failed"] == [
        f"{_LEAD} The card has expired.",
        f"{_LEAD} There was not enough money in the account.",
    ]


async def test_who_only_looks_is_not_told_what_to_do(history: History) -> None:
    await _fails(history, "insufficient_funds")
    view = await _page(history, Reader.OTHER)
    back = _BACK.replace("your", "the buyer's")
    assert view.message == f"There was not enough money in the account. {back}"
    assert view.next.startswith("Its items are kept until ")


async def test_a_reason_that_nobody_knows_claims_nothing(history: History) -> None:
    await _fails(history, "a_reason_of_next_year")
    view = await _page(history, asked=True)
    assert view.message == _BACK
    assert view.next.startswith("Try again, or choose another way to pay. ")
    assert (await timeline(history.order_id))[-1] == ("payment_failed", _LEAD)


@pytest.mark.parametrize(
    ("reasons", "asked", "money"),
    [
        (["card_number_invalid"], True, "No money was taken."),
        (["card_number_invalid"], False, _BACK),
        (["card_declined", "card_number_invalid"], True, _BACK),
    ],
)
async def test_that_no_money_was_taken_is_said_only_where_no_bank_was_asked_and_the_gateway_has_told(
    history: History,
    reasons: list[str],
    asked: bool,  # noqa: FBT001 - a case
    money: str,
) -> None:
    await _fails(history, *reasons)
    assert (await _page(history, asked=asked)).message == f"There is no card with this number. {money}"


async def test_of_money_that_came_after_all_no_reason_is_told(history: History) -> None:
    await _fails(history, "card_declined")
    await history.live(("bank", 0, "success"), ("poll", 0, ""))
    assert ("payment_failed", _LEAD) in await timeline(history.order_id)
