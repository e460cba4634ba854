"""What was shown is compared figure by figure, and what is another one by now is named with both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_app.checkout.errors import PriceChanged
from checkout_app.checkout.shown import changed

NAMES = ("total", "subtotal", "discount", "delivery", "tax", "lines.CUPS", "lines.LAMP")
FIGURES = st.fixed_dictionaries({name: st.integers(0, 3) for name in NAMES})


@given(FIGURES, FIGURES, st.sets(st.sampled_from(NAMES)))
def test_every_figure_that_was_shown_and_is_another_one_is_named_and_no_other(
    told: dict[str, int], costs: dict[str, int], shown: set[str]
) -> None:
    found = changed({name: told[name] for name in shown}, costs)
    assert found == {name: {"was": told[name], "now": costs[name]} for name in shown if told[name] != costs[name]}


@given(FIGURES)
def test_what_is_as_it_was_has_not_changed(told: dict[str, int]) -> None:
    assert changed(told, told) == {}


def test_what_is_not_bought_any_more_costs_nothing_now() -> None:
    shown = {"lines.CUPS": 48_000, "lines.CORK": 1, "lines.GIFT": 0}
    assert changed(shown, {"lines.MUGS": 48_000}) == {
        "lines.CUPS": {"was": 48_000, "now": 0},
        "lines.CORK": {"was": 1, "now": 0},
    }


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (NAMES, "The price has changed from ₹1.00 to ₹2.00."),
        (NAMES[1:], "The price before delivery and discount has changed from ₹1.00 to ₹2.00."),
        (("tax", "discount"), "The discount has changed from ₹1.00 to ₹2.00."),
        (("delivery",), "The delivery charge has changed from ₹1.00 to ₹2.00."),
        (("lines.CUPS", "tax"), "The tax inside the price has changed from ₹1.00 to ₹2.00."),
        (("lines.CUPS", "lines.LAMP"), "The price of a product has changed from ₹1.00 to ₹2.00."),
    ],
)
def test_of_what_has_changed_the_most_telling_is_said(figures: tuple[str, ...], said: str) -> None:
    assert PriceChanged(100, 200, "INR", {name: {"was": 100, "now": 200} for name in figures}).detail == said
