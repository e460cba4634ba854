"""A product that has several variants: each is wanted, priced, held, sold and remembered by itself."""

import pytest

from checkout_app.cart import service as cart
from checkout_app.cart.models import MAX_QUANTITY
from checkout_app.cart.owner import Owner, cookie_name, new_secret
from checkout_app.catalog.errors import OutOfStock, ProductNotFound
from checkout_app.catalog.models import LONGEST_NAME, Product, Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.checkout.shown import figures_of_order
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings
from checkout_app.orders.models import OrderLine
from checkout_app.payments import settle
from checkout_app.payments.recovery.service import Recovery
from checkout_app.shopfront.cart import again
from razorpay_sandbox.payments import attempts
from tests.support.inside import BUYER, Inside, row, rows, violations
from tests.support.lost import lose_orders
from tests.support.shops import KEY_ID
from tests.support.variants import HIDDEN, LARGE, MADDER, SLUG, SMALL, throws

pytestmark = pytest.mark.usefixtures("inside")

THEIRS = Owner(BUYER.user_id)


def _browser() -> Owner:
    return Owner.of(None, {cookie_name(): new_secret()})


async def _pay(inside: Inside, gateway_order_id: str) -> None:
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=gateway_order_id))
    attempts.conclude(inside.gateway, attempt["id"], "success")
    await settle.settle(attempt["id"])


async def _shelf(ids: dict[str, str]) -> dict[str, tuple[int | None, int]]:
    variants = {variant.id: (variant.on_hand, variant.held) for variant in await rows(Variant)}
    return {values: variants[variant_id] for values, variant_id in ids.items()}


async def test_an_order_holds_and_freezes_the_variant_that_is_named(inside: Inside) -> None:
    ids = await throws()
    made = await checkout.create_order(BUYER, [Item(ids[MADDER], 2), Item(ids[LARGE])])
    assert made.order.amount == 2 * 335_000 + 325_000
    told = [(line.variant_id, line.sku, line.name, line.quantity) for line in await rows(OrderLine)]
    assert told == [
        (ids[MADDER], "THROW-3", "Handloom throw, Madder / Large", 2),
        (ids[LARGE], "THROW-1", "Handloom throw, Indigo / Large", 1),
    ]
    assert await _shelf(ids) == {LARGE: (4, 1), SMALL: (0, 0), MADDER: (2, 2), HIDDEN: (9, 0)}
    await _pay(inside, made.razorpay_order_id)
    assert await _shelf(ids) == {LARGE: (3, 0), SMALL: (0, 0), MADDER: (0, 0), HIDDEN: (9, 0)}
    assert await violations() == []


async def test_who_names_only_the_product_gets_its_first_variant_as_ever() -> None:
    ids = await throws()
    for name in (SLUG, (await row(Variant, ids[LARGE])).product_id):
        await checkout.create_order(BUYER, [Item(name), Item(ids[LARGE])])
    assert [(line.variant_id, line.quantity) for line in await rows(OrderLine)] == [(ids[LARGE], 2)] * 2


async def test_what_is_sold_out_hidden_or_too_much_is_refused_variant_by_variant() -> None:
    ids = await throws()
    with pytest.raises(OutOfStock, match="Handloom throw, Indigo / Small is sold out"):
        await checkout.create_order(BUYER, [Item(ids[LARGE]), Item(ids[SMALL])])
    with pytest.raises(ProductNotFound):
        await checkout.create_order(BUYER, [Item(ids[HIDDEN])])
    with pytest.raises(InvalidInput):
        await checkout.create_order(BUYER, [Item(SLUG, MAX_QUANTITY), Item(ids[LARGE])])
    async with database.write() as session:
        (await session.get_one(Product, (await row(Variant, ids[LARGE])).product_id)).on_sale = False
    with pytest.raises(ProductNotFound):
        await checkout.create_order(BUYER, [Item(ids[LARGE])])


