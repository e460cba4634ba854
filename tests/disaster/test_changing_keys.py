"""Keys, secrets and passwords change while a payment window is open, each as docs/operations.md says.

The buyer pays in that window all the same, and the books are right afterwards.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.conftest import DATABASES, new_database
from tests.support.buying import Purchase, check, make_merchant
from tests.support.databases import blocking_engine, empty_with_password
from tests.support.shops import KEY_ID, KEY_SECRET, WEBHOOK_SECRET, Gateway, Shop, running_gateway, running_shop
from tests.support.waiting import until
from tests.support.webhooks import PATH

JWT, OTHER_JWT = "j" * 32, "J" * 32
LINK, OTHER_LINK = "l" * 32, "L" * 32


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway whose key nobody else needs."""
    with running_gateway(tmp_path) as running:
        yield running


@pytest.fixture(params=DATABASES)
def shop(request: pytest.FixtureRequest, gateway: Gateway, tmp_path: Path) -> Iterator[Shop]:
    """A shop in production, with a database of its own."""
    url = new_database(request.param, request, tmp_path)
    with running_shop(
        tmp_path, gateway, url, ENVIRONMENT="production", PUBLIC_URL="http://localhost", JWT_SECRET=JWT
    ) as running:
        yield running


def _begin_to_pay(purchase: Purchase) -> str:
    """Open the window and begin a payment in it; the payment's id."""
    url, wallet = purchase.shop.gateway.url, {"order_id": purchase.razorpay_order_id, "method": "wallet"}
    begun = httpx.post(f"{url}/v1/checkout/payments", json={"key_id": KEY_ID, **wallet}, timeout=30)
    return str(begun.raise_for_status().json()["id"])


def _pay(shop: Shop, payment_id: str) -> dict[str, str]:
    """Let the bank agree; what the window hands over."""
    answer = httpx.post(f"{shop.gateway.url}/_test/conclude", json={"payment_id": payment_id}, timeout=30)
    handed_over: dict[str, str] = answer.raise_for_status().json()
    return handed_over


def _link(shop: Shop, handed_over: dict[str, str]) -> str:
    """Come back from the payment without a session, as Razorpay leads there; the path of the order's link."""
    answer = httpx.post(f"{shop.url}/api/checkout/callback", data=handed_over, timeout=30)
    assert answer.status_code == 303
    return answer.headers["location"]


def _opens(shop: Shop, link: str) -> bool:
    return httpx.get(f"{shop.url}/api{link}", timeout=30).status_code == 200


def _all_is_well(shop: Shop, *purchases: Purchase) -> None:
    said = check(shop)
    assert (said.returncode, [purchase.status for purchase in purchases]) == (0, ["paid"] * len(purchases)), said.stdout


def test_the_key_pair_changes_and_the_old_one_ends_at_once(shop: Shop) -> None:
    earlier, purchase = Purchase.begin(shop), Purchase.begin(shop)
    earlier_payment = earlier.hand_over()
    assert earlier.verify(earlier_payment).status_code == 201
    payment_id = _begin_to_pay(purchase)
    new = httpx.post(f"{shop.gateway.url}/_test/keys", json={"grace": 0}, timeout=30).raise_for_status().json()
    present = {"RAZORPAY_KEY_ID": new["id"], "RAZORPAY_KEY_SECRET": new["secret"]}
    shop.restart(**present, RAZORPAY_KEY_ID_PREVIOUS=KEY_ID, RAZORPAY_KEY_SECRET_PREVIOUS=KEY_SECRET)
    assert purchase.verify(_pay(shop, payment_id)).json()["status"] == "paid"
    since = Purchase.begin(shop)
    assert since.verify(since.hand_over()).status_code == 201
    _all_is_well(shop, earlier, purchase, since)

    shop.restart(RAZORPAY_KEY_ID_PREVIOUS="", RAZORPAY_KEY_SECRET_PREVIOUS="")
    made_with = "SELECT DISTINCT key_id FROM gateway_orders"
    until(lambda: shop.rows(made_with) == [{"key_id": new["id"]}], "everything to go over to the present key")
    body = {"payment_id": earlier_payment["razorpay_payment_id"], "reason": "Chipped."}
    refund = make_merchant(shop, shop.buyer()).post("/merchant/refunds", json=body, headers={"Idempotency-Key": "one"})
    assert refund.status_code == 201
    refunded = "SELECT status FROM refunds"
    until(lambda: shop.rows(refunded) == [{"status": "processed"}], "the refund, whoever sends it")
    _all_is_well(shop, purchase, since)


