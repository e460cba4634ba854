"""Trouble at a bank is known here as long as the gateway says so, and to buyers in a sentence."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import update

from checkout_app.checkout.views import downtime_notice
from checkout_app.core import clock, database
from checkout_app.core.rounds import Round
from checkout_app.payments import downtimes, webhooks
from checkout_app.payments.models import Downtime, WebhookEvent
from razorpay_sandbox.payments import downtimes as banks
from tests.support.inside import Inside, running_inside


@pytest.fixture
async def inside(tmp_path: Path) -> AsyncIterator[Inside]:
    async with running_inside(tmp_path, f"sqlite:///{tmp_path / 'shop.db'}") as running:
        yield running


async def _hear(inside: Inside) -> None:
    """Let the webhooks arrive that the gateway sent since the last time."""
    for event_id, body in inside.events():
        await webhooks.receive(body, event_id)
    await webhooks.handle_due()


async def _keep_up() -> None:
    """Ask the gateway as if it were time to."""
    async with database.write() as session:
        await session.exec(update(Round).values(due_at=clock.now()))
    await downtimes.keep_up()


async def _words() -> str:
    async with database.read() as session:
        return downtime_notice(await downtimes.active(session))


async def test_a_downtime_is_known_from_its_webhook_until_the_one_that_ends_it(inside: Inside) -> None:
    assert await _words() == ""
    began = banks.start(inside.gateway, {"method": "netbanking", "instrument": {"bank": "HDFC"}})
    await _hear(inside)
    assert await _words() == "There is trouble with net banking (HDFC) at the moment. Any other way to pay will do."
    banks.resolve(inside.gateway, began["id"])
    await _hear(inside)
    assert await _words() == ""


async def test_a_downtime_whose_webhooks_got_lost_is_found_by_asking(inside: Inside) -> None:
    began = banks.start(inside.gateway, {"method": "upi"})
    await _keep_up()
    assert "UPI" in await _words()
    await _keep_up()
    assert "UPI" in await _words(), "what goes on stays known"
    banks.resolve(inside.gateway, began["id"])
    await _keep_up()
    assert await _words() == ""


async def test_what_was_known_stays_known_while_the_gateway_does_not_answer(inside: Inside) -> None:
    banks.start(inside.gateway, {"method": "upi"})
    await _keep_up()
    inside.line.troubles += ["500"] * 3
    await _keep_up()
    assert "UPI" in await _words()


async def test_a_webhook_of_a_downtime_waits_for_a_gateway_that_does_not_answer(inside: Inside) -> None:
    banks.start(inside.gateway, {"method": "card", "instrument": {"network": "RuPay"}})
    inside.line.troubles += ["500"] * 3
    await _hear(inside)
    assert await _words() == ""
    async with database.write() as session:
        await session.exec(update(WebhookEvent).values(due_at=clock.now()))
    await webhooks.handle_due()
    assert "cards (RuPay)" in await _words()


async def test_a_downtime_that_is_yet_to_come_is_no_trouble(inside: Inside) -> None:
    with inside.gateway.store.transaction():
        banks.start(inside.gateway, {"method": "upi"})
        [downtime] = inside.gateway.store.everything("downtime")
        downtime.entity["begin"] += 3600
        inside.gateway.store.save(downtime)
    await _keep_up()
    assert await _words() == ""


@pytest.mark.parametrize("instrument", [None, "HDFC", 7, {}, {"bank": None}, {"bank": 7}, {"psp": "ALL"}, []])
async def test_an_odd_instrument_stands_for_the_whole_method(inside: Inside, instrument: Any) -> None:
    with inside.gateway.store.transaction():
        banks.start(inside.gateway, {"method": "upi"})
        [downtime] = inside.gateway.store.everything("downtime")
        downtime.entity["instrument"] = instrument
        inside.gateway.store.save(downtime)
    await _keep_up()
    assert await _words() == "There is trouble with UPI at the moment. Any other way to pay will do."


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        ([("upi", ""), ("upi", "")], "There is trouble with UPI at"),
        ([("upi", "google pay"), ("card", "")], "There is trouble with UPI (google pay) and cards at"),
        ([("upi", ""), ("card", ""), ("emi", "")], "There is trouble with UPI, cards and emi at"),
        ([("upi", ""), ("card", ""), ("wallet", ""), ("netbanking", "")], "Several ways to pay have trouble"),
    ],
)
def test_several_downtimes_are_one_sentence(methods: list[tuple[str, str]], words: str) -> None:
    rows = [Downtime(id=str(n), method=method, instrument=name) for n, (method, name) in enumerate(methods)]
    assert downtime_notice(rows).startswith(words)
