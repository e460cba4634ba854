"""A mail is sent once: after a server took it never again, and until then again and again."""

import asyncio
import stat
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from prometheus_client import generate_latest
from sqlalchemy import text
from sqlmodel import update

from checkout_app.accounts import proofs, recovery
from checkout_app.accounts.models import Proof
from checkout_app.core import clock, database
from checkout_app.core.metrics import REGISTRY
from checkout_app.core.settings import settings
from checkout_app.journal import followers
from checkout_app.mail import post, service
from checkout_app.mail.models import Mail
from tests.support.figures import grown, read
from tests.support.inside import Inside, rows, settings_for
from tests.support.mail_server import MailServer
from tests.support.mailing import EMAIL, FROM, NEW, PASSWORD, let_be_due, said, send, signed_up
from tests.support.waiting import until


async def test_what_a_server_took_is_never_sent_again(server: MailServer) -> None:
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    assert await send() == 1
    await let_be_due()
    assert await send() == 0
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("trouble", "copies"),
    [
        ("CONNECT 554 5.3.2 not now", 1),
        ("CONNECT stalls", 1),
        ("MAIL 553 5.7.1 who are you", 1),
        ("RCPT 451 4.7.1 greylisted", 1),
        ("RCPT stalls", 1),
        ("DATA 452 4.3.1 full", 1),
        ("DATA dropped", 1),
        ("DATA lost", 2),
    ],
)
async def test_what_it_did_not_acknowledge_is_sent_again_under_the_same_id(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, trouble: str, copies: int
) -> None:
    monkeypatch.setattr(post, "SECONDS", 0.2)
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = [trouble]
    assert await send() == 0
    await let_be_due()
    assert await send() == 1
    assert len(server.taken) == copies
    assert len({mail["message-id"] for mail in server.taken}) == 1


@pytest.mark.parametrize("trouble", ["QUIT stalls", "QUIT 554 5.3.0 stay"])
async def test_how_a_server_takes_leave_changes_nothing_about_what_it_took(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(post, "SECONDS", 0.2)
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = [trouble]
    assert await send() == 1
    assert [bool(mail.sent_at) for mail in await rows(Mail)] == [True]


@pytest.mark.parametrize("trouble", ["RCPT 550 5.1.1 no such mailbox", "DATA 554 5.7.1 spam"])
async def test_what_it_will_never_take_ends_with_a_reason_and_holds_up_nothing(
    server: MailServer, trouble: str
) -> None:
    await signed_up()
    for _ in range(3):
        await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = [trouble]
    before = read(generate_latest(REGISTRY).decode())
    assert await send() == 2
    assert server.connections == 1
    counted = grown(before, read(generate_latest(REGISTRY).decode()))
    assert (counted["shop_mails_total{what=sent}"], counted["shop_mails_total{what=refused}"]) == (2, 1)
    [failure] = [mail.failure for mail in await rows(Mail) if mail.due_at is mail.sent_at is None]
    assert failure == f"the mail server answers {trouble.split()[1]}"


async def test_an_address_that_a_server_cant_write_holds_up_nobody_else(server: MailServer) -> None:
    for email in ("मीरा@example.in", EMAIL):
        await signed_up(email=email)
        await recovery.ask_for_code(email, asked_from="203.0.113.7")
    assert await send() == 1
    assert [mail["to"] for mail in server.taken] == [EMAIL]
    [failure] = [mail.failure for mail in await rows(Mail) if not mail.sent_at]
    assert failure == "the mail server takes no address with such letters"


async def test_nobody_waits_again_for_a_server_that_one_mail_has_waited_for(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "SECONDS", 0.2)
    await signed_up()
    for _ in range(3):
        await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = ["CONNECT stalls"] * 3
    assert await send() == 0
    assert (server.connections, server.taken) == (1, [])


async def test_nothing_is_begun_that_somebody_else_could_begin_meanwhile(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "_ALL_SECONDS", service.LADDER.lease.total_seconds() + 1)
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    assert (await send(), server.connections) == (0, 0)


@pytest.mark.parametrize("dies", [False, True])
async def test_what_the_database_did_not_write_down_is_written_again_and_goes_twice_only_if_the_shop_dies(
    server: MailServer,
    caplog: pytest.LogCaptureFixture,
    dies: bool,  # noqa: FBT001 - a case
) -> None:
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = ["DATA waits"]
    sending = asyncio.create_task(send())
    await asyncio.to_thread(until, server.waits.is_set)
    _rename("mails", "away")
    server.goes_on.set()
    await asyncio.to_thread(until, lambda: "work failed and is tried again" in caplog.text or sending.done())
    if dies:
        sending.cancel()
        await asyncio.wait([sending])
    _rename("away", "mails")
    if dies:
        await let_be_due()
        assert await send() == 1
    else:
        assert await sending == 1
    assert len(server.taken) == (2 if dies else 1)
    assert len({mail["message-id"] for mail in server.taken}) == 1
    assert [mail.due_at for mail in await rows(Mail)] == [None]


def _rename(table: str, other: str) -> None:
    with database.blocking() as connection, connection.begin():
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {other}"))


@pytest.mark.parametrize(("host", "comes"), [("127.0.0.1", True), ("127.1", False)])
async def test_a_password_is_told_to_nobody_elsewhere_who_does_not_listen_in_private(
    server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    comes: bool,  # noqa: FBT001 - a case
) -> None:
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    with settings_for(monkeypatch, SMTP_URL=f"smtp://shop:p%40ss@{host}:{server.port}"):
        assert await send() == int(comes)
    assert server.logins == ([("shop", "p@ss")] if comes else [])


async def test_a_server_that_is_away_costs_a_pause_and_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    with settings_for(monkeypatch, SMTP_URL="smtp://127.0.0.1:9", MAIL_FROM=FROM):
        assert await send() == 0
    [mail] = await rows(Mail)
    assert mail.due_at
    assert mail.sent_at is None
    assert mail.due_at > clock.now()


async def test_without_a_server_mails_lie_in_a_private_folder(inside: Inside) -> None:
    assert inside
    await signed_up()
    await recovery.ask_to_reset(EMAIL, asked_from="203.0.113.7")
    assert await send() == 1
    [file] = post.folder().iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    mail = message_from_bytes(file.read_bytes(), policy=default)
    [proof] = await rows(Proof)
    assert f"{settings().public_url}/reset?link={proofs.link_of(proof)}" in said(mail)


async def test_a_mail_that_could_not_be_sent_for_days_says_so(server: MailServer) -> None:
    await recovery.change_password(await signed_up(), PASSWORD, NEW)
    server.trouble = ["MAIL 550 no"]
    assert await send() == 0
    async with database.write() as session:
        await session.exec(update(Mail).values(created_at=clock.now() - timedelta(days=4)))
    await let_be_due()
    assert await send() == 0
    [mail] = await rows(Mail)
    assert (mail.due_at, mail.sent_at, mail.failure) == (None, None, "it could not be sent for days")


async def test_a_program_that_does_not_know_a_kind_leaves_its_mails_to_the_one_that_does(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    await followers.follow_due(service._follower())  # noqa: SLF001 - nobody else needs it
    with monkeypatch.context() as older:
        older.setattr(service, "_kinds", {})
        assert await service.send_due() == 0
    assert await service.send_due() == 1
    assert len(server.taken) == 1
