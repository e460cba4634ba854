"""What people write, made fit to be kept: one cleaning at every door, so that the same text is the same everywhere."""

import unicodedata

_INVISIBLE = "\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff"
"""What nobody sees, and what comes along at the ends of copied text: soft hyphens, marks of direction, empty spaces."""
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What turns the writing around it."""
_NEVER_TEXT = frozenset({"Cc", "Cs"})
_UNSEEN = frozenset({"Cf", "Mc", "Me", "Mn", "Zl", "Zp", "Zs"})
"""What by itself shows nothing; a character that is newer than our Unicode may show something."""


class Unfit(ValueError):
    """A text that can't be kept."""


def one_line(text: str, longest: int) -> str:
    """Return what somebody wrote in one line, composed and without what nobody sees at its ends; raises Unfit.

    The joiners that many scripts and pictures are written with stay. What nobody sees at all is as good as nothing.
    """
    cleaned = " ".join(unicodedata.normalize("NFC", text).split()).strip(f"{_INVISIBLE} ")
    if len(cleaned) > longest or not all(map(_may_be_text, cleaned)):
        raise Unfit
    return "" if all(unicodedata.category(character) in _UNSEEN for character in cleaned) else cleaned


def sentence(words: str) -> str:
    """Return words with the full stop that they may lack."""
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _may_be_text(character: str) -> bool:
    """Tell whether a character is one that people write; what Unicode will never give a meaning is none."""
    code = ord(character)
    never = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 - Unicode's noncharacters
    return not never and character not in _TURNING and unicodedata.category(character) not in _NEVER_TEXT
