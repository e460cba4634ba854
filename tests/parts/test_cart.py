"""Carts: what is in one, versions, limits, and how one merges with another when it meets who they are."""

import asyncio
from collections import Counter

import pytest
from sqlmodel import col, update

from checkout_app.auth.tokens import Claims
from checkout_app.cart import service as cart
from checkout_app.cart.contents import Contents
from checkout_app.cart.errors import CartChanged, LineNotFound
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY, Cart, CartLine
from checkout_app.cart.owner import Owner, cookie_name, new_secret
from checkout_app.catalog.errors import OutOfStock, ProductNotFound
from checkout_app.catalog.models import Product, Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.payments import settle
from tests.conftest import ON_BOTH
from tests.support.held import held
from tests.support.histories import History
from tests.support.inside import BUYER, Inside, put_on_shelf, rows, somebody_else, violations

TOGETHER = 6
"""Tabs that add at once."""


def _browser() -> Owner:
    """Return a browser in which nobody is signed in."""
    return Owner.of(None, {cookie_name(): new_secret()})


def _signed_in(browser: Owner, claims: Claims = BUYER) -> Owner:
    return Owner(claims.user_id, claims.guest_id, browser.browser)


def _units(contents: Contents) -> dict[str, int]:
    return {line.slug: line.quantity for line in contents.lines}


async def _sell(product_id: str, **values: object) -> None:
    async with database.write() as session:
        await session.exec(update(Variant).where(col(Variant.product_id) == product_id).values(**values))


async def test_what_is_put_into_a_cart_stays_there_and_each_change_is_another_version(inside: Inside) -> None:
    assert inside
    cups, browser = await put_on_shelf(9), _browser()
    await put_on_shelf(9, 22000, slug="diya")
    assert await cart.contents(browser) == Contents()
    first = await cart.add(browser, cups, 2)
    second = await cart.add(browser, "diya")
    assert (first.version, second.version, second.subtotal) == (1, 2, 2 * 48000 + 22000)
    less = await cart.set_quantity(browser, second.lines[0].id, 1, version=2)
    gone = await cart.remove(browser, second.lines[1].id, version=3)
    assert (_units(less), _units(gone), gone.version) == ({"cups": 1, "diya": 1}, {"cups": 1}, 4)
    assert await cart.contents(browser) == gone
    assert await cart.contents(_browser()) == Contents()


async def test_who_changes_another_version_than_the_present_one_is_shown_that(inside: Inside) -> None:
    assert inside
    browser = _browser()
    seen = await cart.add(browser, await put_on_shelf(9))
    fresh = await cart.add(browser, "cups")
    line = seen.lines[0].id
    for change in (
        cart.set_quantity(browser, line, 5, version=seen.version),
        cart.remove(browser, line, version=seen.version),
        cart.fill(browser, {"cups": 3}, version=seen.version),
    ):
        with pytest.raises(CartChanged) as refused:
            await change
        assert refused.value.cart == fresh.told()
    assert await cart.contents(browser) == fresh


async def test_nobody_changes_a_line_of_somebody_else(inside: Inside) -> None:
    assert inside
    cups, browser, other = await put_on_shelf(9), _browser(), _browser()
    theirs = await cart.add(other, cups)
    mine = await cart.add(browser, cups)
    for change in (
        cart.set_quantity(browser, theirs.lines[0].id, 5, version=mine.version),
        cart.remove(browser, theirs.lines[0].id, version=mine.version),
    ):
        with pytest.raises(LineNotFound):
            await change
    assert await cart.contents(other) == theirs


async def test_a_cart_takes_no_more_than_an_order(inside: Inside) -> None:
    assert inside
    browser = _browser()
    await cart.add(browser, await put_on_shelf(99), 7)
    with pytest.raises(InvalidInput, match="7 of it are in your cart already"):
        await cart.add(browser, "cups", 4)
    for n in range(1, MAX_LINES):
        await cart.add(browser, await put_on_shelf(9, slug=f"cups-{n}"))
    await put_on_shelf(9, slug="one-more")
    with pytest.raises(InvalidInput, match="A cart has at most 20 lines"):
        await cart.add(browser, "one-more")
    with pytest.raises(InvalidInput, match="A cart has at most 20 lines"):
        await cart.fill(browser, {f"cups-{n}": 1 for n in range(MAX_LINES + 1)}, version=MAX_LINES)
    full = await cart.add(browser, "cups", 3)
    assert (full.units, len(full.lines)) == (MAX_QUANTITY + MAX_LINES - 1, MAX_LINES)


async def test_what_is_not_there_or_not_for_sale_is_not_added(inside: Inside) -> None:
    assert inside
    cups, browser = await put_on_shelf(2), _browser()
    with pytest.raises(OutOfStock, match="Kulhad cups has only 2 left"):
        await cart.add(browser, cups, 3)
    for nobodys in ("no-such-thing", "", "x" * 200):
        with pytest.raises(ProductNotFound):
            await cart.add(browser, nobodys)
    assert await rows(Cart) == []


