"""The forms of one's own account, as a browser without scripts posts them."""

from uuid import uuid4

import httpx
import pytest

from checkout_app.buyer.account.api import EVERYWHERE, OWN
from tests.support.people import appoint
from tests.support.processes import operate
from tests.support.shops import Shop
from tests.support.zones import ADDRESS

PASSWORD, NEW = "kulhad-chai-first", "kulhad-chai-second"
OWN_FORMS = ("send-verification", "change-password", "change-email", "end-session", "remove-address", "erase")
FORMS = (*OWN_FORMS, "set-up", "show")


class _Browser:
    """A browser with somebody's cookie."""

    def __init__(self, shop: Shop, token: str = "") -> None:
        self.shop, self.cookies = shop, {"session": token} if token else {}

    def post(self, form: str, **fields: str) -> str:
        """Post a form; returns where it led to."""
        with httpx.Client(cookies=self.cookies, headers={"origin": self.shop.url}, timeout=30) as client:
            answer = client.post(f"{self.shop.url}{OWN}", data={"form": form, **fields})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]


def _signed_up(shop: Shop) -> tuple[dict[str, str], str]:
    account = {"email": f"{uuid4().hex}@example.in", "password": PASSWORD}
    return account, _token(shop, "register", name="Meera Iyer", **account)


def _token(shop: Shop, how: str, **body: str) -> str:
    made = httpx.post(f"{shop.url}/api/auth/{how}", json=body, timeout=30).raise_for_status()
    return str(made.json()["access_token"])


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_and_a_guest_are_led_to_sign_in_first(shop: Shop, form: str) -> None:
    guest = _token(shop, "guest", email="asha@example.in")
    page = "%2Fsecond-factor" if form in {"set-up", "show"} else "%2Faccount"
    assert [_Browser(shop, token).post(form) for token in ("", "forged.token.here", guest)] == [
        f"/login?next={page}"
    ] * 3


def test_a_guest_keeps_what_they_bought_once_unless_their_address_has_an_account(shop: Shop) -> None:
    email = f"{uuid4().hex}@example.in"
    browser = _Browser(shop, _token(shop, "guest", email=email))
    assert browser.post("keep", password="short") == "#keep-password-wrong"
    assert [browser.post("keep", password=PASSWORD) for _ in range(2)] == ["/account?done=kept"] * 2
    assert _token(shop, "login", email=email, password=PASSWORD)
    again = _token(shop, "guest", email=email)
    assert _Browser(shop, again).post("keep", password=NEW) == "#keep-email_taken"
    headers = {"Authorization": f"Bearer {browser.cookies['session']}"}
    answer = httpx.post(f"{shop.url}/api/auth/keep", json={"password": NEW}, headers=headers, timeout=30)
    assert answer.json()["code"] == "not_permitted"
    assert _Browser(shop).post("keep", password=PASSWORD) == "/account?done=kept"


def test_what_is_wrong_is_said_at_its_place_and_changes_nothing(shop: Shop) -> None:
    account, token = _signed_up(shop)
    browser = _Browser(shop, token)
    assert browser.post("change-password", password="not it", new_password=NEW) == (
        "#change-password-invalid_credentials"
    )
    assert browser.post("change-password", password=PASSWORD, new_password="short") == (
        "#change-password-new_password-wrong"
    )
    assert browser.post("change-email", password=PASSWORD, email="nobody") == "#change-email-email-wrong"
    assert browser.post("erase", password="") == "#erase-invalid_credentials"
    assert browser.post("end-session", session="01ARZ3NDEKTSV4RRFFQ69G5FAV") == "#end-session-session_not_found"
    assert browser.post("show", code="000000") == "#show-not_permitted"
    assert browser.post("no-such-form") == "#no-such-form-form-wrong"
    assert _token(shop, "login", **account)


def test_one_of_ones_own_sign_ins_ends_and_then_all_but_nobody_elses(shop: Shop) -> None:
    account, token = _signed_up(shop)
    _, others = _signed_up(shop)
    _token(shop, "login", **account)

    def sign_ins(by: str) -> list[str]:
        headers = {"Authorization": f"Bearer {by}"}
        answer = httpx.get(f"{shop.url}/api/auth/sessions", headers=headers, timeout=30)
        return [known["id"] for known in answer.json()["items"]] if answer.is_success else []

    [own, elsewhere] = sign_ins(token)
    assert _Browser(shop, others).post("end-session", session=own) == "#end-session-session_not_found"
    assert _Browser(shop, token).post("end-session", session=elsewhere) == "/account?done=ended"
    assert sign_ins(token) == [own]
    assert _Browser(shop, token).post("end-session", session=EVERYWHERE) == "/"
    assert (sign_ins(token), len(sign_ins(others))) == ([], 1)


def test_an_address_that_is_kept_goes_at_its_owners_word_alone(shop: Shop) -> None:
    (_, token), (_, others) = _signed_up(shop), _signed_up(shop)
    headers = {"Authorization": f"Bearer {token}"}
    kept = httpx.post(f"{shop.url}/api/addresses", json=ADDRESS, headers=headers, timeout=30).raise_for_status().json()
    gone = "#remove-address-address_not_found"
    assert _Browser(shop, others).post("remove-address", address=kept["id"]) == gone
    assert _Browser(shop, token).post("remove-address", address=kept["id"]) == "/account?done=address"
    assert httpx.get(f"{shop.url}/api/addresses", headers=headers, timeout=30).json() == []


def test_the_operator_signs_an_account_out_wherever_it_is(shop: Shop) -> None:
    account, token = _signed_up(shop)
    ended = [operate(shop.environment, "sign-out", who).returncode for who in (account["email"], "a@x.in", "nobody")]
    assert ended == [0, 1, 2]
    assert _Browser(shop, token).post("send-verification") == "/login?next=%2Faccount"
    assert _token(shop, "login", **account)


def test_a_password_alone_changes_nothing_of_who_runs_the_shop(shop: Shop) -> None:
    account, _ = _signed_up(shop)
    appoint(shop, account["email"], PASSWORD)
    browser = _Browser(shop, _token(shop, "login", **account))
    for form in OWN_FORMS:
        assert browser.post(form, password=PASSWORD, new_password=NEW) == "/second-factor?next=%2Faccount"
    assert browser.post("show", code="000000") == "#show-factor_refused"
    assert _token(shop, "login", **account)
