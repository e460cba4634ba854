"""The sandbox's console in a browser: what a person does there happens, and what happens is seen there."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from tests.support import SandboxProcess


@pytest.fixture
def console(browsing: BrowserContext, gateway: SandboxProcess) -> Iterator[Page]:
    """A tab with the console of a sandbox without any past; fails when its script did or its policy was broken."""
    gateway.clear()
    tab = browsing.new_page()
    broken: list[str] = []
    tab.on("pageerror", lambda error: broken.append(str(error)))
    tab.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    yield tab
    tab.close()
    assert not broken


def press(console: Page, name: str) -> None:
    console.get_by_role("button", name=name, exact=True).click()


def status(console: Page, text: str, table: str = "Payments") -> None:
    """Wait until the first row of a table has this status."""
    expect(console.get_by_role("table", name=table).locator("tbody .chip").first).to_have_text(text)


def test_a_person_pays_an_order_from_the_list(gateway: SandboxProcess, console: Page) -> None:
    order = gateway.order(123_456, receipt="from-the-console")
    console.goto(gateway.url)
    press(console, "Pay")
    status(console, "paid", "Orders")
    assert gateway.fetch(f"orders/{order['id']}")["status"] == "paid"
    expect(console.get_by_role("button", name="Pay")).to_have_count(0)
    expect(console.locator("#content")).to_be_focused()  # its button is gone


def test_a_person_lets_a_payment_fail_for_a_reason_and_the_bank_change_its_mind(
    gateway: SandboxProcess, console: Page
) -> None:
    order = gateway.order(123_456)
    console.goto(gateway.url)
    console.get_by_role("link", name=order["id"]).click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Order of ₹1,234.56")
    console.get_by_label("Method").select_option("upi")
    console.get_by_label("Reason of a failure").select_option("card_declined")
    press(console, "Fail")
    status(console, "failed")
    expect(console.get_by_role("status")).to_contain_text("declined by the bank")
    payment = gateway.fetch("payments")["items"][0]
    assert (payment["method"], payment["error_reason"]) == ("upi", "card_declined")
    press(console, "Bank says yes")
    status(console, "captured")
    assert gateway.fetch(f"orders/{order['id']}")["status"] == "paid"


def test_a_person_lets_the_bank_authorise_late(gateway: SandboxProcess, console: Page) -> None:
    order = gateway.order()
    console.goto(f"{gateway.url}/console/orders/{order['id']}")
    press(console, "Time out, authorise late")
    status(console, "created")
    console.get_by_role("link", name="Clock and account").click()
    press(console, "+10 minutes")
    expect(console.get_by_text("+600 seconds from real time")).to_be_visible()
    expect(console.get_by_role("button", name="+10 minutes")).to_be_focused()  # to be pressed again
    assert gateway.fetch("payments")["items"][0]["status"] == "failed"
    press(console, "+10 minutes")
    expect(console.get_by_text("+1,200 seconds from real time")).to_be_visible()
    assert gateway.fetch(f"orders/{order['id']}")["status"] == "paid"


def test_a_person_captures_and_refunds_as_the_merchant(gateway: SandboxProcess, console: Page) -> None:
    gateway.paid(5000, outcome="authorized")
    console.goto(f"{gateway.url}/console/payments")
    press(console, "Capture")
    status(console, "captured")
    console.get_by_role("link", name=re.compile("^pay_")).click()
    console.get_by_text("Refund a part").click()
    console.get_by_label("Amount in the smallest unit").fill("1200")
    press(console, "Refund this much")
    status(console, "processed", "Refunds")
    expect(console.get_by_label("Amount in the smallest unit")).to_have_value("")
    assert gateway.fetch("payments")["items"][0]["amount_refunded"] == 1200
    press(console, "Refund")
    expect(console.get_by_role("table", name="Refunds").locator("tbody tr")).to_have_count(2)
    assert gateway.fetch("payments")["items"][0]["amount_refunded"] == 5000


def test_a_refusal_is_told_and_changes_nothing(gateway: SandboxProcess, console: Page) -> None:
    payment_id = gateway.paid(5000)
    console.goto(f"{gateway.url}/console/payments/{payment_id}")
    console.get_by_text("Refund a part").click()
    console.get_by_label("Amount in the smallest unit").fill("6000")
    press(console, "Refund this much")
    expect(console.get_by_role("status")).to_contain_text("greater than amount captured")
    expect(console.get_by_label("Amount in the smallest unit")).to_have_value("6000")
    assert gateway.fetch("payments")["items"][0]["amount_refunded"] == 0


def test_a_person_settles_what_was_captured(gateway: SandboxProcess, console: Page) -> None:
    gateway.put("switches", {"settlement_delay": 86_400})
    payment_id = gateway.paid(50_000)
    console.goto(f"{gateway.url}/console/settlements")
    press(console, "Settle what was captured")
    status(console, "processed", "Settlements")
    settlement = gateway.fetch("settlements")["items"][0]
    console.goto(f"{gateway.url}/console/payments/{payment_id}")
    expect(console.get_by_text(settlement["id"], exact=True)).to_be_visible()


def test_a_person_lets_a_buyer_dispute_a_payment_and_the_bank_decide(gateway: SandboxProcess, console: Page) -> None:
    payment_id = gateway.paid(50_000)
    console.goto(f"{gateway.url}/console/payments/{payment_id}")
    console.get_by_text("Let the buyer dispute it").click()
    console.get_by_label("Reason").fill("parcel_was_empty")
    press(console, "Raise a dispute")
    status(console, "open", "Disputes")
    console.get_by_role("link", name="Disputes").click()
    expect(console.get_by_role("cell", name="parcel_was_empty")).to_be_visible()
    press(console, "Merchant loses")
    status(console, "lost", "Disputes")
    expect(console.get_by_role("button", name="Merchant wins")).to_have_count(0)
    assert gateway.fetch("disputes")["items"][0]["amount_deducted"] == 50_000


def test_a_person_gives_a_buyer_an_offer(gateway: SandboxProcess, console: Page) -> None:
    order = gateway.order(50_000)
    console.goto(f"{gateway.url}/console/orders/{order['id']}")
    console.get_by_text("Make it cheaper by an offer").click()
    console.get_by_label("Paise off").fill("10000")
    press(console, "Give an offer")
    expect(console.get_by_role("status")).to_have_text("Give an offer: done.")
    press(console, "Pay")
    status(console, "captured")
    assert gateway.fetch("payments")["items"][0]["amount"] == 40_000


def test_a_person_orders_faults_and_ends_them(gateway: SandboxProcess, console: Page) -> None:
    console.goto(f"{gateway.url}/console/faults")
    for kind in ("429", "latency"):
        console.get_by_label("Kind").select_option(kind)
        console.get_by_label("At most").fill("1")
        press(console, "Add")
        expect(console.get_by_role("cell", name=kind)).to_be_visible()
    assert gateway.client.get("/v1/orders").status_code == 429
    expect(console.get_by_role("row", name=re.compile("429")).locator("td").last).to_have_text("1")
    press(console, "End all faults")
    expect(console.get_by_text("Everything works.")).to_be_visible()


def test_a_person_sets_the_account_and_where_webhooks_go(gateway: SandboxProcess, console: Page) -> None:
    console.goto(f"{gateway.url}/console/clock")
    console.get_by_label("Capture automatically").uncheck()
    console.get_by_label("Refunds end").select_option("pending")
    console.get_by_label("The fee is borne by").select_option("customer")
    press(console, "Save")
    expect(console.get_by_role("status")).to_have_text("Save: done.")
    switches = gateway.get("/_test/switches")
    assert [switches[name] for name in ("auto_capture", "refunds", "fee_bearer")] == [False, "pending", "customer"]
    expect(console.get_by_label("Capture automatically")).not_to_be_checked()

    console.get_by_role("link", name="Webhooks").click()
    console.get_by_label("Endpoint").fill("http://127.0.0.1:9/hook")
    console.get_by_label("Delay (seconds)").fill("0.5")
    press(console, "Save")
    expect(console.get_by_role("status")).to_have_text("Save: done.")
    webhooks = gateway.get("/_test/webhooks")
    assert (webhooks["endpoint"], webhooks["delay"]) == ("http://127.0.0.1:9/hook", 0.5)
    expect(console.get_by_label("Delay (seconds)")).to_have_value("0.5")


def test_a_clean_slate_is_asked_for_twice(gateway: SandboxProcess, console: Page) -> None:
    gateway.order()
    console.goto(f"{gateway.url}/console/clock")
    console.once("dialog", lambda dialog: dialog.dismiss())
    press(console, "Forget everything")
    assert gateway.fetch("orders")["count"] == 1
    console.once("dialog", lambda dialog: dialog.accept())
    press(console, "Forget everything")
    expect(console.get_by_role("status")).to_have_text("Forget everything: done.")
    assert gateway.fetch("orders")["count"] == 0


def test_a_page_shows_by_itself_what_others_do(gateway: SandboxProcess, console: Page) -> None:
    console.goto(gateway.url)
    order = gateway.order(receipt="seen-at-once")
    expect(console.get_by_text("seen-at-once")).to_be_visible()
    gateway.pay(order["id"])
    status(console, "paid", "Orders")


def test_what_is_open_typed_and_focused_stays_when_the_page_changes(gateway: SandboxProcess, console: Page) -> None:
    order = gateway.order()
    console.goto(f"{gateway.url}/console/orders/{order['id']}")
    console.get_by_text("As the API answers it").click()
    console.get_by_label("Method").select_option("wallet")
    console.get_by_text("Make it cheaper by an offer").click()
    field = console.get_by_label("Paise off")
    field.fill("77")
    gateway.attempt(order["id"], outcome="failure")
    status(console, "failed")
    expect(console.get_by_text('"status": "attempted"')).to_be_visible()
    expect(console.get_by_label("Method")).to_have_value("wallet")
    expect(field).to_have_value("77")
    expect(field).to_be_focused()


def test_a_slow_answer_does_not_bring_back_what_was(gateway: SandboxProcess, console: Page) -> None:
    order = gateway.order()
    url = f"{gateway.url}/console/orders/{order['id']}"
    held: list[tuple[Route, APIResponse]] = []
    console.goto(url)
    console.route(url, lambda route: route.continue_() if held else held.append((route, route.fetch())))
    with console.expect_request(url):
        gateway.attempt(order["id"], outcome="failure")
    press(console, "Pay")
    expect(console.get_by_text('"status": "paid"')).to_be_attached()
    console.evaluate("""() => new MutationObserver(() => { window.changed = true; })
      .observe(document.getElementById("content"), { subtree: true, childList: true, characterData: true })""")
    with console.expect_request(f"{gateway.url}/console/version"):  # once the slow answer was dealt with
        held[0][0].fulfill(response=held[0][1])
    assert console.evaluate("window.changed") is None


def test_a_page_that_nobody_sees_asks_for_nothing(gateway: SandboxProcess, console: Page) -> None:
    console.clock.install()
    console.add_init_script("Object.defineProperty(document, 'hidden', { get: () => !window.seen })")
    asked: list[str] = []
    console.on("request", lambda request: asked.append(request.url) if request.url.endswith("/version") else None)
    console.goto(gateway.url)
    console.clock.run_for(60_000)
    gateway.order(receipt="while-away")
    assert asked == []
    console.evaluate("window.seen = true; document.dispatchEvent(new Event('visibilitychange'))")
    expect(console.get_by_text("while-away")).to_be_visible()


def test_a_page_tells_when_the_sandbox_is_away_and_goes_on_when_it_is_back(
    gateway: SandboxProcess, console: Page
) -> None:
    console.goto(gateway.url)
    gateway.kill()
    expect(console.get_by_role("status")).to_have_text("The sandbox does not answer. Is it still running?")
    gateway.start()
    gateway.order(receipt="after-the-break")
    expect(console.get_by_text("after-the-break")).to_be_visible()
    expect(console.get_by_role("status")).to_have_text("")


def test_everything_can_be_read_without_scripts(gateway: SandboxProcess, console: Page) -> None:
    order = gateway.order(receipt="no-scripts")
    browser = console.context.browser
    assert browser
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(gateway.url)
        page.get_by_role("link", name=order["id"]).click()
        page.get_by_text("As the API answers it").click()
        expect(page.get_by_text('"receipt": "no-scripts"')).to_be_visible()
