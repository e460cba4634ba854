"""The recipe book as a PDF of A5 pages: a cover, what is in it, and a page for each dal.

It is written down by hand, because a shop needs no library for fourteen pages: letters of every reader's own fonts,
a few coloured circles, and lines that are broken by their number of letters.
"""

import zlib
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Final

from checkout_app.demo.book.recipes import RECIPES, Recipe

_WIDTH, _HEIGHT = 420, 595
_LEFT, _TOP = 48, 540
_LINE: Final = 64
"""Letters that a line of text has room for."""
_FONTS: Final = {"text": "Times-Roman", "slanted": "Times-Italic", "heading": "Times-Bold", "small": "Helvetica"}
_SLATE, _SAND, _INK, _MUTED = "0.17 0.25 0.36", "0.95 0.92 0.87", "0.14 0.10 0.08", "0.42 0.36 0.32"
_BOWLS: Final = (
    *("0.85 0.62 0.20", "0.76 0.35 0.16", "0.20 0.16 0.15", "0.93 0.78 0.32"),
    *("0.86 0.45 0.30", "0.42 0.50 0.24", "0.80 0.66 0.42", "0.72 0.30 0.22"),
    *("0.60 0.45 0.25", "0.50 0.33 0.22", "0.45 0.30 0.28", "0.96 0.93 0.84"),
)
"""The colours of twelve dals."""
_ROUND: Final = 0.5523
"""How far a curve's handles are from its ends, in radii, so that four of them are a circle."""


def recipe_book() -> bytes:
    """Return the book."""
    pages = [_cover(), _contents(), *(_recipe(number, recipe) for number, recipe in enumerate(RECIPES, start=1))]
    return _document("Twelve Dals", pages)


def _cover() -> str:
    bowls = (_circle(_LEFT + 36 + 84 * (n % 4), 300 - 78 * (n // 4), 30, bowl) for n, bowl in enumerate(_BOWLS))
    return "\n".join(
        (
            _box(0, 0, _WIDTH, _HEIGHT, _SLATE),
            _words("heading", 44, _LEFT, 470, "Twelve Dals", _SAND),
            _words("slanted", 16, _LEFT, 440, "Twelve lentils, twelve kitchens", _SAND),
            _box(_LEFT, 420, 60, 2, _BOWLS[0]),
            *bowls,
            _words("small", 9, _LEFT, 40, "Mitti, things made by hand", _SAND),
        )
    )


def _contents() -> str:
    rows = [_words("heading", 26, _LEFT, _TOP - 20, "In this book", _INK)]
    for number, recipe in enumerate(RECIPES, start=1):
        at = _TOP - 40 - 32 * number
        rows.append(_circle(_LEFT + 7, at + 4, 7, _BOWLS[number - 1]))
        rows.append(_words("text", 13, _LEFT + 28, at, recipe.name, _INK))
        rows.append(_words("slanted", 11, _LEFT + 190, at, f"{recipe.hindi}, {recipe.kitchen}", _MUTED))
        rows.append(_words("small", 9, _WIDTH - 60, at, str(number + 2), _MUTED))
    rows.append(_words("small", 9, _LEFT, 40, "Every dal is for four.", _MUTED))
    return "\n".join(rows)


def _recipe(number: int, recipe: Recipe) -> str:
    parts = [
        _circle(_WIDTH - 66, _TOP + 2, 18, _BOWLS[number - 1]),
        _words("heading", 24, _LEFT, _TOP - 6, recipe.name, _INK),
        _words("slanted", 12, _LEFT, _TOP - 26, f"{recipe.hindi}, as in {recipe.kitchen}", _MUTED),
        _words("small", 9, _LEFT, _TOP - 44, f"{_minutes(recipe.minutes)} for four", _MUTED),
        _box(_LEFT, _TOP - 56, _WIDTH - 2 * _LEFT, 1, _SAND),
    ]
    at = _TOP - 84
    said = (("The pot", (recipe.pot,)), ("The tadka", (recipe.tadka,)), ("How", recipe.steps))
    for heading, paragraphs in (*said, ("When it goes wrong", (recipe.wrong,))):
        parts.append(_words("heading", 12, _LEFT, at, heading, _SLATE))
        at -= 18
        for paragraph in paragraphs:
            for line in wrap(paragraph, _LINE):
                parts.append(_words("text", 11.5, _LEFT, at, line, _INK))
                at -= 15
            at -= 5
        at -= 9
    parts.append(_words("small", 9, _WIDTH / 2, 32, str(number + 2), _MUTED))
    return "\n".join(parts)


def _minutes(minutes: int) -> str:
    return f"{minutes // 60} hours" if minutes > 90 else f"{minutes} minutes"  # noqa: PLR2004 - as people say it


def _words(font: str, size: float, x: float, y: float, text: str, colour: str) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {colour} rg /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _box(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f"{colour} rg {x} {y} {width} {height} re f"


def _circle(x: float, y: float, radius: float, colour: str) -> str:
    far = radius * _ROUND
    quarters = ((0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0), (1, 0, 0, 1))
    bent = [
        f"{x + before_y * radius + before_x * far:.1f} {y - before_x * radius + before_y * far:.1f} "
        f"{x + after_y * radius - after_x * far:.1f} {y - after_x * radius - after_y * far:.1f} "
        f"{x + after_y * radius:.1f} {y - after_x * radius:.1f} c"
        for before_x, before_y, after_x, after_y in quarters
    ]
    return f"{colour} rg {x + radius} {y} m {' '.join(bent)} f"


def _document(title: str, pages: Sequence[str]) -> bytes:
    """Put pages together: objects by their numbers, and at the end where each of them begins."""
    content, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(_objects(title, pages), start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    begin = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, begin)
    return bytes(content)


def _objects(title: str, pages: Sequence[str]) -> Iterator[bytes]:
    fonts = " ".join(
        f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>"
        for name, font in _FONTS.items()
    )
    first = 4
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    yield b"<< /Type /Catalog /Pages 2 0 R /Lang (en-IN) >>"
    shared = f"/MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Resources << /Font << {fonts} >> >>"
    yield f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] {shared} >>".encode()
    yield f"<< /Title ({title}) >>".encode()
    for n, page in enumerate(pages):
        yield f"<< /Type /Page /Parent 2 0 R /Contents {first + 2 * n + 1} 0 R >>".encode()
        drawn = zlib.compress(page.encode("cp1252"))
        yield b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(drawn), drawn)
