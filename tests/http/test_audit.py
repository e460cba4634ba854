"""Who did what to accounts, money given back, and what the shop says is written down; only the shopkeeper reads it."""

from uuid import uuid4

import httpx
import pytest

from tests.support.people import appoint, at_work
from tests.support.processes import operate
from tests.support.shops import Shop


class _Account:
    """Somebody with an account."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.email, self.password = f"{uuid4().hex}@example.in", "kulhad-chai"
        self.made = self._post("register", name="Shopkeeper")

    def _post(self, what: str, **more: str) -> httpx.Response:
        body = {"email": self.email, "password": self.password, **more}
        return httpx.post(f"{self.shop.url}/api/auth/{what}", json=body, timeout=30)

    def sign_in(self, password: str = "") -> httpx.Response:
        """Try to sign in."""
        return self._post("login", password=password or self.password)

    def client(self) -> httpx.Client:
        """Return a client that is signed in and has shown a second factor."""
        return at_work(self.shop, self.email, self.password)


@pytest.fixture
def keeper(shop: Shop) -> _Account:
    """The shopkeeper."""
    account = _Account(shop)
    appoint(shop, account.email, account.password)
    return account


def _audit(client: httpx.Client, **query: str | int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get("/merchant/audit", params=query).raise_for_status().json()["items"]
    return found


def test_what_is_done_to_an_account_is_told_of_who_did_it(keeper: _Account) -> None:
    kinds = ["factor_set", "signed_in", "sign_in_refused", "appointed", "signed_in", "registered"]
    assert keeper.sign_in("not the password").status_code == 401
    with keeper.client() as client:
        own = [entry for entry in _audit(client, limit=100) if entry["actor_email"] == keeper.email]
        assert [entry["kind"] for entry in own] == kinds
        [invited] = [entry for entry in _audit(client, limit=100) if entry["kind"] == "invited"][:1]
    assert (invited["actor"], invited["subject_id"]) == ("operator", own[0]["actor_id"])
    assert (own[3]["actor"], own[3]["message"]) == ("merchant", "An account that was customer is owner now.")


def test_a_sign_in_to_no_account_is_told_too(shop: Shop, keeper: _Account) -> None:
    nobody = {"email": f"{uuid4().hex}@example.in", "password": "not the password"}
    assert httpx.post(f"{shop.url}/api/auth/login", json=nobody, timeout=30).status_code == 401
    with keeper.client() as client:
        entry = next(entry for entry in _audit(client) if entry["kind"] == "sign_in_refused")
    assert (entry["subject_id"], entry["actor_id"], entry["actor_email"]) == ("unknown", None, None)


def test_what_the_shop_says_is_told_with_what_it_said_before(shop: Shop, keeper: _Account) -> None:
    assert operate(shop.environment, "promise", "--shipping", "Sent on Mondays.").returncode == 0
    assert operate(shop.environment, "promise", "--shipping", "").returncode == 0
    with keeper.client() as client:
        back, said = [entry for entry in _audit(client) if entry["kind"] == "changed"][:2]
    assert back["data"] == {"what": "shipping_promise", "before": "Sent on Mondays.", "after": ""}
    assert said["message"] == "Shipping promise was “” and is “Sent on Mondays.” now."


def test_a_refund_is_told_once_of_who_asked_for_it(shop: Shop, keeper: _Account) -> None:
    buyer = shop.buyer()
    order = buyer.post("/checkout/order", json={"product_id": shop.product(amount=50_000)}).json()
    handed_over = shop.gateway.pay(order["razorpay_order_id"]).json()
    assert buyer.post("/checkout/payment", json=handed_over).json()["status"] == "paid"
    body = {"payment_id": handed_over["razorpay_payment_id"], "reason": "Sent back.", "amount": 100}
    with keeper.client() as client:
        for _ in range(2):
            asked = client.post("/merchant/refunds", json=body, headers={"Idempotency-Key": "once"})
        [entry] = [each for each in _audit(client) if each["subject_id"] == asked.json()["id"]]
    assert (entry["actor_email"], entry["message"]) == (keeper.email, "₹1.00 is to go back.")


def test_nobody_else_reads_it_and_it_is_read_a_page_at_a_time(shop: Shop, keeper: _Account) -> None:
    assert shop.buyer().get("/merchant/audit").status_code == 403
    with keeper.client() as client:
        first = client.get("/merchant/audit", params={"limit": 1}).json()
        second = client.get("/merchant/audit", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert first["items"][0]["id"] > second["items"][0]["id"]
