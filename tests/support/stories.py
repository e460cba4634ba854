"""Purchases in a shop that can die at any place, told so that they come to an end whatever happens on the way."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from checkout_app.orders.moves import api_status
from checkout_app.payments import downtimes
from tests.conftest import new_database
from tests.support.buying import make_merchant
from tests.support.shops import Shop, running_gateway, running_shop
from tests.support.time_travel import pass_time
from tests.support.waiting import until
from tests.support.webhooks import deliver, event, new_event_id
from tests.support.zones import ADDRESS

AMOUNT = 48000
"""What is paid: two things come to as much, a tenth is taken off, and their way costs that."""
CUPS, TEA, SENDING = 30000, 9000, 4800
PAID_FOR_TEA = 8100
"""For one of it."""
BACK = PAID_FOR_TEA + SENDING // 2
"""What is refunded: one of it, and half of what its way cost."""
LOOKS_A_PASSING = 60


@dataclass
class Stage:
    """The shop, its gateway and the places at which it can die."""

    shop: Shop
    points: Path
    kind: str
    """The database's."""

    def arm(self, point: str) -> None:
        """Let the server die when it comes by this place, or let the gateway hear a call twice: `twice POST …`."""
        draft = self.points / "draft"
        draft.write_text(point)
        draft.rename(self.points / "arm")

    @property
    def armed(self) -> bool:
        """Whether it has not come by yet."""
        return (self.points / "arm").exists()

    def passed(self) -> list[str]:
        """The places it came by since the last look, each once."""
        passed = self.points / "passed"
        lines = passed.read_text().splitlines() if passed.exists() else []
        passed.unlink(missing_ok=True)
        return list(dict.fromkeys(lines))


