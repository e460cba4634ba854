"""The last fence before the log: no secret passes it, no control character, and nothing longer than people read.

Lines of our own name ids and never hold a secret. This is for what others write: Reflex puts whole events into its
lines, with the visitor's headers in them, and an error quotes what it stumbled over.
"""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

BLANK = "[redacted]"
LONGEST = 1000
LONGEST_TRACE = 8000
_LONGEST_LOOK = 64_000
"""How much of a text is looked at, so that a hostile one costs little."""
_SHORT, _MOST_KNOWN = 80, 1024
"""Most of what lines say is short and was said before: so many such texts are remembered, each up to this long."""
_SHORTEST_SECRET = 6
"""What is shorter stands in too many words to be looked for by itself."""

_NAME = r"""
    (?: passw(?:or)?d | passphrase | secret | token | ticket | signature | api_?key | (?<![a-z]) (?:key|cvv|otp) )
"""
_WHOLE_LINE = r"(?: cookie | authori[sz]ation )"
"""A header whose value has spaces in it: unquoted, it ends with the line."""
_IS = r"""(?: [\\'"]{0,4} \s{0,3} [:=] | [\\'"]{1,4} , ) \s{0,3}"""
"""Between a name and its value, in code, JSON, headers, forms, and pairs of them."""
_QUOTED = r"""(?: b? (?P<quote> \\{0,3} ['"] ) .*? (?: (?<!\\) (?P=quote) | \Z ) )"""
_SECRETS = (
    (re.compile(rf"(?isx) ({_WHOLE_LINE} {_IS}) (?: {_QUOTED} | [^\r\n]* )"), rf"\1{BLANK}"),
    (re.compile(rf"(?isx) ({_NAME} {_IS}) (?: {_QUOTED} | (?: (?:bearer|basic) \s{{1,3}} )? [^\s&]* )"), rf"\1{BLANK}"),
    (re.compile(r"(?ix) \b ((?:bearer|basic) \s{1,3}) (?! \[redacted ) [^\s'\"]+"), rf"\1{BLANK}"),
    (re.compile(r"(?<![\w-])eyJ[\w-]++\.[\w-]*+(?:\.[\w-]*+)?"), BLANK),  # a token by itself
    (re.compile(r"(://[^\s:/@]*:)[^\s/]*@"), rf"\1{BLANK}@"),  # the password in the URL of a database
    (re.compile(r"\?[\w.~%-]+=[^\s'\"<>]*"), f"?{BLANK}"),  # links carry keys
)
_SUSPICIOUS = re.compile(r"(?i) [=:,?] | bearer | basic | eyJ", re.VERBOSE)
"""What stands in every text that one of those finds something in; most texts have none of it."""
_NAMES_A_SECRET = re.compile(rf"(?ix) (?: {_NAME} | {_WHOLE_LINE} ) \Z")


class Fence:
    """Lets texts into the log; `secrets` are this shop's own, known by what they are and not only by their names."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._secrets = [secret for secret in secrets if len(secret) >= _SHORTEST_SECRET]
        self._known = lru_cache(_MOST_KNOWN)(self._line)

    def value(self, name: str, value: object) -> object:
        """Return what a line may say under a name; numbers stay just numbers, the rest becomes one line of text."""
        if _names_a_secret(name):
            return BLANK
        if value is None or isinstance(value, bool | int | float):
            return value.value if isinstance(value, Enum) else value
        text = str(value)
        return self._known(text) if len(text) <= _SHORT else self._line(text)

    def _line(self, text: str) -> str:
        return _escaped(_cut(self._redacted(text), LONGEST))

    def trace(self, text: str) -> str:
        """Return what a line may say of a trace, which keeps its lines."""
        kept = _cut(self._redacted(text), LONGEST_TRACE)
        return "\n".join(map(_escaped, kept.split("\n")))

    def _redacted(self, text: str) -> str:
        text = text[:_LONGEST_LOOK]
        for secret in self._secrets:
            text = text.replace(secret, BLANK)
        if _SUSPICIOUS.search(text) is None:
            return text
        for pattern, blanked in _SECRETS:
            text = pattern.sub(blanked, text)
        return text


@lru_cache
def _names_a_secret(name: str) -> bool:
    return _NAMES_A_SECRET.search(name) is not None


def _cut(text: str, longest: int) -> str:
    """Leave the middle out of what is too long: what went wrong is at an end."""
    half = longest // 2
    if len(text) <= longest:
        return text
    return f"{text[:half]} … {len(text) - 2 * half} characters left out … {text[-half:]}"


def _escaped(text: str) -> str:
    """Spell out what a terminal obeys or nobody sees, line ends and reversed writing included."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )
