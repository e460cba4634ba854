"""What people write is kept as they wrote it, and once cleaned it stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_app.accounts.service import LONGEST_EMAIL, clean_email
from checkout_app.core.errors import InvalidInput
from checkout_app.core.text import Unfit, one_line


@pytest.mark.parametrize(
    "name",
    ["ශ්‍රී කුමාර", "علی‌رضا", "सूर्‍या", "Asha 👩‍🌾", "José", "O'Neil-Rao", "愛", "ಶ್ರೀ", "𞤀𞤣𞤤𞤢𞤥", "🫩"],
)
def test_names_of_all_scripts_are_kept(name: str) -> None:
    assert one_line(name, 80) == name


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("\ufeff Asha\u200b", "Asha"),
        ("\u200fعلی\u200e", "علی"),
        ("\u00adAsha\u2060 ", "Asha"),
        ("Asha\n\tRao\u2028", "Asha Rao"),
        ("Jose\u0301", "José"),
        ("\u200d", ""),
        ("\u0301\u200c", ""),
        (" \u3000 ", ""),
    ],
)
def test_what_nobody_sees_and_nobody_meant_goes(written: str, kept: str) -> None:
    assert one_line(written, 80) == kept


@pytest.mark.parametrize(
    "text", ["nul \0", "\x1b[31mred", "a\u202eb", "a\u2066b", "a\x7fb", "a\ufffeb", "a\ufdd0b", "a\ud800b"]
)
def test_what_is_no_text_or_turns_it_around_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        one_line(text, 80)


def test_length_is_counted_in_what_is_kept() -> None:
    assert one_line("  " + "é" * 80, 80) == "é" * 80
    with pytest.raises(Unfit):
        one_line("e\u0301" * 81, 80)


@given(st.text(st.characters(), max_size=40))
def test_what_was_cleaned_once_stays_as_it_is(text: str) -> None:
    try:
        cleaned = one_line(text, 80)
    except Unfit:
        return
    assert one_line(cleaned, 80) == cleaned
    assert "\n" not in cleaned


_LOCAL = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
_DOMAINS = st.sampled_from(["example.in", "Example.IN", "bücher.example", "bu\u0308cher.example", "उदाहरण.example"])


@given(_LOCAL, _DOMAINS)
def test_an_address_that_was_cleaned_once_stays_as_it_is(local: str, domain: str) -> None:
    try:
        cleaned = clean_email(f"{local}@{domain}")
    except InvalidInput:
        return
    assert clean_email(cleaned) == cleaned
    assert len(cleaned) <= LONGEST_EMAIL