async def test_everything_in_a_cart_has_the_same_currency_as_in_an_order(inside: Inside) -> None:
    assert inside
    browser, abroad = _browser(), await put_on_shelf(9, slug="abroad")
    await cart.add(browser, await put_on_shelf(9))
    await _sell(abroad, currency="USD")
    with pytest.raises(InvalidInput, match="the same currency"):
        await cart.add(browser, abroad)


async def test_a_line_says_what_has_changed_since_and_less_of_it_can_always_be_wanted(inside: Inside) -> None:
    assert inside
    cups, browser = await put_on_shelf(9), _browser()
    await cart.add(browser, cups, 5)
    await _sell(cups, amount=50000, on_hand=3)
    [line] = (seen := await cart.contents(browser)).lines
    assert (line.was, line.unit_amount, line.left, line.can_be_had) == (48000, 50000, 3, False)
    with pytest.raises(OutOfStock):
        await cart.set_quantity(browser, line.id, 6, version=seen.version)
    [line] = (seen := await cart.set_quantity(browser, line.id, 4, version=seen.version)).lines
    assert (line.was, line.left) == (None, 3)
    [line] = (seen := await cart.set_quantity(browser, line.id, 3, version=seen.version)).lines
    assert (line.left, line.can_be_had) == (None, True)
    async with database.write() as session:
        (await session.get_one(Product, cups)).on_sale = False
    [line] = (seen := await cart.contents(browser)).lines
    assert (line.for_sale, line.can_be_had, seen.subtotal) == (False, False, 0)
    with pytest.raises(ProductNotFound):
        await cart.set_quantity(browser, line.id, 2, version=seen.version)
    assert (await cart.remove(browser, line.id, version=seen.version)).lines == ()


async def test_a_whole_cart_is_another_one_at_once(inside: Inside) -> None:
    assert inside
    cups, browser = await put_on_shelf(9), _browser()
    for slug in ("diya", "comb"):
        await put_on_shelf(9, slug=slug)
    await cart.fill(browser, {"diya": 2, "cups": 1}, version=0)
    filled = await cart.fill(browser, {"comb": 1, cups: 2, "cups": 3}, version=1)
    assert (_units(filled), filled.version) == ({"cups": 5, "comb": 1}, 2)
    with pytest.raises(ProductNotFound):
        await cart.fill(browser, {"comb": 1, "no-such-thing": 1}, version=2)
    assert (await cart.contents(browser)) == filled
    assert (await cart.fill(browser, {}, version=2)).lines == ()


async def test_a_browser_s_cart_becomes_part_of_the_account_s_and_says_what_came(inside: Inside) -> None:
    assert inside
    cups, browser = await put_on_shelf(99), _browser()
    await put_on_shelf(9, slug="diya")
    await cart.add(Owner(BUYER.user_id), cups, 6)
    await cart.add(browser, cups, 7)
    before = await cart.add(browser, "diya", 2)
    merged = await cart.contents(_signed_in(browser))
    assert [(line.slug, line.quantity, line.merged) for line in merged.lines] == [("cups", 10, 4), ("diya", 2, 2)]
    assert merged.version > before.version
    assert (await cart.contents(browser)).lines == ()
    assert await cart.contents(_signed_in(browser)) == merged  # nothing is added twice
    touched = await cart.set_quantity(Owner(BUYER.user_id), merged.lines[0].id, 9, version=merged.version)
    assert [line.merged for line in touched.lines] == [0, 2]


async def test_who_has_none_yet_takes_over_their_browser_s_and_what_they_had_as_a_guest(inside: Inside) -> None:
    assert inside
    cups, browser = await put_on_shelf(99), _browser()
    await put_on_shelf(9, slug="diya")
    await cart.add(browser, cups, 2)
    taken_over = await cart.contents(_signed_in(browser))
    assert [(line.slug, line.quantity, line.merged) for line in taken_over.lines] == [("cups", 2, 0)]
    await cart.add(browser, "diya")
    account = await somebody_else()
    both = await cart.contents(Owner(account.user_id, guest_id=BUYER.user_id, browser=browser.browser))
    assert _units(both) == {"cups": 2, "diya": 1}
    assert (await cart.contents(Owner(BUYER.user_id))).lines == ()


async def test_what_does_not_fit_stays_where_it_was(inside: Inside) -> None:
    assert inside
    browser = _browser()
    for n in range(MAX_LINES + 1):
        await put_on_shelf(9, slug=f"cups-{n}")
    await cart.fill(Owner(BUYER.user_id), {f"cups-{n}": 1 for n in range(MAX_LINES)}, version=0)
    await cart.add(browser, f"cups-{MAX_LINES}")
    full = await cart.contents(_signed_in(browser))
    assert (len(full.lines), full.version) == (MAX_LINES, 1)
    assert (await cart.contents(_signed_in(browser))).version == 1
    await cart.remove(Owner(BUYER.user_id), full.lines[0].id, version=1)
    assert f"cups-{MAX_LINES}" in _units(await cart.contents(_signed_in(browser)))


