"""Sign-up, sign-in, guests and cookies over real HTTP, on both databases."""

import itertools

import httpx
import pytest

from tests.support.shops import Shop

_numbers = itertools.count(1)


def _address() -> str:
    return f"asha{next(_numbers)}@example.in"


def _post(shop: Shop, path: str, body: object, **headers: str) -> httpx.Response:
    return httpx.post(f"{shop.url}/api/auth/{path}", json=body, headers=headers, timeout=30)


def test_register_then_login(shop: Shop) -> None:
    email = _address()
    made = _post(shop, "register", {"email": email, "password": "kulhad-chai", "name": "Asha"})
    assert made.status_code == 201
    assert made.json()["token_type"] == "bearer"
    assert made.json()["expires_in"] > 0
    signed_in = _post(shop, "login", {"email": f" {email.upper()} ", "password": "kulhad-chai"})
    assert signed_in.status_code == 200
    token = signed_in.json()["access_token"]
    mine = httpx.get(f"{shop.url}/api/orders", headers={"Authorization": f"Bearer {token}"})
    assert mine.json() == {"items": [], "next_cursor": None}


def test_an_address_has_one_account(shop: Shop) -> None:
    body = {"email": _address(), "password": "kulhad-chai", "name": "Asha"}
    _post(shop, "register", body)
    again = _post(shop, "register", body)
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")


def test_a_guest_neither_takes_nor_opens_an_account(shop: Shop) -> None:
    email = _address()
    assert _post(shop, "guest", {"email": email}).status_code == 201
    assert _post(shop, "register", {"email": email, "password": "kulhad-chai", "name": "Asha"}).status_code == 201
    assert _post(shop, "guest", {"email": email}).status_code == 201


def test_a_guest_who_makes_an_account_midway_is_not_kept_away_by_their_own_order(shop: Shop) -> None:
    guest, wanted = shop.buyer(), {"product_id": shop.product(on_hand=1)}
    assert guest.post("/checkout/order", json=wanted).status_code == 201
    account = {"email": _address(), "password": "kulhad-chai", "name": "Asha"}
    sold_out = shop.buyer().post("/checkout/order", json=wanted)
    token = guest.post("/auth/register", json=account).json()["access_token"]
    mine = httpx.post(
        f"{shop.url}/api/checkout/order", json=wanted, headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    assert (sold_out.status_code, mine.status_code) == (409, 201)
    assert [order["status"] for order in guest.get("/orders").json()["items"]] == ["cancelled"]


def test_who_takes_over_a_browser_from_another_account_has_nothing_of_its_orders(shop: Shop) -> None:
    accounts = [{"email": _address(), "password": "kulhad-chai", "name": "Asha"} for _ in range(2)]
    wanted = {"product_id": shop.product(on_hand=1)}
    headers: dict[str, str] = {}
    answers = []
    for account in accounts:
        token = _post(shop, "register", account, **headers).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answers.append(httpx.post(f"{shop.url}/api/checkout/order", json=wanted, headers=headers, timeout=30))
    assert [answer.status_code for answer in answers] == [201, 409]


def test_wrong_password_and_unknown_address_look_alike(shop: Shop) -> None:
    email = _address()
    _post(shop, "register", {"email": email, "password": "kulhad-chai", "name": "Asha"})
    wrong = _post(shop, "login", {"email": email, "password": "something else"})
    unknown = _post(shop, "login", {"email": _address(), "password": "something else"})
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json()["code"] == "invalid_credentials"


def test_guessing_a_password_is_slowed_down(shop: Shop) -> None:
    email = _address()
    answers = (_post(shop, "login", {"email": email, "password": f"guess {n}"}) for n in range(30))
    refused = next(answer for answer in answers if answer.status_code != 401)  # not the 11th when a minute ends
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "no address", "password": "kulhad-chai", "name": "Asha"}, "email"),
        ({"email": "a@example.in", "password": "short", "name": "Asha"}, "password"),
        ({"email": "a@example.in", "password": "₹" * 129, "name": "Asha"}, "password"),
        ({"email": "a@example.in", "password": "kulhad-chai", "name": "  "}, "name"),
        ({"email": "a@example.in", "password": "kulhad-chai", "name": "nul \0"}, "name"),
        ({"email": "a@example.in", "password": "kulhad-chai"}, "name"),
        ({"email": 7, "password": "kulhad-chai", "name": "Asha"}, "email"),
    ],
)
def test_each_wrong_field_gets_its_sentence(shop: Shop, body: dict[str, object], field: str) -> None:
    answer = _post(shop, "register", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert field in answer.json()["fields"]


def test_text_that_no_database_keeps_is_422(shop: Shop) -> None:
    assert _post(shop, "login", {"email": "a\0b", "password": "kulhad-chai"}).status_code == 422


def test_a_cookie_works_only_from_our_own_pages(shop: Shop) -> None:
    token = shop.buyer().headers["Authorization"].removeprefix("Bearer ")
    cookie, product = f"session={token}", shop.product()
    order = f"{shop.url}/api/checkout/order"
    ours = f"http://localhost:{shop.environment['PORT']}"
    body = {"product_id": product}
    assert httpx.post(order, json=body, headers={"cookie": cookie, "origin": ours}).status_code == 201
    assert httpx.post(order, json=body, headers={"cookie": cookie, "origin": "https://evil.example"}).status_code == 401
    assert httpx.post(order, json=body, headers={"cookie": cookie}).status_code == 401


def test_signing_in_ends_the_account_that_was_signed_in_and_no_guest(shop: Shop) -> None:
    guest = shop.buyer()
    accounts = [{"email": _address(), "password": "kulhad-chai", "name": "Asha"} for _ in range(2)]
    headers = {"Authorization": guest.headers["Authorization"]}
    tokens = []
    for account in accounts:
        tokens.append(_post(shop, "register", account, **headers).json()["access_token"])
        headers = {"Authorization": f"Bearer {tokens[-1]}"}
    first, second = (
        httpx.get(f"{shop.url}/api/orders", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in tokens
    )
    assert (guest.get("/orders").status_code, first, second) == (200, 401, 200)


def test_a_form_ends_the_sign_in_that_its_cookie_named(shop: Shop) -> None:
    account = {"email": _address(), "password": "kulhad-chai", "name": "Asha"}
    former = _post(shop, "register", account).json()["access_token"]
    ours = {"origin": f"http://localhost:{shop.environment['PORT']}", "cookie": f"session={former}"}
    answer = httpx.post(f"{shop.url}/api/auth/enter", data={**account, "form": "login"}, headers=ours, timeout=30)
    assert answer.status_code == 303
    mine = httpx.get(f"{shop.url}/api/orders", headers={"Authorization": f"Bearer {former}"})
    assert mine.status_code == 401


def test_what_somebody_is_told_of_themselves_is_kept_nowhere(shop: Shop) -> None:
    buyer = shop.buyer()
    for answer in (buyer.get("/orders"), buyer.get("/orders/none"), _post(shop, "guest", {"email": _address()})):
        assert answer.headers["cache-control"] == "no-store", answer.url


def test_signing_out_ends_the_session_everywhere(shop: Shop) -> None:
    buyer = shop.buyer()
    token = buyer.headers["Authorization"].removeprefix("Bearer ")
    ours = f"http://localhost:{shop.environment['PORT']}"
    answer = httpx.post(f"{shop.url}/api/auth/logout", headers={"cookie": f"session={token}", "origin": ours})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert buyer.get("/orders").status_code == 401
