"""What is ordered by a quote after something has changed, or said to go elsewhere: at its figures, or not at all."""

from collections.abc import Awaitable, Callable

import pytest

from checkout_app.auth import tokens
from checkout_app.auth.models import Role, User
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.errors import IdempotencyConflict, PriceChanged
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.delivery import book, zones
from checkout_app.journal.actors import OPERATOR
from checkout_app.orders.models import Order, OrderLine
from checkout_app.pricing import service as pricing
from checkout_app.pricing.errors import CouponRefused
from checkout_app.pricing.models import KeptQuote
from checkout_app.seller import registration
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme
from tests.support import quotes
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows
from tests.support.quotes import CODE, HERE, MYSURU
from tests.support.zones import HOME, charge_everywhere, somewhere


@pytest.fixture
async def cups(inside: Inside) -> str:
    """Cups and a lamp on the shelf, a coupon, and a shop that sends everywhere for ₹50."""
    assert inside
    return await quotes.open_shop()


async def _end_coupon() -> None:
    await pricing.end_coupon(CODE, OPERATOR)


async def _let_two_prices_change_places() -> None:
    await quotes.change(amount=49_000)
    await quotes.change("lamp", amount=19_000)


CHANGES: dict[str, tuple[Callable[[], Awaitable[object]], set[str], str]] = {
    "a price": (
        lambda: quotes.change(amount=50_000),
        {"subtotal", "discount", "tax", "total", "lines.cups"},
        "The price has changed from ₹662.00 to ₹680.00.",
    ),
    "the coupon": (_end_coupon, {"discount", "tax", "total"}, "The price has changed from ₹662.00 to ₹730.00."),
    "the rate of a tax": (
        lambda: quotes.change(tax_rate=1800),
        {"tax"},
        "The tax inside the price has changed from ₹70.93 to ₹92.14.",
    ),
    "the seller's scheme": (
        lambda: seller.choose_tax_scheme(TaxScheme.COMPOSITION),
        {"tax"},
        "The tax inside the price has changed from ₹70.93 to ₹0.00.",
    ),
    "the delivery charge": (
        lambda: charge_everywhere(6_000),
        {"delivery", "tax", "total"},
        "The price has changed from ₹662.00 to ₹672.00.",
    ),
    "two prices by as much": (
        _let_two_prices_change_places,
        {"lines.cups", "lines.lamp"},
        "The price of a product has changed from ₹480.00 to ₹490.00.",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_whatever_changes_between_a_quote_and_its_order_is_said_and_nothing_is_held_or_charged(
    inside: Inside, cups: str, what: str
) -> None:
    change, differ, said = CHANGES[what]
    kept, lamp = await quotes.ask(Item(cups), Item("lamp"), coupon=CODE, to=HERE), (await rows(Variant))[0].id
    await change()
    for _ in range(2):
        with pytest.raises(PriceChanged) as refused:
            await quotes.order(kept, key="one")
        named = {name.replace(cups, "cups").replace(lamp, "lamp") for name in refused.value.figures}
        assert (named, refused.value.detail) == (differ, said)
        assert all(figure["was"] == kept.figures[name] for name, figure in refused.value.figures.items())
        await quotes.expire(kept)
    assert (await rows(Order), [each.held for each in await rows(Variant)], inside.line.calls) == ([], [0, 0], [])

    if what == "the coupon":
        with pytest.raises(CouponRefused):
            await quotes.ask(Item(cups), Item("lamp"), coupon=CODE, to=HERE)
    anew = await quotes.ask(Item(cups), Item("lamp"), coupon="" if what == "the coupon" else CODE, to=HERE)
    assert {name: figure["now"] for name, figure in refused.value.figures.items()} == {
        name: anew.figures[name] for name in refused.value.figures
    }
    assert (await quotes.order(anew, key="one")).order.amount == anew.figures["total"] == refused.value.now


async def test_the_same_key_is_the_same_order_whatever_it_costs_by_then_but_not_by_another_quote(cups: str) -> None:
    kept = await quotes.ask(Item(cups), to=HERE)
    made = await quotes.order(kept, key="one")
    await quotes.change(amount=50_000)
    again = await quotes.order(kept, key="one")
    assert (again.order.id, again.replayed, again.order.amount) == (made.order.id, True, 53_000)
    with pytest.raises(IdempotencyConflict):
        await quotes.order(await quotes.ask(Item(cups), to=HERE), key="one")
    by_itself = await checkout.create_order(BUYER, [Item(cups)], to=MYSURU, key="two")
    assert by_itself.order.quote_id is None
    with pytest.raises(IdempotencyConflict):
        await quotes.order(await quotes.ask(Item(cups), to=HERE), key="two")


async def test_where_it_goes_is_said_with_the_order_and_what_that_costs_otherwise_is_said_first(cups: str) -> None:
    await zones.put(HOME)
    nowhere, home = await quotes.ask(Item(cups)), await quotes.ask(Item(cups), to=HERE)
    with pytest.raises(InvalidInput) as lacking:
        await quotes.order(home, to=None)
    assert list(lacking.value.fields) == ["address"]
    for kept, to in ((nowhere, MYSURU), (home, somewhere(pin="682001"))):
        with pytest.raises(PriceChanged) as refused:
            await quotes.order(kept, to=to)
        assert set(refused.value.figures) == {"delivery", "tax", "total"}
    assert (await quotes.order(home)).order.delivery == 6_000


async def test_an_account_that_says_no_address_has_it_sent_to_its_default_one(cups: str) -> None:
    async with database.write() as session:
        user = User(email="meera@example.in", role=Role.CUSTOMER)
        session.add(user)
        other = tokens.read(tokens.open_session(session, user))
    await book.keep(other.user_id, MYSURU)
    made = await quotes.order(await quotes.ask(Item(cups), who=other, to=HERE), other, to=None)
    assert (made.order.ships_to, made.order.delivery) == (MYSURU.as_kept(), 5_000)
    elsewhere = await quotes.ask(Item(cups), who=other, to=somewhere(pin="560001").destination)
    with pytest.raises(InvalidInput) as unsaid:  # it costs as much, and is another place
        await quotes.order(elsewhere, other, to=None)
    assert list(unsaid.value.fields) == ["address"]


async def test_what_is_taxed_by_a_pin_goes_to_an_address_there_also_where_a_shop_asks_for_none(inside: Inside) -> None:
    assert inside
    await registration.register(state="Kerala")
    cups = await put_on_shelf(9, 48_000, tax_rate=1200)
    with pytest.raises(InvalidInput):
        await quotes.order(await quotes.ask(Item(cups), to=HERE), to=None)
    order = (await quotes.order(await quotes.ask(Item(cups), to=HERE))).order
    [line] = await rows(OrderLine)
    assert (order.ships_to, line.igst, line.cgst) == (MYSURU.as_kept(), 5_143, 0)


async def test_an_amount_beside_a_quote_is_what_was_shown(cups: str) -> None:
    kept = await quotes.ask(Item(cups), to=HERE)
    with pytest.raises(PriceChanged) as refused:
        await quotes.order(kept, shown={"total": 52_999})
    assert refused.value.figures == {"total": {"was": 52_999, "now": 53_000}}
    assert (await row(KeptQuote, kept.id)).figures["total"] == 53_000
