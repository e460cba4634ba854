"""The backup of every night, with the shop's processes as they serve: one for all of them, and none stops."""

from pathlib import Path

from checkout_app.server.backups import schedule
from tests.support.shops import Gateway, running_shop
from tests.support.waiting import until

A_NIGHT_AGO = "UPDATE rounds SET reached = '2026-01-01 00:00:00', due_at = '2026-01-01 00:00:00' WHERE id = :name"


def test_two_processes_make_one_backup_of_a_shop_that_sells_on(gateway: Gateway, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    with (
        running_shop(tmp_path, gateway, url, BACKUPS_KEPT="2") as one,
        running_shop(tmp_path, gateway, url, BACKUPS_KEPT="2") as other,
    ):
        until(lambda: one.came_round(schedule.NAME), "the schedule to have begun")
        one.rows(A_NIGHT_AGO, name=schedule.NAME)
        until(lambda: "backup made" in one.process.log.read_text(), "a backup")
        until(lambda: other.came_round(schedule.NAME), "it to be written down")
        for shop in (one, other):
            assert shop.buyer().get("/health").json()["alarms"] == []
        assert len(list((tmp_path / "backups").glob("shop-*"))) == 1
        assert one.process.log.read_text().count("backup made") == 1
