"""A mail to the buyer once more: exactly one more, the same, to the same mailbox, and a few a day."""

import asyncio
from collections.abc import Sequence
from email.message import EmailMessage
from typing import cast

import pytest
from sqlmodel import col, update

from checkout_app.auth.models import ERASED, User
from checkout_app.core import clock, database
from checkout_app.core.errors import RateLimited
from checkout_app.fulfilment import service as fulfilment
from checkout_app.journal.models import Event, FollowUp
from checkout_app.mail import again
from checkout_app.mail.again import MOST, WITHIN, Told
from checkout_app.mail.errors import MailNotFound, NoMail
from checkout_app.orders import by_shop
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderNotFound
from checkout_app.payments import service as payments
from tests.conftest import ON_BOTH
from tests.support.acts import refunds_end
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import BUYER, Inside, written
from tests.support.mail_server import MailServer
from tests.support.mailing import send


@pytest.fixture
async def history(inside: Inside) -> History:
    """A paid order that goes to an address."""
    begun = History(inside)
    await begun.begin_with_cart(on_hand=3, twice=False)
    await begun.live(("attempt", 0, "success"), ("callback", 0, ""))
    return begun


async def _told(history: History) -> Sequence[Told]:
    async with database.read() as session:
        return await again.told(session, await orders.timeline(session, history.order_id))


async def _ask(history: History, about: Told, key: str) -> None:
    await again.send_again(history.order_id, about.event.id, request_key=key, by=SHOPKEEPER)


async def test_each_mail_to_the_buyer_goes_once_more_and_says_the_same(history: History, server: MailServer) -> None:
    refunds_end(history, "processed")
    await fulfilment.ship(history.order_id, None, carrier="India Post", request_key="key", by=SHOPKEEPER)
    payment_id = history.inside.entities("payment")[-1]["id"]
    await payments.refund(payment_id, 1000, reason="It is late.", request_key="key")
    assert await send() == 3
    told = await _told(history)
    assert [(each.kind, bool(each.mail and each.mail.sent_at)) for each in told] == [
        ("paid", True),
        ("shipped", True),
        ("refund", True),
    ]
    for about in told:
        await _ask(history, about, about.kind)
        await _ask(history, about, about.kind)  # the same key
    assert await send() == 3
    async with database.write() as session:  # and once more, as after a crash
        await session.exec(update(FollowUp).values(due_at=clock.now(), done_at=None))
    assert await send() == 0
    mails = cast("list[EmailMessage]", server.taken)
    assert {mail["to"] for mail in mails} == {BUYER.email}
    subjects = [str(mail["subject"]) for mail in mails]
    assert sorted(subjects[:3]) == sorted(subjects[3:])
    assert [each.mail != before.mail for each, before in zip(await _told(history), told, strict=True)] == [True] * 3
    asked = [each for each in await written(history.order_id) if each[0] == "mailed"]
    assert [(who, data["event_id"]) for _, who, data in asked] == [("merchant", each.event.id) for each in told]


@ON_BOTH
async def test_so_many_a_day_go_once_more_however_many_ask_at_once(history: History) -> None:
    [about] = await _told(history)
    asked = await asyncio.gather(*(_ask(history, about, f"key {n}") for n in range(MOST + 2)), return_exceptions=True)
    refused = [each for each in asked if each is not None]
    assert [type(each) for each in refused] == [RateLimited] * 2
    assert isinstance(refused[0], RateLimited)
    assert refused[0].retry_after
    assert 0 < refused[0].retry_after <= WITHIN.total_seconds() + 1
    async with database.write() as session:
        yesterday = clock.now() - WITHIN
        await session.exec(update(Event).where(col(Event.kind) == "mailed").values(created_at=yesterday))
    await _ask(history, about, "today")


async def test_what_is_of_another_order_or_no_mail_to_the_buyer_is_not_found(history: History) -> None:
    await by_shop.note(history.order_id, "They called.", SHOPKEEPER)
    async with database.read() as session:
        events = await orders.timeline(session, history.order_id)
    for event_id in ("unknown", *(event.id for event in events if event.kind in {"created", "noted"})):
        with pytest.raises(MailNotFound):
            await again.send_again(history.order_id, event_id, request_key="key", by=SHOPKEEPER)
    with pytest.raises(OrderNotFound):
        await again.send_again("unknown", events[0].id, request_key="key", by=SHOPKEEPER)


async def test_nothing_is_sent_to_who_was_erased_or_by_a_shop_that_sends_none(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    [about] = await _told(history)
    with monkeypatch.context() as patched:
        patched.setattr(again, "can_mail", lambda: False)
        with pytest.raises(NoMail):
            await _ask(history, about, "key")
    async with database.write() as session:
        (await session.get_one(User, BUYER.user_id)).email = f"x{ERASED}"
    with pytest.raises(NoMail):
        await _ask(history, about, "key")
