"""A day in the shop: everything that buyers, the shopkeeper, the gateway and the shop's own work ask of its books."""

import httpx

from checkout_app.accounts import people
from checkout_app.auth.models import Role
from checkout_app.buyer.login.api import ENTER
from checkout_app.catalog import service as catalog
from checkout_app.core import database
from checkout_app.core.settings import settings
from checkout_app.journal.actors import OPERATOR
from checkout_app.payments import downtimes
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme
from checkout_app.server.api import build_api
from tests.support.day_buying import Buying
from tests.support.day_hands import PASSWORD
from tests.support.day_keeping import Keeping
from tests.support.factors import digits
from tests.support.histories import AMOUNT
from tests.support.inside import Inside, put_on_shelf


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


class _Day(Buying, Keeping):
    """Coming and going."""

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
        account = {"email": "keeper@example.in", "password": PASSWORD}
        (await self._post("/auth/register", name="Keeper", **account)).raise_for_status()
        link = await people.invite(account["email"], Role.OWNER, OPERATOR)
        accepted = await self._post("/auth/accept", link=link, password=PASSWORD, name="Keeper")
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

    async def leave(self) -> None:
        """Come back by a mailed code, see where one is signed in and what the shop knows, and be erased."""
        account = {"email": "meera@example.in", "password": PASSWORD}
        (await self._post("/auth/register", name="Meera", **account)).raise_for_status()
        (await self._post("/auth/code", email="asha@example.in")).raise_for_status()
        assert (await self._post("/auth/enter-code", email="asha@example.in", code="000000")).status_code == 422
        token = (await self._post("/auth/login", **account)).raise_for_status().json()["access_token"]
        self.shop.headers["authorization"] = f"Bearer {token}"
        assert len((await self._get("/auth/sessions"))["items"]) == 2
        await self._get("/auth/export")
        (await self._post("/auth/erase", password=PASSWORD)).raise_for_status()
