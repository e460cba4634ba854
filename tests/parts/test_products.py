"""Products are made and changed by drafts: what is wrong is told at once, what is right is live at once."""

from collections.abc import Mapping
from typing import Any, Final, cast

import pytest

from checkout_app.catalog import corrections, products
from checkout_app.catalog.corrections import Why
from checkout_app.catalog.drafts import Draft
from checkout_app.catalog.errors import ProductNotFound, StockMoved
from checkout_app.catalog.locking import locked
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.service import Offer
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event
from checkout_app.merchant.audit_log.sentences import message
from checkout_app.merchant.products.listing import list_products
from checkout_app.shopfront.service import content
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows

pytestmark = ON_BOTH
BOWL: Final[Mapping[str, Any]] = {"name": "Bell-metal bowl", "category": "Table", "amount": 185_000}


async def _make(draft: Mapping[str, Any] = BOWL, **more: Any) -> Offer:
    async with database.write() as session:
        return await products.make(session, cast("Draft", {**draft, **more}), OPERATOR)


async def _change(product_id: str, **said: Any) -> None:
    async with database.write() as session:
        await products.change(session, await locked(session, product_id), cast("Draft", said), OPERATOR)


async def _wrong(product_id: str | None = None, **said: Any) -> set[str]:
    with pytest.raises(InvalidInput) as refused:
        await (_change(product_id, **said) if product_id else _make(said))
    return set(refused.value.fields)


async def _told() -> list[str]:
    return [message(event) for event in await rows(Event)]


async def test_a_name_a_category_and_a_price_are_a_product_that_can_be_bought_at_once(inside: Inside) -> None:
    assert inside
    offer = await _make()
    assert (offer.product.slug, offer.variant.sku, offer.variant.tax_rate) == (*["bell-metal-bowl"] * 2, 1_800)
    shown = await content("/product/bell-metal-bowl")
    assert shown
    assert (shown.status, b"1,850.00" in shown.data) == (200, True)
    assert (await checkout.create_order(BUYER, [Item(offer.product.id, 2)])).order.amount == 370_000
    assert (await _told())[0] == "Bell-metal bowl was made, at ₹1,850.00."


async def test_a_new_product_is_taxed_as_the_last_one_was(inside: Inside) -> None:
    assert inside
    await _make(tax_rate=500)
    assert (await _make(name="Cup")).variant.tax_rate == 500
    assert (await _make(name="Tea", tax_rate=0)).variant.tax_rate == 0


async def test_all_that_is_wrong_is_told_at_once_and_nothing_is_made(inside: Inside) -> None:
    assert inside
    assert await _wrong() == {"name", "category", "amount"}
    assert await _wrong(
        name="n" * 121,
        category="nul\0",
        summary="s" * 201,
        description="d" * 4_001,
        details=[{"term": "Country of origin", "text": ""}],
        amount=99,
        tax_rate=1_200,
        hsn="691",
        weight=0,
        sku="two words",
        stock=-1,
        back_in="b" * 41,
    ) == {
        *("name", "category", "summary", "description", "details", "amount"),
        *("tax_rate", "hsn", "weight", "sku", "stock", "back_in"),
    }
    assert await _wrong(**{**BOWL, "amount": 50_000_001}) == {"amount"}
    assert (await rows(Product), await rows(Event)) == ([], [])


async def test_only_what_is_said_changes_and_each_thing_is_written_down(inside: Inside) -> None:
    assert inside
    made = await _make(stock=4, sku="BOWL", details=[{"term": "Country of origin", "text": "India"}])
    await _change(made.product.id)
    await _change(made.product.id, amount=200_000, stock=6, summary="It rings.", on_sale=False, tax_rate=500)
    offer = Offer(await row(Product, made.product.id), await row(Variant, made.variant.id))
    changed = {"summary": "It rings.", "on_sale": False}
    assert offer.product == made.product.model_copy(update=changed)
    assert offer.variant == made.variant.model_copy(update={"amount": 200_000, "on_hand": 6, "tax_rate": 500})
    assert (await content("/product/bell-metal-bowl")).status == 404  # type: ignore[union-attr]
    assert [words for words in await _told() if "basis points" not in words][1:] == [
        "The price of Bell-metal bowl was ₹1,850.00 and is ₹2,000.00 now.",
        "Of Bell-metal bowl there are 6 now, 4 before: counted.",
        "Bell-metal bowl was changed: summary.",
        "Bell-metal bowl was taken off sale.",
    ]
    await _change(made.product.id, on_sale=True)
    assert (await content("/product/bell-metal-bowl")).status == 200  # type: ignore[union-attr]


