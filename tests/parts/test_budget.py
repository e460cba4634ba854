"""What each list and page asks of PostgreSQL: an exact budget of round trips, the same however much there is to show.

Who makes one cheaper lowers its figure here; who makes one dearer has to say why.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import httpx
import pytest

from checkout_app.cart.models import MAX_LINES
from checkout_app.catalog import files
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.ids import new_id
from checkout_app.journal.actors import OPERATOR
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import pulse, settle
from checkout_app.payments import service as payments
from checkout_app.payments.models import Downtime, WebhookEvent
from checkout_app.payments.record import gather
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.seller.complaints import service as complaints
from checkout_app.seller.policies import service as policies
from checkout_app.seller.policies.models import PolicyKind
from checkout_app.server import health, readiness
from checkout_app.server.api import build_api
from checkout_app.server.crawlers import guide_crawlers
from checkout_app.ui.page import _registered
from tests.states.driver import open_tab
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, keep_shop, pdf, put_on_shelf
from tests.support.statements import trips

API: Final[Mapping[str, int]] = {
    "/api/cart": 2,
    "/api/products": 1,
    "/api/products/{id_or_slug}": 1,
    "/api/delivery/{pin}": 1,
    "/api/addresses": 2,
    "/api/orders": 1,
    "/api/orders/{order_id}": 12,
    "/api/orders/{order_id}/files/{line_id}": 8,
    "/api/orders/{order_id}/status": 10,
    "/api/auth/sessions": 2,
    "/api/auth/export": 12,
    "/api/auth/factor": 2,
    "/api/merchant/audit": 2,
    "/api/merchant/audit.csv": 2,
    "/api/merchant/coupons": 2,
    "/api/merchant/issues": 7,
    "/api/merchant/webhooks": 2,
    "/api/merchant/webhooks/{webhook_id}": 2,
    "/api/merchant/orders/{order_id}/shipments": 9,
    "/api/merchant/orders": 3,
    "/api/merchant/orders.csv": 2,
    "/api/merchant/orders/{order_id}": 13,
    "/api/merchant/products": 2,
    "/api/merchant/products.csv": 2,
    "/api/merchant/products/{product_id}": 2,
    "/api/merchant/products/{product_id}/variants": 2,
    "/api/merchant/categories": 2,
    "/api/merchant/payments/{payment_id}/refundable": 7,
    "/api/merchant/complaints": 2,
    "/api/merchant/live": 16,
    "/api/merchant/policies": 6,
    "/api/merchant/policies/{kind}": 4,
    "/api/merchant/seller": 2,
    "/api/merchant/people": 3,
    "/api/merchant/today": 8,
    "/api/merchant/zones": 2,
    "/api/merchant/delivery/{pin}": 2,
    "/api/health": 2,
    "/api/health/live": 0,
    "/api/health/ready": 5,
    "/sitemap.xml": 5,
    "/api/pages/data?path=/": 3,
    "/api/pages/data?path=/category/table": 3,
    "/api/pages/data?path=/product/cups-0": 1,
    "/api/pages/data?path=/cart": 3,
    "/api/merchant/pages/data?path=/merchant": 10,
    "/api/merchant/pages/data?path=/merchant/people": 6,
    "/api/merchant/pages/data?path=/merchant/audit": 5,
    "/api/merchant/pages/data?path=/merchant/needs": 12,
    "/api/merchant/pages/data?path=/merchant/needs/webhooks": 4,
    "/api/merchant/pages/data?path=/merchant/needs/webhooks?payment={payment_id}": 6,
    "/api/merchant/pages/data?path=/merchant/needs/webhooks/evt_0": 4,
    "/api/merchant/pages/data?path=/merchant/orders": 6,
    "/api/merchant/pages/data?path=/merchant/orders/{order_id}": 25,
    "/api/merchant/pages/data?path=/merchant/orders/together?ids={order_id}": 11,
    "/api/merchant/pages/data?path=/merchant/orders/slips?ids={order_id}": 11,
    "/api/merchant/pages/data?path=/merchant/orders/labels?ids={order_id}": 12,
    "/api/merchant/pages/data?path=/merchant/products": 4,
    "/api/merchant/pages/data?path=/merchant/products/new": 7,
    "/api/merchant/pages/data?path=/merchant/products/import": 3,
    "/api/merchant/pages/data?path=/merchant/products/{product_id}": 10,
    "/api/merchant/pages/data?path=/merchant/categories": 4,
    "/api/merchant/pages/data?path=/merchant/coupons": 4,
    "/api/merchant/pages/data?path=/merchant/delivery": 4,
    "/api/merchant/pages/data?path=/merchant/delivery/new": 3,
    "/api/pages/data?path=/terms": 2,
    "/api/merchant/pages/data?path=/merchant/shop": 4,
    "/api/merchant/pages/data?path=/merchant/shop/complaints": 4,
    "/api/merchant/pages/data?path=/merchant/shop/live": 18,
    "/api/merchant/pages/data?path=/merchant/shop/policies": 8,
    "/api/merchant/pages/data?path=/merchant/shop/policies/terms": 11,
}
"""What can be read over HTTP. Who looks at a single order is asked by itself, and so is each source of alarms; where
several answers have to agree there is a BEGIN and a COMMIT around them. A page of the back office also asks how much
waits for a person."""
PAGES: Final[Mapping[str, int]] = {
    "/": 1,
    "/category/[slug]": 1,
    "/product/[slug]": 2,
    "/cart": 1,
    "/login": 1,
    "/continue": 1,
    "/code": 1,
    "/forgot": 1,
    "/reset": 1,
    "/sent": 1,
    "/verify": 1,
    "/accept": 1,
    "/begin": 1,
    "/account": 3,
    "/second-factor": 8,
    "/checkout": 5,
    "/orders": 3,
    "/orders/[order_id]": 12,
    "/merchant": 0,
    "/merchant/people": 0,
    "/merchant/audit": 0,
    "/merchant/needs": 0,
    "/merchant/needs/webhooks": 0,
    "/merchant/needs/webhooks/[webhook_id]": 0,
    "/merchant/orders": 0,
    "/merchant/orders/[order_id]": 0,
    "/merchant/orders/together": 0,
    "/merchant/orders/slips": 0,
    "/merchant/orders/labels": 0,
    "/merchant/products": 0,
    "/merchant/products/new": 0,
    "/merchant/products/import": 0,
    "/merchant/products/[product_id]": 0,
    "/merchant/shop": 0,
    "/merchant/categories": 0,
    "/merchant/coupons": 0,
    "/merchant/delivery": 0,
    "/merchant/delivery/[zone]": 0,
    "/merchant/shop/complaints": 0,
    "/merchant/shop/live": 0,
    "/merchant/shop/policies": 0,
    "/merchant/shop/policies/[kind]": 0,
    "/about": 1,
    "/contact": 1,
    "/terms": 1,
    "/privacy": 1,
    "/refunds": 1,
    "/shipping": 1,
    "/grievance": 1,
    "/404": 1,
}
"""What a page does as it opens for somebody who is signed in.

