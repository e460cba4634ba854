"""What buyers do on a day: fill carts, order, and pay, as it should be and oddly."""

from datetime import timedelta

import httpx

from checkout_app.checkout import service as checkout
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.orders import listing
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.payments import holds, reconcile
from tests.support.acts import other_gateway_order
from tests.support.day_hands import Hands
from tests.support.histories import AMOUNT
from tests.support.inside import put_on_shelf
from tests.support.untold import lapse
from tests.support.webhooks import new_event_id
from tests.support.zones import ADDRESS


class Buying(Hands):
    """Buyers."""

    async def fill_a_cart(self) -> None:
        """Put something into a cart, signed in and as a stranger; order by a coupon to an address, also by a quote."""
        (await self._post("/cart/lines", product_id=self.product_id)).raise_for_status()
        origin = {"origin": settings().allowed_origins[0]}
        async with httpx.AsyncClient(transport=self.shop._transport, base_url=self.shop.base_url) as stranger:  # noqa: SLF001
            line = {"product_id": self.product_id}
            (await stranger.post("/api/cart/lines", json=line, headers=origin)).raise_for_status()
            await stranger.get("/api/cart")
        (await self._post("/addresses", **ADDRESS)).raise_for_status()
        (await self._post("/merchant/coupons", code="DIWALI", kind="percent", value=1000, once=True)).raise_for_status()
        quoted = {"items": [{"product_id": self.product_id}], "coupon": "DIWALI", "pin": ADDRESS["pin"]}
        told = (await self._post("/checkout/quote", **quoted)).raise_for_status().json()
        for wanted in ({"quote_id": told["quote_id"]}, {"product_id": self.product_id, "coupon": "DIWALI"}):
            made = (await self._post("/checkout/order", **wanted, address=ADDRESS)).raise_for_status().json()
            async with database.write() as session:
                await orders.cancel(session, made["order_id"], await self._me(made["order_id"]))

    async def be_paid(self) -> None:
        """Be paid after a failure, unseen, while the gateway does not answer, and in the end not; look at it."""
        history, _ = await self._pay("failure")
        await history.act(("attempt", 0, "success"))
        for status in (201, 200):
            assert (await self._hand_over()).status_code == status
        await self._hear()
        await self._look_at(history.order_id)
        history, _ = await self._pay("authorized")
        await self._check(history.order_id)
        history, _ = await self._pay()
        self.inside.line.troubles += ["500"] * 3
        assert (await self._hand_over()).json()["status"] == "confirming"
        await self._check(history.order_id)

        history, _ = await self._pay("authorized")
        self.inside.line.troubles += [None, "500"] * 2  # it is told, and then can't be captured
        await history.act(("poll", 0, ""))
        await history.act(("release", -1, ""))
        await self._check(history.order_id)

    async def _look_at(self, order_id: str) -> None:
        page = await self._get("/orders", limit=1)
        await self._get("/orders", cursor=page["items"][0]["id"])
        assert (await self._get(f"/orders/{order_id}"))["payments"]
        link = (await self._post(f"/orders/{order_id}/link")).raise_for_status().json()["link"]
        await self._get(f"/orders/{order_id}", key=httpx.URL(link).params["key"])
        await self._get(f"/orders/{order_id}/status")
        async with database.read() as session:
            await listing.contents(session, [order_id])

    async def be_paid_oddly(self) -> None:
        """Be paid twice, too little, and after the order was cancelled or what it held was sold to others."""
        history, _ = await self._pay()
        await other_gateway_order(history, AMOUNT)
        await history.act(("attempt", 0, "success"))
        await other_gateway_order(history, AMOUNT // 2)
        await history.act(("attempt", 0, "success"))
        cancelled = await self._order()
        async with database.write() as session:
            await orders.cancel(session, cancelled.order_id, await self._me(cancelled.order_id))
        await cancelled.act(("attempt", 0, "success"))
        last = await put_on_shelf(1, AMOUNT, slug="last")
        late = await self._order(last)
        await lapse(late.order_id)
        assert await reconcile.check_due()
        await self._order(last)
        await late.act(("attempt", 0, "success"))
        await self._hear()

    async def not_be_paid(self) -> None:
        """Lose the gateway's replies, come back to an order, and let holds lapse without it."""
        self.inside.line.troubles += ["lost"]
        key = {"Idempotency-Key": new_event_id()}
        for status in (503, 200):
            answer = await self.shop.post("/api/checkout/order", json={"product_id": self.product_id}, headers=key)
            assert answer.status_code == status
        order_id = answer.json()["order_id"]
        await self._get(f"/orders/{order_id}/status")
        await checkout.resume(await self._me(order_id), order_id)
        self.inside.line.troubles += ["lost"]
        await self._post("/checkout/order", product_id=self.product_id)
        page = await self._get("/orders")
        await self._check(page["items"][0]["id"])
        await lapse(order_id, timedelta(minutes=5))
        async with database.write() as session:
            (await session.get_one(Order, order_id)).due_at = None
        await holds.end_lapsed()
        assert (await self._get(f"/orders/{order_id}"))["status"] == "expired"
