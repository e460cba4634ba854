"""A day in the shop: everything that buyers, the shopkeeper, the gateway and the shop's own work ask of its books."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from checkout_app.accounts import people
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.login.api import ENTER
from checkout_app.catalog import service as catalog
from checkout_app.checkout import service as checkout
from checkout_app.core import clock, database
from checkout_app.core.settings import settings
from checkout_app.journal import followers
from checkout_app.journal.actors import OPERATOR
from checkout_app.mail import service as mails
from checkout_app.merchant.orders.listing import View
from checkout_app.orders import listing
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.payments import downtimes, former_keys, holds, jobs, reconcile, sweep, webhooks
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme
from checkout_app.server import alarms, retention, standing
from checkout_app.server import mails as letters
from checkout_app.server.api import build_api
from razorpay_sandbox.payments import downtimes as banks
from tests.support.acts import at_the_bank, in_the_dashboard, other_gateway_order, refunds_end
from tests.support.factors import digits
from tests.support.histories import AMOUNT, History
from tests.support.inside import Inside, put_on_shelf
from tests.support.shops import KEY_ID
from tests.support.untold import lapse
from tests.support.webhooks import PATH, event, new_event_id, sign
from tests.support.zones import ADDRESS

_PASSWORD = "a password of some length"


async def live_a_day(inside: Inside) -> None:
    """Let everything happen once that happens in a shop."""
    transport = httpx.ASGITransport(build_api())
    async with httpx.AsyncClient(transport=transport, base_url=settings().public_url) as client:
        day = _Day(inside, client, await put_on_shelf(100, AMOUNT))
        await day.look_around()
        await day.sign_in()
        await day.fill_a_cart()
        await day.be_paid()
        await day.be_paid_oddly()
        await day.not_be_paid()
        await day.ship()
        await day.give_back()
        await day.be_disputed()
        await day.work()
        await day.keep_the_shelf()
        await day.look_back()
        await day.leave()


@dataclass
class _Day:
    inside: Inside
    shop: httpx.AsyncClient
    product_id: str
    heard: int = 0
    """How much of what the gateway has told arrived."""

    async def _get(self, path: str, /, **query: Any) -> Any:
        return (await self.shop.get(f"/api{path}", params=query)).raise_for_status().json()

    async def _post(self, path: str, **body: Any) -> httpx.Response:
        return await self.shop.post(f"/api{path}", json=body, headers={"Idempotency-Key": new_event_id()})

    async def look_around(self) -> None:
        """Look at the shelf, at a product, and whether the shop is well."""
        shelf = await self._get("/products", limit=2)
        await self._get("/products", cursor=shelf["next_cursor"], limit=2)
        await self._get("/products", query="cups", category="Table")
        await self._get(f"/products/{self.product_id}")
        assert (await self._get("/health"))["status"] == "ok"
        async with database.read() as session:
            assert await catalog.offers(session, limit=20)
            await downtimes.active(session)

    async def sign_in(self) -> None:
        """Come as a guest, with a new account, through a page, and as the shopkeeper; stay signed in as that."""
        (await self._post("/auth/guest", email="asha@example.in")).raise_for_status()
        account = {"email": "keeper@example.in", "password": _PASSWORD}
        (await self._post("/auth/register", name="Keeper", **account)).raise_for_status()
        link = await people.invite(account["email"], Role.OWNER, OPERATOR)
        accepted = await self._post("/auth/accept", link=link, password=_PASSWORD, name="Keeper")
        accepted.raise_for_status()
        await seller.choose_tax_scheme(TaxScheme.REGULAR)
        own_page = {"origin": settings().allowed_origins[0]}
        answer = await self.shop.post(ENTER, data={"form": "login", **account}, headers=own_page)
        assert answer.status_code == 303
        assert (await self.shop.post("/api/auth/logout", headers=own_page)).status_code == 303
        token = (await self._post("/auth/login", **account)).raise_for_status().json()["access_token"]
        self.shop.headers["authorization"] = f"Bearer {token}"
        begun = (await self._post("/auth/factor")).raise_for_status().json()
        confirmed = await self._post("/auth/factor/confirm", code=digits(begun["secret"]))
        (await self._post("/auth/step-up", code=confirmed.raise_for_status().json()["codes"][0])).raise_for_status()

    # --- buying ------------------------------------------------------------------------------------------------------

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

    async def _me(self, order_id: str) -> Identity:
        async with database.read() as session:
            order = await session.get_one(Order, order_id)
        return Identity(order.buyer_id, "", order.email, order.name, Role.OWNER)

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

    async def ship(self) -> None:
        """Send an order elsewhere, in two parcels, of which one arrives; take a unit back, and cancel another order."""
        answer = await self._post("/checkout/order", product_id=self.product_id, quantity=2, address=ADDRESS)
        made = answer.raise_for_status().json()
        history = History(self.inside, made["order_id"], self.product_id, gateway_order_ids=[made["razorpay_order_id"]])
        await history.act(("attempt", 0, "success"))
        await self._hear()
        order = f"/merchant/orders/{made['order_id']}"
        [line] = (await self._get(f"{order}/shipments"))["lines"]
        one = [{"line_id": line["line_id"], "quantity": 1}]
        (await self._post(f"{order}/notes", note="Call before noon.")).raise_for_status()
        elsewhere = {**ADDRESS, "line1": "4, Station Road"}
        (await self.shop.put(f"/api{order}/address", json=elsewhere)).raise_for_status()
        for page in ("together", "slips", "labels"):
            await self._get("/merchant/pages/data", path=f"/merchant/orders/{page}?ids={made['order_id']}")
        for wanted in ({"lines": one}, {}):
            shipped = await self._post(f"{order}/shipments", carrier="India Post", **wanted)
            parcel = shipped.raise_for_status().json()
        (await self._post(f"/merchant/shipments/{parcel['id']}/delivered")).raise_for_status()
        (await self._post(f"{order}/returns", lines=one, restock=True)).raise_for_status()
        told = (await self._get(order))["mails"]
        (await self._post(f"{order}/mails", event_id=told[0]["event_id"])).raise_for_status()
        unpaid = await self._order()
        (await self._post(f"/merchant/orders/{unpaid.order_id}/cancel")).raise_for_status()

    # --- money back --------------------------------------------------------------------------------------------------

    async def give_back(self) -> None:
        """Refund a part, then the rest; a line; in the dashboard; against the bank's will; see a refund come back."""
        history, payment_id = await self._pay()
        await self._hear()
        for amount in (1000, None):
            (await self._post("/merchant/refunds", payment_id=payment_id, amount=amount, reason="R")).raise_for_status()
        _, payment_id = await self._pay()
        await self._hear()
        [line] = (await self._get(f"/merchant/payments/{payment_id}/refundable"))["lines"]
        lines = [{"line_id": line["line_id"], "quantity": 1}]
        (await self._post("/merchant/refunds", payment_id=payment_id, lines=lines, reason="R")).raise_for_status()
        _, payment_id = await self._pay()
        await self._hear()
        refunds_end(history, "no_balance")
        (await self._post("/merchant/refunds", payment_id=payment_id, amount=500, reason="R")).raise_for_status()
        refunds_end(history, "pending")
        in_the_dashboard(history, payment_id, 700)
        await sweep.sweep_due()
        await reconcile.check_due()
        at_the_bank(history, "failed")
        await self._hear()
        refunds_end(history, "processed")

    async def be_disputed(self) -> None:
        """Hear of a dispute, twice, and do something about everything that waits for a person."""
        _, payment_id = await self._pay()
        await self._hear()
        for stage in ("created", "under_review"):
            await self._hear(event(f"payment.dispute.{stage}", dispute={"id": "disp_1", "payment_id": payment_id}))
        await self._get("/merchant/pages/data", path="/merchant/needs")
        page = await self._get("/merchant/issues", limit=5)
        page = await self._get("/merchant/issues", cursor=page["next_cursor"], limit=100)
        for issue in page["items"]:
            answer = await self._post(f"/merchant/issues/{issue['id']}/resolve", note="It was looked at.")
            assert answer.status_code in {201, 409}

    # --- its own work ------------------------------------------------------------------------------------------------

    async def work(self) -> None:
        """Do what nobody waits for; also write mails of what happens, and tell how the shop stands."""
        letters.register()
        try:
            await self._pay()
            await self._hear()
            banks.start(self.inside.gateway, {"method": "upi"})
            daily = former_keys.WORK  # which looks at everything, on purpose
            works = (*jobs.WORK, followers.work(mails._follower()), alarms.WORK, mails.WORK)  # noqa: SLF001
            for work in (work for work in works if work is not daily):
                await work.round()
                await work.next_at()
        finally:
            followers.forget("mail")
        assert await standing._ask()  # noqa: SLF001 - anew, whatever was told before
        await self._work_in_vain()

    async def keep_the_shelf(self) -> None:
        """Find products, make one and a copy of it, change it, and read on its page what was done to it."""
        page = await self._get("/merchant/products", limit=1)
        await self._get("/merchant/products", cursor=page["items"][0]["id"], search="cups")
        made = (await self._post("/merchant/products", name="Bowl", category="Table", amount=AMOUNT)).json()
        at = f"/api/merchant/products/{made['id']}"
        (await self.shop.patch(at, json={"amount": AMOUNT + 100, "sku": "BOWL"})).raise_for_status()
        (await self.shop.put(f"{at}/stock", json={"stock": 3})).raise_for_status()
        (await self._post(f"/merchant/products/{made['id']}/duplicate")).raise_for_status()
        for page in ("products", "products/new", f"products/{made['id']}"):
            await self._get("/merchant/pages/data", path=f"/merchant/{page}")

    async def look_back(self) -> None:
        """Find orders, read who did what, and let go of messages, carts and quotes that nobody needs any more."""
        for view in View:
            [order, *_] = (await self._get("/merchant/orders", view=view, limit=2))["items"]
        shown = await self._get(f"/merchant/orders/{order['id']}")
        payments = [shown["payments"][0][name] for name in ("id", "gateway_order_id")] if shown["payments"] else []
        for typed in (
            order["number"],
            order["id"],
            order["email"],
            *payments,
        ):  # words are looked for in as many orders as there are here
            await self._get("/merchant/orders", search=typed, view=View.TO_SHIP)
            await self._get("/merchant/orders", search=typed, limit=2)
        await self._get("/merchant/today")
        today = clock.day_of(clock.now()).isoformat()
        for view in (View.PAID, View.REFUNDED):
            await self._get("/merchant/orders", view=view, day=today)
        await self._manage_people()
        for asked in ({"group": "people"}, {"by": "operator"}, {"day": today}, {"about": order["number"]}):
            await self._get("/merchant/audit", **asked)
        await self._get("/merchant/audit", about="keeper@example.in")
        page = await self._get("/merchant/audit", limit=2)
        await self._get("/merchant/audit", limit=2, cursor=page["next_cursor"])
        page = await self._get("/merchant/webhooks", limit=2)
        page = await self._get("/merchant/webhooks", limit=2, cursor=page["next_cursor"])
        told = page["items"][0]["id"]
        assert (await self._get(f"/merchant/webhooks/{told}"))["body"]
        (await self._post(f"/merchant/webhooks/{told}/handle")).raise_for_status()
        await retention.forget_messages(clock.now() - timedelta(days=180))
        await retention.forget_carts(clock.now() - timedelta(days=5_000))
        await retention.forget_quotes(clock.now() - timedelta(days=5_000))

    async def _manage_people(self) -> None:
        """Invite two, of whom one accepts, is something else, signed out and dismissed; call the other off."""
        for email in ("packer@example.in", "nobody@example.in"):
            made = await self._post("/merchant/people", email=email, role="shipper")
            invited = made.raise_for_status().json()
            if email.startswith("packer"):
                link, packer = invited["link"].partition("link=")[2], invited["id"]
                (await self._post("/auth/accept", link=link, password=_PASSWORD, name="Packer")).raise_for_status()
        assert len((await self._get("/merchant/people"))["items"]) == 2
        one = f"/api/merchant/people/{packer}"
        (await self.shop.patch(one, json={"role": "viewer"})).raise_for_status()
        (await self._post(f"/merchant/people/{packer}/sign-out")).raise_for_status()
        for path in (one, f"/api/merchant/people/{invited['id']}"):
            (await self.shop.delete(path)).raise_for_status()

    async def leave(self) -> None:
        """Come back by a mailed code, see where one is signed in and what the shop knows, and be erased."""
        account = {"email": "meera@example.in", "password": _PASSWORD}
        (await self._post("/auth/register", name="Meera", **account)).raise_for_status()
        (await self._post("/auth/code", email="asha@example.in")).raise_for_status()
        assert (await self._post("/auth/enter-code", email="asha@example.in", code="000000")).status_code == 422
        token = (await self._post("/auth/login", **account)).raise_for_status().json()["access_token"]
        self.shop.headers["authorization"] = f"Bearer {token}"
        assert len((await self._get("/auth/sessions"))["items"]) == 2
        await self._get("/auth/export")
        (await self._post("/auth/erase", password=_PASSWORD)).raise_for_status()

    async def _work_in_vain(self) -> None:
        """Take several orders on while the gateway does not answer."""
        made = [await self._order() for _ in range(10)]
        async with database.write() as session:
            for history in made:
                (await session.get_one(Order, history.order_id)).due_at = clock.now()
        self.inside.line.troubles += ["500"] * 30
        await reconcile.check_due()
        self.inside.line.troubles.clear()
