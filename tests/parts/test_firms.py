"""The firm that somebody buys for is frozen with the order, told to who may know it, and changes no tax."""

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest

from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.errors import IdempotencyConflict
from checkout_app.checkout.quote import Item
from checkout_app.core.errors import InvalidInput
from checkout_app.delivery.address import PostalAddress
from checkout_app.orders import firms
from checkout_app.orders.firms import Firm
from checkout_app.orders.models import Order, OrderLine
from checkout_app.seller import registration
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme
from checkout_app.server.api import build_api
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, keep_shop, put_on_shelf, row, rows
from tests.support.statements import trips
from tests.support.zones import ADDRESS, charge_everywhere, somewhere

SELLER, KERALA, KARNATAKA = "27AAPFU0939F1ZV", "32AAPFU0939F1Z4", "29AAPFU0939F1ZR"
FIRM: Final = Firm("Malabar Traders", KERALA)
BODY: Final = {"name": " Malabar  Traders ", "gstin": f" {KERALA.lower()} "}
"""As somebody types it."""
KOCHI, MUMBAI = somewhere(pin="682001"), somewhere(pin="400001")


@pytest.fixture
async def cups(inside: Inside) -> str:
    """Something on the shelf of a regular seller in Maharashtra who sends everywhere."""
    assert inside
    await registration.register(gstin=SELLER)
    await charge_everywhere(6_800)
    return await put_on_shelf(9, 48_000, tax_rate=1_200)


@pytest.fixture
async def api(cups: str) -> AsyncIterator[httpx.AsyncClient]:
    """The API of that shop, asked by its owner, who also buys there."""
    assert cups
    headers = {"Authorization": f"Bearer {await keep_shop()}"}
    transport = httpx.ASGITransport(build_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test/api", headers=headers) as client:
        yield client


async def test_its_buyer_reads_which_firm_it_is_for_and_the_holder_of_its_link_does_not(
    api: httpx.AsyncClient, cups: str
) -> None:
    body = {"product_id": cups, "address": ADDRESS, "firm": BODY}
    order_id = (await api.post("/checkout/order", json=body)).raise_for_status().json()["order_id"]
    assert (await row(Order, order_id)).firm == FIRM
    seen = (await api.get(f"/orders/{order_id}")).json()
    assert seen["firm"] == {"name": "Malabar Traders", "gstin": KERALA}
    link = (await api.post(f"/orders/{order_id}/link", headers={"Origin": "http://shop.test"})).json()["link"]
    shown = (await api.get(f"/orders/{order_id}", params={"key": link.rpartition("key=")[2]})).json()
    assert shown["firm"] is None


@pytest.mark.parametrize(
    ("firm", "field"),
    [
        ({"gstin": "32AAPFU0939F1Z5"}, "firm.gstin"),
        ({"gstin": "28AAPFU0939F1ZT"}, "firm.gstin"),
        ({"gstin": ""}, "firm.gstin"),
        ({"name": " \u200b "}, "firm.name"),
        ({"name": "x" * 121}, "firm.name"),
    ],
)
async def test_what_can_be_no_firm_is_refused_by_its_field_and_nothing_is_held(
    api: httpx.AsyncClient, cups: str, firm: dict[str, str], field: str
) -> None:
    body = {"product_id": cups, "address": ADDRESS, "firm": {**BODY, **firm}}
    refused = await api.post("/checkout/order", json=body)
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {field})
    assert ((await row(Variant, cups)).held, await rows(Order)) == (0, [])


@pytest.mark.parametrize("firm", [{}, {"name": "Malabar Traders"}, {"name": 7, "gstin": KERALA}, "Malabar", [KERALA]])
async def test_what_has_not_the_shape_of_a_firm_is_refused(api: httpx.AsyncClient, cups: str, firm: Any) -> None:
    refused = await api.post("/checkout/order", json={"product_id": cups, "address": ADDRESS, "firm": firm})
    assert (refused.status_code, await rows(Order)) == (422, [])


@pytest.mark.parametrize("scheme", [TaxScheme.COMPOSITION, TaxScheme.UNREGISTERED])
async def test_who_collects_no_tax_takes_no_gstin_and_sells_without_one(cups: str, scheme: TaxScheme) -> None:
    await seller.choose_tax_scheme(scheme)
    with pytest.raises(InvalidInput) as refused:
        await checkout.create_order(BUYER, [Item(cups)], to=MUMBAI, firm=FIRM)
    assert (set(refused.value.fields), (await row(Variant, cups)).held) == ({"firm"}, 0)
    assert (await checkout.create_order(BUYER, [Item(cups)], to=MUMBAI)).order.firm is None


@pytest.mark.parametrize(("to", "kinds"), [(KOCHI, (0, 0, 5_871)), (MUMBAI, (2_935, 2_936, 0))])
@pytest.mark.parametrize("gstin", [None, KERALA, KARNATAKA, SELLER])
async def test_the_tax_goes_by_where_the_parcel_goes_and_not_by_the_gstin(
    cups: str, gstin: str | None, to: PostalAddress, kinds: tuple[int, int, int]
) -> None:
    await checkout.create_order(BUYER, [Item(cups)], to=to, firm=Firm("Malabar Traders", gstin) if gstin else None)
    [line] = await rows(OrderLine)
    assert (line.cgst, line.sgst, line.igst) == kinds


@pytest.mark.parametrize("other", [None, Firm("Malabar Trading", KERALA), Firm("Malabar Traders", KARNATAKA)])
async def test_the_same_attempt_for_another_firm_is_a_conflict(cups: str, other: Firm | None) -> None:
    first = await checkout.create_order(BUYER, [Item(cups)], to=KOCHI, firm=FIRM, key="one")
    again = await checkout.create_order(BUYER, [Item(cups)], to=KOCHI, firm=FIRM, key="one")
    assert (again.replayed, again.order.id) == (True, first.order.id)
    with pytest.raises(IdempotencyConflict):
        await checkout.create_order(BUYER, [Item(cups)], to=KOCHI, firm=other, key="one")


@ON_BOTH
async def test_an_order_for_a_firm_asks_no_more_of_the_database_and_names_it_to_nobody(
    inside: Inside, cups: str
) -> None:
    async with trips() as before:
        await checkout.create_order(BUYER, [Item(cups)], to=KOCHI)
    async with trips() as after:
        made = await checkout.create_order(BUYER, [Item(cups)], to=KOCHI, firm=FIRM)
    assert len(before) == len(after)
    assert (await row(Order, made.order.id)).firm == FIRM
    assert not any(part in str(inside.entities("order")) for part in (KERALA, "Malabar"))


def test_both_are_wrong_at_once_when_both_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        firms.read("", "nonsense")
    assert refused.value.fields == {
        "name": "Say the name of the business.",
        "gstin": "This is no GSTIN: it has 15 characters, and the last one checks the rest.",
    }
