"""The picture of the tables is the one that the models give now."""

from sqlmodel import SQLModel

from tools.data_model import FILE, document


def test_the_file_is_what_make_data_model_writes() -> None:
    assert FILE.read_text(encoding="utf-8") == document(), "run `make data-model`"


def test_every_table_says_in_a_sentence_what_it_is() -> None:
    lines = [line for line in document().splitlines() if line.startswith("| `")]
    assert len(lines) == len(SQLModel.metadata.tables)
    assert [line for line in lines if not line.endswith(". |")] == []
