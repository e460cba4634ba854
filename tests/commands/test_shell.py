"""The shell has the shop at hand, may await, and opens only on a shop that is there."""

from collections.abc import Mapping
from pathlib import Path

from tests.support.databases import empty_sqlite, settle
from tests.support.making import make
from tests.support.processes import operate

TYPED = """\
6 * 7
await catalog.first()
await rows(select(Product.name).order_by(Product.position).limit(1))
async with database.read() as session:
    [offer.product.category for offer in await catalog.offers(session, limit=20)]

print(settings.shop_name)
"""


def test_what_is_typed_can_await_and_an_error_ends_nothing(development: Mapping[str, str], tmp_path: Path) -> None:
    settle(empty_sqlite(tmp_path))
    assert operate(development, "demo").returncode == 0
    done = make("shell", environment=development, typed=TYPED)
    assert done.returncode == 0, done.stderr
    assert ">>> 42\n" in done.stdout
    assert ">>> ['" in done.stdout
    assert "... ... ['Table'" in done.stdout
    assert done.stdout.rstrip().endswith(">>> Mitti\n>>>")
    assert f"on the SQLite file {tmp_path / 'shop.db'}. At hand:\naccounts, " in done.stderr
    assert done.stderr.count("Error") == 1, done.stderr
    assert "has no attribute 'first'" in done.stderr


def test_without_a_shop_it_does_not_open(development: Mapping[str, str]) -> None:
    done = make("shell", environment=development)
    assert (done.returncode, "There is no shop in the SQLite file " in done.stderr) == (2, True), done.stderr
