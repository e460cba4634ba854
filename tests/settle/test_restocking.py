"""Money that goes back before anything was shipped: the units go back on the shelf with it, once, or stay away."""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import col, update

from checkout_app.catalog.models import Variant
from checkout_app.core import database
from checkout_app.orders.models import Order
from checkout_app.orders.moves import Fulfilment
from checkout_app.payments import refunded, refunds, service
from checkout_app.payments.checks.rules import check_rules
from checkout_app.payments.models import Refund
from tests.support.acts import at_the_bank, in_the_dashboard, refunds_end
from tests.support.histories import History
from tests.support.inside import let_refund_be_due, row, rows, timeline, violations
from tests.support.neighbours import move_in

SHELF = 120


@pytest.fixture
async def paid(history: History) -> str:
    """The id of a payment that pays one unit of the many on the shelf."""
    await history.begin(on_hand=SHELF, twice=False)
    await history.live(("attempt", 0, "success"), ("callback", 0, ""))
    assert await _left(history) == (SHELF - 1, 0)
    [payment] = history.inside.entities("payment")
    return str(payment["id"])


async def _left(history: History) -> tuple[int | None, int]:
    """How many there are, and how many are held."""
    variant = await row(Variant, history.product_id)
    return variant.on_hand, variant.held


async def _restocked(history: History) -> int:
    """How often the order's units went back on the shelf."""
    return [kind for kind, _ in await timeline(history.order_id)].count("restocked")


async def _refund(payment_id: str, amount: int | None, *, restock: bool = True) -> Refund:
    key = f"{amount} of {len(await rows(Refund))}"
    return await service.refund(payment_id, amount, reason="Changed their mind.", request_key=key, restock=restock)


async def _by_the_shopkeeper(history: History, payment_id: str) -> None:
    """Refund everything in two parts."""
    await _refund(payment_id, 18000)
    assert (await _left(history), await _restocked(history)) == ((SHELF - 1, 0), 0), "a part brings no unit back"
    await _refund(payment_id, None)


async def _in_the_dashboard(history: History, payment_id: str) -> None:
    """Refund everything where the shop has no say."""
    in_the_dashboard(history, payment_id, 48000)
    await history.act(("poll", 0, ""))


@pytest.mark.parametrize("refund", [_by_the_shopkeeper, _in_the_dashboard])
async def test_units_go_back_on_the_shelf_once_when_all_the_money_went_back(
    history: History, paid: str, refund: Callable[[History, str], Awaitable[None]]
) -> None:
    await refund(history, paid)
    for _ in range(2):
        order = await row(Order, history.order_id)
        assert (order.status, order.stock, order.fulfilment_status) == ("refunded", "restocked", "unfulfilled")
        assert (await _left(history), await _restocked(history)) == ((SHELF, 0), 1)
        await refunded.adopt(paid)
    assert (await timeline(history.order_id))[-1] == ("restocked", "Its items are back on the shelf.")
    assert await violations() == []


@pytest.mark.parametrize("which", [0, 1])
async def test_units_stay_away_when_one_of_the_refunds_says_so(history: History, paid: str, which: int) -> None:
    for number, amount in enumerate((18000, None)):
        await _refund(paid, amount, restock=number != which)
    await refunded.adopt(paid)
    order = await row(Order, history.order_id)
    assert (order.status, order.stock) == ("refunded", "sold")
    assert (await _left(history), await _restocked(history)) == ((SHELF - 1, 0), 0)
    assert await violations() == []


async def test_a_refund_that_never_reached_the_buyer_keeps_no_unit_away(history: History, paid: str) -> None:
    refunds_end(history, "pending")
    await _refund(paid, 18000, restock=False)
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    refunds_end(history, "processed")
    await _refund(paid, None)
    assert (await _left(history), await _restocked(history)) == ((SHELF, 0), 1)


async def test_what_was_said_holds_when_the_money_went_back_by_other_ways(history: History, paid: str) -> None:
    refunds_end(history, "pending")
    await _refund(paid, None, restock=False)
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    refunds_end(history, "processed")
    await _in_the_dashboard(history, paid)
    order = await row(Order, history.order_id)
    assert (order.status, order.stock) == ("refunded", "sold")
    assert (await _left(history), await _restocked(history)) == ((SHELF - 1, 0), 0)


async def test_what_was_said_of_another_orders_refund_keeps_no_unit_away(history: History, paid: str) -> None:
    neighbour = await move_in(history)
    await _refund(neighbour.payment_id, 100, restock=False)
    await _refund(paid, None)
    assert ((await row(Order, history.order_id)).stock, await _restocked(history)) == ("restocked", 1)


@pytest.mark.parametrize("amount", [100, 47900])
async def test_a_partial_refund_brings_no_unit_back(history: History, paid: str, amount: int) -> None:
    await _refund(paid, amount)
    order = await row(Order, history.order_id)
    assert (order.status, order.stock) == ("partially_refunded", "sold")
    assert (await _left(history), await _restocked(history)) == ((SHELF - 1, 0), 0)
    assert await violations() == []


async def test_a_refund_that_is_only_planned_brings_no_unit_back(history: History, paid: str) -> None:
    refunds_end(history, "no_balance")
    planned = await _refund(paid, None)
    assert (planned.status, await _left(history), await _restocked(history)) == ("planned", (SHELF - 1, 0), 0)
    refunds_end(history, "processed")
    await let_refund_be_due(planned.id)
    await refunds.carry_out_due()
    assert (await _left(history), await _restocked(history)) == ((SHELF, 0), 1)


@pytest.mark.parametrize("fulfilment", [state for state in Fulfilment if state is not Fulfilment.UNFULFILLED])
async def test_what_was_shipped_does_not_come_back_by_a_refund(
    history: History, paid: str, fulfilment: Fulfilment
) -> None:
    async with database.write() as session:
        shipped = update(Order).where(col(Order.id) == history.order_id).values(fulfilment_status=fulfilment)
        await session.exec(shipped)
    await _refund(paid, None)
    order = await row(Order, history.order_id)
    assert (order.status, order.stock) == ("refunded", "sold")
    assert (await _left(history), await _restocked(history)) == ((SHELF - 1, 0), 0)


async def test_a_refund_that_fails_at_the_bank_afterwards_leaves_the_shelf_alone(history: History, paid: str) -> None:
    refunds_end(history, "pending")
    await _refund(paid, None)
    assert (await _left(history), await _restocked(history)) == ((SHELF, 0), 1), "the gateway has taken it"
    at_the_bank(history, "failed")
    await history.act(("poll", 0, ""))
    order = await row(Order, history.order_id)
    assert (order.status, order.stock) == ("paid", "restocked")
    assert (await _left(history), await _restocked(history)) == ((SHELF, 0), 1)
    assert await check_rules() == []
    refunds_end(history, "processed")
    await _refund(paid, None)
    assert (await row(Order, history.order_id)).status == "refunded"
    assert (await _left(history), await _restocked(history)) == ((SHELF, 0), 1)
    assert await violations() == []