Checkout asks whether the same was just bought, the page of a paid order what its seller promises and which files it
gives, and that of a second factor begins one.
"""
FEW, MANY = 1, 21
"""How many products, coupons, orders and issues there are, and lines, failures and refunds of the order looked at.

Many are more than one page shows.
"""

pytestmark = pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True, scope="module")
Asked = Mapping[str, Sequence[str]]
"""By path, what it took."""


class _Shop:
    """A shop with more and more in it, and somebody who bought all of it and keeps the shop."""

    def __init__(self, inside: Inside, token: str) -> None:
        self._inside = inside
        self._token = token
        self._products: list[str] = []
        self._order_id = self._line_id = self._payment_id = ""

    async def fill(self, number: int) -> None:
        """Let there be so many of everything."""
        for n in range(len(self._products), number):
            self._products.append(await put_on_shelf(1000, slug=f"cups-{n}", digital=True))
            await files.put(self._products[-1], "cups.pdf", pdf(), OPERATOR)
            await self._sell(number if n == number - 1 else 1)
        async with database.write() as session:
            for n in range(number):
                told = WebhookEvent(id=f"evt_{n}", event="order.paid", body='{"event":"order.paid"}', digest=f"{n}")
                await database.insert_new(session, told)
                await database.insert_new(session, Downtime(id=f"down_{n}", method="upi", instrument=f"bank {n}"))
                await database.insert_new(session, Coupon(code=f"COUPON-{n}", kind=CouponKind.FREE_DELIVERY))
        for n in range(number):
            await complaints.complain({"name": "Ravi", "email": "ravi@example.in", "words": f"Cup {n} is late."})
        await policies.answer({}, OPERATOR)
        for n in range(number):
            await policies.write(PolicyKind.TERMS, f"Version {n} of {number}.", OPERATOR)

    async def _sell(self, number: int) -> None:
        """Let an order with so many lines be paid after so many failures, go back in so many parts, and be issued."""
        made = await checkout.create_order(BUYER, [Item(product) for product in self._products[-number:][:MAX_LINES]])
        history = History(self._inside, made.order.id, self._products[0], gateway_order_ids=[made.razorpay_order_id])
        for how in ["failure"] * number + ["success"]:
            await history.act(("attempt", 0, how))
            payment_id = self._inside.entities("payment")[-1]["id"]
            await settle.settle(payment_id)
        for _ in range(number):
            await payments.refund(payment_id, 100, reason="Chipped", request_key=new_id())
        async with database.write() as session:
            [order] = await database.lock(session, Order, [made.order.id])
            await orders.open_issue(session, order, IssueKind.OTHER, detail="It looks odd.")
        async with database.read() as session:
            record = await gather(session, made.order)
        self._order_id, self._line_id, self._payment_id = made.order.id, record.lines[0].id, payment_id
        assert (len(record.payments), len(record.refunds), len(record.issues)) == (number + 1, number, 1)

    async def look(self) -> Asked:
        """Look at everything there is."""
        return {path: await self._read(path) for path in API} | {route: await self._open(route) for route in PAGES}

    async def _read(self, path: str) -> Sequence[str]:
        for kept in (health._books, readiness._readiness):  # noqa: SLF001 - its time has passed
            kept._last = None  # noqa: SLF001
        transport = httpx.ASGITransport(guide_crawlers(build_api()))
        headers = {"Authorization": f"Bearer {self._token}"}
        its = {"order_id": self._order_id, "line_id": self._line_id, "payment_id": self._payment_id}
        its |= {"product_id": self._products[0], "webhook_id": "evt_0"}
        at = path.format(id_or_slug="cups-0", pin="570001", kind="terms", **its)
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers) as client,
            trips() as asked,
        ):
            (await client.get(at)).raise_for_status()
        return asked

    async def _open(self, route: str) -> Sequence[str]:
        """Open a page as a tab does, which tells the server where it is and gets what the page does as it opens."""
        path = route.replace("[slug]", "cups-0").replace("[order_id]", self._order_id).replace("[kind]", "terms")
        path += "?product=cups-0&quantity=2" if route == "/checkout" else ""
        async with open_tab(whole=True) as tab:
            tab.cookie = f"session={self._token}"
            async with trips() as asked:
                await tab.open(path)
        return asked


@pytest.fixture(scope="module")
async def asked(everywhere: Inside) -> tuple[Asked, Asked]:
    """What everything took while there was little, and when there was much."""
    await everywhere.clear()
    token = await keep_shop()
    await pulse.feel()  # leaves a row the first time
    shop = _Shop(everywhere, token)
    await shop.fill(FEW)
    few = await shop.look()
    await shop.fill(MANY)
    return few, await shop.look()


@pytest.mark.parametrize(("path", "budget"), [*API.items(), *PAGES.items()])
def test_it_takes_exactly_so_many_round_trips_whether_there_is_little_or_much(
    asked: tuple[Asked, Asked], path: str, budget: int
) -> None:
    little, much = (took[path] for took in asked)
    assert (len(little), len(much)) == (budget, budget), "\n".join(statement[:150] for statement in much)


def test_everything_that_can_be_read_and_every_page_has_a_budget(everywhere: Inside) -> None:
    assert everywhere
    readable = {path for path, methods in build_api().openapi()["paths"].items() if "get" in methods}
    unlisted = {path for path in API if "/pages/data?" in path} | {"/sitemap.xml"}
    assert (readable | unlisted, set(_registered)) == (set(API), set(PAGES))
