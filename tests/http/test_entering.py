"""The forms of the sign-in pages: what is wrong is said, a cookie is set, and nobody is sent elsewhere."""

from collections.abc import Mapping
from urllib.parse import quote

import httpx
import pytest

from checkout_app.buyer.login.api import ENTER
from tests.support.shops import Shop
from tests.support.webhooks import new_event_id

GUEST = {"form": "guest", "email": "asha@example.in", "name": "Asha Rao"}
PASSWORD = "a-long-enough-word"
FORMS = ("register", "login")
NEW = {"form": "register", "email": "new@example.in", "password": PASSWORD, "name": "Meera"}


def _post(
    shop: Shop, form: Mapping[str, str], *, to: str = "", scripted: bool = False, origin: str | None = None
) -> httpx.Response:
    ours = f"http://localhost:{shop.environment['PORT']}"
    headers = {"origin": ours if origin is None else origin, "accept": "application/json" if scripted else "text/html"}
    url = f"{shop.url}{ENTER}?next={quote(to, safe='')}"
    return httpx.post(url, data=dict(form), headers=headers, timeout=30)


def _account(shop: Shop) -> dict[str, str]:
    account = {"email": f"{new_event_id()}@example.in", "password": PASSWORD}
    assert _post(shop, {"form": "register", "name": "Meera", **account}).headers["location"] == "/"
    return account


@pytest.mark.parametrize("scripted", [True, False])
def test_whoever_is_let_in_has_a_cookie_and_goes_on(shop: Shop, *, scripted: bool) -> None:
    answer = _post(shop, GUEST, to="/checkout?product=a&quantity=2", scripted=scripted)
    led = answer.json()["next"] if scripted else answer.headers["location"]
    assert (answer.status_code, led) == (200 if scripted else 303, "/checkout?product=a&quantity=2")
    assert "HttpOnly" in answer.headers["set-cookie"]
    session = {"cookie": f"session={answer.cookies['session']}"}
    assert httpx.get(f"{shop.url}/api/orders", headers=session, timeout=30).json()["items"] == []


def test_the_guest_they_were_keeps_nothing_from_who_signs_in(shop: Shop) -> None:
    wanted, account, cookies = {"product_id": shop.product(on_hand=1)}, _account(shop), ""
    for form in (GUEST, {"form": "login", **account}):
        headers = {"origin": f"http://localhost:{shop.environment['PORT']}", "cookie": cookies}
        entered = httpx.post(f"{shop.url}{ENTER}", data=form, headers=headers, timeout=30)
        headers["cookie"] = cookies = f"session={entered.cookies['session']}"
        ordered = httpx.post(f"{shop.url}/api/checkout/order", json=wanted, headers=headers, timeout=30)
        assert ordered.status_code == 201


def test_an_account_is_made_and_signed_in_to(shop: Shop) -> None:
    answer = _post(shop, {"form": "login", **_account(shop)}, to="/orders")
    assert (answer.headers["location"], "session" in answer.cookies) == ("/orders", True)


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "x" * 400])
def test_nobody_is_sent_elsewhere(shop: Shop, to: str) -> None:
    assert _post(shop, GUEST, to=to).headers["location"] == "/"


@pytest.mark.parametrize(
    ("form", "place", "fields"),
    [
        ({"form": "guest", "email": "asha"}, "guest-email-wrong", ["email"]),
        ({**GUEST, "name": "x" * 81}, "guest-name-wrong", ["name"]),
        ({**NEW, "password": "short"}, "register-password-wrong", ["password"]),
        ({**NEW, "name": ""}, "register-name-wrong", ["name"]),
        ({"form": "login", "email": "nobody@example.in", "password": PASSWORD}, "login-invalid_credentials", []),
        ({"form": "login"}, "login-email-wrong", ["email"]),
        ({**GUEST, "form": "admin"}, "admin-form-wrong", ["form"]),
        ({}, "-form-wrong", ["form"]),
    ],
)
def test_what_is_wrong_is_said_at_its_place(shop: Shop, form: dict[str, str], place: str, fields: list[str]) -> None:
    plain, scripted = _post(shop, form), _post(shop, form, scripted=True)
    assert (plain.status_code, plain.headers["location"]) == (303, f"#{place}")
    assert list(scripted.json().get("fields", {})) == fields
    assert scripted.json()["detail"]
    assert not any("session" in answer.cookies for answer in (plain, scripted))


@pytest.mark.parametrize(
    "typed", ["Asha@Bücher.example", "asha@bu\u0308cher.example", "\ufeffASHA@xn--bcher-kva.example "]
)
def test_an_account_opens_with_its_address_however_it_is_typed(shop: Shop, typed: str) -> None:
    _post(shop, {**NEW, "email": "asha@bücher.example"})
    again, other = (_post(shop, {"email": typed, "password": PASSWORD, "name": "A", "form": form}) for form in FORMS)
    assert (again.headers["location"], other.headers["location"]) == ("#register-email_taken", "/")


def test_an_address_that_has_an_account_is_said(shop: Shop) -> None:
    answer = _post(shop, {"form": "register", "name": "Meera", **_account(shop)})
    assert answer.headers["location"] == "#register-email_taken"


def test_a_wrong_password_does_not_tell_whether_the_account_exists(shop: Shop) -> None:
    known = _account(shop)["email"]
    wrong = [{"form": "login", "email": email, "password": "not-the-password"} for email in (known, "x@example.in")]
    first, second = (_post(shop, form, scripted=True).json() for form in wrong)
    assert first == second


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example"])
def test_a_form_on_another_sites_page_lets_nobody_in(shop: Shop, origin: str) -> None:
    answer = _post(shop, GUEST, origin=origin)
    assert ("session" in answer.cookies, answer.headers["location"]) == (False, "#guest-invalid_token")


@pytest.mark.parametrize(
    "body", [b"", b"form=guest", b"form=guest&form=login", b"%00=%ff", b'{"form": "guest"}', b"email=" + b"x" * 100_000]
)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_a_body_of_the_wrong_shape_lets_nobody_in_and_breaks_nothing(shop: Shop, body: bytes, kind: str) -> None:
    headers = {"origin": f"http://localhost:{shop.environment['PORT']}", "content-type": kind}
    answer = httpx.post(f"{shop.url}{ENTER}", content=body, headers=headers, timeout=30)
    assert (answer.status_code in {303, 400}, "session" in answer.cookies) == (True, False)
