"""Quotes that are kept: one row for the same question, opened by who asked, and an order at exactly their figures."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, update

from checkout_app.auth import tokens
from checkout_app.auth.models import Role, User
from checkout_app.auth.tokens import Claims
from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.errors import IdempotencyConflict, PriceChanged, QuoteNotFound
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentOrder
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.delivery import book, zones
from checkout_app.delivery.address import Destination
from checkout_app.journal.actors import OPERATOR
from checkout_app.orders.models import Order, OrderLine
from checkout_app.pricing import service as pricing
from checkout_app.pricing.errors import CouponRefused
from checkout_app.pricing.models import Coupon, CouponKind, KeptQuote
from checkout_app.seller import registration
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, settings_for, somebody_else, violations
from tests.support.zones import HOME, charge_everywhere, somewhere

CODE, BROWSER = "DIWALI", "b" * 64
MYSURU = somewhere()
HERE = MYSURU.destination
QUESTIONS = st.tuples(
    st.sampled_from([("cups",), ("lamp",), ("cups", "lamp"), ("lamp", "cups")]),
    st.integers(1, 3),
    st.sampled_from(["", CODE]),
    st.sampled_from(["", "570001", "560001"]),
    st.sampled_from(["", BROWSER]),
)
"""What is asked for, how many of each, by which coupon, where to, and from which browser."""


@pytest.fixture
async def cups(inside: Inside) -> str:
    """Cups and a lamp on the shelf, a coupon, and a shop that sends everywhere for ₹50."""
    assert inside
    await put_on_shelf(9, 20_000, slug="lamp", tax_rate=1200)
    await pricing.create_coupon(Coupon(code=CODE, kind=CouponKind.PERCENT, value=1000), OPERATOR)
    await charge_everywhere(5_000)
    return await put_on_shelf(9, 48_000, tax_rate=1200)


async def _ask(
    *items: Item, who: Claims | None = BUYER, coupon: str = "", to: Destination | None = None, browser: str = ""
) -> KeptQuote:
    _, kept = await checkout.quote(who, items or [Item("cups")], coupon=coupon, to=to, browser=browser)
    return kept


async def _order(kept: KeptQuote, who: Claims = BUYER, **more: Any) -> PaymentOrder:
    return await checkout.order_quoted(who, kept.id, **{"to": MYSURU, **more})


async def _expire(kept: KeptQuote) -> None:
    async with database.write() as session:
        (await session.get_one(KeptQuote, kept.id)).expires_at = clock.now() - timedelta(hours=1)


async def _change(slug: str = "cups", **values: int) -> None:
    async with database.write() as session:
        await session.exec(update(Variant).where(col(Variant.sku) == slug).values(**values))


async def test_a_quote_keeps_what_was_asked_and_what_was_told_and_nobodys_address(cups: str) -> None:
    kept = await _ask(Item("cups", 2), coupon=" diwali ", to=HERE)
    [known] = await rows(KeptQuote)
    assert known == kept
    assert (known.asker, known.wanted, known.coupon) == (BUYER.user_id, {cups: 2}, CODE)
    assert (known.to, known.currency) == (Destination("570001", "29"), "INR")
    assert known.figures == {
        "subtotal": 96_000,
        "discount": 9_600,
        "delivery": 5_000,
        "tax": 9_793,
        "total": 91_400,
        f"lines.{cups}": 96_000,
    }


async def test_an_order_by_a_quote_costs_what_that_says_and_knows_it(cups: str) -> None:
    kept = await _ask(Item("lamp"), Item("cups", 2), coupon=CODE, to=HERE)
    await _expire(kept)
    order = (await _order(kept)).order
    figures = (order.subtotal, order.discount, order.delivery, order.tax, order.amount)
    assert figures == tuple(kept.figures[name] for name in ("subtotal", "discount", "delivery", "tax", "total"))
    assert (order.quote_id, order.coupon, order.ships_to) == (kept.id, CODE, MYSURU.as_kept())
    lines = sorted(await rows(OrderLine), key=lambda line: line.position)
    assert [(line.slug, line.quantity) for line in lines] == [("lamp", 1), ("cups", 2)]
    assert cups in kept.wanted
    assert await violations() == []


async def test_the_same_question_is_the_same_quote_and_every_other_one_is_another(
    cups: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[Item], dict[str, Any]]] = [
        ([Item(cups), Item("lamp")], {}),
        ([Item("lamp"), Item(cups)], {}),
        ([Item(cups, 2), Item("lamp")], {}),
        ([Item(cups)], {}),
        ([Item(cups)], {"coupon": CODE}),
        ([Item(cups)], {"to": HERE}),
        ([Item(cups)], {"to": somewhere(pin="560001").destination}),
        ([Item(cups)], {"who": await somebody_else()}),
        ([Item(cups)], {"who": None}),
        ([Item(cups)], {"who": None, "browser": BROWSER}),
        ([Item(cups)], {"who": None, "browser": "c" * 64}),
    ]
    first, again = [[(await _ask(*items, **more)).id for items, more in asked] for _ in range(2)]
    assert first == again
    assert len({*first}) == len(asked) == len(await rows(KeptQuote))
    assert (await _ask(Item("cups"))).id == first[3] == (await _ask(Item(cups), browser=BROWSER)).id
    await _change(amount=49_000)
    assert (await _ask(Item(cups))).id not in first
    await _change(amount=48_000)
    with settings_for(monkeypatch, LINK_SECRET="another secret that is as long as it has to be"):
        assert (await _ask(Item(cups))).id not in first, "nobody works an id out"


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(st.lists(QUESTIONS, min_size=2, max_size=6))
async def test_of_made_up_questions_exactly_those_that_are_the_same_are_one_quote(
    cups: str, questions: list[tuple[tuple[str, ...], int, str, str, str]]
) -> None:
    told: dict[object, str] = {}
    for question in questions:
        slugs, units, coupon, pin, browser = question
        items = [Item(cups if slug == "cups" else slug, units) for slug in slugs]
        to = somewhere(pin=pin).destination if pin else None
        kept = await _ask(*items, who=None, coupon=coupon, to=to, browser=browser)
        assert told.setdefault(question, kept.id) == kept.id
    assert len({*told.values()}) == len(told)


@ON_BOTH
async def test_of_twenty_who_ask_the_same_at_once_all_are_told_one_quote_and_one_order_is_made_of_it(cups: str) -> None:
    told = await asyncio.gather(*(_ask(Item(cups), who=None, to=HERE) for _ in range(20)))
    assert {kept.id for kept in told} == {kept.id for kept in await rows(KeptQuote)}
    assert len(await rows(KeptQuote)) == 1
    made = await asyncio.gather(*(_order(kept, key="one") for kept in told[:5]))
    assert [each.order.id for each in made] == [order.id for order in await rows(Order)] * 5


async def test_who_asks_again_is_told_the_same_and_has_longer(cups: str) -> None:
    kept = await _ask(Item(cups))
    await _expire(kept)
    again = await _ask(Item(cups))
    [known] = await rows(KeptQuote)
    assert (known.id, known.expires_at) == (kept.id, again.expires_at)
    assert known.expires_at > clock.now()


@pytest.mark.parametrize(
    ("asked_by", "opens_for"),
    [
        ("account", {"account", "who it became"}),
        ("browser", {"somebody in the browser"}),
        ("nobody", {"account", "somebody", "somebody in the browser", "somebody in another", "who it became"}),
    ],
)
async def test_a_quote_opens_for_who_asked_and_for_nobody_else(cups: str, asked_by: str, opens_for: set[str]) -> None:
    who, browser = (BUYER if asked_by == "account" else None), (BROWSER if asked_by == "browser" else "")
    kept, other = await _ask(Item(cups), who=who, browser=browser, to=HERE), await somebody_else()
    tried: dict[str, tuple[Claims, str]] = {
        "account": (BUYER, ""),
        "somebody": (other, ""),
        "somebody in the browser": (other, BROWSER),
        "somebody in another": (other, "c" * 64),
        "who it became": (Claims(other.user_id, other.session_id, guest_id=BUYER.user_id), ""),
    }
    opened = set()
    for name, (claims, sent) in tried.items():
        try:
            made = await _order(kept, claims, browser=sent)
        except QuoteNotFound:
            continue
        opened.add(name)
        assert made.order.buyer_id == claims.user_id
    assert opened == opens_for
    assert len(await rows(Order)) == len(opens_for)


@pytest.mark.parametrize("quote_id", ["0" * 32, "", "x" * 10_000, "\0", "ॐ", "{}", "%"])
async def test_what_is_no_quote_is_not_found_like_somebody_elses(cups: str, quote_id: str) -> None:
    kept = await _ask(Item(cups))
    for wrong in (quote_id, kept.id.upper(), f"{kept.id}\n", kept.id[:-1]):
        with pytest.raises(QuoteNotFound):
            await checkout.order_quoted(BUYER, wrong)
    assert await rows(Order) == []


async def _end_coupon() -> None:
    await pricing.end_coupon(CODE, OPERATOR)


async def _let_two_prices_change_places() -> None:
    await _change(amount=49_000)
    await _change("lamp", amount=19_000)


CHANGES: dict[str, tuple[Callable[[], Awaitable[object]], set[str], str]] = {
    "a price": (
        lambda: _change(amount=50_000),
        {"subtotal", "discount", "tax", "total", "lines.cups"},
        "The price has changed from ₹662.00 to ₹680.00.",
    ),
    "the coupon": (_end_coupon, {"discount", "tax", "total"}, "The price has changed from ₹662.00 to ₹730.00."),
    "the rate of a tax": (
        lambda: _change(tax_rate=1800),
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
    kept, lamp = await _ask(Item(cups), Item("lamp"), coupon=CODE, to=HERE), (await rows(Variant))[0].id
    await change()
    for _ in range(2):
        with pytest.raises(PriceChanged) as refused:
            await _order(kept, key="one")
        named = {name.replace(cups, "cups").replace(lamp, "lamp") for name in refused.value.figures}
        assert (named, refused.value.detail) == (differ, said)
        assert all(figure["was"] == kept.figures[name] for name, figure in refused.value.figures.items())
        await _expire(kept)
    assert (await rows(Order), [each.held for each in await rows(Variant)], inside.line.calls) == ([], [0, 0], [])

    if what == "the coupon":
        with pytest.raises(CouponRefused):
            await _ask(Item(cups), Item("lamp"), coupon=CODE, to=HERE)
    anew = await _ask(Item(cups), Item("lamp"), coupon="" if what == "the coupon" else CODE, to=HERE)
    assert {name: figure["now"] for name, figure in refused.value.figures.items()} == {
        name: anew.figures[name] for name in refused.value.figures
    }
    assert (await _order(anew, key="one")).order.amount == anew.figures["total"] == refused.value.now


async def test_the_same_key_is_the_same_order_whatever_it_costs_by_then_but_not_by_another_quote(cups: str) -> None:
    kept = await _ask(Item(cups), to=HERE)
    made = await _order(kept, key="one")
    await _change(amount=50_000)
    again = await _order(kept, key="one")
    assert (again.order.id, again.replayed, again.order.amount) == (made.order.id, True, 53_000)
    with pytest.raises(IdempotencyConflict):
        await _order(await _ask(Item(cups), to=HERE), key="one")
    by_itself = await checkout.create_order(BUYER, [Item(cups)], to=MYSURU, key="two")
    assert by_itself.order.quote_id is None
    with pytest.raises(IdempotencyConflict):
        await _order(await _ask(Item(cups), to=HERE), key="two")


async def test_where_it_goes_is_said_with_the_order_and_what_that_costs_otherwise_is_said_first(cups: str) -> None:
    await zones.put(HOME)
    nowhere, home = await _ask(Item(cups)), await _ask(Item(cups), to=HERE)
    with pytest.raises(InvalidInput) as lacking:
        await _order(home, to=None)
    assert list(lacking.value.fields) == ["address"]
    for kept, to in ((nowhere, MYSURU), (home, somewhere(pin="682001"))):
        with pytest.raises(PriceChanged) as refused:
            await _order(kept, to=to)
        assert set(refused.value.figures) == {"delivery", "tax", "total"}
    assert (await _order(home)).order.delivery == 6_000


async def test_an_account_that_says_no_address_has_it_sent_to_its_default_one(cups: str) -> None:
    async with database.write() as session:
        user = User(email="meera@example.in", role=Role.CUSTOMER)
        session.add(user)
        other = tokens.read(tokens.open_session(session, user))
    await book.keep(other.user_id, MYSURU)
    made = await _order(await _ask(Item(cups), who=other, to=HERE), other, to=None)
    assert (made.order.ships_to, made.order.delivery) == (MYSURU.as_kept(), 5_000)
    elsewhere = await _ask(Item(cups), who=other, to=somewhere(pin="560001").destination)
    with pytest.raises(InvalidInput) as unsaid:  # it costs as much, and is another place
        await _order(elsewhere, other, to=None)
    assert list(unsaid.value.fields) == ["address"]


async def test_what_is_taxed_by_a_pin_goes_to_an_address_there_also_where_a_shop_asks_for_none(inside: Inside) -> None:
    assert inside
    await registration.register(state="Kerala")
    cups = await put_on_shelf(9, 48_000, tax_rate=1200)
    with pytest.raises(InvalidInput):
        await _order(await _ask(Item(cups), to=HERE), to=None)
    order = (await _order(await _ask(Item(cups), to=HERE))).order
    [line] = await rows(OrderLine)
    assert (order.ships_to, line.igst, line.cgst) == (MYSURU.as_kept(), 5_143, 0)


async def test_an_amount_beside_a_quote_is_what_was_shown(cups: str) -> None:
    kept = await _ask(Item(cups), to=HERE)
    with pytest.raises(PriceChanged) as refused:
        await _order(kept, shown={"total": 52_999})
    assert refused.value.figures == {"total": {"was": 52_999, "now": 53_000}}
    assert (await row(KeptQuote, kept.id)).figures["total"] == 53_000
