"""Addresses of the shop's own files, which say what is in them."""

import re

from checkout_app.core.assets import FOLDER, versioned

SOME = "/brand/mark.svg"


def test_an_address_says_what_is_in_its_file() -> None:
    assert re.fullmatch(rf"{SOME}\?v=[0-9a-f]{{10}}", versioned(SOME))
    assert versioned("/brand/logo.svg") != versioned(SOME)


def test_an_address_that_is_no_file_of_ours_stays_as_it_is() -> None:
    for path in ("/brand/none.svg", "/brand", "/", "", "/../pyproject.toml", "//example.org/a.svg"):
        assert versioned(path) == path


def test_style_sheets_name_files_as_they_are() -> None:
    for sheet in (FOLDER / "styles").iterdir():
        for address in re.findall(r"""url\(["']?([^"')]+)""", sheet.read_text(encoding="utf-8")):
            assert address == versioned(address.partition("?")[0]), sheet.name
