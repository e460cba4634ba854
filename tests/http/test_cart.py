"""A cart over HTTP: by a browser's cookie and by a token, with versions, and by forms as a browser without scripts."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.buying import Purchase
from tests.support.shops import Shop


def _browser(shop: Shop, **headers: str) -> httpx.Client:
    return httpx.Client(base_url=shop.url, headers={"origin": shop.url, **headers}, timeout=30)


def _add(client: httpx.Client, product_id: str, quantity: int = 1) -> Any:
    answer = client.post("/api/cart/lines", json={"product_id": product_id, "quantity": quantity})
    assert answer.status_code == 201, answer.text
    return answer.json()


def _guest(shop: Shop) -> str:
    body = {"email": f"{uuid4().hex}@example.in"}
    return str(httpx.post(f"{shop.url}/api/auth/guest", json=body, timeout=30).json()["access_token"])


def test_a_browser_has_a_cart_that_scripts_can_not_read_and_knows_how_much_is_in_it(shop: Shop) -> None:
    product_id = shop.product(on_hand=9, amount=48_000)
    with _browser(shop) as client:
        answer = client.post("/api/cart/lines", json={"product_id": product_id, "quantity": 2})
        assert (answer.status_code, answer.headers["etag"], answer.headers["cache-control"]) == (201, '"1"', "no-store")
        secret, count = sorted(answer.headers.get_list("set-cookie"), key=lambda cookie: "cart-count" in cookie)
        assert secret.startswith("cart=") and "HttpOnly" in secret and "SameSite=lax" in secret  # noqa: PT018 - one cookie
        assert count.startswith("cart-count=2;") and "HttpOnly" not in count  # noqa: PT018 - one cookie
        assert client.cookies["cart"] not in str(shop.rows("SELECT browser FROM carts"))
        cart = client.get("/api/cart").raise_for_status()
        [line] = cart.json()["lines"]
        assert (line["quantity"], line["amount"], cart.json()["subtotal"], cart.headers["etag"]) == (
            2,
            96_000,
            96_000,
            '"1"',
        )
    assert httpx.get(f"{shop.url}/api/cart").json()["lines"] == []


def test_only_who_says_the_present_version_changes_what_they_saw(shop: Shop) -> None:
    with _browser(shop) as client:
        cart = _add(client, shop.product(on_hand=9))
        _add(client, shop.product(on_hand=9))
        path = f"/api/cart/lines/{cart['lines'][0]['id']}"
        for method, body in (("PATCH", {"quantity": 3}), ("DELETE", None)):
            late = client.request(method, path, json=body, headers={"if-match": '"1"'})
            assert (late.status_code, late.json()["code"]) == (409, "cart_changed")
            assert (late.json()["cart"]["version"], len(late.json()["cart"]["lines"])) == (2, 2)
            for nonsense in ({}, {"if-match": "*"}, {"if-match": "-1"}, {"if-match": "9" * 30}):
                refused = client.request(method, path, json=body, headers=nonsense)
                assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
        changed = client.patch(path, json={"quantity": 3}, headers={"if-match": '"2"'})
        assert (changed.status_code, changed.headers["etag"], changed.json()["units"]) == (200, '"3"', 4)
        gone = client.delete(path, headers={"if-match": "3"})
        assert (gone.status_code, gone.json()["units"]) == (200, 1)
        again = client.delete(path, headers={"if-match": "4"})
        assert (again.status_code, again.json()["code"]) == (404, "line_not_found")
        emptied = client.put("/api/cart", json={"items": []}, headers={"if-match": "4"})
        assert (emptied.json()["lines"], "cart-count" in client.cookies) == ([], False)


@pytest.mark.parametrize("quantity", [0, -1, 11, 1.5, "2", None, 10**30])
def test_a_quantity_that_is_none_is_refused_in_words(shop: Shop, quantity: object) -> None:
    with _browser(shop) as client:
        answer = client.post("/api/cart/lines", json={"product_id": shop.product(on_hand=9), "quantity": quantity})
        assert (answer.status_code, answer.json()["code"], "cart" in client.cookies) == (422, "invalid_input", False)


def test_a_password_that_a_proxy_asks_for_is_no_token(shop: Shop) -> None:
    with _browser(shop, authorization="Basic YXNoYTprdWxoYWQ=") as client:
        _add(client, shop.product(on_hand=9))
        assert client.get("/api/cart").json()["units"] == 1
        foreign = client.post(
            "/api/cart/lines", json={"product_id": "cups"}, headers={"origin": "https://evil.example"}
        )
        assert foreign.status_code == 401


def test_another_site_s_page_changes_nothing(shop: Shop) -> None:
    product_id = shop.product(on_hand=9)
    with _browser(shop) as client:
        cart = _add(client, product_id)
        path = f"/api/cart/lines/{cart['lines'][0]['id']}"
        for origin in ("https://elsewhere.example", "null", ""):
            foreign = {"origin": origin, "if-match": "1"}
            for method, at, body in (
                ("POST", "/api/cart/lines", {"product_id": product_id}),
                ("PUT", "/api/cart", {"items": []}),
                ("PATCH", path, {"quantity": 3}),
                ("DELETE", path, None),
            ):
                assert client.request(method, at, json=body, headers=foreign).status_code == 401
            posted = client.post("/api/cart/form", data={"product": product_id, "quantity": "1"}, headers=foreign)
            assert posted.headers.get("location") == "/cart#cart-invalid_token"
        assert client.get("/api/cart").json() == cart


def test_an_account_s_cart_goes_by_its_token_and_takes_over_the_browser_s(shop: Shop) -> None:
    product_id, token = shop.product(on_hand=99), _guest(shop)
    bearer = httpx.Client(base_url=shop.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    with _browser(shop) as client, bearer:
        _add(bearer, product_id, 2)
        _add(client, product_id, 3)
        client.cookies["session"] = token
        [line] = client.get("/api/cart").json()["lines"]
        assert (line["quantity"], line["merged"]) == (5, 3)
        assert bearer.get("/api/cart").json()["units"] == 5
        del client.cookies["session"]
        assert client.get("/api/cart").json()["lines"] == []


def test_who_signs_in_is_told_how_much_is_in_their_cart_and_who_signs_out_is_not(shop: Shop) -> None:
    product_id, email = shop.product(on_hand=99), f"{uuid4().hex}@example.in"
    account = {"form": "register", "email": email, "password": "kulhad-chai-first", "name": "Meera Iyer"}
    with _browser(shop) as client:
        client.post("/api/auth/enter", data=account)
        _add(client, product_id, 4)
        client.post("/api/auth/logout")
        assert "cart-count" not in client.cookies
        assert client.get("/api/cart").json()["lines"] == []
    with _browser(shop) as client:
        _add(client, product_id, 3)
        client.post("/api/auth/enter", data=account | {"form": "login"})
        assert client.cookies["cart-count"] == "7"


@pytest.mark.parametrize(
    ("typed", "leads_to", "remembered"),
    [
        (" 570 001", "/cart#content", "570001"),
        ("999999", "/cart#cart-pin", None),
        ("\u0967" * 6, "/cart#cart-pin", None),
        ("x" * 500, "/cart#cart-pin", None),
    ],
)
def test_a_browser_remembers_a_pin_that_a_post_office_has(
    shop: Shop, typed: str, leads_to: str, remembered: str | None
) -> None:
    with _browser(shop) as client:
        answer = client.post("/api/cart/form", data={"pin": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, leads_to)
        assert client.cookies.get("pin") == remembered
        foreign = client.post("/api/cart/form", data={"pin": "110001"}, headers={"origin": "https://evil.example"})
        assert (foreign.headers["location"], client.cookies.get("pin")) == ("/cart#cart-invalid_token", remembered)


def test_forms_add_and_change_and_lead_to_the_cart(shop: Shop) -> None:
    product_id = shop.product(on_hand=3)
    with _browser(shop) as client:

        def post(**fields: str) -> str:
            answer = client.post("/api/cart/form", data=fields)
            assert answer.status_code == 303, answer.text
            return answer.headers["location"]

        assert post(product=product_id, quantity="2") == "/cart#content"
        [line] = client.get("/api/cart").json()["lines"]
        assert post(line=line["id"], version="1", quantity="1") == "/cart#content"
        assert post(line=line["id"], version="1", quantity="3") == "/cart#cart-cart_changed"
        assert post(product=product_id, quantity="9") == "/cart#cart-out_of_stock"
        assert post(product="no-such-thing", quantity="1") == "/cart#cart-product_not_found"
        for nonsense in ("", "-1", "1e9", "\u0967", "9" * 40):
            assert post(product=product_id, quantity=nonsense) == "/cart#cart-invalid_input"
        assert client.get("/api/cart").json()["units"] == 1
        assert post(line=line["id"], version="2", quantity="0") == "/cart#content"
        assert client.get("/api/cart").json()["lines"] == []


def test_a_script_is_told_what_came_of_it(shop: Shop) -> None:
    product_id = shop.product(on_hand=2, name="Cups")
    with _browser(shop, accept="application/json") as client:
        told = [
            client.post("/api/cart/form", data={"product": product_id, "quantity": quantity}).json()["detail"]
            for quantity in ("1", "1", "1", "11")
        ]
    assert told == [
        "Added. There is 1 thing in your cart.",
        "Added. There are 2 things in your cart.",
        "Cups has only 2 left.",
        "2 of it are in your cart already. Choose 1 to 10.",
    ]


def test_the_page_of_a_cart_is_told_to_nobody_else_and_kept_by_nobody(shop: Shop) -> None:
    product_id = shop.product(on_hand=9, amount=48_000, name="Cups of mine")
    with _browser(shop) as client:
        _add(client, product_id, 2)
        shop.rows("UPDATE variants SET amount = 50000, on_hand = 1 WHERE id = :id", id=product_id)
        answer = client.get("/api/pages/data", params={"path": "/cart"})
        [line] = answer.json()["/cart"]["view"]["lines"]
        assert (answer.headers["cache-control"], line["name"], line["amount"]) == (
            "no-store",
            "Cups of mine",
            "₹1,000.00",
        )
        assert line["price_changed"] == "The price is ₹500.00 now. It was ₹480.00 when you put it here."
        assert (line["lacking"], line["take"], line["fewer"], line["more"]) == ("Only one is left.", "1", "1", "")
        assert answer.json()["/cart"]["view"]["ready"] is False
    nobody = httpx.get(f"{shop.url}/api/pages/data", params={"path": "/cart"}).json()["/cart"]["view"]
    assert (nobody["lines"], nobody["version"]) == ([], "0")


def test_an_order_goes_into_its_buyers_cart_again_and_says_what_it_lacks(shop: Shop) -> None:
    purchase = Purchase.begin(shop, on_hand=3, quantity=3)
    purchase.verify(purchase.hand_over()).raise_for_status()
    shop.rows("UPDATE variants SET on_hand = 2, amount = 50000 WHERE id = :id", id=purchase.product_id)
    for _ in range(2):
        answer = purchase.buyer.post("/cart/from-order", json={"order_id": purchase.order_id})
        told = answer.json()
        assert (answer.status_code, told["units"], answer.headers["etag"]) == (200, 2, f'"{told["version"]}"')
        [line] = told["wanted"]
        assert (line["ordered"], line["in_cart"], line["left"]) == (3, 2, 2)
        assert (line["was"], line["unit_amount"], line["is_had"]) == (48_000, 50_000, False)
    for nonsense in ({}, {"order_id": ""}, {"order_id": "x" * 99}, {"order_id": 7}, {"order_id": None}):
        assert purchase.buyer.post("/cart/from-order", json=nonsense).json()["code"] == "invalid_input"


def test_who_holds_the_link_to_an_order_puts_nothing_of_it_into_a_cart(shop: Shop) -> None:
    purchase = Purchase.begin(shop)
    key = httpx.URL(purchase.buyer.post(f"/orders/{purchase.order_id}/link").json()["link"]).params["key"]
    asked: dict[str, Any] = {"json": {"order_id": purchase.order_id}, "params": {"key": key}}
    with shop.buyer() as other, _browser(shop) as stranger:
        refused = [other.post("/cart/from-order", **asked), stranger.post("/api/cart/from-order", **asked)]
        assert [answer.json()["code"] for answer in refused] == ["order_not_found", "invalid_token"]
        assert other.get("/cart").json()["lines"] == stranger.get("/api/cart").json()["lines"] == []


def test_the_form_of_an_order_leads_to_the_cart_which_says_what_became_of_it(shop: Shop) -> None:
    purchase = Purchase.begin(shop, on_hand=9)
    shop.rows("UPDATE variants SET amount = 50000 WHERE id = :id", id=purchase.product_id)
    token = purchase.buyer.headers["authorization"].removeprefix("Bearer ")
    with _browser(shop) as client:

        def post(order_id: str) -> str:
            answer = client.post("/api/cart/form", data={"order": order_id})
            assert answer.status_code == 303, answer.text
            return answer.headers["location"]

        def said(path: str) -> Any:
            return client.get("/api/pages/data", params={"path": path}).json()[path]["view"]["again"]

        assert post("a&b/c") == "/login?next=%2Forders%2Fa%26b%2Fc"
        client.cookies["session"] = token
        assert post("01ARZ3NDEKTSV4RRFFQ69G5FAV") == "/cart#cart-order_not_found"
        assert post(purchase.order_id) == f"/cart?again={purchase.order_id}#content"
        assert client.cookies["cart-count"] == "1"
        told = said(f"/cart?again={purchase.order_id}")
        assert told["said"] == f"Everything of order {purchase.order['number']} is in your cart."
        assert told["but"] == ["Kulhad cups costs ₹500.00 now. It was ₹480.00 then."]
        assert said("/cart") == said("/cart?again=%00") == said("/cart?again=nobodys") == {"said": "", "but": []}
        del client.cookies["session"]
        assert said(f"/cart?again={purchase.order_id}") == {"said": "", "but": []}
