"""The delivery section: a PIN fills in town and State, what the way costs is shown first and charged exactly."""

from dataclasses import replace
from typing import Any

import pytest

from checkout_app.accounts import service as accounts
from checkout_app.buyer.order.state import OrderState
from checkout_app.checkout.state import CheckoutState
from checkout_app.delivery import book, zones
from checkout_app.delivery.address import NO_SUCH_PIN
from checkout_app.delivery.rules import Rate
from tests.states.at_checkout import CUPS, at_checkout, orders
from tests.states.conftest import cookie_of
from tests.states.driver import Tab, open_tab
from tests.support.zones import ADDRESS, HOME, make_zones, somewhere

FILE = "/checkout?product=recipe-book-twelve-dals-pdf&quantity=1"


@pytest.fixture(autouse=True)
async def _zones(_rooms: None) -> None:
    await make_zones()


def _press(shown: int, **other: str) -> Any:
    return CheckoutState.place_order({**ADDRESS, **other}, shown)


async def test_the_pin_fills_in_the_rest_and_says_what_the_way_costs(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    assert (state.needs_address, state.typed.name, state.summary.delivery) == (True, "Asha Rao", "")
    await asha.send(CheckoutState.look_up_pin("570 001"))
    assert (state.place.town, [choice.name for choice in state.place.states]) == ("Mysuru", ["Karnataka"])
    assert (state.summary.delivery, state.summary.total) == ("₹60.00", "₹540.00")
    assert state.summary.takes == "It is there 2 to 4 days after it is sent."
    await asha.send(_press(54_000))
    [order] = await orders()
    assert (state.phase, order.amount, order.ships_to) == ("paying", 54_000, somewhere().as_kept())
    assert state.payment["options"]["prefill"]["contact"] == "+919876543210"


async def test_who_presses_before_the_charge_is_shown_is_shown_it_first(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.look_up_pin("570001"), _press(48_000))
    assert (state.phase, await orders()) == ("review", [])
    assert state.notice == "The price has changed from ₹480.00 to ₹540.00."


async def test_a_pin_that_the_browser_filled_in_unseen_is_priced_at_pay_and_paid_at_the_next_press(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(_press(48_000))
    assert (state.phase, state.summary.total, await orders()) == ("review", "₹540.00", [])
    await asha.send(_press(54_000))
    assert (state.phase, len(await orders())) == ("paying", 1)


async def test_a_charge_that_is_another_one_by_now_is_shown_before_anything_is_charged(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.look_up_pin("570001"))
    await zones.put(replace(HOME, rates=(Rate(None, 7_000),)))
    await asha.send(_press(54_000))
    assert (state.phase, state.summary.delivery, await orders()) == ("review", "₹70.00", [])
    assert state.notice == "The price has changed from ₹540.00 to ₹550.00."
    await asha.send(_press(55_000))
    assert [order.amount for order in await orders()] == [55_000]


async def test_a_way_that_costs_nothing_is_free_in_the_same_word_before_and_after(asha: Tab) -> None:
    await zones.put(replace(HOME, free_from=48_000))
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.look_up_pin("570001"))
    await asha.send(_press(48_000))
    [order] = await orders()
    asha.path = f"/orders/{order.id}"
    await asha.send(OrderState.load)
    assert (state.summary.delivery, (await asha.state(OrderState)).order.delivery) == ("Free", "Free")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"phone": "123", "line1": ""}, {"phone", "line1"}),
        ({"pin": "999999"}, {"pin"}),
        ({"pin": "605014", "town": "Puducherry"}, {"state"}),
    ],
)
async def test_what_cant_be_an_address_is_said_at_its_fields_and_makes_no_order(
    asha: Tab, typed: dict[str, str], wrong: set[str]
) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(_press(48_000, **typed))
    assert (state.phase, set(state.wrong), await orders()) == ("review", wrong, [])
    assert state.notice == "The address is not complete: what is missing is said at its fields."
    assert state.typed.line1 == ({**ADDRESS, **typed})["line1"]


@pytest.mark.parametrize("form", [None, 7, [], {"pin": {"$ne": ""}}, {"name": "x" * 10_000}])
async def test_a_made_up_form_makes_no_order(asha: Tab, form: Any) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.check_address(form), CheckoutState.place_order(form, "nothing"))
    assert (state.phase, await orders()) == ("review", [])


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"phone": "", "line1": ""}, set()),
        ({"phone": "123", "line1": ""}, {"phone"}),
        ({"pin": "605014", "town": "Puducherry"}, set()),
    ],
)
async def test_going_on_from_a_field_orders_nothing_and_calls_nothing_wrong_that_is_not_typed_yet(
    asha: Tab, typed: dict[str, str], wrong: set[str]
) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.check_address({**ADDRESS, **typed}))
    assert (state.phase, state.notice, set(state.wrong)) == ("review", "", wrong)
    assert (state.summary.delivery, await orders()) == ("", [])


