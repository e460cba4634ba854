"""Mails of a sale: each goes once, to whom it is for, and says what is so by the time it is sent."""

from email.message import EmailMessage
from typing import cast

import pytest
from sqlmodel import col, update

from checkout_app.auth.models import ERASED, Role, User
from checkout_app.buyer.own_data import service as own_data
from checkout_app.cart.models import MAX_LINES
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database
from checkout_app.core.settings import settings
from checkout_app.journal import followers
from checkout_app.journal.models import FollowUp
from checkout_app.mail import service
from checkout_app.mail.models import Mail
from checkout_app.orders import links
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import refunds, settle
from checkout_app.payments import service as payments
from checkout_app.payments.models import Refund
from checkout_app.payments.statuses import BACK_WITHIN
from checkout_app.seller import service as seller
from checkout_app.server import mails
from tests.support.acts import at_the_bank, in_the_dashboard, refunds_end
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, timeline
from tests.support.mail_server import MailServer
from tests.support.mailing import EMAIL, PASSWORD, let_be_due, said, send, signed_up

OWNER = "keeper@example.in"


@pytest.fixture
async def history(inside: Inside) -> History:
    """An order of one unit, of three on the shelf, in a shop that somebody owns."""
    begun = History(inside)
    await begun.begin(on_hand=3, twice=False)
    await signed_up(Role.OWNER, OWNER)
    await followers.follow_due(service._follower())  # noqa: SLF001 - nobody else needs it
    return begun


async def _paid(history: History) -> str:
    """Let the order be paid; returns the payment's id."""
    await history.live(("attempt", 0, "success"), ("callback", 0, ""))
    return str(history.inside.entities("payment")[-1]["id"])


def _taken(server: MailServer) -> list[EmailMessage]:
    return sorted(cast("list[EmailMessage]", server.taken), key=lambda mail: str(mail["subject"]))


def _page(mail: EmailMessage) -> str:
    html = mail.get_body(("html",))
    assert html is not None
    return str(html.get_content())


async def test_an_order_that_is_paid_is_told_of_once_to_its_buyer_and_to_who_owns_the_shop(
    history: History, server: MailServer
) -> None:
    await seller.promise(shipping="Sent within two working days.", returns="Send it back within 14 days.")
    await _paid(history)
    assert await send() == 2
    # Webhooks, the browser once more and the reconciler say the same; then it is followed once more, as after a crash.
    await history.live(*[("webhook", which, "") for which in range(3)], ("handle", 0, ""), ("callback", 0, ""))
    await history.act(("poll", 0, ""))
    async with database.write() as session:
        await session.exec(update(FollowUp).values(due_at=clock.now(), done_at=None))
    assert await send() == 0
    to_owner, to_buyer = _taken(server)
    order = await row(Order, history.order_id)
    assert (to_buyer["to"], to_buyer["subject"]) == (BUYER.email, f"Order {order.number} is paid")
    assert (to_owner["to"], to_owner["subject"]) == (OWNER, f"New order {order.number}: ₹480.00")
    assert order.paid_at
    paid = f"₹480.00 was paid on {clock.format_moment(order.paid_at)}."
    link = f"{settings().public_url}{links.page(order)}"
    for said_so in (said(to_buyer), _page(to_buyer).replace("&amp;", "&")):
        for words in (paid, "1 × Kulhad cups", "Total", "Sent within two", "within 14 days", link):  # noqa: RUF001
            assert words in said_so
        assert BUYER.name not in said_so, "whoever orders with somebody's address writes them nothing"
    assert "1 × Kulhad cups: ₹480.00\nTotal: ₹480.00\n" in said(to_buyer)  # noqa: RUF001
    assert "1 × Kulhad cups: ₹480.00\nTotal: ₹480.00\n\nBought by Asha (asha@example.in)\n" in said(to_owner)  # noqa: RUF001
    assert "/orders/" not in said(to_owner)


