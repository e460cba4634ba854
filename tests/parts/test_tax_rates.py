"""A tax rate that begins on a day counts for what is ordered from then on, and changes nothing of what was before."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from checkout_app.catalog import service as catalog
from checkout_app.catalog import taxes
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.taxes import TaxRates
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import service as payments
from checkout_app.payments import settle
from checkout_app.server.api import build_api
from checkout_app.shopfront import service as shopfront
from tests.conftest import ON_BOTH
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, keep_shop, put_on_shelf, reconcile_once, row, rows, violations

DAY: Final = clock.day_of(clock.now())
"""Today, since a sign-in of another year is none."""
LATER: Final = DAY + timedelta(days=180)
MIDNIGHT: Final = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) - timedelta(hours=5, minutes=30)
"""When it begins in India."""
EVE: Final = MIDNIGHT - timedelta(microseconds=1)
MUCH_LATER: Final = MIDNIGHT + timedelta(days=180)

Let = Callable[[datetime], None]


@pytest.fixture
def it_is(monkeypatch: pytest.MonkeyPatch) -> Let:
    """Let it be another moment, at first the one before the day begins."""

    def let(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    let(EVE)
    return let


@pytest.fixture
async def cups(inside: Inside) -> str:
    """Something on the shelf that is taxed by 12 %."""
    assert inside
    return await put_on_shelf(9, 48_000, tax_rate=1_200)


async def _set(product: str, rate: int, from_day: date | None = None) -> TaxRates:
    return await taxes.set_rate(product, rate, OPERATOR, from_day=from_day)


async def _bought(product: str, units: int = 1) -> tuple[int, int, int]:
    """Order units; returns what that comes to, its rate and the tax inside."""
    made = await checkout.create_order(BUYER, [Item(product, units)])
    [line] = [line for line in await rows(OrderLine) if line.order_id == made.order.id]
    assert made.order.tax == line.tax
    return made.order.amount, line.tax_rate, line.tax


@ON_BOTH
async def test_a_rate_counts_from_the_moment_on_in_which_its_day_begins_in_india(it_is: Let, cups: str) -> None:
    assert await _set(cups, 500, DAY) == TaxRates(1_200, 500, MIDNIGHT)
    assert await _bought(cups) == (48_000, 1_200, 5_143)
    it_is(MIDNIGHT)
    assert await _bought(cups, 2) == (96_000, 500, 4_571)
    assert [(line.tax_rate, line.tax) for line in await rows(OrderLine)] == [(1_200, 5_143), (500, 4_571)]
    assert await taxes.rates(cups) == TaxRates(500)


@pytest.mark.usefixtures("it_is")
@pytest.mark.parametrize(("rate", "tax", "said"), [(25, 120, 0.25), (300, 1_398, 3), (4_000, 13_714, 40), (0, 0, 0)])
async def test_rates_of_a_quarter_of_a_per_cent_and_of_forty_are_taxed_and_told_exactly(
    cups: str, rate: int, tax: int, said: float
) -> None:
    await _set(cups, rate)
    async with _api(await keep_shop()) as api:
        quoted = (await api.post("/checkout/quote", json={"items": [{"product_id": cups}]})).json()
        made = (await api.post("/checkout/order", json={"product_id": cups})).raise_for_status().json()
        order = (await api.get(f"/orders/{made['order_id']}")).json()
    assert (quoted["lines"][0]["tax_rate"], quoted["tax"], order["tax"]) == (rate, tax, tax)
    [line] = order["lines"]
    assert (line["gst_percent"], type(line["gst_percent"])) == (said, type(said))


async def test_what_was_quoted_before_midnight_costs_the_same_after_it_with_the_new_tax_inside(
    it_is: Let, cups: str
) -> None:
    await _set(cups, 1_800, DAY)
    async with _api(await keep_shop()) as api:
        asked = {"items": [{"product_id": cups}]}
        before = (await api.post("/checkout/quote", json=asked)).raise_for_status().json()
        it_is(MIDNIGHT)
        body = {"product_id": cups, "amount": before["total"]}
        made = (await api.post("/checkout/order", json=body)).raise_for_status().json()
        after = (await api.post("/checkout/quote", json=asked)).raise_for_status().json()
    order = await row(Order, made["order_id"])
    assert (before["total"], before["tax"]) == (48_000, 5_143)
    assert (order.amount, order.tax) == (after["total"], after["tax"]) == (48_000, 7_322)


async def test_the_same_attempt_after_midnight_is_the_same_order_with_the_rate_of_before(it_is: Let, cups: str) -> None:
    await _set(cups, 500, DAY)
    first = await checkout.create_order(BUYER, [Item(cups)], key="one")
    it_is(MIDNIGHT)
    again = await checkout.create_order(BUYER, [Item(cups)], key="one")
    assert (again.replayed, again.order.id, again.order.tax) == (True, first.order.id, 5_143)


async def test_what_goes_back_of_an_order_leaves_the_rate_it_was_placed_with(inside: Inside, cups: str) -> None:
    made = await checkout.create_order(BUYER, [Item(cups, 2)])
    history = History(inside, made.order.id, cups, gateway_order_ids=[made.razorpay_order_id])
    await history.act(("attempt", 0, "success"))
    payment_id = inside.entities("payment")[-1]["id"]
    await settle.settle(payment_id)
    await _set(cups, 500)
    await payments.refund(payment_id, 48_000, reason="Chipped", request_key="one")
    await reconcile_once(made.order.id)
    order, [line] = await row(Order, made.order.id), await rows(OrderLine)
    assert (order.status, order.tax) == ("partially_refunded", 10_286)
    assert (line.tax_rate, line.taxable, line.tax) == (1_200, 85_714, 10_286)
    assert await violations() == []


async def test_of_what_is_said_ahead_the_last_counts_and_the_present_rate_takes_it_back(it_is: Let, cups: str) -> None:
    assert await _set(cups, 500, DAY) == TaxRates(1_200, 500, MIDNIGHT)
    assert await _set(cups, 1_800) == TaxRates(1_800, 500, MIDNIGHT)
    assert await _set(cups, 300, LATER) == TaxRates(1_800, 300, MUCH_LATER)
    assert await _set(cups, 1_800, LATER) == TaxRates(1_800)
    assert await _set(cups, 500, DAY) == TaxRates(1_800, 500, MIDNIGHT)
    it_is(MIDNIGHT)
    assert await taxes.rates("cups") == TaxRates(500)
    assert await _set("cups", 4_000, LATER) == TaxRates(500, 4_000, MUCH_LATER)
    assert await _bought(cups) == (48_000, 500, 2_286)


@pytest.mark.usefixtures("it_is")
async def test_all_variants_of_a_product_have_its_rate(inside: Inside) -> None:
    assert inside
    words: dict[str, Any] = dict.fromkeys(("category", "summary", "description", "image", "image_alt"), "Lamp")
    lamp = Product(slug="lamp", name="Lamp", **words)
    sizes = [Variant(product_id=lamp.id, sku=sku, amount=9_900, tax_rate=1_200) for sku in ("small", "large")]
    async with database.write() as session:
        assert await catalog.add_product(session, lamp, *sizes)
    await _set("lamp", 500, DAY)
    assert {(size.tax_rate, size.next_tax_rate, size.next_tax_from) for size in await rows(Variant)} == {
        (1_200, 500, MIDNIGHT)
    }


async def test_today_is_at_once_and_only_in_india(it_is: Let, cups: str) -> None:
    assert await _set(cups, 500, DAY - timedelta(days=1)) == TaxRates(500)
    it_is(MIDNIGHT)  # in London it is the day before
    assert await _set(cups, 1_800, DAY) == TaxRates(1_800)
    with pytest.raises(InvalidInput):
        await _set(cups, 300, DAY - timedelta(days=1))


@pytest.mark.usefixtures("it_is")
@pytest.mark.parametrize(
    ("rate", "from_day", "field"),
    [
        (-1, None, "rate"),
        (10_001, DAY, "rate"),
        (500, DAY - timedelta(days=2), "from_day"),
        (500, date.min, "from_day"),
        (500, date(2062, 1, 1), "from_day"),
        (500, date.max, "from_day"),
    ],
)
async def test_what_can_be_no_rate_of_a_day_is_refused_and_nothing_is_changed(
    cups: str, rate: int, from_day: date | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await _set(cups, rate, from_day)
    assert set(refused.value.fields) == {field}
    assert (await taxes.rates(cups), await rows(Event)) == (TaxRates(1_200), [])


async def test_of_an_unknown_product_nothing_is_said(inside: Inside) -> None:
    assert inside
    for asked in (taxes.rates("nothing"), _set("nothing", 500)):
        with pytest.raises(ProductNotFound):
            await asked


@pytest.mark.usefixtures("it_is")
async def test_an_owner_sets_it_over_http_and_it_is_written_down(cups: str) -> None:
    async with _api(await keep_shop()) as api:
        ahead = await api.put(f"/merchant/products/{cups}/tax-rate", json={"rate": 25, "from_day": f"{DAY}"})
        assert ahead.json() == {"rate": 1_200, "next_rate": 25, "next_from": f"{DAY}"}
        at_once = await api.put("/merchant/products/cups/tax-rate", json={"rate": 25})
        assert at_once.json() == {"rate": 25, "next_rate": None, "next_from": None}
        entries = (await api.get("/merchant/audit")).json()["items"]
    said = [(entry["message"], entry["actor"]) for entry in entries if entry["kind"] == taxes.RATED]
    told = "From {} on a product is taxed by 25 basis points; it would have been 1200."
    assert sorted(said) == [(told.format(day), "merchant") for day in (DAY - timedelta(days=1), DAY)]


@pytest.mark.usefixtures("it_is")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"rate": "5"}, 422),
        ({"rate": 5.5}, 422),
        ({"rate": 10_001}, 422),
        ({"rate": 500, "from_day": "soon"}, 422),
        ({"rate": 500, "from_day": "2020-01-01"}, 422),
        ({"rate": 500, "from": f"{LATER}"}, 422),
    ],
)
async def test_what_is_no_rate_is_refused_over_http(cups: str, body: dict[str, Any], status: int) -> None:
    async with _api(await keep_shop()) as api:
        assert (await api.put(f"/merchant/products/{cups}/tax-rate", json=body)).status_code == status
        assert (await api.put("/merchant/products/nothing/tax-rate", json={"rate": 5})).status_code == 404
    assert await taxes.rates(cups) == TaxRates(1_200)


async def test_a_page_that_is_kept_says_from_midnight_on_whether_tax_is_in_the_price(it_is: Let, cups: str) -> None:
    await _set(cups, 0)
    await _set(cups, 500, DAY)
    assert not await _says_taxed()
    it_is(MIDNIGHT)
    assert await _says_taxed()


async def _says_taxed() -> bool:
    content = await shopfront.content("/product/cups")
    assert content
    return bool(json.loads(content.data)["view"]["taxed"])


def _api(token: str) -> httpx.AsyncClient:
    """Return the shop's API, asked by its owner."""
    transport, headers = httpx.ASGITransport(build_api()), {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test/api", headers=headers)
