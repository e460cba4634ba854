"""The store's walks through time: in the right order, once each, and past nothing that is not asked for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from razorpay_sandbox.core.config import SandboxConfig
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Record, SqlValue, Store
from razorpay_sandbox.webhooks import deliveries

ACCOUNT = "rzp_test_AAAAAAAAAAAAAA"
PLACE = "SEARCH entities USING INDEX entities_by_time (account=? AND kind=? AND created_at>? AND created_at<?)"


class ExplainedStore(Store):
    """A store that notes how each of its statements looks for its rows."""

    def __init__(self, path: Path) -> None:
        self.plans: list[str] = []
        super().__init__(path)

    def rows(self, sql: str, *values: SqlValue) -> list[tuple[Any, ...]]:
        """Run one statement."""
        if sql.startswith("SELECT"):
            self.plans.append("; ".join(row[3] for row in super().rows(f"EXPLAIN QUERY PLAN {sql}", *values)))
        return super().rows(sql, *values)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ExplainedStore]:
    made = ExplainedStore(tmp_path / "sandbox.sqlite3")
    yield made
    made.close()


def _make(store: Store, *moments: int, kind: str = "payment") -> None:
    for moment in moments:
        number = len(store.everything(kind))
        store.insert(Record(kind, ACCOUNT, {"id": f"{kind}_{number}", "created_at": moment}))


def test_what_was_made_earlier_by_the_clock_comes_later_whenever_it_was_written(store: Store) -> None:
    _make(store, 50, 70, 60, 70)
    assert [record.id for record in store.newest("payment", ACCOUNT)] == [f"payment_{n}" for n in (3, 1, 2, 0)]


def test_pages_join_also_within_one_second(store: Store) -> None:
    _make(store, *[5] * 20, *[6] * 250, *[7] * 20)
    numbers = [int(record.id.removeprefix("payment_")) for record in store.newest("payment", ACCOUNT)]
    assert numbers == list(reversed(range(290)))
    assert len(list(store.newest("payment", ACCOUNT, 6, 6))) == 250


def test_a_day_long_ago_is_looked_up_and_not_walked_to(store: ExplainedStore) -> None:
    _make(store, *range(1000, 1300))
    _make(store, *range(1000, 1300), kind="refund")
    store.plans.clear()
    assert [record.entity["created_at"] for record in store.newest("payment", ACCOUNT, 1050, 1199)] == list(
        reversed(range(1050, 1200))
    )
    assert set(store.plans) == {PLACE}
    assert len(store.plans) == 3


def test_a_folder_of_an_earlier_version_is_brought_up_to_this_one(store: Store, tmp_path: Path) -> None:
    store.rows("INSERT INTO endpoints VALUES ('old', NULL, 'http://127.0.0.1:1/', '', 'null', 1, 5, 5, NULL, NULL)")
    store.rows("ALTER TABLE endpoints DROP COLUMN alert_email")
    store.close()
    gateway = Gateway(SandboxConfig(tmp_path))
    [endpoint] = deliveries.endpoints(gateway)
    assert (endpoint.id, endpoint.alert_email) == ("old", None)
    endpoint.alert_email = "asha@example.com"
    deliveries.keep(gateway, endpoint)
    assert [each.alert_email for each in deliveries.endpoints(gateway)] == ["asha@example.com"]
    gateway.store.close()
