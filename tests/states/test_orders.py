"""An order's page shows one's own orders only, as the books and the gateway have them."""

from typing import Any
from urllib.parse import quote

import pytest

from checkout_app.accounts import service as accounts
from checkout_app.auth.tokens import Identity, validate
from checkout_app.buyer.order.state import OrderState
from checkout_app.buyer.orders.state import OrdersState
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.demo.load import load_files
from checkout_app.journal import issues
from checkout_app.journal.models import Subject
from checkout_app.orders import files, links, service
from checkout_app.orders.files import MOST_DOWNLOADS
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import IssueKind
from checkout_app.seller import service as seller
from tests.states.conftest import cookie_of
from tests.states.driver import Tab
from tests.support.shops import Gateway
from tests.support.statements import reading


async def _identity(tab: Tab) -> Identity:
    return await validate(tab.cookie.removeprefix("session="))


async def _ordered(tab: Tab, slug: str = "neem-comb") -> PaymentOrder:
    """Make an unpaid order of the tab's owner and put its page into the address bar."""
    opened = await checkout.create_order(await _identity(tab), [Item(slug)])
    tab.path = f"/orders/{opened.order.id}"
    return opened


async def _shown(tab: Tab) -> OrderState:
    await tab.send(OrderState.load)
    return await tab.state(OrderState)


LED_HERE = "/orders?problem=order_not_found"


@pytest.mark.parametrize(
    ("path", "handler"),
    [("/orders", OrdersState.load), (LED_HERE, OrdersState.load), ("/orders/X", OrderState.load)],
)
async def test_a_stranger_is_sent_to_sign_in_and_back(tab: Tab, path: str, handler: Any) -> None:
    tab.path = path
    await tab.send(handler)
    assert set(tab.went_to) == {f"/login?next={quote(path, safe='')}"}


async def test_who_comes_from_a_payment_of_no_order_is_told_so_and_only_then(asha: Tab) -> None:
    told = []
    for path in (LED_HERE, "/orders"):
        asha.path = path
        await asha.send(OrdersState.load)
        told.append((await asha.state(OrdersState)).unmatched)
    assert told == [True, False]


async def test_somebody_elses_order_looks_like_one_that_does_not_exist(asha: Tab) -> None:
    opened = await _ordered(asha)
    asha.cookie = await cookie_of(await accounts.guest("eve@example.in"))
    state = await _shown(asha)
    assert (state.missing, state.order.id) == (opened.order.id, "")
    await asha.send(OrderState.cancel_order, OrderState.watch)
    async with database.read() as session:
        assert (await session.get_one(Order, opened.order.id)).status == "created"


async def test_an_unpaid_order_says_that_no_money_was_taken_once_the_gateway_has_said_so(asha: Tab) -> None:
    await _ordered(asha)
    state = await _shown(asha)
    assert (state.order.display_state, state.order.message) == ("unpaid", "No money was taken.")


async def test_while_the_gateway_is_silent_nothing_is_claimed_about_the_money(asha: Tab, gateway: Gateway) -> None:
    opened = await _ordered(asha)
    gateway.set("faults", {"rules": [{"path": f"/v1/orders/{opened.razorpay_order_id}/payments", "kind": "502"}]})
    try:
        state = await _shown(asha)
    finally:
        gateway.set("faults", {"rules": []})
    assert (state.order.display_state, state.order.message) == ("unpaid", "")


async def test_after_a_failed_payment_the_page_says_by_when_money_would_be_back(asha: Tab, gateway: Gateway) -> None:
    opened = await _ordered(asha)
    gateway.pay(opened.razorpay_order_id, outcome="failure")
    state = await _shown(asha)
    assert state.order.display_state == "failed"
    assert "If money left your account, it comes back by " in state.order.message