async def test_who_owns_the_shop_is_told_for_which_firm_it_is_and_a_mail_to_the_buyer_names_none(
    history: History, server: MailServer
) -> None:
    async with database.write() as session:
        order = await session.get_one(Order, history.order_id)
        order.firm_name, order.firm_gstin = "Malabar Traders", "29AAPFU0939F1ZR"
    await _paid(history)
    assert await send() == 2
    to_owner, to_buyer = _taken(server)
    assert "Bought by Asha (asha@example.in), for Malabar Traders, GSTIN 29AAPFU0939F1ZR\n" in said(to_owner)
    assert "Malabar" not in said(to_buyer) + _page(to_buyer)


async def test_what_happened_before_a_shop_died_is_mailed_once_it_is_up_again(
    history: History, server: MailServer
) -> None:
    await _paid(history)
    followers.forget("mail")  # as a process does that ends, before it has followed anything
    assert await rows(Mail) == []
    mails.register()
    server.trouble = ["CONNECT 421 4.3.2 not now"]
    assert (await send(), len(await rows(Mail))) == (0, 2)
    await let_be_due()  # and again before anything was sent
    assert await send() == 2
    assert sorted(mail["to"] for mail in server.taken) == [BUYER.email, OWNER]


async def test_a_mail_says_what_is_so_when_it_is_sent(history: History, server: MailServer) -> None:
    await _paid(history)
    server.trouble = ["CONNECT 421 4.3.2 not now"]
    assert await send() == 0
    before = links.page(await row(Order, history.order_id))
    await orders.end_links(history.order_id, BUYER)
    await let_be_due()
    assert await send() == 2
    [mail] = [mail for mail in _taken(server) if mail["to"] == BUYER.email]
    fresh = links.page(await row(Order, history.order_id))
    assert fresh != before
    assert (f"{fresh}\n" in said(mail), before in said(mail)) == (True, False)


async def test_of_an_order_whose_money_is_back_before_anybody_was_told_only_that_is_said(
    history: History, server: MailServer
) -> None:
    payment_id = await _paid(history)
    await payments.refund(payment_id, None, reason="It broke on the shelf", request_key="key")
    assert await send() == 1
    [mail] = _taken(server)
    assert mail["subject"].endswith("was sent back")


@pytest.mark.parametrize("meanwhile", [True, False])
async def test_a_refund_is_told_of_once_it_was_sent_and_with_what_the_bank_calls_it(
    history: History,
    server: MailServer,
    meanwhile: bool,  # noqa: FBT001 - whether mails are sent while the bank has not answered
) -> None:
    payment_id = await _paid(history)
    await send()
    server.taken.clear()
    refunds_end(history, "pending")
    await payments.refund(payment_id, 10000, reason="One cup broke", request_key="key")
    if meanwhile:
        assert (await send(), server.taken) == (0, [])
    at_the_bank(history, "processed")
    await history.live(("poll", 0, ""), *[("webhook", which, "") for which in range(2)], ("handle", 0, ""))
    await history.act(("poll", 0, ""))
    assert await send() == 1
    [mail] = _taken(server)
    order, [refund] = await row(Order, history.order_id), await rows(Refund)
    assert refund.bank_reference
    assert (mail["to"], mail["subject"]) == (BUYER.email, f"₹100.00 of order {order.number} was sent back")
    by = clock.format_date(refund.created_at + BACK_WITHIN)
    for words in (
        f"₹100.00 was sent back on {clock.format_date(clock.now())} and is with you by {by}.",
        "One cup broke.",
        f"Your bank finds it by the reference {refund.bank_reference}.",
        links.page(order),
    ):
        assert words in said(mail)
    assert [message for kind, message in await timeline(order.id) if kind == "refund"] == [
        "₹100.00 is on its way back. One cup broke",
        "₹100.00 was sent back. One cup broke",
    ]


async def test_a_refund_that_its_bank_does_not_take_is_not_told_of(history: History, server: MailServer) -> None:
    payment_id = await _paid(history)
    await send()
    refunds_end(history, "pending")
    for ends in ("failed", "processed"):
        refund = await payments.refund(payment_id, 10000, reason="Part.", request_key=ends)
        at_the_bank(history, ends)
        await history.act(("poll", 0, ""))
        assert (await row(Refund, refund.id)).status == ends
    async with database.write() as session:  # the bank sends it back before its mail has left
        (await session.get_one(Refund, refund.id)).status = "failed"
    assert (await send(), {mail["to"] for mail in server.taken}) == (0, {BUYER.email, OWNER})


