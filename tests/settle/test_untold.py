"""What the gateway refuses to tell, or can't tell just now, is named where a person is needed; all else goes on."""

from datetime import timedelta

import pytest

from checkout_app.core import clock
from checkout_app.orders.models import Order
from checkout_app.payments import holds, looks, reconcile, service, settle
from checkout_app.payments.gateway.client import READ_TRIES
from checkout_app.payments.models import GatewayOrder
from tests.support.acts import told_oddly
from tests.support.histories import AMOUNT, History
from tests.support.inside import row, rows, timeline, violations, waits_for
from tests.support.untold import (
    NOT_TOLD,
    SOLVED,
    UNKNOWN,
    check_now,
    forget_gateway_orders,
    lapse,
    open_issues,
)

REFUSALS = pytest.mark.parametrize("refusal", [f"404 {UNKNOWN}", f"400 {UNKNOWN}", "400 Not now.", "400 " + "w" * 300])


@REFUSALS
async def test_what_the_gateway_refuses_to_tell_asks_for_a_person_until_it_tells(
    history: History, refusal: str
) -> None:
    [gateway_order_id] = history.gateway_order_ids
    await history.act(("attempt", 0, "success"))
    history.inside.line.troubles = [refusal]
    await check_now(history.order_id)
    assert await open_issues() == [("unreadable", gateway_order_id, refusal[4:])]
    assert await waits_for(history.order_id) == [NOT_TOLD + refusal[4:]]
    assert (await row(Order, history.order_id)).status == "created"
    await check_now(history.order_id)
    assert (await open_issues(), (await row(Order, history.order_id)).status) == ([], "paid")
    assert SOLVED in await timeline(history.order_id)


async def test_of_a_refusal_is_kept_what_can_be_printed_and_as_much_as_fits(history: History, paid: str) -> None:
    history.inside.line.troubles = ["400 Not\0 now.\x1b\u2028" + "w" * 300]
    await check_now(history.order_id)
    said = "Not now." + "w" * 292
    assert await open_issues() == [("unreadable", history.gateway_order_ids[0], said)]
    history.inside.line.troubles = ["400 Not\0 now."]
    refund = await service.refund(paid, 100, reason="A part.", request_key="key")
    assert (refund.status, refund.failure) == ("planned", "Not now.")


@REFUSALS
async def test_an_order_expires_in_time_although_the_gateway_refuses_to_tell(history: History, refusal: str) -> None:
    await lapse(history.order_id)
    history.inside.line.troubles = [refusal]
    await check_now(history.order_id)
    order = await row(Order, history.order_id)
    assert (order.status, order.attempts) == ("expired", 0)
    assert order.due_at
    assert order.due_at > clock.now()


@REFUSALS
async def test_a_receipt_the_gateway_refuses_to_look_up_asks_for_a_person(history: History, refusal: str) -> None:
    await forget_gateway_orders()
    await lapse(history.order_id)
    history.inside.line.troubles = [refusal]
    await check_now(history.order_id)
    assert await open_issues() == [("unreadable", history.order_id, refusal[4:])]
    assert (await row(Order, history.order_id)).status == "expired"
    await check_now(history.order_id)
    assert (await open_issues(), len(await rows(GatewayOrder))) == ([], 1)


async def test_one_gateway_order_that_is_gone_keeps_nobody_from_asking_about_the_other(history: History) -> None:
    await history.begin(on_hand=3, twice=True)
    await history.act(("attempt", 0, "success"))
    history.inside.line.troubles = [f"404 {UNKNOWN}"]
    assert await settle.refresh(history.order_id) == [settle.Unreadable(history.gateway_order_ids[1], UNKNOWN)]
    assert (await row(Order, history.order_id)).status == "paid"


async def test_a_payment_that_names_no_order_of_ours_is_named_and_the_others_are_settled(history: History) -> None:
    await history.live(("begin", 0, ""), ("begin", 0, ""), ("bank", 1, "success"))
    first = history.inside.entities("payment")[0]["id"]
    with told_oddly(history, "payment", 0, order_id="order_AAAAAAAAAAAAAA"):
        assert await settle.refresh(history.order_id) == [settle.Unreadable(first, "It names no order of ours.")]
    assert (await row(Order, history.order_id)).status == "paid"


@pytest.mark.parametrize(("lapsed", "status"), [(60, "created"), (180, "expired")])
async def test_a_hold_that_lapsed_a_while_ago_ends_even_while_the_gateway_is_down(
    history: History, lapsed: int, status: str
) -> None:
    await lapse(history.order_id, timedelta(seconds=lapsed))
    history.inside.line.troubles = ["500"] * READ_TRIES
    assert await reconcile.check_due() == 0
    assert await holds.end_lapsed() == (1 if status == "expired" else 0)
    order = await row(Order, history.order_id)
    assert (order.status, order.stock) == (status, "held" if status == "created" else "released")
    assert await open_issues() == [], "an outage is nobody's to look at"
    assert await violations() == []


@pytest.mark.parametrize(
    "troubles",
    [["404 Gone."], ["400 Not now."], ["401"], ["500"] * READ_TRIES, ["reset"] * READ_TRIES, ["200 odd"]],
    ids=repr,
)
async def test_who_looks_at_an_order_gets_the_books_whatever_the_gateway_answers(
    history: History, troubles: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "PACE", 0)
    history.inside.line.troubles = [*troubles]
    assert not await service.ask_gateway(history.order_id)
    assert await service.ask_gateway(history.order_id, anew=True)
    assert (await row(Order, history.order_id)).amount == AMOUNT
