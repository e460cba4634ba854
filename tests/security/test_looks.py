"""However many look at an order, the gateway is asked about it once at a time and once in two seconds."""

import asyncio

import pytest

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.payments import looks, service
from tests.support.inside import BUYER, Inside, put_on_shelf


class Gateway:
    """Counts the looks at each order; each takes until it is let go."""

    def __init__(self) -> None:
        self.looked: list[str] = []
        self.answers = asyncio.Event()
        self.answers.set()

    async def look(self, order_id: str) -> bool:
        """Look at an order."""
        self.looked.append(order_id)
        await self.answers.wait()
        return True


async def test_two_hundred_tabs_cost_one_call(inside: Inside) -> None:
    made = await checkout.create_order(BUYER, [Item(await put_on_shelf(3))])
    inside.line.calls.clear()
    assert await asyncio.gather(*(service.ask_gateway(made.order.id) for _ in range(200))) == [True] * 200
    assert await service.ask_gateway(made.order.id)
    assert inside.line.calls == [f"GET /v1/orders/{made.razorpay_order_id}/payments"]


async def test_who_acts_on_the_answer_gets_one_of_a_look_that_begins_after_they_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(looks, "PACE", 0.05)
    gateway = Gateway()
    shared = looks.Looks(gateway.look)
    gateway.answers.clear()
    reading = asyncio.create_task(shared.lately("A"))
    await asyncio.sleep(0)  # it has begun
    acting = [asyncio.create_task(shared.from_now_on("A")) for _ in range(20)]
    await asyncio.sleep(0)
    assert gateway.looked == ["A"]
    gateway.answers.set()
    assert await asyncio.gather(reading, *acting) == [True] * 21
    assert gateway.looked == ["A", "A"]


async def test_who_gives_up_waiting_ends_nobody_elses_look() -> None:
    gateway = Gateway()
    shared = looks.Looks(gateway.look)
    gateway.answers.clear()
    impatient, patient = (asyncio.create_task(shared.lately("A")) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    gateway.answers.set()
    assert await patient
    assert gateway.looked == ["A"]


async def test_orders_do_not_wait_for_each_other_and_nothing_is_kept_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "PACE", 0.0)
    gateway = Gateway()
    shared = looks.Looks(gateway.look)
    assert all(await asyncio.gather(shared.lately("A"), shared.lately("B"), shared.from_now_on("C")))
    await asyncio.sleep(0.01)  # its loop comes round, and what is over is let go
    assert shared._last == {}  # noqa: SLF001 - what it keeps is the point
    assert sorted(gateway.looked) == ["A", "B", "C"]
