"""A purchase, step by step, as a buyer's client makes it; and what the books say afterwards."""

import subprocess
from dataclasses import dataclass
from typing import Any, Self

import httpx
import jwt

from checkout_app.orders.moves import api_status
from tests.support.processes import operate, operating
from tests.support.shops import Shop
from tests.support.waiting import until


@dataclass
class Purchase:
    """One order of one product and the client of its buyer."""

    shop: Shop
    buyer: httpx.Client
    product_id: str
    order_id: str
    razorpay_order_id: str

    @classmethod
    def begin(cls, shop: Shop, *, on_hand: int | None = 10, amount: int = 48000, **more: Any) -> Self:
        """Put a product on the shelf and order it as a new guest."""
        product_id, buyer = shop.product(on_hand=on_hand, amount=amount), shop.buyer()
        answer = buyer.post("/checkout/order", json={"product_id": product_id, **more}).raise_for_status().json()
        return cls(shop, buyer, product_id, answer["order_id"], answer["razorpay_order_id"])

    def pay(self, **how: Any) -> str:
        """Pay at the gateway and tell nobody; returns the payment's id."""
        return str(self.hand_over(**how)["razorpay_payment_id"])

    def hand_over(self, **how: Any) -> dict[str, str]:
        """Pay at the gateway and return what the modal hands over."""
        handed_over: dict[str, str] = self.shop.gateway.pay(self.razorpay_order_id, **how).raise_for_status().json()
        return handed_over

    def verify(self, handed_over: dict[str, str]) -> httpx.Response:
        """Hand over to the shop what the modal handed over."""
        return self.buyer.post("/checkout/payment", json=handed_over)

    @property
    def order(self) -> dict[str, Any]:
        """The order's row."""
        [row] = self.shop.rows("SELECT * FROM orders WHERE id = :id", id=self.order_id)
        return row

    @property
    def status(self) -> str:
        """The order's status, in the API's word."""
        return api_status(self.order["state"], self.order["payment_status"])

    def becomes(self, status: str) -> bool:
        """Wait until the work under way has brought the order to a status; fails when it does not."""
        return until(lambda: self.status == status, f"the order to be {status}")

    @property
    def stock(self) -> tuple[int, int]:
        """Units on hand and units held."""
        return self.shop.stock(self.product_id)

    @property
    def allocations(self) -> int:
        """How many payments the order was paid with."""
        [row] = self.shop.rows("SELECT count(*) AS n FROM payment_allocations WHERE order_id = :id", id=self.order_id)
        return int(row["n"])

    @property
    def issues(self) -> list[str]:
        """Why the order waits for a person: the kinds of its open issues."""
        query = "SELECT kind FROM issues WHERE subject_id = :id AND resolved_at IS NULL ORDER BY id"
        return [str(row["kind"]) for row in self.shop.rows(query, id=self.order_id)]

    def events(self, kind: str) -> int:
        """How many entries of a kind the order's timeline has."""
        query = "SELECT count(*) AS n FROM events WHERE subject_id = :id AND kind = :kind"
        [row] = self.shop.rows(query, id=self.order_id, kind=kind)
        return int(row["n"])


def make_merchant(shop: Shop, client: httpx.Client) -> httpx.Client:
    """Make whoever is signed in the shopkeeper."""
    token = client.headers["Authorization"].removeprefix("Bearer ")
    user_id = jwt.decode(token, options={"verify_signature": False})["sub"]
    shop.rows("UPDATE users SET role = 'merchant', email = :email WHERE id = :id", id=user_id, email=f"{user_id}@x.in")
    shop.rows("UPDATE sessions SET factor_at = created_at WHERE user_id = :id", id=user_id)
    return client


def read_issues(merchant: httpx.Client, order_id: str) -> list[tuple[str, str]]:
    """Read the whole list of open issues and return those of an order: kinds and messages."""
    found: list[tuple[str, str]] = []
    cursor = ""
    while cursor is not None:
        page = merchant.get("/merchant/issues", params={"limit": 50, "cursor": cursor}).raise_for_status().json()
        found += [(item["kind"], item["message"]) for item in page["items"] if item["order_id"] == order_id]
        cursor = page["next_cursor"]
    return found


def check(shop: Shop, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the operator's `check` with the shop's settings; what differs is read again once unless told otherwise."""
    return operate(shop.environment, "check", *(options or ("--patience", "0")))


def checking(shop: Shop) -> subprocess.Popen[str]:
    """Start the operator's `check` as an operator does."""
    return operating(shop.environment, "check")
