"""How much is left, in words."""

import pytest

from checkout_app.catalog.service import availability


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (None, "In stock"),
        (0, "Sold out"),
        (1, "Last one"),
        (2, "2 left"),
        (5, "5 left"),
        (6, "In stock"),
        (40, "In stock"),
    ],
)
def test_how_many_are_left_is_said_when_they_are_few(left: int | None, words: str) -> None:
    assert availability(left, digital=False, back_in=None) == words


def test_a_file_is_always_there_and_what_is_sold_out_comes_back_when_it_is_said_to() -> None:
    assert availability(None, digital=True, back_in=None) == "Always available"
    assert availability(0, digital=False, back_in="March") == "Sold out, back in March"
