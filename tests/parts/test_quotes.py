"""Quotes that are kept: one row for the same question, opened by who asked, and an order at exactly their figures."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout_app.auth.tokens import Claims
from checkout_app.catalog.errors import ProductNotFound
from checkout_app.checkout import service as checkout
from checkout_app.checkout.errors import QuoteNotFound
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, signing
from checkout_app.core.errors import RateLimited
from checkout_app.core.settings import settings as environment
from checkout_app.delivery import zones
from checkout_app.delivery.address import Destination
from checkout_app.delivery.rules import Measure, Rate, Zone
from checkout_app.orders.models import Order, OrderLine
from checkout_app.pricing.models import QUOTE_ID_LENGTH, KeptQuote
from tests.conftest import ON_BOTH
from tests.support import quotes
from tests.support.inside import BUYER, Inside, put_on_shelf, rows, settings_for, somebody_else, violations
from tests.support.quotes import CODE, HERE, MYSURU
from tests.support.zones import somewhere

BROWSER = "b" * 64
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
    return await quotes.open_shop()


def _id_of(kept: KeptQuote) -> str:
    """Make the id of a quote of all that is in it, by the key that quotes have for it."""
    names = ("asker", "wanted", "coupon", "pin", "state", "figures", "currency")
    key = signing.key_for(signing.Purpose.QUOTE, environment().link_secret)
    content = json.dumps({name: getattr(kept, name) for name in names})
    return signing.sign(key, content.encode())[:QUOTE_ID_LENGTH]


async def test_a_quote_keeps_what_was_asked_and_what_was_told_and_nobodys_address(cups: str) -> None:
    kept = await quotes.ask(Item("cups", 2), coupon=" diwali ", to=HERE)
    [known] = await rows(KeptQuote)
    assert known == kept
    assert known.id == _id_of(known)
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


async def test_of_files_no_place_is_kept(cups: str) -> None:
    assert cups
    await put_on_shelf(9, slug="book", digital=True)
    kept = await quotes.ask(Item("book"), to=HERE)
    assert (kept.pin, kept.state) == (None, None)


async def test_what_sending_costs_goes_by_all_units_and_what_nobody_weighed_weighs_nothing(cups: str) -> None:
    weighed, worth = Rate(500, 3_000), Rate(96_000, 3_000)
    for by, rate, items, charge in (
        (Measure.WEIGHT, weighed, (Item("lamp"), Item(cups)), 3_000),
        (Measure.WEIGHT, weighed, (Item("lamp", 2),), 5_000),
        (Measure.VALUE, worth, (Item(cups, 2),), 3_000),
        (Measure.VALUE, worth, (Item(cups, 3),), 5_000),
    ):
        await quotes.change("lamp", weight=500)
        await zones.put(Zone("home", "Home", states=("29",), by=by, rates=(rate, Rate(None, 5_000))))
        assert (await quotes.ask(*items, to=HERE)).figures["delivery"] == charge


async def test_an_order_by_a_quote_costs_what_that_says_and_knows_it(cups: str) -> None:
    kept = await quotes.ask(Item("lamp"), Item("cups", 2), coupon=CODE, to=HERE)
    await quotes.expire(kept)
    order = (await quotes.order(kept)).order
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
    first, again = [[(await quotes.ask(*items, **more)).id for items, more in asked] for _ in range(2)]
    assert first == again
    assert len({*first}) == len(asked) == len(await rows(KeptQuote))
    assert (await quotes.ask(Item("cups"))).id == first[3] == (await quotes.ask(Item(cups), browser=BROWSER)).id
    await quotes.change(amount=49_000)
    assert (await quotes.ask(Item(cups))).id not in first
    await quotes.change(amount=48_000)
    with settings_for(monkeypatch, LINK_SECRET="another secret that is as long as it has to be"):
        assert (await quotes.ask(Item(cups))).id not in first, "nobody works an id out"


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
        kept = await quotes.ask(*items, who=None, coupon=coupon, to=to, browser=browser)
        assert told.setdefault(question, kept.id) == kept.id
    assert len({*told.values()}) == len(told)


@ON_BOTH
async def test_of_twenty_who_ask_the_same_at_once_all_are_told_one_quote_and_one_order_is_made_of_it(cups: str) -> None:
    told = await asyncio.gather(*(quotes.ask(Item(cups), who=None, to=HERE) for _ in range(20)))
    assert {kept.id for kept in told} == {kept.id for kept in await rows(KeptQuote)}
    assert len(await rows(KeptQuote)) == 1
    made = await asyncio.gather(*(quotes.order(kept, key="one") for kept in told[:5]))
    assert [each.order.id for each in made] == [order.id for order in await rows(Order)] * 5


async def test_who_asks_again_is_told_the_same_and_has_longer(cups: str) -> None:
    kept = await quotes.ask(Item(cups))
    await quotes.expire(kept)
    again = await quotes.ask(Item(cups))
    [known] = await rows(KeptQuote)
    assert (known.id, known.expires_at) == (kept.id, again.expires_at)
    assert known.expires_at > clock.now()


async def test_an_address_has_so_many_quotes_kept_and_none_of_them_is_of_what_was_refused(
    cups: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with settings_for(monkeypatch, RATE_LIMITS="kept=1/day"):
        with pytest.raises(ProductNotFound):
            await quotes.ask(Item("nothing"))
        await quotes.ask(Item(cups))
        with pytest.raises(RateLimited):
            await quotes.ask(Item(cups, 2))
    assert len(await rows(KeptQuote)) == 1


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
    kept, other = await quotes.ask(Item(cups), who=who, browser=browser, to=HERE), await somebody_else()
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
            made = await quotes.order(kept, claims, browser=sent)
        except QuoteNotFound:
            continue
        opened.add(name)
        assert made.order.buyer_id == claims.user_id
    assert opened == opens_for
    assert len(await rows(Order)) == len(opens_for)


@pytest.mark.parametrize("quote_id", ["0" * 32, "", "x" * 10_000, "\0", "ॐ", "{}", "%"])
async def test_what_is_no_quote_is_not_found_like_somebody_elses(cups: str, quote_id: str) -> None:
    kept = await quotes.ask(Item(cups))
    for wrong in (quote_id, kept.id.upper(), f"{kept.id}\n", kept.id[:-1]):
        with pytest.raises(QuoteNotFound):
            await checkout.order_quoted(BUYER, wrong)
    assert await rows(Order) == []
