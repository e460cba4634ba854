"""Two shop processes on one database and everything at the same instant: the effect is as if it came one by one.

Each race has a control run in which the guard that decides it is switched off; there the same race must be lost.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.buying import Purchase, make_merchant
from tests.support.cart_races import (
    CART_RACES,
    one_coupon_for_many_buyers,
    tabs_that_change_one_cart,
    tabs_that_merge_as_somebody_signs_in,
    the_last_unit_across_carts,
)
from tests.support.pair import Pair, Race, at_once, counted, is_lost, named, running_pair
from tests.support.shops import Gateway, Shop
from tests.support.time_travel import pass_time
from tests.support.waiting import until
from tests.support.webhooks import announce, new_event_id

BUYERS = 200
HOLDS = 10


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, gateway: Gateway) -> Iterator[Pair]:
    with running_pair(request, tmp_path_factory.mktemp("pair"), gateway, request.param) as running:
        yield running


def _refund(client: httpx.Client, payment_id: str, amount: int) -> httpx.Response:
    body = {"payment_id": payment_id, "amount": amount, "reason": "Sent back."}
    return client.post("/merchant/refunds", json=body, headers={"Idempotency-Key": new_event_id()})


def _refund_line(client: httpx.Client, payment_id: str, line_id: str) -> httpx.Response:
    body = {"payment_id": payment_id, "lines": [{"line_id": line_id, "quantity": 1}], "reason": "Sent back."}
    return client.post("/merchant/refunds", json=body, headers={"Idempotency-Key": new_event_id()})


def _paid(shop: Shop, **more: Any) -> tuple[Purchase, str]:
    purchase = Purchase.begin(shop, **more)
    handed_over = purchase.hand_over()
    assert purchase.verify(handed_over).status_code == 201
    return purchase, handed_over["razorpay_payment_id"]


def one_unit_for_many_buyers(pair: Pair, buyers: int = BUYERS) -> None:
    """Of many buyers of the last unit exactly one gets an order."""
    product = pair.one.product(on_hand=1)
    clients = [pair.of(number).buyer() for number in range(buyers)]
    answers = at_once([lambda c=client: c.post("/checkout/order", json={"product_id": product}) for client in clients])  # type: ignore[misc]
    assert counted(answers) == {201: 1, 409: buyers - 1}
    assert pair.one.rows("SELECT on_hand, held FROM variants WHERE id = :id", id=product) == [{"on_hand": 1, "held": 1}]
    [count] = pair.one.rows("SELECT count(*) AS n FROM order_lines WHERE product_id = :id", id=product)
    assert count["n"] == 1


def one_key_fifty_times(pair: Pair) -> None:
    """Fifty copies of one request make one order here and one at the gateway."""
    buyer, product = pair.one.buyer(), pair.one.product(on_hand=50)
    urls = [f"{pair.of(number).url}/api/checkout/order" for number in range(50)]
    headers = {**buyer.headers, "Idempotency-Key": new_event_id()}
    body = {"product_id": product}
    answers = at_once([lambda u=url: httpx.post(u, json=body, headers=headers, timeout=60) for url in urls])  # type: ignore[misc]
    assert counted(answers) == {201: 1, 200: 49}
    [order_id] = {answer.json()["order_id"] for answer in answers}
    assert pair.one.gateway.fetch("orders", receipt=order_id)["count"] == 1
    assert pair.one.rows("SELECT held FROM variants WHERE id = :id", id=product) == [{"held": 1}]


def everybody_tells_at_once(pair: Pair) -> None:
    """The browser, Razorpay's callback, webhooks and the reconciler tell of one payment at the same instant."""
    purchase = Purchase.begin(pair.one, on_hand=5)
    handed_over = purchase.hand_over(outcome="authorized")
    callback = f"{pair.two.url}/api/checkout/callback"
    announced = [
        lambda s=shop, n=name: announce(s, n, handed_over["razorpay_payment_id"])
        for shop, name in ((pair.one, "payment.authorized"), (pair.two, "payment.captured"))
    ]
    pass_time(pair.one.engine, timedelta(minutes=2))  # both reconcilers find it due
    verify = f"{pair.two.url}/api/checkout/payment"
    answers = at_once(
        [
            *announced,
            *[lambda: purchase.verify(handed_over)] * 4,
            *[lambda: httpx.post(verify, json=handed_over, headers=purchase.buyer.headers, timeout=60)] * 4,
            *[lambda: httpx.post(callback, data=handed_over, timeout=60)] * 4,
        ]
    )
    assert max(answer.status_code for answer in answers) < 400
    until(lambda: purchase.status == "paid", "the order to be paid")
    _until_quiet(pair.one)
    assert (purchase.allocations, purchase.stock, purchase.events("paid")) == (1, (4, 0), 1)


