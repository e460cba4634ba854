"""A page that loads Razorpay's own address meets the sandbox, when the browser is told so as the README tells it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.buyer import Checkout
from tests.browser.merchant import Merchant, running_merchant
from tests.support import SandboxProcess
from tests.test_documentation import examples, here

Send = Callable[[BrowserContext], None]


@pytest.fixture
def send_checkout_to_the_sandbox(gateway: SandboxProcess) -> Send:
    """The README's function, with this sandbox's port."""
    found: dict[str, Any] = {}
    exec(here(gateway, examples("python")[1]), found)  # noqa: S102  # the documented example, as it is written
    send: Send = found["send_checkout_to_the_sandbox"]
    return send


@pytest.fixture
def razorpays_customer() -> Iterator[Merchant]:
    """A merchant's page that includes checkout from Razorpay's own address, and allows no other."""
    with running_merchant("https://checkout.razorpay.com") as running:
        yield running


def test_razorpays_own_address_is_served_by_the_sandbox(
    browser: Browser, gateway: SandboxProcess, razorpays_customer: Merchant, send_checkout_to_the_sandbox: Send
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    send_checkout_to_the_sandbox(context)
    checkout = Checkout(context.new_page(), razorpays_customer, gateway)
    order = checkout.order()
    checkout.open(checkout.options(order))
    checkout.choose("Card")
    checkout.pay_by_card()
    assert checkout.heard("handler")["razorpay_order_id"] == order["id"]
    assert gateway.fetch(f"orders/{order['id']}")["status"] == "paid"
    context.close()