async def test_a_quote_of_two_variants_has_a_figure_for_each_and_is_ordered_by() -> None:
    ids = await throws()
    _, kept = await checkout.quote(BUYER, [Item(ids[LARGE]), Item(ids[MADDER])])
    assert {name: kept.figures[f"lines.{ids[name]}"] for name in (LARGE, MADDER)} == {LARGE: 325_000, MADDER: 335_000}
    made = await checkout.order_quoted(BUYER, kept.id)
    assert (made.order.quote_id, made.order.amount) == (kept.id, 660_000)
    assert figures_of_order(made.order, await rows(OrderLine)) == kept.figures


async def test_a_cart_has_a_line_for_each_variant_and_says_which() -> None:
    ids, browser = await throws(), _browser()
    await cart.add(browser, ids[MADDER])
    await cart.add(browser, SLUG)
    both = await cart.add(browser, ids[LARGE], 2)
    assert [(line.variant_id, line.name, line.quantity, line.amount) for line in both.lines] == [
        (ids[MADDER], "Handloom throw, Madder / Large", 1, 335_000),
        (ids[LARGE], "Handloom throw, Indigo / Large", 3, 975_000),
    ]
    with pytest.raises(OutOfStock, match="Madder / Large has only 2 left"):
        await cart.set_quantity(browser, both.lines[0].id, 3, version=both.version)
    async with database.write() as session:
        (await session.get_one(Variant, ids[MADDER])).on_sale = False
    now = await cart.contents(browser)
    assert [line.for_sale for line in now.lines] == [False, True]
    with pytest.raises(ProductNotFound):
        await cart.set_quantity(browser, now.lines[0].id, 2, version=now.version)
    filled = await cart.fill(browser, {SLUG: 1, ids[LARGE]: 1}, version=now.version)
    assert [(line.variant_id, line.quantity) for line in filled.lines] == [(ids[LARGE], 2)]


async def test_what_was_bought_leaves_the_cart_and_the_other_variant_stays(inside: Inside) -> None:
    ids = await throws()
    await cart.add(THEIRS, ids[LARGE])
    both = await cart.add(THEIRS, ids[MADDER], 2)
    made = await checkout.create_order(BUYER, [Item(ids[MADDER], 2)], cart_id=both.cart_id)
    await _pay(inside, made.razorpay_order_id)
    assert [line.variant_id for line in (await cart.contents(THEIRS)).lines] == [ids[LARGE]]


async def test_an_order_again_wants_the_same_variants() -> None:
    ids = await throws()
    made = await checkout.create_order(BUYER, [Item(ids[MADDER]), Item(ids[LARGE], 3)])
    async with database.write() as session:
        (await session.get_one(Variant, ids[MADDER])).on_sale = False
    contents, wanted = await again.order_again(THEIRS, BUYER, made.order.id)
    assert [(line.variant_id, line.quantity) for line in contents.lines] == [(ids[LARGE], 1)]
    told = {line.name: (line.in_cart, line.for_sale, line.unit_amount) for line in wanted.lines}
    assert told == {
        "Handloom throw, Madder / Large": (0, False, None),
        "Handloom throw, Indigo / Large": (1, True, 325_000),
    }


async def test_an_order_that_the_books_lost_is_made_again_of_the_same_variants(inside: Inside) -> None:
    ids = await throws()
    made = await checkout.create_order(BUYER, [Item(ids[MADDER]), Item(ids[LARGE], 2)])
    await _pay(inside, made.razorpay_order_id)
    before = [(line.variant_id, line.sku, line.name, line.quantity) for line in await rows(OrderLine)]
    await lose_orders()
    await Recovery(settings().shop_id, lambda _: None, really=True, refund=False).run()
    assert [(line.variant_id, line.sku, line.name, line.quantity) for line in await rows(OrderLine)] == before


def test_a_long_name_gives_way_to_the_values() -> None:
    said = {"slug": "x", "category": "", "summary": "", "description": "", "image": "", "image_alt": ""}
    product = Product.model_validate({**said, "name": "n" * LONGEST_NAME})
    variant = Variant(product_id=product.id, sku="x", amount=1, option_values=["v" * 30] * 3)
    name = product.called(variant)
    assert len(name) == LONGEST_NAME
    assert name.endswith(f"n…, {' / '.join(variant.option_values)}")
