"""The mail of a parcel: one a parcel, with who brings it, what is in it, and the link to the order."""

from email.message import EmailMessage
from typing import cast

from sqlmodel import update

from checkout_app.core import clock, database
from checkout_app.core.settings import settings
from checkout_app.fulfilment import service as fulfilment
from checkout_app.journal.models import FollowUp
from checkout_app.orders import links
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from tests.support.histories import SHOPKEEPER, History
from tests.support.inside import BUYER, Inside, row
from tests.support.mail_server import MailServer
from tests.support.mailing import said, send


async def test_each_parcel_is_told_of_once_with_who_brings_it_and_what_is_in_it(
    inside: Inside, server: MailServer
) -> None:
    history = History(inside)
    await history.begin_with_cart(on_hand=3, twice=False)
    await history.live(("attempt", 0, "success"), ("callback", 0, ""))
    assert await send() == 1
    async with database.read() as session:
        _, tea = await orders.lines(session, history.order_id)
    for _ in range(2):  # the same key is the same parcel
        how = {"carrier": "India <Post>", "tracking": "EA123456789IN", "request_key": "first"}
        await fulfilment.ship(history.order_id, {tea.id: 2}, **how, by=SHOPKEEPER)
    assert await send() == 1
    await fulfilment.ship(history.order_id, None, carrier="Delhivery", request_key="rest", by=SHOPKEEPER)
    assert await send() == 1
    async with database.write() as session:  # and once more, as after a crash
        await session.exec(update(FollowUp).values(due_at=clock.now(), done_at=None))
    assert await send() == 0

    _, part, rest = cast("list[EmailMessage]", server.taken)
    order = await row(Order, history.order_id)
    on = clock.format_date(clock.now())
    assert (part["to"], part["subject"]) == (BUYER.email, f"A part of order {order.number} is on its way")
    assert (rest["to"], rest["subject"]) == (BUYER.email, f"Order {order.number} is on its way")
    told = f"It was shipped by India <Post> on {on}. Its tracking number is EA123456789IN.\n\nIn this parcel:\n\n"
    assert f"{told}Kulhad cups: 2\n\n" in said(part)
    assert f"It was shipped by Delhivery on {on}.\n\nIn this parcel:\n\nKulhad cups: 1\n\n" in said(rest)
    page = part.get_body(("html",))
    assert page is not None
    for words in ("India &lt;Post&gt;", "EA123456789IN", ">Kulhad cups<", ">2<"):
        assert words in page.get_content()
    for mail in (part, rest):
        assert f"{settings().public_url}{links.page(order)}\n" in said(mail)
