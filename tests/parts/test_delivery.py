"""Where a parcel goes is frozen with the order, and what that costs is charged, taxed and explained alike."""

from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest

from checkout_app.auth import tokens
from checkout_app.auth.models import Role, User
from checkout_app.catalog.models import Product, Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.errors import IdempotencyConflict, PriceChanged
from checkout_app.checkout.quote import Item
from checkout_app.checkout.shown import TOTAL
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.delivery import book, zones
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.orders.models import Order, OrderLine
from checkout_app.server.api import build_api
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, keep_shop, put_on_shelf, row, rows, settings_for
from tests.support.statements import trips
from tests.support.zones import ADDRESS, HOME, REST, make_zones, somewhere

MYSURU: Final = somewhere()


@pytest.fixture
async def api(inside: Inside) -> AsyncIterator[httpx.AsyncClient]:
    """The API of a shop that says where it sends, asked by its owner, who also buys there."""
    assert inside
    await make_zones()
    headers = {"Authorization": f"Bearer {await keep_shop()}"}
    transport = httpx.ASGITransport(build_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test/api", headers=headers) as client:
        yield client


async def _file() -> str:
    product_id = await put_on_shelf(5, 29_900, slug="twelve-dals", name="Twelve Dals")
    async with database.write() as session:
        (await session.get_one(Product, product_id)).digital = True
    return product_id


async def _weigh(product_id: str, grams: int) -> None:
    async with database.write() as session:
        (await session.get_one(Variant, product_id)).weight = grams


@ON_BOTH
async def test_a_parcel_is_charged_taxed_and_kept_with_its_address(inside: Inside) -> None:
    assert inside
    await make_zones()
    cups, bowl = await put_on_shelf(5, tax_rate=1200), await put_on_shelf(5, 33_300, slug="bowl", tax_rate=500)
    made = await checkout.create_order(BUYER, [Item(cups), Item(bowl)], to=MYSURU, shown={TOTAL: 87_300})
    order = await row(Order, made.order.id)
    assert (order.subtotal, order.delivery, order.amount) == (81_300, 6_000, 87_300)
    assert order.ships_to == MYSURU.as_kept()
    lines = {line.product_id: line for line in await rows(OrderLine)}
    assert {name: line.delivery for name, line in lines.items()} == {cups: 3_542, bowl: 2_458}
    assert lines[cups].tax == round((48_000 + 3_542) * 1200 / 11200)
    assert order.tax == sum(line.tax for line in lines.values())


async def test_a_sale_that_says_its_address_asks_no_more_of_the_database(inside: Inside) -> None:
    assert inside
    product_id = await put_on_shelf(9)
    async with trips() as before:
        await checkout.create_order(BUYER, [Item(product_id)])
    await make_zones()
    async with trips() as after:
        await checkout.create_order(BUYER, [Item(product_id)], to=MYSURU)
    assert len(before) == len(after)


async def test_nothing_is_placed_while_nobody_knows_where_the_parcel_goes(api: httpx.AsyncClient) -> None:
    product_id = await put_on_shelf(5)
    refused = await api.post("/checkout/order", json={"product_id": product_id})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    assert set(refused.json()["fields"]) == {"address"}
    assert ((await row(Variant, product_id)).held, await rows(Order)) == (0, [])


@pytest.mark.parametrize(
    ("address", "code", "field"),
    [
        ({"phone": "12345"}, "invalid_input", "address.phone"),
        ({"pin": "999999"}, "invalid_input", "address.pin"),
        ({"pin": "605014", "town": "Puducherry"}, "invalid_input", "address.state"),
        ({"pin": "744101"}, "not_deliverable", "pin"),
        ({"name": None}, "invalid_input", "address.name"),
    ],
)
async def test_an_address_that_cant_be_is_refused_by_its_field(
    api: httpx.AsyncClient, address: dict[str, str], code: str, field: str
) -> None:
    product_id = await put_on_shelf(5)
    refused = await api.post("/checkout/order", json={"product_id": product_id, "address": {**ADDRESS, **address}})
    assert (refused.status_code, refused.json()["code"], set(refused.json()["fields"])) == (422, code, {field})
    assert ((await row(Variant, product_id)).held, await rows(Order)) == (0, [])


async def test_what_an_address_may_leave_out_may_be_null(api: httpx.AsyncClient) -> None:
    left_out = dict.fromkeys(("line2", "landmark", "town", "state"))
    kept = (await api.post("/addresses", json={**ADDRESS, **left_out})).raise_for_status().json()
    assert (kept["landmark"], kept["town"], kept["state"]) == ("", "Mysuru", "29")


async def test_prices_and_places_are_told_an_address_so_often_together(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"items": [{"product_id": await put_on_shelf(5)}]}
    with settings_for(monkeypatch, RATE_LIMITS="quote=2/day"):
        priced = await api.post("/checkout/quote", json=wanted)
        told, unknown, refused = [await api.get(f"/delivery/{pin}") for pin in ("570001", "999999", "560001")]
    assert [answer.status_code for answer in (priced, told, unknown, refused)] == [200, 200, 422, 429]
    assert refused.json()["code"] == "rate_limited"


async def test_its_buyer_reads_where_it_goes_and_the_holder_of_its_link_does_not(api: httpx.AsyncClient) -> None:
    body = {"product_id": await put_on_shelf(5), "address": ADDRESS}
    order_id = (await api.post("/checkout/order", json=body)).raise_for_status().json()["order_id"]
    seen = (await api.get(f"/orders/{order_id}")).json()
    assert (seen["delivery"], seen["ships_to"]["pin"], seen["ships_to"]["state_name"]) == (6_000, "570001", "Karnataka")
    link = (await api.post(f"/orders/{order_id}/link", headers={"Origin": "http://shop.test"})).json()["link"]
    key = link.rpartition("key=")[2]
    shown = (await api.get(f"/orders/{order_id}", params={"key": key})).json()
    assert (shown["delivery"], shown["ships_to"]) == (6_000, None)


async def test_a_file_is_sold_without_an_address_and_keeps_none(inside: Inside) -> None:
    assert inside
    await make_zones()
    made = await checkout.create_order(BUYER, [Item(await _file())], to=MYSURU)
    assert (made.order.delivery, made.order.ships_to) == (0, None)


async def test_beside_a_parcel_a_file_bears_nothing_of_its_charge(inside: Inside) -> None:
    assert inside
    await make_zones()
    parcel, file = await put_on_shelf(5), await _file()
    await checkout.create_order(BUYER, [Item(parcel), Item(file)], to=MYSURU)
    assert {line.product_id: line.delivery for line in await rows(OrderLine)} == {parcel: 6_000, file: 0}


async def test_a_parcel_is_weighed_with_all_its_units(inside: Inside) -> None:
    assert inside
    await make_zones()
    product_id = await put_on_shelf(9)
    await _weigh(product_id, 300)
    bengaluru = somewhere(pin="560001")
    made = [await checkout.create_order(BUYER, [Item(product_id, units)], to=bengaluru) for units in (1, 2)]
    assert [each.order.delivery for each in made] == [3_000, 5_000]
    with pytest.raises(NotDeliverable):
        await checkout.create_order(BUYER, [Item(product_id, 7)], to=bengaluru)


async def test_a_charge_that_is_another_one_by_now_is_shown_first(inside: Inside) -> None:
    assert inside
    await make_zones()
    product_id = await put_on_shelf(5)
    with pytest.raises(PriceChanged) as changed:
        await checkout.create_order(BUYER, [Item(product_id)], to=MYSURU, shown={TOTAL: 48_000})
    assert (changed.value.was, changed.value.now) == (48_000, 54_000)


async def test_the_same_attempt_for_another_address_is_a_conflict(inside: Inside) -> None:
    assert inside
    await make_zones()
    product_id = await put_on_shelf(5)
    first = await checkout.create_order(BUYER, [Item(product_id)], to=MYSURU, key="one")
    again = await checkout.create_order(BUYER, [Item(product_id)], to=MYSURU, key="one")
    assert (again.replayed, again.order.id) == (True, first.order.id)
    with pytest.raises(IdempotencyConflict):
        await checkout.create_order(BUYER, [Item(product_id)], to=somewhere(line1="13, Sayyaji Rao Road"), key="one")


async def test_a_shop_that_says_nothing_of_where_it_sends_sells_without_an_address(inside: Inside) -> None:
    assert inside
    product_id = await put_on_shelf(5)
    made = [await checkout.create_order(BUYER, [Item(product_id)], to=to) for to in (None, MYSURU)]
    assert [(each.order.delivery, each.order.ships_to) for each in made] == [(0, None), (0, MYSURU.as_kept())]


async def test_what_the_gateway_is_told_of_an_order_is_not_where_it_goes(inside: Inside) -> None:
    await make_zones()
    await checkout.create_order(BUYER, [Item(await put_on_shelf(5))], to=MYSURU)
    [at_gateway] = inside.entities("order")
    assert at_gateway["amount"] == 54_000
    assert not any(part in str(at_gateway) for part in ("Sayyaji", "570001", "9876543210"))


async def test_an_account_orders_to_the_address_it_kept_last(api: httpx.AsyncClient) -> None:
    product_id = await put_on_shelf(5)
    for line1 in ("1, Old Road", "2, New Road", "1, Old Road"):
        (await api.post("/addresses", json={**ADDRESS, "line1": line1})).raise_for_status()
    kept = (await api.get("/addresses")).json()
    assert [known["line1"] for known in kept] == ["1, Old Road", "2, New Road"]
    (await api.post("/checkout/order", json={"product_id": product_id, "amount": 54_000})).raise_for_status()
    [order] = await rows(Order)
    assert (order.ships_to or {})["line1"] == "1, Old Road"
    assert (await api.delete(f"/addresses/{kept[0]['id']}")).status_code == 204
    assert [known["line1"] for known in (await api.get("/addresses")).json()] == ["2, New Road"]


async def test_an_address_book_is_its_owners_alone_and_has_an_end(api: httpx.AsyncClient) -> None:
    async with database.write() as session:
        other = User(email="meera@example.in", role=Role.CUSTOMER)
        session.add(other)
        token = tokens.open_session(session, other)
    theirs = await book.keep(other.id, MYSURU)
    assert (await api.get("/addresses")).json() == []
    assert (await api.delete(f"/addresses/{theirs.id}")).status_code == 404
    asking = {"Authorization": f"Bearer {token}"}
    assert [known["id"] for known in (await api.get("/addresses", headers=asking)).json()] == [theirs.id]
    for house in range(1, book.MOST):
        await book.keep(other.id, somewhere(line1=f"{house}, Long Road"))
    with pytest.raises(InvalidInput):
        await book.keep(other.id, somewhere(line1="One too many"))


@pytest.mark.parametrize(
    ("pin", "told"),
    [
        ("570001", {"town": "Mysuru", "deliverable": True}),
        ("744101", {"town": "South Andamans", "deliverable": False}),
        ("605014", {"town": "", "deliverable": True}),
    ],
)
async def test_anybody_may_ask_where_a_pin_is_and_whether_something_is_sent_there(
    api: httpx.AsyncClient, pin: str, told: dict[str, Any]
) -> None:
    answer = (await api.get(f"/delivery/{pin}", headers={"Authorization": ""})).raise_for_status().json()
    assert {name: answer[name] for name in told} == told
    assert all(state["deliverable"] is answer["deliverable"] for state in answer["states"])


async def test_of_a_pin_that_does_not_exist_nothing_is_told(api: httpx.AsyncClient) -> None:
    answer = await api.get("/delivery/999999")
    assert (answer.status_code, set(answer.json()["fields"])) == (422, {"pin"})


async def test_the_owner_makes_changes_and_removes_zones_and_it_is_written_down(api: httpx.AsyncClient) -> None:
    body = {"name": "Goa", "states": ["30"], "days_from": 3, "days_to": 5, "rates": [{"charge": 7_000}]}
    for charge in (7_000, 8_000):
        body["rates"] = [{"charge": charge}]
        put = (await api.put("/merchant/zones/goa", json=body)).raise_for_status().json()
    listed = (await api.get("/merchant/zones")).json()
    assert ([zone["id"] for zone in listed], put in listed) == (["city", "goa", "home", "islands", "rest"], True)
    told = (await api.get("/merchant/delivery/403001", params={"value": 48_000})).json()
    assert (told["charge"], told["why"]) == (8_000, "403001 (Goa) is in the zone Goa, by its State. It costs ₹80.")
    assert (await api.delete("/merchant/zones/goa")).status_code == 204
    assert (await api.delete("/merchant/zones/goa")).json()["code"] == "zone_not_found"
    entries = (await api.get("/merchant/audit")).json()["items"]
    said = [entry["data"] for entry in entries if entry["data"].get("what") == "zone goa"]
    assert len(said) == 3
    assert '"charge": 7000' in said[1]["before"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"states": ["29"]}, "states"),
        ({"states": []}, "states"),
        ({"pins": ["5600"]}, "pins"),
        ({"states": ["99"]}, "states"),
        ({"pins": ["056"]}, "pins"),
        ({"days_from": 5, "days_to": 2}, "days"),
        ({"rates": []}, "rates"),
        ({"rates": [{"charge": 1}, {"charge": 2}]}, "rates"),
        ({"rates": [{"up_to": 500, "charge": 1}, {"up_to": 500, "charge": 2}]}, "rates"),
        ({"served": False}, "rates"),
        ({"name": "x" * 61}, "name"),
    ],
)
async def test_a_zone_that_leaves_a_doubt_is_refused(
    api: httpx.AsyncClient, changed: dict[str, Any], field: str
) -> None:
    before = await zones.zones()
    body = {"name": "Goa", "states": ["30"], "rates": [{"charge": 7_000}], **changed}
    refused = await api.put("/merchant/zones/goa", json=body)
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {field}), refused.json()
    assert await zones.zones() == before


async def test_what_a_zone_says_counts_at_once(inside: Inside) -> None:
    assert inside
    await make_zones()
    product_id = await put_on_shelf(9)
    charged = []
    for change in (None, zones.put(REST), zones.remove(HOME.id)):
        if change:
            await change
        made = await checkout.create_order(BUYER, [Item(product_id)], to=MYSURU)
        charged.append(made.order.delivery)
    assert charged == [6_000, 6_000, 9_000]