@pytest.mark.parametrize("why", ["sold out", "cancelled", "paid twice"])
async def test_money_that_could_not_be_kept_is_told_of_when_it_goes_back(
    history: History, server: MailServer, why: str
) -> None:
    if why == "paid twice":
        await history.live(("begin", 0, ""), ("attempt", 0, "success"), ("callback", 1, ""))
        assert await send() == 2
        server.taken.clear()
        await history.live(("bank", 0, "authorized"), ("release", 0, ""), ("poll", 0, ""))
    else:
        begun = [("expire", 0, ""), ("sell out", 0, "")] if why == "sold out" else [("cancel", 0, "")]
        await history.live(*begun, ("attempt", 0, "success"), ("poll", 0, ""))
    assert await send() == 1
    [mail] = _taken(server)
    assert mail["subject"].startswith("₹480.00 of order ")
    [refund] = await rows(Refund)
    assert refunds.reason_of(refund) in said(mail)


async def test_a_refund_of_the_dashboard_gives_no_reason(history: History, server: MailServer) -> None:
    payment_id = await _paid(history)
    await send()
    server.taken.clear()
    in_the_dashboard(history, payment_id, 10000)
    await history.act(("poll", 0, ""))
    assert await send() == 1
    assert "ashboard" not in said(_taken(server)[0])


async def test_nothing_is_written_to_a_buyer_who_was_erased(inside: Inside, server: MailServer) -> None:
    identity, product_id = await signed_up(), await put_on_shelf(3)
    made = await checkout.create_order(identity, [Item(product_id)])
    history = History(inside, made.order.id, product_id, gateway_order_ids=[made.razorpay_order_id])
    await history.act(("attempt", 0, "success"))
    payment_id = inside.entities("payment")[-1]["id"]
    await settle.settle(payment_id)
    async with database.write() as session:  # they have another address by now than they ordered with
        await session.exec(update(User).where(col(User.email) == EMAIL).values(email="iyer@example.in"))
    server.trouble = ["CONNECT 421 4.3.2 not now"]
    assert (await send(), [mail.email for mail in await rows(Mail)]) == (0, [EMAIL])
    await own_data.erase(identity, password=PASSWORD)
    assert (await rows(Mail), (await row(User, identity.user_id)).email.endswith(ERASED)) == ([], True)
    await payments.refund(payment_id, None, reason="All.", request_key="key")
    assert (await send(), server.taken, await rows(Mail)) == (0, [], [])


async def test_a_long_order_is_a_row_a_line_and_names_stay_text(inside: Inside, server: MailServer) -> None:
    names = [f"<b>Cups</b> & “saucers” {number}" for number in range(MAX_LINES)]
    products = [await put_on_shelf(9, slug=f"cups-{number}", name=name) for number, name in enumerate(names)]
    made = await checkout.create_order(BUYER, [Item(product, 2) for product in products])
    history = History(inside, made.order.id, products[0], gateway_order_ids=[made.razorpay_order_id])
    await history.act(("attempt", 0, "success"))
    await settle.settle(inside.entities("payment")[-1]["id"])
    assert await send() == 1
    [mail] = _taken(server)
    lines = said(mail).splitlines()
    assert [line for line in lines if "Cups" in line] == [f"2 × {name}: ₹960.00" for name in names]  # noqa: RUF001
    assert "Total: ₹19,200.00" in lines
    page = _page(mail)
    assert (page.count("<tr>"), page.count("&lt;b&gt;Cups&lt;/b&gt; &amp; "), "<b>" in page) == (21, 20, False)
    assert len(await rows(OrderLine)) == MAX_LINES


async def test_a_shop_that_promises_nobody_a_mail_begins_none_for_a_sale(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    followers.forget("mail")
    monkeypatch.setattr(service, "_kinds", {})
    monkeypatch.setattr(mails, "can_mail", lambda: False)
    mails.register()
    await _paid(history)
    assert await send() == 0
    assert [mail for mail in await rows(Mail) if mail.email == BUYER.email] == []
