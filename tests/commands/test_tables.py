"""`export-products` and `import-products`: all products as a table, changed by hand, looked at, and brought in."""

from pathlib import Path

from tests.commands.conftest import ON_SQLITE, Place
from tests.support.processes import operate

pytestmark = ON_SQLITE


def test_a_table_is_written_changed_looked_at_and_brought_in(place: Place, tmp_path: Path) -> None:
    place.do("demo")
    file = tmp_path / "products.csv"
    place.do("export-products", str(file))
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfslug,")
    assert place.do("export-products").encode().replace(b"\r\n", b"\n") == content[3:].replace(b"\r\n", b"\n")
    assert place.do("import-products", str(file)).startswith("Done: 0 new, 0 changed, ")
    file.write_text("slug,price,name,category\nbrass-diya,₹ 999,Brass diya,\n,50,Wick,Light\n")
    refused = operate(place.settings, "import-products", str(file))
    assert refused.returncode == 2
    assert refused.stdout == "Row 2, category: Say among what it is found.\nNothing was done.\n"
    file.write_text("slug,price,name,category\nbrass-diya,₹ 999,Brass diya,Festival\n,50,Wick,Light\n")
    said = "Row 2, Brass diya: category Light → Festival; price 220.00 → 999.00\nRow 3, Wick: new\n"
    assert place.do("import-products", str(file), "--dry-run") == f"{said}1 new, 1 changed, 0 as they were\n"
    assert place.do("import-products", str(file)) == f"{said}Done: 1 new, 1 changed, 0 as they were\n"
    assert place.do("import-products", str(file)) == "Done: 0 new, 0 changed, 2 as they were\n"
    file.write_bytes(b"PK\x03\x04")
    assert "workbook" in operate(place.settings, "import-products", str(file)).stdout