async def test_an_address_is_made_of_the_name_and_stays(inside: Inside) -> None:
    assert inside
    slugs = [(await _make(name=name)).product.slug for name in ("Brass diya", "Brass  Diya", "दीया", "!?")]
    assert slugs == ["brass-diya", "brass-diya-2", "दीया", "product"]
    [first, *_] = await rows(Product)
    await _change(first.id, name="Brass lamp")
    assert (await row(Product, first.id)).slug == "brass-diya"
    assert (await _make(name="Brass diya", sku="D-3")).product.slug == "brass-diya-3"


async def test_no_two_have_a_sku_and_one_may_keep_its_own(inside: Inside) -> None:
    assert inside
    bowl, cup = await _make(sku="B-1"), await _make(name="Cup", sku="C-1")
    assert await _wrong(cup.product.id, sku="B-1") == {"sku"}
    assert await _wrong(**{**BOWL, "sku": "B-1"}) == {"sku"}
    await _change(bowl.product.id, sku="B-1")
    assert (await _make(name="B-1")).variant.sku == "b-1"


async def test_a_rate_of_before_may_stay_but_not_begin(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9, tax_rate=1_200)
    await _change(cups, tax_rate=1_200)
    assert await _wrong(cups, tax_rate=2_800) == {"tax_rate"}
    assert await _wrong(cups, digital=True) == {"digital"}


async def test_units_that_orders_hold_are_in_the_house(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await checkout.create_order(BUYER, [Item(cups, 3)])
    assert await _wrong(cups, stock=2) == {"stock"}
    with pytest.raises(InvalidInput):
        await corrections.correct(cups, 2, Why.BROKEN, OPERATOR)
    await corrections.correct(cups, 3, Why.BROKEN, OPERATOR)
    assert (await row(Variant, cups)).available == 0
    await corrections.correct(cups, None, Why.FOUND, OPERATOR)
    assert (await row(Variant, cups)).available is None
    assert (await _told())[-2:] == [
        "Of Kulhad cups there are 3 now, 9 before: broken.",
        "Of Kulhad cups there are any number now, 3 before: found.",
    ]


async def test_a_number_that_somebody_did_not_see_is_not_written_over(inside: Inside) -> None:
    assert inside
    cups = await put_on_shelf(9)
    await corrections.correct(cups, 12, Why.CAME_IN, OPERATOR, seen=9)
    with pytest.raises(StockMoved) as refused:
        await corrections.correct(cups, 12, Why.CAME_IN, OPERATOR, seen=9)
    assert ((await row(Variant, cups)).on_hand, refused.value.now) == (12, "12")


async def test_a_copy_is_hidden_and_none_of_it_is_there(inside: Inside) -> None:
    assert inside
    made = await _make(stock=4, summary="It rings.", sku="BOWL", tax_rate=500)
    async with database.write() as session:
        copy = await products.duplicate(session, await locked(session, made.product.id), OPERATOR)
    same = {"name": "Bell-metal bowl (copy)", "slug": "bell-metal-bowl-copy", "on_sale": False}
    own = {"id": copy.product.id, "created_at": copy.product.created_at}
    assert await row(Product, copy.product.id) == made.product.model_copy(update={**same, **own})
    assert (copy.variant.sku, copy.variant.on_hand, copy.variant.tax_rate) == ("bell-metal-bowl-copy", 0, 500)


async def test_nobody_changes_what_is_not_there(inside: Inside) -> None:
    assert inside
    with pytest.raises(ProductNotFound):
        await _change("unknown", amount=100_000)


async def test_all_products_are_listed_page_by_page_and_found_by_what_they_are_called(inside: Inside) -> None:
    assert inside
    made = [(await _make(name=f"Bowl {number}", on_sale=number % 2 == 0)).product.id for number in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await list_products(cursor=cursor, limit=2)
        seen += [each.id for each in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == sorted(made, reverse=True)
    assert [each.name for each in (await list_products(search="bowl-3")).items] == ["Bowl 3"]
    assert [len((await list_products(search=search)).items) for search in ("TABLE", "%", "_", "cups")] == [5, 0, 0, 0]
    with pytest.raises(InvalidInput):
        await list_products(search="nul\0")