@dataclass
class Story:
    """One purchase in which everybody tries again until it worked, as people and gateways do."""

    stage: Stage
    copies: int = 1
    gateway_orders: int = 1
    """How many there are in the end. Only the gateway itself can make a second one, and nobody can pay it."""
    key: str = field(default_factory=new_event_id)
    product_id: str = ""
    tea: str = ""
    """The other thing: two units of it are ordered, and one more comes into the cart afterwards."""
    coupon: str = ""
    order_id: str = ""
    razorpay_order_id: str = ""
    buyer: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        pass_time(self.shop.engine, downtimes.PACE)  # so that every story comes by whatever comes round
        self.product_id, self.tea = self.shop.product(on_hand=3, amount=CUPS), self.shop.product(on_hand=9, amount=TEA)
        self.coupon, self.buyer = self.shop.coupon(1000), self._insist_on(self.shop.buyer)

    @property
    def shop(self) -> Shop:
        """The shop it happens in."""
        return self.stage.shop

    def _insist_on(self, act: Callable[[], Any]) -> Any:
        def attempt() -> Any:
            try:
                answer = act()
            except (httpx.TransportError, httpx.HTTPStatusError):
                return None
            if isinstance(answer, httpx.Response) and answer.status_code >= 500:
                pass_time(self.shop.engine, timedelta(seconds=20))  # people try again after a while
                return None
            return answer

        return until(attempt, "an answer")

    def _send(self, act: Callable[[], httpx.Response]) -> dict[str, Any]:
        """Do it until it works; several copies at once when that is the test."""
        with ThreadPoolExecutor(self.copies) as pool:
            answers = list(pool.map(lambda _: self._insist_on(act), range(self.copies)))
        for answer in answers:
            answer.raise_for_status()
        body: dict[str, Any] = answers[0].json()
        return body

    def order(self) -> None:
        """Order all of a cart by a coupon, to an address, and put one more into it afterwards."""
        self._fill_cart({self.product_id: 1, self.tea: 2})
        headers, body = {"Idempotency-Key": self.key}, {"coupon": self.coupon, "address": ADDRESS}
        made = self._send(lambda: self.buyer.post("/checkout/cart", json=body, headers=headers))
        self.order_id, self.razorpay_order_id = made["order_id"], made["razorpay_order_id"]
        self._fill_cart({self.product_id: 1, self.tea: 3})

    def _fill_cart(self, wanted: Mapping[str, int]) -> None:
        """Look what is in the cart, and let this be in it."""
        items = [{"product_id": product_id, "quantity": quantity} for product_id, quantity in wanted.items()]

        def fill() -> httpx.Response:
            seen = self.buyer.get("/cart").raise_for_status().json()
            return self.buyer.put("/cart", json={"items": items}, headers={"If-Match": str(seen["version"])})

        self._insist_on(fill).raise_for_status()

    @property
    def in_cart(self) -> dict[str, int]:
        """What is in the cart, and how many of it."""
        lines = self._insist_on(lambda: self.buyer.get("/cart")).raise_for_status().json()["lines"]
        return {line["product_id"]: line["quantity"] for line in lines}

    def pay(self, outcome: str = "success") -> dict[str, str]:
        """Pay at the gateway, whose own faults are not for this call."""
        return dict(self.shop.gateway.pay(self.razorpay_order_id, outcome=outcome).raise_for_status().json())

    def verify(self, handed_over: dict[str, str]) -> None:
        """Hand over what the modal handed over."""
        self._send(lambda: self.buyer.post("/checkout/payment", json=handed_over))

    def announce(self, payment_id: str) -> None:
        """Deliver the webhook, again until it is acknowledged."""
        body, event_id = event("payment.captured", payment={"id": payment_id}), new_event_id()
        self._send(lambda: deliver(self.shop, body, event_id=event_id))

    def refund(self, payment_id: str) -> None:
        """Refund one unit of the other thing, and half of what its way cost, as the shopkeeper."""
        make_merchant(self.shop, self.buyer)
        line = "SELECT id FROM order_lines WHERE order_id = :order AND product_id = :tea"
        [row] = self.shop.rows(line, order=self.order_id, tea=self.tea)
        headers, lines = {"Idempotency-Key": self.key}, [{"line_id": row["id"], "quantity": 1}]
        body = {"payment_id": payment_id, "lines": lines, "delivery": SENDING // 2, "reason": "Sent back."}
        self._send(lambda: self.buyer.post("/merchant/refunds", json=body, headers=headers))

    def ship(self) -> None:
        """Ship the first thing, what is left of the order as one of several, and take the first thing back."""
        line = "SELECT id FROM order_lines WHERE order_id = :order AND product_id = :cups"
        [row] = self.shop.rows(line, order=self.order_id, cups=self.product_id)
        cups, order = {"lines": [{"line_id": row["id"], "quantity": 1}]}, f"/merchant/orders/{self.order_id}"
        for path, body in (
            (f"{order}/shipments", {**cups, "carrier": "India Post"}),
            ("/merchant/shipments", {"order_ids": [self.order_id], "carrier": "India Post"}),
            (f"{order}/returns", {**cups, "restock": True}),
        ):
            headers = {"Idempotency-Key": f"{self.key}{path}"}
            self._send(partial(self.buyer.post, path, json=body, headers=headers))

    def status(self) -> str:
        """The order's status."""
        [row] = self.shop.rows("SELECT state, payment_status FROM orders WHERE id = :id", id=self.order_id)
        return api_status(row["state"], row["payment_status"])

    def wait_for(self, status: str, *, passing: timedelta = timedelta(minutes=2)) -> None:
        """Let time pass, and the shop work at whatever is due then, until the order has a status."""
        self._let_time_pass(lambda: self.status() == status, f"the order to be {status}", passing)

    def wait_for_nobody(self) -> None:
        """Let time pass until the order waits for no person: what only the gateway kept back solves itself."""
        waiting = "SELECT kind FROM issues WHERE subject_id = :id AND resolved_at IS NULL"
        nobody = partial(self.shop.rows, waiting, id=self.order_id)
        self._let_time_pass(lambda: not nobody(), "every issue to be closed", timedelta(minutes=2))

    def _let_time_pass(self, come_true: Callable[[], bool], what: str, passing: timedelta) -> None:
        looks = itertools.count(1)

        def look() -> bool:
            if come_true():
                return True
            if next(looks) % LOOKS_A_PASSING == 1:
                pass_time(self.shop.engine, passing)
            return False

        until(look, what)


def bought(story: Story) -> None:
    """Ordered, paid, verified, announced, a unit refunded, the rest shipped in two parcels, one of them back again."""
    story.order()
    handed_over = story.pay()
    story.verify(handed_over)
    story.announce(handed_over["razorpay_payment_id"])
    story.wait_for("paid")  # a gateway that did not answer left it confirming, and such money can't be refunded yet
    story.refund(handed_over["razorpay_payment_id"])
    story.wait_for("partially_refunded")
    story.ship()
    sent = (
        "SELECT came_back, units FROM shipment_lines JOIN shipments ON shipments.id = shipment_id WHERE order_id = :id"
    )
    rows = story.shop.rows(sent, id=story.order_id)
    assert sorted((bool(row["came_back"]), row["units"]) for row in rows) == [(False, 1), (False, 1), (True, 1)]
    _check(story, refunded=BACK, stock=(3, 0), allocations=1)


def never_told(story: Story) -> None:
    """Ordered and only authorised, and then nobody tells the shop."""
    story.order()
    story.pay("authorized")
    story.wait_for("paid")
    _check(story, refunded=0, stock=(2, 0), allocations=1)


def paid_too_late(story: Story) -> None:
    """Paid after the hold ended and the shelf was sold empty."""
    story.order()
    story.wait_for("expired", passing=timedelta(minutes=16))
    story.shop.rows("UPDATE variants SET on_hand = 0 WHERE id = :id", id=story.product_id)
    handed_over = story.pay()
    story.announce(handed_over["razorpay_payment_id"])
    story.wait_for("refunded")
    _check(story, refunded=AMOUNT, stock=(0, 0), allocations=0)


STORIES = {story.__name__.replace("_", " "): story for story in (bought, never_told, paid_too_late)}


def _check(story: Story, *, refunded: int, stock: tuple[int, int], allocations: int) -> None:
    shop = story.shop
    shop.gateway.set("faults", [])
    assert (shop.stock(story.product_id), shop.stock(story.tea)) == (stock, (9 - 2 * allocations, 0))
    assert shop.used(story.coupon) == allocations
    back = "SELECT refunds.amount FROM refund_parts JOIN refunds ON refunds.id = refund_id WHERE order_id = :id"
    assert [row["amount"] for row in shop.rows(back, id=story.order_id)] == [BACK] * 2 * (refunded == BACK)
    assert story.in_cart == ({story.tea: 1} if allocations else {story.product_id: 1, story.tea: 3})
    [count] = shop.rows("SELECT count(*) AS n FROM payment_allocations WHERE order_id = :id", id=story.order_id)
    assert count["n"] == allocations
    assert shop.gateway.fetch("orders", receipt=story.order_id)["count"] == story.gateway_orders
    payments = shop.gateway.fetch(f"orders/{story.razorpay_order_id}/payments")["items"]
    assert [(payment["captured"], payment["amount_refunded"]) for payment in payments] == [(True, refunded)]
    story.wait_for_nobody()


@contextmanager
def running_stage(
    request: pytest.FixtureRequest, folder: Path, kind: str = "sqlite", without: str = ""
) -> Iterator[Stage]:
    """Run a shop that can die and its gateway, with one guard switched off if that is asked for."""
    server, url = "tests/support/crash_server.py", new_database(kind, request, folder)
    with (
        running_gateway(folder) as gateway,
        running_shop(folder, gateway, url, server=server, POINTS=str(folder), WITHOUT=without) as shop,
    ):
        shop.charge_everywhere(SENDING)
        yield Stage(shop, folder, kind)
