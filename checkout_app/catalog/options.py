"""In what the variants of a product differ, as somebody says it: what may be kept, and all that is wrong at once."""

from collections.abc import Sequence
from math import prod
from typing import Final, NamedTuple

from checkout_app.core.text import Unfit, one_line

MOST_OPTIONS: Final = 3
MOST_VARIANTS: Final = 100
LONGEST_OPTION: Final = 30
LONGEST_VALUE: Final = 30
"""So short that a line of an order has room for a name beside all of them."""

_Wrong = dict[str, str]


class Option(NamedTuple):
    """In what variants differ, such as Colour, and what each may be."""

    name: str
    values: Sequence[str]


def fit_options(options: Sequence[Option]) -> tuple[list[Option], _Wrong]:
    """Return options as they are kept, and what is wrong with them by its field."""
    wrong: _Wrong = {}
    kept = [
        Option(
            _fit(option.name, LONGEST_OPTION, f"options.{place}.name", wrong),
            [_fit(value, LONGEST_VALUE, f"options.{place}.values", wrong) for value in option.values],
        )
        for place, option in enumerate(options)
    ]
    for place, option in enumerate(kept):
        if _twice([one.name for one in kept[: place + 1]]):
            wrong.setdefault(f"options.{place}.name", "There is an option of this name already.")
        if not option.values or _twice(option.values):
            wrong.setdefault(f"options.{place}.values", "Say what it may be, each once.")
    if len(kept) > MOST_OPTIONS:
        wrong["options"] = f"A product has at most {MOST_OPTIONS} options."
    elif prod(len(option.values) for option in kept) > MOST_VARIANTS:
        wrong["options"] = f"That is more than {MOST_VARIANTS} variants."
    return kept, wrong


def _fit(said: str, longest: int, field: str, wrong: _Wrong) -> str:
    try:
        text = one_line(said, longest)
    except Unfit:
        text = ""
    if not text:
        wrong[field] = f"Use 1 to {longest} ordinary characters."
    return text


def _twice(texts: Sequence[str]) -> bool:
    return len({text.casefold() for text in texts}) < len(texts)