@ON_BOTH
@pytest.mark.parametrize("whose", ["a browser's first", "an account's first", "one that is there"])
async def test_tabs_that_add_at_once_lose_nothing(inside: Inside, whose: str) -> None:
    assert inside
    owner = Owner(BUYER.user_id) if whose == "an account's first" else _browser()
    await put_on_shelf(99)
    for n in range(2):
        await put_on_shelf(99, slug=f"other-{n}")
    there = await cart.add(owner, "cups") if whose == "one that is there" else Contents()
    await asyncio.gather(*(cart.add(owner, slug) for slug in ("cups", "other-0", "other-1") for _ in range(2)))
    expected = Counter(_units(there)) + Counter({"cups": 2, "other-0": 2, "other-1": 2})
    after = await cart.contents(owner)
    assert (_units(after), after.version) == (expected, there.version + TOGETHER)
    assert len(await rows(Cart)) == 1


@ON_BOTH
async def test_of_those_who_change_what_they_saw_at_once_one_does_and_the_others_are_shown_it(inside: Inside) -> None:
    assert inside
    browser = _browser()
    seen = await cart.add(browser, await put_on_shelf(99))
    line, wanted = seen.lines[0].id, range(2, 2 + TOGETHER)
    changes = (cart.set_quantity(browser, line, quantity, version=seen.version) for quantity in wanted)
    told = await asyncio.gather(*changes, return_exceptions=True)
    [changed] = [each for each in told if isinstance(each, Contents)]
    assert [type(each) for each in told if each is not changed] == [CartChanged] * (TOGETHER - 1)
    assert await cart.contents(browser) == changed
    assert changed.version == seen.version + 1


@ON_BOTH
async def test_a_cart_that_merges_in_several_tabs_at_once_merges_once(inside: Inside) -> None:
    assert inside
    browser = _browser()
    await put_on_shelf(99)
    await cart.add(Owner(BUYER.user_id), "cups", 2)
    await cart.add(browser, "cups", 3)
    seen = await asyncio.gather(*(cart.contents(_signed_in(browser)) for _ in range(TOGETHER)))
    assert {_units(each)["cups"] for each in seen} == {5}
    assert [line.quantity for line in await rows(CartLine)] == [5]


@pytest.fixture
async def bought(inside: Inside) -> tuple[Owner, str]:
    """Whose cart it is of which one line is paid for in part and one in full, and the payment, not settled yet."""
    owner = Owner(BUYER.user_id)
    cups, diya = await put_on_shelf(99), await put_on_shelf(9, slug="diya")
    await put_on_shelf(9, slug="comb")
    seen = await cart.add(owner, cups, 2)
    seen = await cart.add(owner, diya, 3)
    made = await checkout.create_order(BUYER, [Item(cups, 2), Item(diya, 3)], cart_id=seen.cart_id)
    await cart.add(owner, cups)
    await cart.add(owner, "comb")
    history = History(inside, made.order.id, cups, gateway_order_ids=[made.razorpay_order_id])
    await history.act(("attempt", 0, "success"))
    return owner, inside.entities("payment")[-1]["id"]


@ON_BOTH
async def test_what_is_paid_leaves_the_cart_once_and_no_more_than_that(
    inside: Inside, bought: tuple[Owner, str]
) -> None:
    assert inside
    owner, payment_id = bought
    before = await cart.contents(owner)
    for _ in range(2):
        await settle.settle(payment_id)
    after = await cart.contents(owner)
    assert (_units(after), after.version) == ({"cups": 1, "comb": 1}, before.version + 1)
    assert await violations() == []


@pytest.mark.parametrize("everywhere", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("slug", "quantity", "left"),
    [("diya", 4, {"cups": 1, "diya": 1, "comb": 1}), ("cups", 2, {"comb": 1})],
)
async def test_what_another_tab_says_in_the_moment_of_the_payment_counts(
    inside: Inside, bought: tuple[Owner, str], slug: str, quantity: int, left: dict[str, int]
) -> None:
    assert inside
    owner, payment_id = bought
    seen = await cart.contents(owner)
    [line] = [line.id for line in seen.lines if line.slug == slug]
    with held(line) as wait_for:
        tab = asyncio.create_task(cart.set_quantity(owner, line, quantity, version=seen.version))
        await wait_for(1)
        payment = asyncio.create_task(settle.settle(payment_id))
        await wait_for(2)
    await asyncio.gather(tab, payment)
    assert _units(await cart.contents(owner)) == left


async def test_what_is_bought_by_itself_stays_in_the_cart(inside: Inside) -> None:
    owner, cups = Owner(BUYER.user_id), await put_on_shelf(9)
    seen = await cart.add(owner, cups)
    made = await checkout.create_order(BUYER, [Item(cups)])
    history = History(inside, made.order.id, cups, gateway_order_ids=[made.razorpay_order_id])
    await history.act(("attempt", 0, "success"))
    await settle.settle(inside.entities("payment")[-1]["id"])
    assert await cart.contents(owner) == seen


async def test_a_cart_that_is_gone_keeps_nobody_from_paying(inside: Inside, bought: tuple[Owner, str]) -> None:
    assert inside
    owner, payment_id = bought
    async with database.write() as session:
        await cart.forget(session, col(Cart.user_id) == owner.user_id)
    assert (await settle.settle(payment_id)).order.status == "paid"
