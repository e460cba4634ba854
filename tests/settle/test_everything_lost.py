"""Nobody tells the shop anything: no callback, no webhook. It finds out by asking, and puts everything right."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import DATABASES, new_database
from tests.support.buying import Purchase
from tests.support.shops import KEY_ID, KEY_SECRET, WEAK_SERVER, Gateway, Shop, running_gateway, running_shop
from tests.support.time_travel import advance, pass_time
from tests.support.waiting import until
from tests.support.webhooks import announce, new_event_id

HELD_MINUTES = 15


@pytest.fixture(scope="module", params=DATABASES)
def deaf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop with a gateway of its own that sends its webhooks nowhere."""
    folder = tmp_path_factory.mktemp("deaf")
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway(folder))
        url = new_database(request.param, request, folder)
        yield stack.enter_context(running_shop(folder, gateway, url))


@pytest.fixture
def faulty(deaf: Shop) -> Iterator[Gateway]:
    yield deaf.gateway
    deaf.gateway.set("faults", [])


def _payments_settle_within_two_minutes(shop: Shop, minutes: int) -> None:
    """Pay once a minute; whatever was paid two minutes ago is settled."""
    purchases = [Purchase.begin(shop) for _ in range(minutes)]
    for minute, purchase in enumerate(purchases):
        purchase.pay()
        advance(shop, 1)
        for made_two_minutes_ago in purchases[:minute]:
            assert made_two_minutes_ago.status == "paid", f"in minute {minute}"
    advance(shop, 1)
    for purchase in purchases:
        assert (purchase.status, purchase.allocations, purchase.stock) == ("paid", 1, (9, 0))


def test_a_payment_settles_within_two_minutes_whenever_it_is_made_while_its_items_are_held(deaf: Shop) -> None:
    _payments_settle_within_two_minutes(deaf, HELD_MINUTES - 2)