async def test_money_nobody_told_the_shop_of_turns_the_page_into_the_receipt(asha: Tab, gateway: Gateway) -> None:
    opened = await _ordered(asha)
    paid = gateway.pay(opened.razorpay_order_id, method="upi", outcome="success").json()
    state = await _shown(asha)
    assert state.order.display_state == "paid"
    assert state.order.payment.id == paid["razorpay_payment_id"]
    assert (state.order.first_name, state.order.email) == ("Asha", "asha@example.in")
    assert state.order.steps[-1] == "This receipt stays under My orders."


async def test_what_is_at_an_end_can_be_ordered_again_by_its_buyer_alone_and_a_file_only_without_it(
    asha: Tab, gateway: Gateway
) -> None:
    await load_files()
    can = []
    for slug in ("neem-comb", "recipe-book-twelve-dals-pdf"):
        gateway.pay((await _ordered(asha, slug)).razorpay_order_id, outcome="success")
        can.append((await _shown(asha)).order.again)
    opened = await _ordered(asha, "recipe-book-twelve-dals-pdf")
    can.append((await _shown(asha)).order.again)
    assert can == [True, False, False]
    await asha.send(OrderState.cancel_order)
    assert (await asha.state(OrderState)).order.again
    asha.cookie, asha.path = "", links.page(opened.order)
    state = await _shown(asha)
    assert (state.order.display_state, state.order.again) == ("cancelled", False)


async def test_the_holder_of_a_paid_orders_link_is_not_told_of_orders_of_their_own(asha: Tab, gateway: Gateway) -> None:
    opened = await _ordered(asha)
    gateway.pay(opened.razorpay_order_id, outcome="success")
    await _shown(asha)
    await seller.promise(shipping="Sent on Mondays.")
    asha.cookie, asha.path = "", links.page(opened.order)
    state = await _shown(asha)
    assert (state.order.display_state, state.order.steps) == ("paid", ("Sent on Mondays.",))
    assert state.order.headline == "This order is paid"


async def test_a_cancelled_order_says_so_and_its_cancelling_twice_changes_nothing(asha: Tab) -> None:
    await _ordered(asha)
    await _shown(asha)
    await asha.send(OrderState.cancel_order, OrderState.cancel_order)
    state = await asha.state(OrderState)
    assert state.order.display_state == "cancelled"
    assert [event.message for event in state.order.timeline].count("You cancelled the order.") == 1


async def test_the_holder_of_an_orders_link_reads_of_the_buyer_and_can_not_act_as_one(asha: Tab) -> None:
    opened = await _ordered(asha)
    asha.cookie, asha.path = "", links.page(opened.order)
    state = await _shown(asha)
    assert (state.order.id, state.own, state.order.email) == (opened.order.id, False, "a…@example.in")
    assert [event.message for event in state.order.timeline] == [
        "The order was made and its items are kept for the buyer."
    ]
    await asha.send(OrderState.cancel_order)
    async with database.read() as session:
        assert (await session.get_one(Order, opened.order.id)).status == "created"


async def test_who_ends_the_links_to_their_order_sees_it_by_one_that_nobody_else_does_any_more(asha: Tab) -> None:
    opened = await _ordered(asha)
    cookie, asha.path = asha.cookie, links.page(opened.order)
    before = (await _shown(asha)).order.link
    await asha.send(OrderState.renew_link)
    state = await asha.state(OrderState)
    after = state.order.link
    assert (state.order.id, state.own, state.notice) == (opened.order.id, True, "")
    assert after != before
    assert state.order.timeline[-1].message == "You ended every link to this order and made a new one."
    asha.cookie = ""
    assert (await _shown(asha)).missing == opened.order.id
    asha.path = after.removeprefix(settings().public_url)
    assert ((await _shown(asha)).order.id, state.own) == (opened.order.id, False)
    asha.cookie = await cookie_of(await accounts.guest("eve@example.in"))
    await asha.send(OrderState.renew_link)
    state = await asha.state(OrderState)
    assert (state.order.id, state.own, state.notice) == (opened.order.id, False, "We can't find this order.")
    asha.cookie = cookie
    assert (await _shown(asha)).own


