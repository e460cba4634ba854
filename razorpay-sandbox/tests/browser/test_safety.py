"""What other pages cannot do, and what never leaves the sheet."""

import json
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Dialog, Frame, Request, expect

from tests.browser.buyer import Checkout
from tests.support import KEY_ID

_NUMBER = "4100280000001007"


def _forgery(checkout: Checkout) -> str:
    paid = {"razorpay_payment_id": "pay_forged"}
    return json.dumps({"source": "frame", "event": "complete", "id": _instance(checkout), "data": paid})


def _instance(checkout: Checkout) -> str:
    return str(checkout.page.evaluate("window.instance.id"))


def _frame(checkout: Checkout, path: str) -> Frame:
    return next(frame for frame in checkout.page.frames if path in frame.url)


def test_page_does_not_believe_messages_from_itself_or_another_frame(checkout: Checkout) -> None:
    checkout.open(checkout.options(), path="/framed")
    forged = _forgery(checkout)
    checkout.page.evaluate("(text) => window.postMessage(text, '*')", forged)
    stranger = next(frame for frame in checkout.page.frames[1:] if frame.url == f"{checkout.merchant.url}/")
    stranger.evaluate("(text) => parent.postMessage(text, '*')", forged)
    in_gateway_origin = """(url) => new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.src = url; frame.id = "second"; frame.onload = () => resolve(); document.body.append(frame);
    })"""
    checkout.page.evaluate(in_gateway_origin, f"{checkout.gateway.url}/v1/checkout/public?second")
    _frame(checkout, "?second").evaluate("(text) => parent.postMessage(text, '*')", forged)

    checkout.choose("UPI")
    checkout.pay_by_upi()
    assert checkout.heard("handler")["razorpay_payment_id"] != "pay_forged"


def test_page_believes_its_own_frame(checkout: Checkout) -> None:
    """The control of the test above: the same words from the right window are heard."""
    checkout.open(checkout.options())
    text = _forgery(checkout)
    _frame(checkout, "?parent=").evaluate("(text) => parent.postMessage(text, '*')", text)
    assert checkout.heard("handler") == {"razorpay_payment_id": "pay_forged"}


def test_frame_obeys_only_the_page_that_opened_it(checkout: Checkout) -> None:
    checkout.open(checkout.options(), path="/framed")
    close = json.dumps({"event": "close", "id": _instance(checkout)})
    stranger = next(frame for frame in checkout.page.frames[1:] if frame.url == f"{checkout.merchant.url}/")
    stranger.evaluate(
        "(text) => { for (let i = 0; i < top.frames.length; i += 1) top.frames[i].postMessage(text, '*'); }", close
    )
    checkout.choose("UPI")
    expect(checkout.sheet.get_by_role("img", name="UPI QR code")).to_be_visible()
    checkout.hears_nothing_of("dismiss")


def test_card_number_leaves_the_sheet_in_no_request_and_is_kept_nowhere(
    checkout: Checkout, gateway_folder: Path
) -> None:
    sent: list[str] = []

    def record(request: Request) -> None:
        sent.append(request.url + (request.post_data or "") + str(request.headers))

    checkout.page.context.on("request", record)
    checkout.open(checkout.options(prefill={"contact": "9812345678", "card[number]": _NUMBER}))
    checkout.choose("Card")
    expect(checkout.sheet.locator('input[name="card[number]"]')).to_have_value("")
    checkout.pay_by_card(_NUMBER)
    checkout.heard("handler")

    assert any('"last4":"1007"' in each for each in sent)
    grouped = "4100 2800 0000 1007"
    assert not [each for each in sent if _NUMBER in each or grouped in each or '"123"' in each]
    kept = b"".join(path.read_bytes() for path in gateway_folder.rglob("*") if path.is_file())
    assert b"1007" in kept
    assert _NUMBER.encode() not in kept
    storage = _frame(checkout, "?parent=").evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert storage == [0, 0, ""]


def test_frame_asks_nothing_of_other_hosts(checkout: Checkout) -> None:
    asked: list[str] = []
    checkout.page.on("request", lambda request: asked.append(request.url))
    checkout.open(checkout.options())
    checkout.choose("Card")
    own = (checkout.gateway.url, checkout.merchant.url, "data:")
    assert [url for url in asked if not url.startswith(own)] == []


def test_frame_may_be_shown_anywhere_and_runs_only_its_own_scripts(checkout: Checkout) -> None:
    policy = httpx.get(f"{checkout.gateway.url}/v1/checkout/public", timeout=30).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == "http: https:"


def test_broken_sheet_closes_and_says_so(checkout: Checkout) -> None:
    alerts: list[str] = []

    def accept(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.accept()

    checkout.page.on("dialog", accept)
    checkout.open(checkout.options())
    _frame(checkout, "?parent=").evaluate("dispatchEvent(new ErrorEvent('error', {message: 'broken'}))")
    assert checkout.heard("fault.close")["error"]["code"] == "SERVER_ERROR"
    assert checkout.heard("hidden") == "none"
    assert alerts == ["Oops! Something went wrong.\nThe payment sheet stopped working. Try again."]
    assert checkout.page.evaluate("document.body.style.overflow") == ""


def test_other_sites_cannot_post_for_the_buyer(checkout: Checkout) -> None:
    payment = {"key_id": KEY_ID, "order_id": checkout.order()["id"], "method": "upi"}
    url = f"{checkout.gateway.url}/v1/checkout/payments"
    plain: dict[str, Any] = {"headers": {"Content-Type": "text/plain"}, "content": str(payment).replace("'", '"')}
    assert httpx.post(url, timeout=30, **plain).status_code == 400
    assert httpx.post(url, json=payment, timeout=30).status_code == 200
    preflight = httpx.options(url, headers={"Origin": "https://evil.example"}, timeout=30)
    assert "access-control-allow-origin" not in preflight.headers


def test_whole_card_number_is_refused_by_the_gateway(checkout: Checkout) -> None:
    order = checkout.order()
    for card in ({"last4": _NUMBER}, {"last4": "1007", "name": _NUMBER}):
        payment = {"key_id": KEY_ID, "order_id": order["id"], "method": "card", "card": card}
        answer = httpx.post(f"{checkout.gateway.url}/v1/checkout/payments", json=payment, timeout=30)
        assert answer.status_code == 400
    assert checkout.gateway.fetch(f"orders/{order['id']}")["attempts"] == 0