def test_control_without_asking_the_gateway_it_does_not_settle(gateway: Gateway, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    weak = running_shop(tmp_path, gateway, url, server=WEAK_SERVER, WITHOUT="asking")
    with weak as shop, pytest.raises(AssertionError, match="in minute 1"):
        _payments_settle_within_two_minutes(shop, 2)


def test_an_authorised_payment_is_captured(deaf: Shop) -> None:
    purchase = Purchase.begin(deaf)
    payment_id = purchase.pay(outcome="authorized")
    advance(deaf, 2)
    assert purchase.becomes("paid")
    assert purchase.allocations == 1
    assert deaf.gateway.fetch(f"payments/{payment_id}")["status"] == "captured"


def test_an_order_that_nobody_pays_expires_and_gives_its_items_back(deaf: Shop) -> None:
    purchase = Purchase.begin(deaf, on_hand=4)
    assert purchase.stock == (4, 1)
    advance(deaf, HELD_MINUTES + 3)
    assert purchase.becomes("expired")
    assert purchase.stock == (4, 0)


def _pay_late(purchase: Purchase) -> str:
    """Begin to pay in time, and let the bank agree after the hold has ended."""
    gateway = purchase.shop.gateway
    assert gateway.pay(purchase.razorpay_order_id, outcome="failure").status_code == 400
    [failed] = gateway.fetch(f"orders/{purchase.razorpay_order_id}/payments")["items"]
    advance(purchase.shop, HELD_MINUTES + 3)
    assert purchase.becomes("expired")
    agreed = {"payment_id": failed["id"], "outcome": "success"}
    httpx.post(f"{gateway.url}/_test/conclude", json=agreed).raise_for_status()
    return str(failed["id"])


def test_money_that_comes_after_the_hold_is_honoured_while_the_shelf_allows(deaf: Shop) -> None:
    purchase = Purchase.begin(deaf, on_hand=1)
    _pay_late(purchase)
    advance(deaf, 5)
    assert purchase.becomes("paid")
    assert (purchase.allocations, purchase.stock) == (1, (0, 0))


def test_money_that_comes_after_the_hold_goes_back_when_the_items_are_sold(deaf: Shop) -> None:
    purchase = Purchase.begin(deaf, on_hand=1)
    payment_id = _pay_late(purchase)
    deaf.rows("UPDATE variants SET on_hand = 0 WHERE id = :id", id=purchase.product_id)
    advance(deaf, 5)
    assert purchase.becomes("refunded")
    assert (purchase.allocations, purchase.stock) == (0, (0, 0))
    assert deaf.gateway.fetch(f"payments/{payment_id}")["amount_refunded"] == 48000


@pytest.mark.nightly
def test_a_bank_that_agrees_five_days_later_is_still_heard(deaf: Shop) -> None:
    purchase = Purchase.begin(deaf)
    gateway = deaf.gateway
    gateway.pay(purchase.razorpay_order_id, outcome="failure")
    [failed] = gateway.fetch(f"orders/{purchase.razorpay_order_id}/payments")["items"]
    advance(deaf, HELD_MINUTES + 3)
    _jump(deaf, 5 * 24 * 60 - 30)
    httpx.post(f"{gateway.url}/_test/conclude", json={"payment_id": failed["id"], "outcome": "success"})
    for _ in range(6):
        _jump(deaf, 12 * 60)
    assert purchase.becomes("paid")


def _jump(shop: Shop, minutes: int) -> None:
    """Let a long time pass at once; what was due in it is done at its end."""
    pass_time(shop.engine, timedelta(minutes=minutes - 1))
    advance(shop, 1)


def test_of_two_payments_for_one_order_the_second_goes_back(deaf: Shop) -> None:
    purchase = Purchase.begin(deaf)
    body = {"amount": 48000, "currency": "INR", "receipt": purchase.order_id, "payment": {"capture": "automatic"}}
    second = httpx.post(f"{deaf.gateway.url}/v1/orders", json=body, auth=(KEY_ID, KEY_SECRET)).json()
    row = "INSERT INTO gateway_orders (id, created_at, order_id, amount, currency, key_id) VALUES "
    row += "(:id, '2026-01-01 00:00:00', :order_id, 48000, 'INR', :key_id)"
    deaf.rows(row, id=second["id"], order_id=purchase.order_id, key_id=KEY_ID)
    payments = [purchase.pay(), deaf.gateway.pay(second["id"]).json()["razorpay_payment_id"]]
    advance(deaf, 3)
    until(
        lambda: deaf.rows("SELECT id FROM refunds WHERE order_id = :id AND status = 'processed'", id=purchase.order_id)
    )
    refunded = [deaf.gateway.fetch(f"payments/{payment_id}")["amount_refunded"] for payment_id in payments]
    assert sorted(refunded) == [0, 48000]
    assert purchase.becomes("paid")
    assert (purchase.allocations, purchase.stock) == (1, (9, 0))


def _order(buyer: httpx.Client, product_id: str, key: str) -> httpx.Response:
    return buyer.post("/checkout/order", json={"product_id": product_id}, headers={"Idempotency-Key": key})


def _a_lost_reply_makes_one_gateway_order(shop: Shop) -> None:
    buyer, product_id, key = shop.buyer(), shop.product(), new_event_id()
    shop.gateway.set("faults", [{"kind": "reply_lost", "method": "POST", "path": "/v1/orders", "count": 1}])
    assert _order(buyer, product_id, key).status_code == 503
    again = _order(buyer, product_id, key)
    assert again.status_code == 200
    found = shop.gateway.fetch("orders", receipt=again.json()["order_id"])["items"]
    assert [order["id"] for order in found] == [again.json()["razorpay_order_id"]]


def test_an_order_whose_creation_was_not_heard_back_from_is_found_by_its_receipt(deaf: Shop, faulty: Gateway) -> None:
    assert faulty is deaf.gateway
    _a_lost_reply_makes_one_gateway_order(deaf)


def test_control_without_looking_up_the_receipt_there_are_two(gateway: Gateway, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    with running_shop(tmp_path, gateway, url, server=WEAK_SERVER, WITHOUT="receipt") as weak:
        with pytest.raises(AssertionError):
            _a_lost_reply_makes_one_gateway_order(weak)
        gateway.set("faults", [])


def test_the_reconciler_adopts_such_an_order_when_the_buyer_does_not_come_back(deaf: Shop, faulty: Gateway) -> None:
    buyer, product_id, key = deaf.buyer(), deaf.product(), new_event_id()
    faulty.set("faults", [{"kind": "reply_lost", "method": "POST", "path": "/v1/orders", "count": 1}])
    assert _order(buyer, product_id, key).status_code == 503
    advance(deaf, 2)
    query = "SELECT g.id FROM gateway_orders g JOIN order_lines l ON l.order_id = g.order_id WHERE l.product_id = :id"
    [row] = until(lambda: deaf.rows(query, id=product_id), "the order to be adopted")
    assert _order(buyer, product_id, key).json()["razorpay_order_id"] == row["id"]


def test_an_outage_skips_no_check(deaf: Shop, faulty: Gateway) -> None:
    purchase = Purchase.begin(deaf)
    purchase.pay()
    faulty.set("faults", [{"kind": "500", "path": "/v1/*"}])
    advance(deaf, 4)
    assert purchase.allocations == 0
    faulty.set("faults", [])
    advance(deaf, 2)
    assert purchase.becomes("paid")
    assert purchase.allocations == 1


@pytest.mark.parametrize("answer", ["404", "garbled"])
def test_one_order_the_gateway_does_not_tell_about_asks_for_a_person_and_stops_no_other(
    deaf: Shop, answer: str
) -> None:
    lost, fine = Purchase.begin(deaf), Purchase.begin(deaf)
    fine.pay()
    strange = {"404": "order_AAAAAAAAAAAAAA", "garbled": "nonsense"}[answer]
    row = "INSERT INTO gateway_orders (id, created_at, order_id, amount, currency, key_id) VALUES "
    row += "(:id, '2026-01-01 00:00:00', :order_id, 48000, 'INR', :key_id)"
    deaf.rows(row, id=strange, order_id=lost.order_id, key_id=KEY_ID)
    advance(deaf, 2)
    assert fine.becomes("paid")
    until(lambda: lost.issues == ["unreadable"], "a person to be asked for")
    deaf.rows("DELETE FROM gateway_orders WHERE id = :id", id=strange)
    advance(deaf, 3)
    until(lambda: lost.issues == [], "the issue to solve itself")
    assert (lost.status, lost.events("attention"), lost.events("decided")) == ("created", 1, 1)


def test_a_payment_that_no_webhook_told_us_of_raises_the_alarm_within_five_minutes(deaf: Shop) -> None:
    _announce_everything(deaf)
    advance(deaf, 1)
    _until_health(deaf, lambda health: health["alarms"] == [])
    purchase = Purchase.begin(deaf)
    _pay_late(purchase)
    deaf.rows("UPDATE orders SET due_at = NULL WHERE id = :id", id=purchase.order_id)  # nobody follows it any more
    advance(deaf, 5)  # up to two until the sweep finds it, two of silence, and one until the watch comes round
    _until_health(deaf, lambda health: "webhooks reach us" in health["alarms"] and health["status"] == "degraded")
    _announce_everything(deaf)
    advance(deaf, 1)
    _until_health(deaf, lambda health: health["alarms"] == [])


def _announce_everything(shop: Shop) -> None:
    """Let a webhook tell of every captured payment, and wait until all of them were heard: the watch may look then."""
    told: set[str] = set()

    def all_are_heard() -> bool:
        silent = shop.rows("SELECT id FROM payments WHERE captured_at IS NOT NULL AND announced_at IS NULL")
        for payment_id in {row["id"] for row in silent} - told:
            announce(shop, "payment.captured", payment_id)
            told.add(payment_id)
        return not silent

    until(all_are_heard, "the webhooks to be heard")


def _until_health(shop: Shop, look: Callable[[dict[str, Any]], bool]) -> None:
    until(lambda: look(httpx.get(f"{shop.url}/api/health", timeout=30).json()), "the health to say so")
