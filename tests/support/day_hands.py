"""What a day in the shop is lived with: its API, orders and payments, and what the gateway tells."""

from dataclasses import dataclass
from typing import Any

import httpx

from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database
from checkout_app.orders.models import Order
from checkout_app.payments import reconcile, webhooks
from tests.support.histories import History
from tests.support.inside import Inside
from tests.support.shops import KEY_ID
from tests.support.webhooks import PATH, new_event_id, sign

PASSWORD = "a password of some length"


@dataclass
class Hands:
    """The shop over HTTP, what it sells, and its gateway."""

    inside: Inside
    shop: httpx.AsyncClient
    product_id: str
    heard: int = 0
    """How much of what the gateway has told arrived."""

    async def _get(self, path: str, /, **query: Any) -> Any:
        return (await self.shop.get(f"/api{path}", params=query)).raise_for_status().json()

    async def _post(self, path: str, **body: Any) -> httpx.Response:
        return await self.shop.post(f"/api{path}", json=body, headers={"Idempotency-Key": new_event_id()})

    async def _order(self, product_id: str = "") -> History:
        """Order one unit."""
        answer = await self._post("/checkout/order", product_id=product_id or self.product_id)
        made = answer.raise_for_status().json()
        return History(self.inside, made["order_id"], self.product_id, gateway_order_ids=[made["razorpay_order_id"]])

    async def _hand_over(self) -> httpx.Response:
        """Hand over what the modal hands over about the newest payment."""
        payment = self.inside.entities("payment")[-1]
        signature = self.inside.gateway.sign(KEY_ID, f"{payment['order_id']}|{payment['id']}")
        return await self._post(
            "/checkout/payment",
            razorpay_order_id=payment["order_id"],
            razorpay_payment_id=payment["id"],
            razorpay_signature=signature,
        )

    async def _pay(self, how: str = "success") -> tuple[History, str]:
        """Order one unit and pay it; the payment's id."""
        history = await self._order()
        await history.act(("attempt", 0, how))
        return history, str(self.inside.entities("payment")[-1]["id"])

    async def _hear(self, *told: bytes) -> None:
        """Receive what the gateway has told meanwhile, and handle it."""
        news = self.inside.events()[self.heard :]
        self.heard += len(news)
        for event_id, body in [(new_event_id(), body) for body in told] + news:
            headers = {"X-Razorpay-Signature": sign(body), "X-Razorpay-Event-Id": event_id}
            (await self.shop.post(PATH, content=body, headers=headers)).raise_for_status()
        await webhooks.handle_due()

    async def _check(self, order_id: str) -> None:
        """Let an order be due, and everything that is due be looked at."""
        async with database.write() as session:
            (await session.get_one(Order, order_id)).due_at = clock.now()
        assert await reconcile.check_due()

    async def _me(self, order_id: str) -> Identity:
        async with database.read() as session:
            order = await session.get_one(Order, order_id)
        return Identity(order.buyer_id, "", order.email, order.name, Role.OWNER)