async def test_an_order_that_waits_for_a_person_says_so_until_it_does_not(asha: Tab) -> None:
    opened = await _ordered(asha)
    async with database.write() as session:
        [order] = await database.lock(session, Order, [opened.order.id])
        await service.open_issue(session, order, IssueKind.OTHER, detail="It looks odd.")
    assert (await _shown(asha)).order.display_state == "attention"
    await asha.send(OrdersState.load)
    assert [item.status for item in (await asha.state(OrdersState)).items] == ["Being checked"]
    async with database.write() as session:
        await issues.close_by_time(session, Subject.ORDER, opened.order.id, {IssueKind.OTHER})
    assert (await _shown(asha)).order.display_state == "unpaid"
    await asha.send(OrdersState.load)
    assert [item.status for item in (await asha.state(OrdersState)).items] == ["Not paid"]


async def test_what_was_bought_is_there_for_the_buyer_and_by_a_link_of_its_own_for_who_holds_the_orders(
    asha: Tab, gateway: Gateway
) -> None:
    await load_files()
    opened = await _ordered(asha, "recipe-book-twelve-dals-pdf")
    gateway.pay(opened.razorpay_order_id, outcome="success")
    state = await _shown(asha)
    [file], path = state.order.files, f"/api/orders/{opened.order.id}/files/"
    assert (file.name, file.about, "?" in file.href) == ("Twelve Dals.pdf", "PDF, 13 KB", False)
    assert (state.order.may_ask, state.order.asked) == ("cancel", "")
    for _ in range(MOST_DOWNLOADS - 1):
        await files.take(opened.order.id, file.href.removeprefix(path), await _identity(asha), "")
    [last] = (await _shown(asha)).order.files
    assert (last.about, last.href) == ("PDF, 13 KB. It can be downloaded once more.", file.href)
    cookie, asha.cookie, asha.path = asha.cookie, "", links.page(opened.order)
    state = await _shown(asha)
    [by_link] = state.order.files
    assert (state.own, by_link.href.startswith(f"{file.href}?key=")) == (False, True)
    asha.cookie = cookie
    await files.take(opened.order.id, file.href.removeprefix(path), await _identity(asha), "")
    [none] = (await _shown(asha)).order.files
    assert (none.about, none.href) == ("PDF, 13 KB. It was downloaded 20 times, as often as it can be.", "")


async def test_a_paid_order_cant_be_cancelled(asha: Tab, gateway: Gateway) -> None:
    opened = await _ordered(asha)
    gateway.pay(opened.razorpay_order_id, outcome="success")
    await _shown(asha)
    await asha.send(OrderState.cancel_order)
    state = await asha.state(OrderState)
    assert (state.order.display_state, state.notice) == ("paid", "This order is closed.")


async def test_the_list_is_newest_first_and_older_ones_follow_on_request(asha: Tab) -> None:
    made = [(await _ordered(asha, "neem-comb")).order.id for _ in range(22)]
    asha.path = "/orders"
    await asha.send(OrdersState.load)
    state = await asha.state(OrdersState)
    assert (len(state.items), state.more) == (20, True)
    await asha.send(OrdersState.show_older, OrdersState.show_older)
    assert [item.href for item in state.items] == [f"/orders/{order_id}" for order_id in reversed(made)]
    assert not state.more


async def _statements(tab: Tab) -> tuple[int, int]:
    """Look at the list: how many orders it shows, and how many statements that took."""
    tab.path = "/orders"
    await tab.send(OrdersState.load)  # opens the page, which does more than look at the list again
    with reading() as statements:
        await tab.send(OrdersState.load)
    return len((await tab.state(OrdersState)).items), len(statements)


async def test_the_list_takes_as_many_statements_for_fifteen_orders_as_for_three(asha: Tab) -> None:
    for _ in range(3):
        await _ordered(asha)
    few, statements = await _statements(asha)
    for _ in range(12):
        await _ordered(asha)
    assert (few, await _statements(asha)) == (3, (15, statements))
    assert statements > 0
