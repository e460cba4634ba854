"""Orders over real HTTP: one's own, by signed link, and the truth about one's money."""

import httpx
import pytest

from tests.support.shops import Shop
from tests.support.waiting import until


def _ordered(shop: Shop) -> tuple[httpx.Client, dict[str, str]]:
    buyer = shop.buyer()
    return buyer, buyer.post("/checkout/order", json={"product_id": shop.product()}).json()


def _key(shop: Shop, order: dict[str, str]) -> str:
    """Pay through the callback, which leads to the order's signed link; returns the link's key."""
    handed_over = shop.gateway.pay(order["razorpay_order_id"]).json()
    location = httpx.post(f"{shop.url}/api/checkout/callback", data=handed_over).headers["location"]
    return str(httpx.URL(location).params["key"])


def _opens(shop: Shop, path: str, key: str) -> bool:
    return httpx.get(f"{shop.url}/api{path}", params={"key": key}).status_code == 200


def test_orders_are_listed_newest_first_and_page_by_page(shop: Shop) -> None:
    buyer, product = shop.buyer(), shop.product()
    made = [buyer.post("/checkout/order", json={"product_id": product}).json()["order_id"] for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = buyer.get("/orders", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)
    assert seen == sorted(seen, reverse=True)


def test_a_signed_link_shows_its_order_and_no_other(shop: Shop) -> None:
    _, order = _ordered(shop)
    _, other = _ordered(shop)
    key = _key(shop, order)
    shown = httpx.get(f"{shop.url}/api/orders/{order['order_id']}", params={"key": key})
    assert shown.json()["status"] == "paid"
    assert httpx.get(f"{shop.url}/api/orders/{other['order_id']}", params={"key": key}).status_code == 404


def test_its_buyer_ends_every_link_to_an_order_and_nobody_else_can(shop: Shop) -> None:
    buyer, order = _ordered(shop)
    path = f"/orders/{order['order_id']}"
    before = _key(shop, order)
    stranger = httpx.post(f"{shop.url}/api{path}/link", timeout=30)
    assert (shop.buyer().post(f"{path}/link").status_code, stranger.status_code) == (404, 401)
    assert _opens(shop, path, before)
    made = buyer.post(f"{path}/link")
    page, _, key = made.json()["link"].partition("?key=")
    assert (made.status_code, page) == (201, f"http://localhost:{shop.environment['PORT']}{path}")
    again = buyer.post(f"{path}/link").json()["link"].partition("?key=")[2]
    assert [_opens(shop, path, each) for each in (before, key, again)] == [False, False, True]
    assert [told["kind"] for told in buyer.get(path).json()["timeline"]][-2:] == ["links_ended"] * 2


def test_what_paid_an_order_makes_no_link_to_it_once_its_links_were_ended(shop: Shop) -> None:
    buyer, order = _ordered(shop)
    handed_over = shop.gateway.pay(order["razorpay_order_id"]).json()
    assert buyer.post(f"/orders/{order['order_id']}/link").status_code == 201
    again = httpx.post(f"{shop.url}/api/checkout/callback", data=handed_over)
    assert again.headers["location"] == f"/orders/{order['order_id']}"


def test_the_timeline_calls_its_buyer_you_and_tells_the_holder_of_the_link_of_the_buyer(shop: Shop) -> None:
    buyer, order = _ordered(shop)
    key, path = _key(shop, order), f"/orders/{order['order_id']}"
    mine = buyer.get(path).json()["timeline"]
    theirs = httpx.get(f"{shop.url}/api{path}", params={"key": key}).json()["timeline"]
    assert [told["message"] for told in mine] == [
        "You placed the order, and its items are kept for you.",
        "₹480.00 was paid.",
    ]
    assert [told["message"] for told in theirs] == [
        "The order was made and its items are kept for the buyer.",
        "₹480.00 was paid.",
    ]


@pytest.mark.parametrize("key", ["", "x", "é", "0" * 32])
def test_a_made_up_key_opens_nothing(shop: Shop, key: str) -> None:
    _, order = _ordered(shop)
    for path in (f"/api/orders/{order['order_id']}", f"/api/orders/{order['order_id']}/status"):
        assert httpx.get(shop.url + path, params={"key": key}).json()["code"] == "order_not_found"


def test_the_status_asks_the_gateway_when_the_browser_never_came_back(shop: Shop) -> None:
    buyer, order = _ordered(shop)
    path = f"/orders/{order['order_id']}/status"
    assert buyer.get(path).json()["state"] == "unpaid"
    shop.gateway.pay(order["razorpay_order_id"])
    until(lambda: buyer.get(path).json()["state"] == "paid", "the next look at the gateway")
    assert buyer.get(path).json()["final"]


def test_a_stranger_is_told_nothing(shop: Shop) -> None:
    _, order = _ordered(shop)
    assert shop.buyer().get(f"/orders/{order['order_id']}/status").status_code == 404
    assert httpx.get(f"{shop.url}/api/orders/{order['order_id']}/status").status_code == 401