async def test_going_on_from_the_last_field_prices_the_way_there_and_orders_nothing(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.check_address(ADDRESS))
    assert (state.phase, state.wrong, state.summary.total) == ("review", {}, "₹540.00")
    await asha.send(CheckoutState.check_address({**ADDRESS, "pin": "744101"}))
    assert state.wrong == {"pin": "Nothing is sent to 744101 (Andaman and Nicobar Islands)."}
    assert await orders() == []


async def test_where_nothing_is_sent_it_is_said_at_the_pin(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.look_up_pin("744101"))
    assert state.wrong == {"pin": "Nothing is sent to 744101 (Andaman and Nicobar Islands)."}
    assert (state.summary.delivery, state.summary.total) == ("", "₹480.00")
    await asha.send(CheckoutState.look_up_pin("999999"))
    assert (state.wrong, state.place.pin) == ({"pin": NO_SUCH_PIN}, "")


async def test_of_two_states_the_one_that_is_chosen_says_the_price(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.look_up_pin("605014"))
    assert ([choice.code for choice in state.place.states], state.summary.delivery) == (["34", "33"], "")
    await asha.send(CheckoutState.choose_state("27"))
    assert state.summary.delivery == ""
    await asha.send(CheckoutState.choose_state("33"))
    assert (state.place.state, state.summary.delivery) == ("33", "₹90.00")


async def test_a_file_asks_for_no_address(asha: Tab) -> None:
    state = await at_checkout(asha, FILE)
    assert not state.needs_address
    await asha.send(CheckoutState.place_order({}, 29_900))
    assert [(order.amount, order.ships_to) for order in await orders()] == [(29_900, None)]


async def test_another_address_makes_another_order_in_the_place_of_the_first(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.look_up_pin("570001"), _press(54_000))
    await asha.send(_press(54_000))
    await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
    await asha.send(_press(54_000))
    assert len(await orders()) == 1
    await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
    await asha.send(_press(54_000, line1="13, Sayyaji Rao Road"))
    first, second = await orders()
    assert (first.status, second.status, state.phase) == ("cancelled", "created", "paying")
    assert state.payment["orderId"] == second.id
    assert (second.ships_to or {})["line1"] == "13, Sayyaji Rao Road"


async def test_who_comes_back_to_an_unpaid_order_finds_where_it_goes(asha: Tab) -> None:
    await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.look_up_pin("570001"))
    await asha.send(_press(54_000))
    await zones.remove(HOME.id)
    async with open_tab() as another:
        another.cookie = asha.cookie
        found = await at_checkout(another, CUPS)
        assert (found.typed.line1, found.place.town) == ("12, Sayyaji Rao Road", "Mysuru")
        assert (found.summary.delivery, found.summary.total) == ("₹60.00", "₹540.00")
        await another.send(_press(54_000))
        assert (found.phase, len(await orders())) == ("paying", 1)


async def test_an_account_begins_with_the_address_it_kept_and_keeps_another_when_it_says_so(tab: Tab) -> None:
    meera = await accounts.register("meera@example.in", "a-long-enough-word", "Meera Iyer")
    tab.cookie = await cookie_of(meera)
    await book.keep(meera.id, somewhere())
    state = await at_checkout(tab, CUPS)
    assert (state.typed.pin, state.summary.total) == ("570001", "₹540.00")
    await tab.send(_press(54_000, line1="2, New Road", keep="on"))
    assert [kept.address["line1"] for kept in await book.addresses(meera.id)] == ["2, New Road", "12, Sayyaji Rao Road"]


async def test_zones_that_come_while_somebody_pays_are_asked_about(asha: Tab) -> None:
    for zone in await zones.zones():
        await zones.remove(zone.id)
    state = await at_checkout(asha, CUPS)
    assert not state.needs_address
    await make_zones()
    await asha.send(CheckoutState.place_order({}, 48_000))
    assert (state.phase, state.needs_address, await orders()) == ("review", True, [])


@pytest.mark.parametrize(("pin", "delivery"), [("570001", "₹60.00"), ("605014", ""), ("999999", ""), ("x" * 9, "")])
async def test_the_checkout_goes_on_with_the_pin_that_was_typed_at_the_cart(asha: Tab, pin: str, delivery: str) -> None:
    asha.cookie += f"; pin={pin}"
    state = await at_checkout(asha, CUPS)
    assert state.summary.delivery == delivery
    assert (state.typed.pin, state.place.pin) == ((pin, pin) if pin.startswith(("57", "60")) else ("", ""))
