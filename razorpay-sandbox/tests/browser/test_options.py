"""What becomes of options that a page writes in another type than the one they have."""

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.buyer import Checkout
from tests.support import KEY_ID

_TAKEN = """([given, path]) => {
  const found = new Razorpay({key: "%s", ...given}).get(path);
  return found === undefined ? "undefined" : found;
}"""
_WRITTEN_OTHERWISE: Sequence[tuple[Any, str, Any]] = (
    ({"name": 42}, "name", "42"),
    ({"name": True}, "name", "true"),
    ({"prefill": {"contact": 919812345678}}, "prefill.contact", "919812345678"),
    ({"amount": "50000"}, "amount", 50_000),
    ({"timeout": "600"}, "timeout", 600),
    ({"timeout": None}, "timeout", 0),
    ({"redirect": "true"}, "redirect", True),
    ({"modal": {"escape": "false"}}, "modal.escape", False),
    ({"modal": {"confirm_close": "1"}}, "modal.confirm_close", True),
    ({"modal": {"escape": "0"}}, "modal.escape", False),
    ({"modal": {"escape": 0}}, "modal.escape", False),
    ({"modal.backdropclose": 1}, "modal.backdropclose", True),
    ({"method": {"upi": "0", "card": "false"}}, "method", {"upi": False, "card": False}),
    ({"retry": {"enabled": False, "max_count": 4}}, "retry", False),
    ({"retry": {"enabled": "true"}}, "retry", True),
)
_OF_ANOTHER_KIND: Sequence[tuple[Any, str, Any]] = (
    ({"name": None}, "name", ""),
    ({"name": ["Mitti"]}, "name", ""),
    ({"image": {"src": "x"}}, "image", ""),
    ({"redirect": "yes"}, "redirect", False),
    ({"redirect": None}, "redirect", False),
    ({"retry": {"max_count": 4}}, "retry", True),
    ({"theme": None}, "theme.backdrop_color", "rgba(0,0,0,0.6)"),
    ({"theme": "#123456"}, "theme.color", ""),
    ({"modal": None}, "modal.escape", True),
    ({"prefill": None}, "prefill.name", ""),
    ({"prefill": []}, "prefill.name", ""),
    ({"readonly": None}, "readonly.contact", False),
    ({"hidden": 1}, "hidden.contact", False),
    ({"config": None}, "config.display", None),
    ({"method": None}, "method.card", True),
    ({"surprise": 1}, "surprise", "undefined"),
)


def test_option_takes_the_type_of_its_default(checkout: Checkout) -> None:
    checkout.visit()
    for given, path, taken in _WRITTEN_OTHERWISE:
        found = checkout.page.evaluate(_TAKEN % KEY_ID, [given, path])
        if isinstance(taken, dict):
            found = {name: found[name] for name in taken}
        assert (found, type(found)) == (taken, type(taken)), given


def test_option_of_another_kind_is_left_out(checkout: Checkout) -> None:
    checkout.visit()
    for given, path, default in _OF_ANOTHER_KIND:
        assert checkout.page.evaluate(_TAKEN % KEY_ID, [given, path]) == default, given


def test_handler_of_another_kind_never_replaces_a_function(checkout: Checkout) -> None:
    checkout.visit()
    kind = "(key) => typeof new Razorpay({key, modal: {ondismiss: 'close', onhidden: null}}).get('modal.ondismiss')"
    assert checkout.page.evaluate(kind, KEY_ID) == "function"


def test_options_set_later_and_defaults_take_the_same_types(checkout: Checkout) -> None:
    checkout.visit()
    found = checkout.page.evaluate(
        """(key) => {
          Razorpay.configure({name: 7, "theme.color": "#123456", modal: null, retry: {enabled: false}});
          const made = new Razorpay({key, amount: 100});
          made.set("amount", "5000").set("modal.escape", "false").set("theme", null).set("name", null);
          return ["amount", "modal.escape", "theme.color", "name", "retry"].map((path) => made.get(path));
        }""",
        KEY_ID,
    )
    assert found == [5_000, False, "#123456", "7", False]


def test_sheet_opens_for_a_page_that_writes_null_and_text_everywhere(checkout: Checkout) -> None:
    order = checkout.order(50_000)
    checkout.visit()
    checkout.page.evaluate(
        """([key, order_id]) => new Razorpay({
          key, order_id, amount: "50000", currency: null, name: 42, description: null, image: "http://[",
          prefill: null, theme: null, modal: null, notes: null, readonly: null, hidden: {contact: "1", email: "true"},
          config: null, method: null, timeout: null, retry: {enabled: "true"}, callback_url: null,
          handler: (fields) => window.note("handler", fields),
        }).open()""",
        [KEY_ID, order["id"]],
    )
    expect(checkout.sheet.get_by_role("heading", name="42")).to_be_visible()
    expect(checkout.sheet.locator(".bill-amount")).to_have_text("₹500.00")
    checkout.choose("UPI")
    checkout.pay_by_upi()
    assert checkout.heard("handler")["razorpay_order_id"] == order["id"]


@pytest.mark.parametrize(
    "amount", ["fifty", "", *(pytest.param(each, marks=pytest.mark.nightly) for each in ("500.50", -5, 10.5))]
)
def test_amount_that_is_no_amount_is_refused_in_the_sheet(checkout: Checkout, amount: Any) -> None:
    checkout.open(checkout.options(amount=amount))
    refused = "The amount must be at least INR 1.00" if amount == "" else "The amount must be an integer."
    expect(checkout.sheet.get_by_text(refused)).to_be_visible()
    expect(checkout.sheet.locator(".method")).to_have_count(0)


def test_amount_set_later_that_is_none_changes_nothing(checkout: Checkout) -> None:
    checkout.open(checkout.options(checkout.order(5_000), amount=5_000))
    expect(checkout.sheet.locator(".method").first).to_be_visible()
    checkout.page.evaluate("window.instance.set('amount', 'fifty').set('name', 'Later')")
    expect(checkout.sheet.get_by_role("heading", name="Later")).to_be_visible()
    expect(checkout.sheet.locator(".bill-amount")).to_have_text("₹50.00")
    checkout.choose("UPI")
    checkout.pay_by_upi()
    checkout.heard("handler")


def test_order_can_be_paid_by_a_page_that_leaves_recurring_off(checkout: Checkout) -> None:
    checkout.open(checkout.options(recurring="0", subscription_id=None))
    expect(checkout.sheet.locator(".method").first).to_be_visible()
