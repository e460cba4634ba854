"""The section for who buys for a firm: what is typed there is checked at once, and is the order's."""

from typing import Any

import pytest

from checkout_app.checkout.firm.state import LONGEST_TYPED
from checkout_app.checkout.state import CheckoutState
from checkout_app.orders.firms import Firm
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme
from tests.states.at_checkout import CUPS, at_checkout, orders
from tests.states.driver import Tab, open_tab

GSTIN = "29AAPFU0939F1ZR"
TYPED = {"firm": "Mitti Traders", "gstin": GSTIN.lower()}
FIRM, TOLD = Firm("Mitti Traders", GSTIN), ("Mitti Traders", GSTIN, "Karnataka")
NO_GSTIN = "This is no GSTIN: it has 15 characters, and the last one checks the rest."


def _press(form: Any) -> Any:
    return CheckoutState.place_order(form, 48_000)


async def test_what_was_typed_is_told_of_its_state_and_kept_with_the_order(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    assert (state.summary.asks_firm, state.firm_open) == (True, False)
    await asha.send(CheckoutState.look_up_gstin(GSTIN.lower()))
    assert (state.gstin_state.name, state.firm_wrong, state.firm_open) == ("Karnataka", {}, True)
    await asha.send(CheckoutState.load)  # as after a reload
    assert (state.gstin, state.gstin_state.name, state.firm_open) == (GSTIN.lower(), "Karnataka", True)
    await asha.send(_press(TYPED))
    assert (state.phase, [order.firm for order in await orders()]) == ("paying", [FIRM])


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"gstin": "29AAPFU0939F1ZS"}, {"gstin": NO_GSTIN}),
        ({"gstin": ""}, {"gstin": NO_GSTIN}),
        ({"firm": " "}, {"firm": "Say the name of the business."}),
        ({"firm": "x" * 10_000}, {"firm": "Say the name of the business in at most 120 ordinary characters."}),
    ],
)
async def test_what_can_be_no_firm_is_said_at_its_fields_and_makes_no_order(
    asha: Tab, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(_press({**TYPED, **typed}))
    assert (state.phase, state.firm_wrong, state.firm_open, await orders()) == ("review", wrong, True, [])
    assert state.notice == "What is said of the business can't be used: why is said at its fields."
    await asha.send(CheckoutState.look_up_gstin({**TYPED, **typed}["gstin"]))
    assert state.firm_wrong == {
        name: said for name, said in wrong.items() if {**TYPED, **typed}["gstin"] or name != "gstin"
    }
    await asha.send(_press({}))
    assert (state.phase, state.firm_wrong, [order.firm for order in await orders()]) == ("paying", {}, [None])


@pytest.mark.parametrize("typed", [None, 7, {"gstin": GSTIN}, "x" * 10_000, ""])
async def test_a_made_up_number_tells_nothing(asha: Tab, typed: Any) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(CheckoutState.look_up_gstin(typed))
    assert (state.gstin_state.name, len(state.gstin) <= LONGEST_TYPED, state.phase) == ("", True, "review")


@pytest.mark.parametrize("form", [None, 7, [], {"firm": 7, "gstin": {"$ne": ""}}, {"firm": "  ", "gstin": "  "}])
async def test_who_buys_for_nobody_else_is_asked_nothing(asha: Tab, form: Any) -> None:
    state = await at_checkout(asha, CUPS)
    await asha.send(_press(form))
    assert (state.phase, state.firm_open, [order.firm for order in await orders()]) == ("paying", False, [None])


async def test_another_firm_makes_another_order_in_the_place_of_the_first(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    for form in (TYPED, TYPED, {}):
        await asha.send(_press(form))
        await asha.send(CheckoutState.payment_dismissed(state.payment["nonce"]))
    assert [(order.firm, order.status) for order in await orders()] == [(FIRM, "cancelled"), (None, "created")]


async def test_who_comes_back_to_an_unpaid_order_finds_whom_it_is_for_and_another_purchase_begins_without(
    asha: Tab,
) -> None:
    await at_checkout(asha, CUPS)
    await asha.send(_press(TYPED))
    async with open_tab() as another:
        another.cookie = asha.cookie
        found = await at_checkout(another, CUPS)
        assert (found.firm, found.gstin, found.gstin_state.name, found.firm_open) == (*TOLD, True)
        await another.send(_press(TYPED))
        assert (found.phase, len(await orders())) == ("paying", 1)
        await another.send(CheckoutState.payment_dismissed(found.payment["nonce"]))
        await at_checkout(another, "/checkout?product=neem-comb&quantity=1")
        assert (found.firm, found.gstin, found.gstin_state.name, found.firm_open) == ("", "", "", False)


async def test_who_collects_no_tax_asks_for_no_gstin_and_one_that_was_typed_before_is_refused(asha: Tab) -> None:
    state = await at_checkout(asha, CUPS)
    await seller.choose_tax_scheme(TaxScheme.COMPOSITION)
    await asha.send(_press(TYPED))
    assert (state.phase, state.summary.asks_firm, await orders()) == ("review", False, [])
    assert state.notice == "This shop collects no GST, so it has no use for a GSTIN."
    await asha.send(_press(TYPED))
    assert (state.phase, [order.firm for order in await orders()]) == ("paying", [None])
