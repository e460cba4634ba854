"""Buyers are promised what the seller says, and nothing else; GST is in a price where the sale will carry it."""

import json

import pytest
from sqlmodel import col, select, update

from checkout_app.catalog.models import Product
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item, quote_for
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.delivery import zones
from checkout_app.demo.load import load_demo
from checkout_app.demo.zones import DEMO_ZONES
from checkout_app.orders.promises import terms_of
from checkout_app.seller import service as seller
from checkout_app.seller.models import LONGEST_PROMISE, Seller, TaxScheme
from checkout_app.seller.service import Terms
from checkout_app.shopfront import service as shopfront
from checkout_app.shopfront.views import ProductView
from tests.support.inside import BUYER, Inside, put_on_shelf

SENT, BACK = "Sent on Mondays.", "Back within a week."


async def _look(slug: str = "cups") -> ProductView:
    content = await shopfront.content(f"/product/{slug}")
    assert content
    return ProductView(**json.loads(content.data)["view"])


async def _order_of(product_id: str) -> Terms:
    made = await checkout.create_order(BUYER, [Item(product_id)])
    async with database.read() as session:
        return await terms_of(session, made.order.id)


async def test_a_shop_promises_nothing_until_its_seller_says_so_and_then_on_what_is_shown_next(inside: Inside) -> None:
    assert inside
    product_id = await put_on_shelf(10)
    shown = await _look()
    assert (shown.shipping, shown.returns) == ("", "")
    await seller.promise(shipping=SENT)
    await seller.promise(returns=f" {BACK}\n")
    shown = await _look()
    assert (shown.shipping, shown.returns) == (SENT, BACK)
    assert await _order_of(product_id) == (TaxScheme.REGULAR, SENT, BACK)
    await seller.promise(shipping="")
    shown = await _look()
    assert (shown.shipping, shown.returns) == ("", BACK)


async def test_nothing_is_promised_of_what_is_not_sent(inside: Inside) -> None:
    assert inside
    product_id = await put_on_shelf(10)
    await seller.promise(shipping=SENT, returns=BACK)
    async with database.write() as session:
        await session.exec(update(Product).where(col(Product.id) == product_id).values(digital=True))
    shown = await _look()
    assert (shown.shipping, shown.returns) == ("", "")
    assert await _order_of(product_id) == Terms()


@pytest.mark.parametrize("words", ["x" * (LONGEST_PROMISE + 1), "a\u202eb", "\ud800"])
async def test_a_promise_that_cant_be_kept_as_it_is_written_is_refused_and_changes_nothing(
    inside: Inside, words: str
) -> None:
    assert inside
    await seller.promise(returns=BACK)
    with pytest.raises(InvalidInput):
        await seller.promise(shipping=SENT, returns=words)
    async with database.read() as session:
        said = (await session.exec(select(Seller))).one()
    assert (said.shipping_promise, said.returns_promise) == ("", BACK)


@pytest.mark.parametrize(
    ("scheme", "rate", "taxed"),
    [
        (TaxScheme.REGULAR, 500, True),
        (TaxScheme.REGULAR, 0, False),
        (TaxScheme.COMPOSITION, 500, False),
        (TaxScheme.UNREGISTERED, 500, False),
    ],
)
async def test_gst_is_said_to_be_in_a_price_where_the_sale_carries_it(
    inside: Inside, scheme: TaxScheme, rate: int, *, taxed: bool
) -> None:
    assert inside
    product_id = await put_on_shelf(10, tax_rate=rate)
    await seller.choose_tax_scheme(scheme)
    made = await checkout.create_order(BUYER, [Item(product_id)])
    _, priced = await quote_for(BUYER, [Item(product_id)])
    assert ((await _look()).taxed, priced.tax > 0, made.order.tax > 0) == (taxed,) * 3


async def test_the_demo_promises_something_of_its_own_and_leaves_it_to_its_shopkeeper_from_then_on(
    inside: Inside,
) -> None:
    assert inside
    await load_demo()
    assert (await _look("neem-comb")).shipping
    await seller.promise(shipping="", returns="")
    for zone in (sent := await zones.zones()):
        await zones.remove(zone.id)
    await load_demo()
    assert ((await _look("neem-comb")).shipping, len(sent), await zones.zones()) == ("", len(DEMO_ZONES), ())
