"""`product-file` gives a digital product its file, as an operator has it."""

from pathlib import Path

from tests.commands.conftest import ON_SQLITE, Place
from tests.support.processes import operate

pytestmark = ON_SQLITE
BOOK = "recipe-book-twelve-dals-pdf"


def _files(place: Place) -> list[bytes]:
    return [file.read_bytes() for file in (Path(place.settings["DATA_DIR"]) / "files").glob("*")]


def test_a_digital_product_gets_its_file_and_another_name_if_told_to(place: Place, tmp_path: Path) -> None:
    place.do("demo")
    before = _files(place)
    draft = tmp_path / "draft 7.pdf"
    draft.write_bytes(b"%PDF-1.7 of one's own")
    said = place.do("product-file", BOOK, str(draft), "--name", "Twelve dals.pdf")
    assert said == f"Buyers of {BOOK} get Twelve dals.pdf from now on, 21 bytes\n"
    assert sorted(_files(place)) == sorted([*before, b"%PDF-1.7 of one's own"])


def test_what_cant_be_one_is_refused_in_words(place: Place, tmp_path: Path) -> None:
    place.do("demo")
    before, page = _files(place), tmp_path / "page.pdf"
    page.write_bytes(b"<html>")
    for arguments, words in (
        ((BOOK, str(page)), "This is not what its name says: the content is of another kind."),
        ((BOOK, str(tmp_path / "none.pdf")), "No such file or directory."),
    ):
        done = operate(place.settings, "product-file", *arguments)
        assert (done.returncode, done.stderr) == (2, ""), done.stderr
        assert done.stdout.endswith(f"{words}\n"), done.stdout
    assert _files(place) == before
