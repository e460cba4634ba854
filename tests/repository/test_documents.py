"""The documents name files, places and figures that are there."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.support.processes import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted(ROOT.glob("docs/*.md"))]
FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:css|jsx?|md|mjs|py|service|timer|toml|txt|yaml)|test_\w+\.py)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
ROW = re.compile(r"^\| \d[\d.\u2013]*(?: \((\d+)\))? \|.* \| (yes|in part|no|n/a) \|", re.MULTILINE)
COUNT = re.compile(r"^\| (yes|in part|no|n/a) \| (\d+) \|$", re.MULTILINE)


def _is_there(file: str) -> bool:
    """Tell whether there is such a file: a path from the top or within the shop, or the name of a test alone."""
    if "/" not in file:
        return any(ROOT.glob(f"tests/*/{file}"))
    return (ROOT / file).exists() or (ROOT / "checkout_app" / file).exists()


def _places(document: Path) -> set[str]:
    """Name what links can lead to within a document: its headings, as they are spelled in addresses."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_what_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert [file for file in FILE.findall(text) if not _is_there(file)] == []
    for path, place in LINK.findall(text):
        leads_to = document.parent / path if path else document
        assert leads_to.exists(), path
        assert not place or place in _places(leads_to), f"{path}#{place}"


def test_what_the_standard_asks_is_counted_right() -> None:
    text = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    counted = Counter[str]()
    for several, met in ROW.findall(text):
        counted[met] += int(several or 1)
    assert {met: int(count) for met, count in COUNT.findall(text)} == counted
