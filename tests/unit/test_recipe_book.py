"""The demo's recipe book is a PDF that readers open: objects are where its table says, and pages have their text."""

import re
import zlib

from checkout_app.demo.book.pdf import recipe_book
from checkout_app.demo.book.recipes import RECIPES

BOOK = recipe_book()


def test_every_object_is_where_the_table_at_the_end_says() -> None:
    begin = int(BOOK.rpartition(b"startxref\n")[2].split()[0])
    assert BOOK.startswith(b"%PDF-1.4\n")
    assert BOOK[begin:].startswith(b"xref\n0 ")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n ", BOOK[begin:])]
    assert [BOOK[place:].split(b" obj", 1)[0] for place in places] == [b"%d 0" % n for n in range(1, len(places) + 1)]


def test_it_has_a_page_for_each_dal_behind_a_cover_and_a_list_of_them() -> None:
    streams = re.findall(rb"/Length (\d+) /Filter /FlateDecode >>\nstream\n(.*?)\nendstream", BOOK, re.DOTALL)
    pages = [zlib.decompress(content).decode("cp1252") for length, content in streams if len(content) == int(length)]
    assert BOOK.count(b"/Type /Page ") == len(pages) == len(RECIPES) + 2
    assert all(
        f"({recipe.name})" in page and f"({recipe.name})" in pages[1]
        for recipe, page in zip(RECIPES, pages[2:], strict=True)
    )


def test_no_line_is_longer_than_its_page_is_wide() -> None:
    drawn = "\n".join(
        zlib.decompress(part).decode("cp1252") for part in re.findall(rb"stream\n(.*?)\nendstream", BOOK, re.DOTALL)
    )
    lines = re.findall(r"/text [\d.]+ Tf [\d.]+ (\d+) Td \((.*)\) Tj", drawn)
    assert max(len(text) for _, text in lines) <= 64
    assert min(int(height) for height, _ in lines) > 40