def refunds_never_exceed_the_payment(pair: Pair) -> None:
    """Of ten refunds of more than half, exactly one is made."""
    purchase, payment_id = _paid(pair.one, amount=50000)
    clients = [make_merchant(pair.one, pair.of(number).buyer()) for number in range(10)]
    answers = at_once([lambda c=client: _refund(c, payment_id, 30000) for client in clients])  # type: ignore[misc]
    assert counted(answers) == {201: 1, 409: 9}
    assert purchase.becomes("partially_refunded")  # at once, or soon when a worker was quicker to take it
    assert pair.one.gateway.fetch(f"payments/{payment_id}")["amount_refunded"] == 30000
    assert purchase.events("refund") == 1


def one_unit_goes_back_once(pair: Pair) -> None:
    """Of ten refunds of the same unit one is made, though money enough is left for all of them."""
    items = [{"product_id": pair.one.product(amount=amount)} for amount in (2000, 48000)]
    buyer = pair.one.buyer()
    order = buyer.post("/checkout/order", json={"items": items}).raise_for_status().json()
    purchase = Purchase(pair.one, buyer, items[0]["product_id"], order["order_id"], order["razorpay_order_id"])
    handed_over = purchase.hand_over()
    assert purchase.verify(handed_over).status_code == 201
    payment_id = handed_over["razorpay_payment_id"]
    line = "SELECT id FROM order_lines WHERE order_id = :order AND product_id = :product"
    [row] = pair.one.rows(line, order=purchase.order_id, product=purchase.product_id)
    clients = [make_merchant(pair.one, pair.of(number).buyer()) for number in range(10)]
    answers = at_once([partial(_refund_line, client, payment_id, row["id"]) for client in clients])
    assert counted(answers) == {201: 1, 409: 9}
    assert purchase.becomes("partially_refunded")
    assert pair.one.gateway.fetch(f"payments/{payment_id}")["amount_refunded"] == 2000


def refund_against_webhook(pair: Pair) -> None:
    """A refund is asked for while webhooks and the dashboard's refund of the same payment arrive."""
    purchase, payment_id = _paid(pair.one, amount=50000)
    auth = (pair.one.environment["RAZORPAY_KEY_ID"], pair.one.environment["RAZORPAY_KEY_SECRET"])
    dashboard = f"{pair.one.gateway.url}/v1/payments/{payment_id}/refund"
    client = make_merchant(pair.one, pair.one.buyer())
    at_once(
        [
            lambda: _refund(client, payment_id, 20000),
            lambda: httpx.post(dashboard, json={"amount": 10000}, auth=auth, timeout=60),
            lambda: announce(pair.one, "refund.created", payment_id),
            lambda: announce(pair.two, "refund.processed", payment_id),
        ]
    )
    announce(pair.two, "payment.captured", payment_id)
    until(lambda: _refunded(pair.one, payment_id) == 30000, "both refunds to be known")
    assert pair.one.gateway.fetch(f"payments/{payment_id}")["amount_refunded"] == 30000
    assert (purchase.status, purchase.events("refund")) == ("partially_refunded", 2)
    rows = pair.one.rows("SELECT amount FROM refunds WHERE payment_id = :id ORDER BY amount", id=payment_id)
    assert [row["amount"] for row in rows] == [10000, 20000]


