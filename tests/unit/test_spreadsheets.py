"""Tables are read as spreadsheets leave them, whatever they have done to them."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_app.catalog.table import cells
from checkout_app.core.spreadsheet_files import Unreadable, heading, read, said
from checkout_app.core.spreadsheets import MARK, lines
from checkout_app.core.text import Unfit

NAMED: Final = "Slug,Name\r\ndiya,दीया\r\n"


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in read(content, 10).rows]


@pytest.mark.parametrize(
    "content",
    [
        NAMED.encode(),
        f"{MARK}{NAMED}".encode(),
        NAMED.encode("utf-16"),
        f"{MARK}{NAMED}".encode("utf-16-be"),
        NAMED.replace(",", ";").encode(),
        NAMED.replace(",", "\t").encode("utf-16"),
        NAMED.replace(",", "|").encode(),
        f"sep=;\r\n{NAMED}".replace(",", ";").encode(),
        NAMED.replace("\r\n", "\n").encode(),
        NAMED.replace("\r\n", "\r").encode(),
        " sLuG , NAME \ndiya, दीया ".encode(),
        'Slug,Name\n"diya","दीया"'.encode(),
        'Slug,Name\n="diya",दीया,,,'.encode(),
        "Slug,Name,,\ndiya,दीया,,\n".encode(),
    ],
)
def test_a_file_says_the_same_in_all_letters_and_with_all_separators(content: bytes) -> None:
    assert _rows(content) == [(2, {"slug": "diya", "name": "दीया"})]


def test_what_windows_wrote_is_read() -> None:
    assert _rows("name,price\nCafé “Crème” 5 €,1".encode("cp1252"))[0][1]["name"] == "Café “Crème” 5 €"


def test_rows_have_the_numbers_that_a_spreadsheet_shows() -> None:
    content = b'name,description\r\n\r\nbowl,"of\r\nbrass"\r\n,\r\n\r\ncup,\r\nlid\r\n'
    assert _rows(content) == [
        (3, {"name": "bowl", "description": "of\nbrass"}),
        (6, {"name": "cup", "description": ""}),
        (7, {"name": "lid", "description": ""}),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing"),
        (b"\r\n , \r\n", "nothing"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        ("name,price".encode("utf-16-le"), "no text"),
        (b"name\n\x81\x8d", "no text"),
        (b"name,Name \n", "two columns called Name"),
        (b"name\nbowl,5", "row 2 stands below no heading"),
        (b"name,\nbowl,5", "row 2 stands below no heading"),
        (b'name\nbowl\n"cup', "Row 3"),
        (b"name\n" + b"x\n" * 11, "more than 10 rows"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(content, 10)


@pytest.mark.parametrize("typed", ["weight_g", "Weight (g)", " WEIGHT-G ", "Weight  G"])
def test_headings_are_known_however_they_are_typed(typed: str) -> None:
    assert heading(typed) == "weight_g"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=4))
def test_whatever_is_written_is_read_as_what_it_was(texts: list[str]) -> None:
    written = lines([[f"c{place}" for place in range(len(texts))], [said(text) for text in texts]])
    found = [list(row.cells.values()) for row in read(f"{MARK}{written}".encode(), 1).rows]
    assert found == ([[said(text) for text in texts]] if any(map(said, texts)) else [])


@pytest.mark.parametrize("cell", ["=1+1", "+91", "-5", "@SUM(A1)", "'=1", "''=1", "'+", '="x"'])
def test_no_text_is_a_formula_on_its_way_out_nor_another_one_back_in(cell: str) -> None:
    written = lines([["name"], [cell]])
    assert written.splitlines()[1].strip('"').startswith("'")
    assert _rows(written.encode())[0][1] == {"name": cell}


@pytest.mark.parametrize(
    ("reader", "cell", "says"),
    [
        *((cells.price, cell, 12_990_000) for cell in ("129900", "1,29,900.00", "₹1,29,900", "Rs. 1,29,900/-")),
        *((cells.price, cell, 49_950) for cell in ("499.5", "499.50", "₹ 499.500", "INR\xa0499.50", "४९९.५०")),
        *((cells.price, cell, None) for cell in ("", "499,50", "1,2,3", "499.555", "-5", "free", "1E+05", "1" * 99)),
        *((cells.percent, cell, 1_800) for cell in ("18", "18%", "18.00 %", "१८")),
        (cells.percent, "0.25", 25),
        (cells.percent, "", ...),
        *((cells.percent, cell, None) for cell in ("0.255", "GST", "1800")),
        *((cells.whole, cell, 1_200) for cell in ("1200", "1,200", "1200.0", " 1 200 ")),
        (cells.whole, "0", 0),
        *((cells.whole, cell, None) for cell in ("1.5", "many", "-1", "1E+03")),
        *((cells.code, cell, "0902") for cell in ("0902", "902", "902.0", "'0902")),
        (cells.code, "9023020", "09023020"),
        (cells.code, "69120010", "69120010"),
        (cells.code, "", ""),
        *((cells.code, cell, None) for cell in ("1.23E+11", "9.02E+07")),
        (cells.sku, "CUP-6", "CUP-6"),
        (cells.sku, "", ...),
        (cells.sku, "8.90123E+12", None),
        *((cells.yes, cell, True) for cell in ("TRUE", "Yes", "y", "1", "हाँ", "हां")),
        *((cells.yes, cell, False) for cell in ("FALSE", "no", "N", "0", "नहीं")),
        (cells.yes, "", ...),
        (cells.yes, "perhaps", None),
        (cells.pairs, "Made in: India\n\nCare:by hand: never hot", "Made in=India;Care=by hand: never hot"),
        (cells.pairs, "Made in India", "Made in India="),
        (cells.pairs, "", ""),
    ],
)
def test_cells_are_read_as_people_and_spreadsheets_write_them(reader: Any, cell: str, says: Any) -> None:
    if says is None:
        with pytest.raises(Unfit):
            reader(cell)
        return
    read_as = reader(cell)
    if reader is cells.pairs:
        read_as = ";".join(f"{pair['term']}={pair['text']}" for pair in read_as)
    assert read_as == says


def test_a_number_that_is_not_there_is_none() -> None:
    assert cells.whole("") is None
