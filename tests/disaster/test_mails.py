"""A shop that dies while it has a mail to send sends it when it is up again, once."""

from pathlib import Path

from tests.support.buying import Purchase
from tests.support.databases import empty_sqlite
from tests.support.mail_server import running_mail_server
from tests.support.mailing import FROM
from tests.support.shops import Gateway, running_shop
from tests.support.waiting import until


def test_a_mail_that_a_dead_process_had_begun_is_sent_by_the_next_one_and_by_no_other(
    gateway: Gateway, tmp_path: Path
) -> None:
    with (
        running_mail_server() as server,
        running_shop(tmp_path, gateway, empty_sqlite(tmp_path), SMTP_URL=server.url, MAIL_FROM=FROM) as shop,
    ):
        server.trouble = ["CONNECT stalls"]
        purchase = Purchase.begin(shop)
        handed_over = purchase.hand_over()
        purchase.verify(handed_over).raise_for_status()
        until(lambda: server.connections and shop.rows("SELECT id FROM mails WHERE attempts = 1"), "the mail to begin")
        shop.kill_and_restart()
        shop.rows("UPDATE mails SET due_at = created_at")  # its lease would be over in two minutes
        until(lambda: shop.rows("SELECT id FROM mails WHERE sent_at IS NOT NULL"), "the mail to be sent")
        purchase.verify(handed_over).raise_for_status()
        shop.kill_and_restart()
        until(lambda: not shop.rows("SELECT id FROM follow_ups WHERE due_at IS NOT NULL"), "all to be followed")
        assert [mail["subject"] for mail in server.taken] == [f"Order {purchase.order['number']} is paid"]
        assert shop.rows("SELECT id FROM mails WHERE due_at IS NOT NULL") == []