def hold_ends_while_paying(pair: Pair, holds: int = HOLDS) -> None:
    """The money comes at the instant at which a worker ends the hold: the order is paid, or expired and then paid.

    Somebody else holds a unit of the same product all the while.
    """
    purchases = [Purchase.begin(pair.of(number), on_hand=2) for number in range(holds)]
    for purchase in purchases:
        assert pair.one.buyer().post("/checkout/order", json={"product_id": purchase.product_id}).is_success
    pair.one.rows("UPDATE orders SET due_at = NULL")
    ended = "UPDATE orders SET expires_at = created_at, due_at = created_at WHERE id = :id"

    def end(purchase: Purchase) -> None:
        pair.one.rows(ended, id=purchase.order_id)

    def taken(purchase: Purchase) -> bool:
        order = purchase.order
        return order["due_at"] not in {None, order["created_at"]}

    def pay(purchase: Purchase) -> None:
        until(partial(taken, purchase), "a worker to take the order")
        assert purchase.verify(purchase.hand_over()).is_success

    at_once([partial(act, purchase) for act in (end, pay) for purchase in purchases])
    for purchase in purchases:
        assert purchase.becomes("paid")
        assert (purchase.allocations, purchase.stock) == (1, (1, 1))


def _refunded(shop: Shop, payment_id: str) -> int:
    [row] = shop.rows("SELECT amount_refunded FROM payments WHERE id = :id", id=payment_id)
    return int(row["amount_refunded"])


def _until_quiet(shop: Shop) -> None:
    until(lambda: not shop.rows("SELECT id FROM webhook_events WHERE handled_at IS NULL"), "webhooks to be handled")


RACES = (
    one_unit_for_many_buyers,
    one_key_fifty_times,
    everybody_tells_at_once,
    refunds_never_exceed_the_payment,
    one_unit_goes_back_once,
    refund_against_webhook,
    hold_ends_while_paying,
    *CART_RACES,
)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_a_race_has_one_effect(pair: Pair, race: Race) -> None:
    race(pair)


def refund_against_webhook_without_unique_ids(pair: Pair) -> None:
    """The same in a database that would keep one refund of the gateway twice."""
    pair.one.rows("ALTER TABLE refunds DROP CONSTRAINT IF EXISTS uq_refunds_gateway_refund_id")
    refund_against_webhook(pair)


AT_NIGHT: tuple[tuple[str, str, Race], ...] = (
    ("sqlite", "hold lock", partial(one_unit_for_many_buyers, buyers=30)),  # there, taking turns is a guard as well
    ("sqlite", "lease receipt", one_key_fifty_times),  # looking the receipt up nearly makes up for the lease
    ("sqlite", "lock", refunds_never_exceed_the_payment),
    ("sqlite", "lock", one_unit_goes_back_once),
    ("sqlite", "lock", partial(hold_ends_while_paying, holds=2)),
    ("postgresql", "hold", partial(one_unit_for_many_buyers, buyers=30)),
    ("postgresql", "lease receipt", one_key_fifty_times),
    ("postgresql", "lock", refunds_never_exceed_the_payment),
    ("postgresql", "lock", one_unit_goes_back_once),
    ("postgresql", "lock", refund_against_webhook_without_unique_ids),  # either guard alone keeps the refunds apart
    ("postgresql", "lock", partial(hold_ends_while_paying, holds=2)),
    *(
        (kind, without, race)
        for kind in ("sqlite", "postgresql")
        for without, race in (
            ("hold lock" if kind == "sqlite" else "hold", partial(the_last_unit_across_carts, buyers=30)),
            ("coupon", partial(one_coupon_for_many_buyers, buyers=30)),
        )
    ),
    ("postgresql", "version", tabs_that_change_one_cart),  # on SQLite taking turns is guard enough
    ("postgresql", "version", tabs_that_merge_as_somebody_signs_in),
)
CONTROL = ("postgresql", "lock", everybody_tells_at_once)
"""The one that runs every time: what is lost without a guard is lost slowly."""


@pytest.mark.parametrize(
    ("kind", "without", "race"),
    [CONTROL, *(pytest.param(*each, marks=pytest.mark.nightly) for each in AT_NIGHT)],
    ids=named,
)
def test_control_without_its_guard_the_race_is_lost(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    gateway: Gateway,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    without: str,
    race: Race,
) -> None:
    with running_pair(request, tmp_path, gateway, kind, without) as weak:
        is_lost(weak, race, monkeypatch)
