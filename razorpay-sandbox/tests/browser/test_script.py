"""The script alone, before anything is opened: the constructor, its checks, options and events."""

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.buyer import Checkout
from tests.support import KEY_ID

_BAD: Sequence[tuple[Any, str]] = (
    (None, "Invalid options"),
    ("rzp_test_x", "Invalid options"),
    ({}, "No key passed"),
    (
        {"key": KEY_ID, "notes": {f"note {number}": "x" for number in range(16)}},
        "Invalid notes (At most 15 notes are allowed)",
    ),
    (
        {"key": KEY_ID, "currency": "XYZ"},
        "Invalid currency (The provided currency is not currently supported)",
    ),
    (
        {"key": KEY_ID, "subscription_id": "sub_AAAAAAAAAAAAAA"},
        "Invalid subscription_id (Subscriptions are not part of the sandbox)",
    ),
    (
        {"key": KEY_ID, "invoice_id": "inv_AAAAAAAAAAAAAA"},
        "Invalid invoice_id (Invoices are not part of the sandbox)",
    ),
    (
        {"key": KEY_ID, "recurring": "1"},
        "Invalid recurring (Recurring payments are not part of the sandbox)",
    ),
)


def _thrown(checkout: Checkout, options: Any) -> tuple[str, list[str]]:
    alerts: list[str] = []

    def accept(dialog: Any) -> None:
        alerts.append(dialog.message)
        dialog.accept()

    checkout.page.on("dialog", accept)
    attempt = "(given) => { try { new Razorpay(given); return ''; } catch (error) { return error.message; } }"
    message = checkout.page.evaluate(attempt, options)
    checkout.page.remove_listener("dialog", accept)
    return message, alerts


def test_bad_options_are_thrown_and_alerted_in_test_mode(checkout: Checkout) -> None:
    checkout.visit()
    for options, message in _BAD:
        assert _thrown(checkout, options) == (message, [message])


def test_live_key_throws_without_an_alert(checkout: Checkout) -> None:
    checkout.visit()
    message, alerts = _thrown(checkout, {"key": "rzp_live_AAAAAAAAAAAAAA", "currency": "XYZ"})
    assert message.startswith("Invalid currency")
    assert alerts == []


def test_amount_is_not_checked_by_the_constructor(checkout: Checkout) -> None:
    checkout.visit()
    assert _thrown(checkout, {"key": KEY_ID, "amount": -1}) == ("", [])


def test_constructor_works_without_new_and_chains(checkout: Checkout) -> None:
    checkout.visit()
    assert checkout.page.evaluate(
        """(key) => {
          const made = Razorpay({key});
          const chained = made.on("x", () => {}) === made;
          return [made instanceof Razorpay, chained, made.getMode(), Razorpay.defaults.currency];
        }""",
        KEY_ID,
    ) == [True, True, "test", "INR"]


def test_get_and_set_follow_dotted_keys_and_defaults(checkout: Checkout) -> None:
    checkout.visit()
    found = checkout.page.evaluate(
        """(key) => {
          Razorpay.configure({key, theme: {color: "#123456"}});
          const made = new Razorpay({"prefill.name": "Asha", modal: {escape: false}});
          made.set("notes.basket", "7").set("modal.confirm_close", true);
          const paths = ["key", "theme.color", "theme.backdrop_color", "prefill.name", "modal.escape",
            "modal.confirm_close", "notes.basket", "amount", "no.such"];
          return paths.map((path) => made.get(path) ?? null);
        }""",
        KEY_ID,
    )
    assert found == [KEY_ID, "#123456", "rgba(0,0,0,0.6)", "Asha", False, True, "7", 100, None]


def test_notes_are_cut_and_odd_ones_dropped(checkout: Checkout) -> None:
    checkout.visit()
    notes = checkout.page.evaluate(
        """(key) => {
          const notes = {long: "x".repeat(300), number: 5, yes: true, list: [1], none: null};
          return new Razorpay({key, notes}).get("notes");
        }""",
        KEY_ID,
    )
    assert notes == {"long": "x" * 254, "number": 5, "yes": True}


def test_handlers_come_and_go(checkout: Checkout) -> None:
    checkout.visit()
    heard = checkout.page.evaluate(
        """(key) => {
          const heard = [];
          const made = new Razorpay({key});
          const always = (value) => heard.push(`always ${value}`);
          made.on("x", always).once("x", function (value) { heard.push(`once ${value} ${this === made}`); });
          made.emit("x", 1).emit("x", 2);
          made.off("x", always).emit("x", 3);
          made.on("x", always).off("x").emit("x", 4);
          return heard;
        }""",
        KEY_ID,
    )
    assert heard == ["always 1", "once 1 true", "always 2"]


def test_options_cannot_pollute_every_object(checkout: Checkout) -> None:
    checkout.visit()
    polluted = """(key) => {
      new Razorpay({key, "__proto__.polluted": 1, prefill: JSON.parse('{"__proto__": {"polluted": 1}}')})
        .set("constructor.prototype.polluted", 1);
      return typeof {}.polluted;
    }"""
    assert checkout.page.evaluate(polluted, KEY_ID) == "undefined"


@pytest.mark.parametrize(
    "path", ["/twice", *(pytest.param(each, marks=pytest.mark.nightly) for each in ("/", "/late"))]
)
def test_one_hidden_container_is_there_before_anything_is_opened(checkout: Checkout, path: str) -> None:
    checkout.visit(path)
    container = checkout.page.locator("body > .razorpay-container")
    expect(container).to_have_count(1)
    expect(container).to_be_hidden()
    expect(container.locator("> .razorpay-backdrop > span")).to_have_text("Test Mode")
    frame = container.locator("> iframe.razorpay-checkout-frame")
    expect(frame).to_have_attribute("allow", "otp-credentials")
    assert (frame.get_attribute("src") or "").startswith(f"{checkout.gateway.url}/v1/checkout/public?")
    assert checkout.page.evaluate("Object.keys(window).filter((name) => /razorpay|rzp/i.test(name))") == ["Razorpay"]


def test_ready_brings_the_accounts_methods_before_opening(checkout: Checkout) -> None:
    checkout.visit()
    checkout.page.evaluate("(given) => { window.build(given); }", checkout.options())
    assert checkout.heard("ready")["methods"]["upi"] is True
    checkout.hears_nothing_of("render")


def test_script_is_sent_again_only_when_it_changed(checkout: Checkout) -> None:
    script = f"{checkout.gateway.url}/v1/checkout.js"
    first = checkout.page.request.get(script)
    again = checkout.page.request.get(script, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status, again.status) == (200, 304)
    assert checkout.page.request.get(f"{checkout.gateway.url}/checkout.js").text() == first.text()
