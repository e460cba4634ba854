"""Races of those who buy by a cart: for the last unit, for a coupon, and of one person's tabs with each other."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import httpx

from tests.support.pair import Pair, at_once, counted
from tests.support.shops import Shop

BUYERS = 50
TABS = 6
CARTS = 10


def the_last_unit_across_carts(pair: Pair, buyers: int = BUYERS) -> None:
    """Of many carts that have the last unit one is ordered, and the others are told of which line there is none.

    Whoever is told so holds nothing, the coupon and the rest of their cart included.
    """
    coupon, plenty = pair.one.coupon(1000), pair.one.product(on_hand=1000, name="Diya")
    last = pair.one.product(on_hand=1, name="Kulhad cups")
    clients = [pair.of(number).buyer() for number in range(buyers)]
    for client in clients:
        for product in (plenty, last):
            _add(client, product)
    answers = at_once([partial(_order_cart, client, coupon) for client in clients])
    assert counted(answers) == {201: 1, 409: buyers - 1}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {(told["code"], told["detail"]) for told in refused} == {("out_of_stock", "Kulhad cups is sold out.")}
    assert (pair.one.stock(last), pair.one.stock(plenty), pair.one.used(coupon)) == ((1, 1), (1000, 1), 1)
    winner, won = next(each for each in zip(clients, answers, strict=True) if each[1].status_code == 201)
    _pay(pair.two, winner, won.json())
    assert (pair.one.stock(last), pair.one.stock(plenty), pair.one.used(coupon)) == ((0, 0), (999, 0), 1)
    wanted = {plenty: 1, last: 1}
    assert [_units(client) for client in clients] == [{} if client is winner else wanted for client in clients]


def one_coupon_for_many_buyers(pair: Pair, buyers: int = BUYERS) -> None:
    """Of many who have a coupon that one order may have exactly one gets it."""
    coupon, product = pair.one.coupon(1000, most=1), pair.one.product(on_hand=1000)
    clients = [pair.of(number).buyer() for number in range(buyers)]
    body = {"product_id": product, "coupon": coupon}
    answers = at_once([partial(client.post, "/checkout/order", json=body) for client in clients])
    assert counted(answers) == {201: 1, 422: buyers - 1}
    assert {answer.json().get("reason") for answer in answers} == {None, "used_up"}
    assert (pair.one.stock(product), pair.one.used(coupon)) == ((1000, 1), 1)
    [count] = pair.one.rows("SELECT count(*) AS n FROM coupon_uses WHERE coupon = :code", code=coupon)
    assert count["n"] == 1


def tabs_that_change_one_cart(pair: Pair) -> None:
    """Tabs that add lose nothing; of those that change what they saw one at most does, and the others are shown it."""
    first, more, other = (pair.one.product(on_hand=1000) for _ in range(3))
    tabs = _tabs(pair, pair.one.buyer())
    seen = _add(tabs[0], first)
    line, version = seen["lines"][0]["id"], {"If-Match": str(seen["version"])}
    changes = [
        partial(tab.patch, f"/cart/lines/{line}", json={"quantity": quantity}, headers=version)
        for quantity, tab in enumerate(tabs, start=2)
    ]
    adds = [partial(_post, tab, product) for tab in tabs for product in (more, other)]
    answers = at_once([*changes, *adds])
    assert counted(answers[TABS:]) == {201: 2 * TABS}
    told = counted(answers[:TABS])
    assert told in ({409: TABS}, {200: 1, 409: TABS - 1})
    for refused in (answer.json() for answer in answers[:TABS] if answer.status_code == 409):
        assert (refused["code"], refused["cart"]["version"] > seen["version"]) == ("cart_changed", True)
    chosen = [quantity for quantity, answer in enumerate(answers[:TABS], start=2) if answer.status_code == 200]
    assert _units(tabs[0]) == {first: (chosen or [1])[0], more: TABS, other: TABS}
    assert tabs[0].get("/cart").json()["version"] == seen["version"] + 2 * TABS + len(chosen)


def paid_while_another_tab_adds(pair: Pair, carts: int = CARTS) -> None:
    """Carts are paid at the instant at which another tab adds to them: what was bought leaves, what was added stays."""
    bought, also, later = (pair.one.product(on_hand=1000) for _ in range(3))
    clients = [pair.one.buyer() for _ in range(carts)]
    acts: list[Callable[[], httpx.Response]] = []
    for client in clients:
        for product in (bought, also, also):
            _add(client, product)
        order = _order_cart(client).raise_for_status().json()
        paid = pair.one.gateway.pay(order["razorpay_order_id"]).raise_for_status().json()
        _add(client, bought)
        one, two = _tabs(pair, client)[:2]
        acts.append(partial(one.post, "/checkout/payment", json=paid))
        acts += [partial(_post, two, product) for product in (bought, also, later)]
    assert counted(at_once(acts)) == {201: 4 * carts}
    assert [_units(client) for client in clients] == [{bought: 2, also: 1, later: 1}] * carts


def tabs_that_merge_as_somebody_signs_in(pair: Pair) -> None:
    """Who signs in opens several tabs at once, and each adds something: all of it is in one cart, and once."""
    there, product = pair.one.product(on_hand=1000), pair.one.product(on_hand=1000)
    account = pair.one.buyer()
    _add(account, there)
    with httpx.Client(base_url=f"{pair.one.url}/api", headers={"Origin": pair.one.url}, timeout=60) as browser:
        for wanted in (there, there, product):
            _add(browser, wanted)
        token = account.headers["Authorization"].removeprefix("Bearer ")
        cookies = {"cart": str(browser.cookies["cart"]), "session": token}
    shops = [pair.of(number) for number in range(TABS)]
    tabs = [
        httpx.Client(base_url=f"{shop.url}/api", headers={"Origin": shop.url}, cookies=cookies, timeout=60)
        for shop in shops
    ]
    assert counted(at_once([partial(_post, tab, product) for tab in tabs])) == {201: TABS}
    assert _units(account) == {there: 3, product: 1 + TABS}
    ids = pair.one.rows("SELECT cart_id FROM cart_lines WHERE variant_id IN (:one, :two)", one=there, two=product)
    assert len(ids) == 2


def _tabs(pair: Pair, client: httpx.Client) -> list[httpx.Client]:
    """Return one person's tabs, which reach one process or the other."""
    return [
        httpx.Client(base_url=f"{pair.of(number).url}/api", headers=client.headers, timeout=60)
        for number in range(TABS)
    ]


def _post(client: httpx.Client, product_id: str) -> httpx.Response:
    return client.post("/cart/lines", json={"product_id": product_id})


def _add(client: httpx.Client, product_id: str) -> Any:
    return _post(client, product_id).raise_for_status().json()


def _units(client: httpx.Client) -> dict[str, int]:
    lines = client.get("/cart").raise_for_status().json()["lines"]
    return {line["product_id"]: line["quantity"] for line in lines}


def _order_cart(client: httpx.Client, coupon: str = "") -> httpx.Response:
    return client.post("/checkout/cart", json={"coupon": coupon})


def _pay(shop: Shop, client: httpx.Client, order: Mapping[str, str]) -> None:
    paid = shop.gateway.pay(order["razorpay_order_id"]).raise_for_status().json()
    client.post("/checkout/payment", json=paid).raise_for_status()


CART_RACES = (
    the_last_unit_across_carts,
    one_coupon_for_many_buyers,
    tabs_that_change_one_cart,
    paid_while_another_tab_adds,
    tabs_that_merge_as_somebody_signs_in,
)