def test_the_secret_of_webhooks_changes(shop: Shop) -> None:
    purchase, since = Purchase.begin(shop), Purchase.begin(shop)
    endpoint = {"endpoint": shop.url + PATH}
    shop.gateway.set("webhooks", endpoint)
    payment_id = _begin_to_pay(purchase)
    shop.restart(RAZORPAY_WEBHOOK_SECRET="whsec_new", RAZORPAY_WEBHOOK_SECRET_PREVIOUS=WEBHOOK_SECRET)
    _pay(shop, payment_id)
    shop.gateway.set("webhooks", endpoint | {"secret": "whsec_new"})
    since.pay()
    silent = "SELECT id FROM payments WHERE announced_at IS NOT NULL"
    until(lambda: len(shop.rows(silent)) == 2, "a webhook to announce both payments, each with its secret")
    _all_is_well(shop, purchase, since)


def test_the_secret_of_sign_ins_changes_and_every_link_goes_on(shop: Shop) -> None:
    earlier, purchase = Purchase.begin(shop), Purchase.begin(shop)
    link, payment_id = _link(shop, earlier.hand_over()), _begin_to_pay(purchase)
    shop.restart(JWT_SECRET=OTHER_JWT, LINK_SECRET=JWT)
    handed_over = _pay(shop, payment_id)
    assert purchase.verify(handed_over).json()["code"] == "invalid_token"
    assert [_opens(shop, each) for each in (link, _link(shop, handed_over))] == [True, True]
    _all_is_well(shop, earlier, purchase)


def test_the_secret_of_sign_ins_changes_and_nobody_is_signed_out(shop: Shop) -> None:
    earlier, purchase = Purchase.begin(shop), Purchase.begin(shop)
    link, payment_id = _link(shop, earlier.hand_over()), _begin_to_pay(purchase)
    shop.restart(JWT_SECRET=OTHER_JWT, JWT_SECRET_PREVIOUS=JWT)
    assert purchase.verify(_pay(shop, payment_id)).status_code == 201
    assert _opens(shop, link)
    _all_is_well(shop, earlier, purchase)


def test_the_secret_of_links_changes_and_links_go_on_until_the_one_before_it_is_taken_away(shop: Shop) -> None:
    shop.restart(LINK_SECRET=LINK)
    earlier, purchase = Purchase.begin(shop), Purchase.begin(shop)
    link, payment_id = _link(shop, earlier.hand_over()), _begin_to_pay(purchase)
    shop.restart(LINK_SECRET=OTHER_LINK, LINK_SECRET_PREVIOUS=LINK)
    handed_over = _pay(shop, payment_id)
    assert purchase.verify(handed_over).status_code == 201
    both = [link, _link(shop, handed_over)]
    assert [_opens(shop, each) for each in both] == [True, True]
    shop.restart(LINK_SECRET_PREVIOUS="")
    assert [_opens(shop, each) for each in both] == [False, True]
    _all_is_well(shop, earlier, purchase)


def test_the_databases_password_changes(gateway: Gateway, postgresql: str, tmp_path: Path) -> None:
    name = f"shop_{tmp_path.name}".replace("-", "_")
    url = empty_with_password(postgresql, name, "first")
    with psycopg.connect(postgresql, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" OWNER TO "{name}"'.encode())
    with running_shop(tmp_path, gateway, url) as shop:
        purchase = Purchase.begin(shop)
        payment_id = _begin_to_pay(purchase)
        with psycopg.connect(postgresql, autocommit=True) as server:
            server.execute(f"ALTER ROLE \"{name}\" PASSWORD 'second'".encode())
        shop.restart(DATABASE_URL=url.replace(":first@", ":second@"))
        shop.engine.dispose()
        shop.engine = blocking_engine(shop.environment["DATABASE_URL"])
        assert purchase.verify(_pay(shop, payment_id)).json()["status"] == "paid"
        _all_is_well(shop, purchase)
