"""Two shops share an account at the gateway, its webhooks included, and never touch each other's money."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import new_database
from tests.support.buying import Purchase, check
from tests.support.processes import operate
from tests.support.shops import Shop, running_gateway, running_shop
from tests.support.time_travel import advance
from tests.support.waiting import until
from tests.support.webhooks import announce

_ROWS = ("orders", "payments", "refunds", "issues", "gateway_orders", "events")


@pytest.fixture
def shops(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Shop, Shop]]:
    """One shop on SQLite and one on PostgreSQL, with one gateway."""
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway(tmp_path))
        both = []
        for kind in ("sqlite", "postgresql"):
            folder = tmp_path / kind
            folder.mkdir()
            url = new_database(kind, request, folder)
            both.append(stack.enter_context(running_shop(folder, gateway, url)))
        yield both[0], both[1]


def _state(shop: Shop) -> dict[str, list[str]]:
    return {table: [row["id"] for row in shop.rows(f"SELECT id FROM {table} ORDER BY id")] for table in _ROWS}  # noqa: S608 - our names


def test_what_one_sells_is_counted_by_the_other_and_nothing_else(shops: tuple[Shop, Shop]) -> None:
    ours, theirs = shops
    mine, other = Purchase.begin(ours), Purchase.begin(theirs, amount=70000)
    mine.verify(mine.hand_over()).raise_for_status()
    before = _state(ours)
    payment_id = other.pay()
    for shop in shops:
        assert announce(shop, "payment.captured", payment_id).status_code == 200
    other.becomes("paid")
    advance(ours, 2)  # the sweep has come round
    until(lambda: not ours.rows("SELECT id FROM webhook_events WHERE handled_at IS NULL"), "the webhook is handled")
    assert _state(ours) == before
    [their_id] = [row["shop_id"] for row in theirs.rows("SELECT shop_id FROM sellers")]
    checked = check(ours)
    assert (checked.returncode, f"OTHERS  1 payments, ₹700.00, of the shop {their_id}" in checked.stdout) == (0, True)
    recovered = operate(ours.environment, "recover", "--yes")
    assert (recovered.returncode, "MISSING" in recovered.stdout) == (0, False), recovered.stdout
    assert f"OTHERS   1 orders paid with ₹700.00, of the shop {their_id}" in recovered.stdout
    assert _state(ours) == before
    assert check(theirs).returncode == 0
