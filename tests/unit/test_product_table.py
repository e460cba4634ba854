"""A table of products changes what it says, and nothing where it says what is so."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from checkout_app.catalog.drafts import GST_RATES
from checkout_app.catalog.models import Product, Variant
from checkout_app.catalog.products import Holder
from checkout_app.catalog.service import Offer
from checkout_app.catalog.table.columns import HEADINGS, row_of
from checkout_app.catalog.table.plan import plan
from checkout_app.catalog.table.planned import Plan, Shop
from checkout_app.core.spreadsheet_files import read
from checkout_app.core.spreadsheets import lines
from checkout_app.core.text import one_line

NOW: Final = datetime(2027, 4, 1, tzinfo=UTC)
ANY: Final = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
"""Kept before there were rules, perhaps."""
LINE: Final = st.text(st.sampled_from("aZ9 =+-@'\"\t;,|:“₹दीया\u200d👩‍🌾"), max_size=30).map(
    lambda text: one_line(text, 40) or "-"
)
"""As the rules keep it."""


def _without_colon(text: str) -> str:
    return one_line(text.replace(":", ""), 40) or "-"


@st.composite
def products(
    draw: st.DrawFn, words: st.SearchStrategy[str] = ANY, terms: st.SearchStrategy[str] = ANY, most: int = 3
) -> Sequence[Offer]:
    """Draw a product with its variants."""
    pairs = st.builds(lambda term, text: {"term": term, "text": text}, terms, words)
    product = Product(
        slug=draw(st.text("abc", min_size=1, max_size=8)),
        name=draw(words),
        category=draw(words),
        summary=draw(words),
        description=draw(words),
        details=draw(st.lists(pairs, max_size=3)),
        image="",
        image_alt="",
        digital=draw(st.booleans()),
        on_sale=draw(st.booleans()),
        back_in=draw(st.none() | words),
    )
    number = draw(st.integers(1, most))
    product.options = ["Colour"] if number > 1 else []
    rate = draw(st.sampled_from(GST_RATES))
    return [
        Offer(
            product,
            Variant(
                product_id=product.id,
                position=position,
                sku=f"{product.slug}-{position}",
                option_values=[f"Red {position}"] if number > 1 else [],
                amount=draw(st.integers(100, 50_000_000)),
                tax_rate=rate,
                hsn=draw(st.sampled_from(["", "0902", "6912", "09023020"])),
                weight=draw(st.none() | st.integers(1, 1_000_000)),
                on_hand=draw(st.none() | st.integers(0, 1_000_000)),
            ),
        )
        for position in range(1, number + 1)
    ]


def _said_of(all_of_them: Sequence[Sequence[Offer]]) -> bytes:
    return lines([HEADINGS, *(row_of(offer, NOW) for one in all_of_them for offer in one)]).encode()


def _planned(content: bytes, there: Sequence[Sequence[Offer]] = ()) -> Plan:
    taken = {offer.variant.sku: Holder(offer.variant.id, offer.name) for one in there for offer in one}
    return plan(read(content, 5_000), Shop({one[0].product.slug: one for one in there}, taken, 1_800, NOW))


@given(st.lists(products(), max_size=5, unique_by=lambda one: one[0].product.slug))
def test_the_table_of_whatever_is_there_changes_nothing(there: Sequence[Sequence[Offer]]) -> None:
    planned = _planned(_said_of(there), there)
    assert (planned.changes, planned.problems, planned.steps) == ([], [], [])
    assert planned.unchanged == len(there)


@given(st.lists(products(LINE, LINE.map(_without_colon)), max_size=5, unique_by=lambda one: one[0].product.slug))
def test_the_table_makes_the_same_in_a_shop_that_has_nothing(there: Sequence[Sequence[Offer]]) -> None:
    planned = _planned(_said_of(there))
    assert planned.problems == []
    assert planned.new == len(there)
    made = [row_of(step.offer, NOW) for step in planned.steps]
    assert made == [row_of(offer, NOW) for one in there for offer in one]
