"""The questions that the texts are made from: what may be answered, and what is wrong with it, told at once."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from checkout_app.core.errors import InvalidInput
from checkout_app.core.text import Unfit, one_line
from checkout_app.seller.policies.models import LONGEST_ANSWER, LONGEST_STORY, MOST_DAYS, Pays


def fitting(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be kept of the answers to some questions; raises InvalidInput with every problem."""
    fit, wrong = {}, {}
    for name, given in said.items():
        try:
            fit[name] = _FIT[name](given)
        except InvalidInput as error:
            wrong[name] = error.detail
    if wrong:
        raise InvalidInput(wrong)
    return fit


def _words(name: str, longest: int, words: str, *, needed: bool = False) -> str:
    try:
        fit = one_line(words, longest)
    except Unfit as unfit:
        raise InvalidInput({name: f"Use at most {longest} ordinary characters."}) from unfit
    if needed and not fit:
        raise InvalidInput({name: "Say it in a few words."})
    return fit


def _days(name: str, number: int, *, fewest: int = 1) -> int:
    if not fewest <= number <= MOST_DAYS:
        raise InvalidInput({name: f"From {fewest} to {MOST_DAYS} days."})
    return number


_FIT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "story": partial(_words, "story", LONGEST_STORY),
    "makes": partial(_words, "makes", LONGEST_ANSWER),
    "ships_to": partial(_words, "ships_to", LONGEST_ANSWER, needed=True),
    "dispatch_days": partial(_days, "dispatch_days"),
    "transit_days": partial(_days, "transit_days"),
    "cancels": bool,
    "return_days": partial(_days, "return_days", fewest=0),
    "return_paid_by": Pays,
    "not_returned": partial(_words, "not_returned", LONGEST_ANSWER),
    "refund_days": partial(_days, "refund_days"),
}
