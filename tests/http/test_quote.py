"""What something would cost is told to everybody, figure by figure and why; it holds nothing, and is what is paid."""

import httpx
import pytest

from tests.conftest import SHOP_ON_BOTH
from tests.support.shops import Shop


def _quote(client: httpx.Client, *items: tuple[str, int], **more: object) -> httpx.Response:
    wanted = [{"product_id": product, "quantity": quantity} for product, quantity in items]
    return client.post("/checkout/quote", json={"items": wanted, **more})


@pytest.fixture
def stranger(shop: Shop) -> httpx.Client:
    """Somebody who has not signed in."""
    return httpx.Client(base_url=f"{shop.url}/api", timeout=30)


@SHOP_ON_BOTH
def test_a_stranger_is_told_what_it_costs_and_why(shop: Shop, stranger: httpx.Client) -> None:
    cups, lamp = shop.product(amount=48000), shop.product(amount=100)
    answer = _quote(stranger, (cups, 2), (lamp, 1))
    assert answer.status_code == 200
    quote = answer.json()
    assert [(line["product_id"], line["quantity"], line["amount"]) for line in quote["lines"]] == [
        (cups, 2, 96000),
        (lamp, 1, 100),
    ]
    assert (quote["discount"], quote["delivery"], quote["total"], quote["currency"]) == (0, 0, 96100, "INR")
    assert [(reason["figure"], reason["message"]) for reason in quote["explanation"]][::2] == [
        ("subtotal", "What is bought costs ₹961.00."),
        ("total", "So ₹961.00 is to be paid."),
    ]
    assert shop.rows("SELECT held FROM variants WHERE product_id = :product", product=cups) == [{"held": 0}]


def test_what_cant_be_had_is_refused_to_a_stranger_as_to_a_buyer(shop: Shop, stranger: httpx.Client) -> None:
    few = shop.product(on_hand=1)
    gone, lacking = _quote(stranger, ("nothing", 1)), _quote(stranger, (few, 2))
    assert (gone.status_code, gone.json()["code"]) == (404, "product_not_found")
    assert (lacking.status_code, lacking.json()["code"], lacking.json()["available"]) == (409, "out_of_stock", 1)
    assert _quote(stranger).json()["code"] == "invalid_input"


def test_what_ones_own_unpaid_order_holds_is_there_for_its_buyer_alone(shop: Shop, stranger: httpx.Client) -> None:
    last, buyer = shop.product(on_hand=1), shop.buyer()
    assert buyer.post("/checkout/order", json={"product_id": last}).status_code == 201
    assert (_quote(buyer, (last, 1)).status_code, _quote(stranger, (last, 1)).status_code) == (200, 409)
    forged = {"Authorization": "Bearer forged"}
    assert stranger.post("/checkout/quote", json={"items": [{"product_id": last}]}, headers=forged).status_code == 409


def _browser(shop: Shop) -> httpx.Client:
    return httpx.Client(base_url=f"{shop.url}/api", headers={"origin": shop.url}, timeout=30)


@SHOP_ON_BOTH
def test_what_a_browser_was_told_is_what_it_pays_once_somebody_has_signed_in_there(shop: Shop) -> None:
    cups = shop.product(amount=48000)
    with _browser(shop) as browser, _browser(shop) as another:
        browser.post("/cart/lines", json={"product_id": cups}).raise_for_status()
        quote, again = [_quote(browser, (cups, 2)).json() for _ in range(2)]
        assert again["quote_id"] == quote["quote_id"]
        assert _quote(another, (cups, 2)).json()["quote_id"] != quote["quote_id"]
        wanted = {"quote_id": quote["quote_id"]}
        assert browser.post("/checkout/order", json=wanted).status_code == 401
        for client in (browser, another):
            client.post("/auth/enter", data={"form": "guest", "email": "asha@example.in"})
        refused = [client.post("/checkout/order", json=wanted) for client in (another, shop.buyer())]
        assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(404, "quote_not_found")] * 2
        made = browser.post("/checkout/order", json=wanted)
    assert (made.status_code, made.json()["amount"]) == (201, quote["total"])
    order_id = made.json()["order_id"]
    [kept] = shop.rows("SELECT quote_id FROM orders WHERE id = :id", id=order_id)
    assert kept == wanted


def test_a_program_that_is_nobody_orders_by_the_id_and_is_told_of_every_figure_that_has_changed(
    shop: Shop, stranger: httpx.Client
) -> None:
    cups, buyer = shop.product(amount=48000), shop.buyer()
    quote = _quote(stranger, (cups, 1)).json()
    shop.rows("UPDATE variants SET amount = 50000 WHERE product_id = :product", product=cups)
    shop.rows("UPDATE quotes SET expires_at = created_at WHERE id = :id", id=quote["quote_id"])
    refused = buyer.post("/checkout/order", json={"quote_id": quote["quote_id"]})
    told = refused.json()
    assert (refused.status_code, told["code"], told["was"], told["now"]) == (409, "price_changed", 48000, 50000)
    changed = {"was": 48000, "now": 50000}
    assert told["figures"] == {
        **dict.fromkeys(("total", "subtotal", f"lines.{cups}"), changed),
        "tax": {"was": 5143, "now": 5357},
    }
    assert shop.rows("SELECT held FROM variants WHERE product_id = :product", product=cups) == [{"held": 0}]
    anew = _quote(stranger, (cups, 1)).json()
    made = buyer.post("/checkout/order", json={"quote_id": anew["quote_id"], "amount": 50000})
    assert (made.status_code, made.json()["amount"]) == (201, 50000)


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"quote_id": "0" * 32}, 404, "quote_not_found"),
        ({"quote_id": ""}, 404, "quote_not_found"),
        ({"quote_id": "\0" * 40_000}, 404, "quote_not_found"),
        ({"quote_id": 7}, 422, "invalid_input"),
        ({"quote_id": "0" * 32, "product_id": "cups"}, 422, "invalid_input"),
        ({"quote_id": "0" * 32, "items": [{"product_id": "cups"}]}, 422, "invalid_input"),
        ({"quote_id": "0" * 32, "coupon": "DIWALI"}, 422, "invalid_input"),
        ({"quote_id": "0" * 32, "quantity": 3}, 422, "invalid_input"),
        ({}, 422, "invalid_input"),
    ],
)
def test_what_is_no_quote_or_more_than_one_is_refused(
    shop: Shop, wanted: dict[str, object], status: int, code: str
) -> None:
    answer = shop.buyer().post("/checkout/order", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
