"""What the people of the shop do on a day, and what it does by itself."""

from datetime import timedelta

from checkout_app.core import clock, database
from checkout_app.journal import followers
from checkout_app.mail import service as mails
from checkout_app.merchant.orders.listing import View
from checkout_app.orders.models import Order
from checkout_app.payments import former_keys, jobs, reconcile, sweep
from checkout_app.server import alarms, retention, standing
from checkout_app.server import mails as letters
from razorpay_sandbox.payments import downtimes as banks
from tests.support.acts import at_the_bank, in_the_dashboard, refunds_end
from tests.support.day_hands import PASSWORD, Hands
from tests.support.histories import AMOUNT, History
from tests.support.webhooks import event
from tests.support.zones import ADDRESS


class Keeping(Hands):
    """The people of the shop, and its own work."""

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
                (await self._post("/auth/accept", link=link, password=PASSWORD, name="Packer")).raise_for_status()
        assert len((await self._get("/merchant/people"))["items"]) == 2
        one = f"/api/merchant/people/{packer}"
        (await self.shop.patch(one, json={"role": "viewer"})).raise_for_status()
        (await self._post(f"/merchant/people/{packer}/sign-out")).raise_for_status()
        for path in (one, f"/api/merchant/people/{invited['id']}"):
            (await self.shop.delete(path)).raise_for_status()

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

    async def _work_in_vain(self) -> None:
        """Take several orders on while the gateway does not answer."""
        made = [await self._order() for _ in range(10)]
        async with database.write() as session:
            for history in made:
                (await session.get_one(Order, history.order_id)).due_at = clock.now()
        self.inside.line.troubles += ["500"] * 30
        await reconcile.check_due()
        self.inside.line.troubles.clear()
