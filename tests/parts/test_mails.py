"""A mail is sent once: after a server took it never again, and until then again and again."""

import asyncio
import stat
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from prometheus_client import generate_latest
from sqlalchemy import text
from sqlmodel import col, update

from checkout_app.accounts import proofs, recovery
from checkout_app.accounts import service as accounts
from checkout_app.accounts.errors import EmailTaken
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.models import Proof
from checkout_app.auth import tokens
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.own_data import service as own_data
from checkout_app.core import clock, database
from checkout_app.core.metrics import REGISTRY
from checkout_app.core.settings import settings
from checkout_app.journal import followers
from checkout_app.journal import service as journal
from checkout_app.journal.actors import SHOP
from checkout_app.journal.models import Event, FollowUp, Subject
from checkout_app.mail import post, service
from checkout_app.mail.models import Mail
from checkout_app.server import alarms, mails
from tests.support.figures import grown, read
from tests.support.inside import Inside, rows, settings_for
from tests.support.mail_server import MailServer, running_mail_server
from tests.support.waiting import until

EMAIL, PASSWORD, NEW = "meera@example.in", "kulhad-chai-first", "kulhad-chai-second"
FROM = "shop@mitti.example"


@pytest.fixture(autouse=True)
async def _writing(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A shop that writes mails, as many as anybody asks for."""
    assert inside
    mails.register()
    with settings_for(monkeypatch, RATE_LIMITS="mail=1000/minute"):
        yield
    followers.forget("mail")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server that takes the shop's mails."""
    with running_mail_server() as running, settings_for(monkeypatch, SMTP_URL=running.url, MAIL_FROM=FROM):
        yield running


async def _signed_up(role: Role = Role.CUSTOMER, email: str = EMAIL) -> Identity:
    user = await accounts.register(email, PASSWORD, "Meera Iyer", role)
    return await tokens.validate(await accounts.sign_in(user, before=None))


async def _send() -> int:
    """Follow what has happened, and send what is due, as the shop does."""
    await followers.follow_due(service._follower())  # noqa: SLF001 - nobody else needs it
    return await service.send_due()


async def _let_be_due() -> None:
    async with database.write() as session:
        await session.exec(update(Mail).where(col(Mail.due_at).is_not(None)).values(due_at=clock.now()))


def _said(message: EmailMessage) -> str:
    text = message.get_body(("plain",))
    assert text is not None
    return str(text.get_content())


async def test_a_code_is_mailed_to_who_asked_and_lets_them_in(server: MailServer) -> None:
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    assert await _send() == 1
    [mail] = cast("list[EmailMessage]", server.taken)
    [proof] = await rows(Proof)
    assert proofs.code_of(proof) in _said(mail)
    assert (mail["to"], mail["from"]) == (EMAIL, f"Mitti <{FROM}>")
    assert mail["auto-submitted"] == "auto-generated"
    assert mail["message-id"].endswith("@mitti.example>")
    page = mail.get_body(("html",))
    assert page is not None
    assert proofs.code_of(proof) in page.get_content()


async def test_what_a_server_took_is_never_sent_again(server: MailServer) -> None:
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    assert await _send() == 1
    await _let_be_due()
    assert await _send() == 0
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
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = [trouble]
    assert await _send() == 0
    await _let_be_due()
    assert await _send() == 1
    assert len(server.taken) == copies
    assert len({mail["message-id"] for mail in server.taken}) == 1


@pytest.mark.parametrize("trouble", ["QUIT stalls", "QUIT 554 5.3.0 stay"])
async def test_how_a_server_takes_leave_changes_nothing_about_what_it_took(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(post, "SECONDS", 0.2)
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = [trouble]
    assert await _send() == 1
    assert [bool(mail.sent_at) for mail in await rows(Mail)] == [True]


@pytest.mark.parametrize("trouble", ["RCPT 550 5.1.1 no such mailbox", "DATA 554 5.7.1 spam"])
async def test_what_it_will_never_take_ends_with_a_reason_and_holds_up_nothing(
    server: MailServer, trouble: str
) -> None:
    await _signed_up()
    for _ in range(3):
        await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = [trouble]
    before = read(generate_latest(REGISTRY).decode())
    assert await _send() == 2
    assert server.connections == 1
    counted = grown(before, read(generate_latest(REGISTRY).decode()))
    assert (counted["shop_mails_total{what=sent}"], counted["shop_mails_total{what=refused}"]) == (2, 1)
    [failure] = [mail.failure for mail in await rows(Mail) if mail.due_at is mail.sent_at is None]
    assert failure == f"the mail server answers {trouble.split()[1]}"


async def test_an_address_that_a_server_cant_write_holds_up_nobody_else(server: MailServer) -> None:
    for email in ("मीरा@example.in", EMAIL):
        await _signed_up(email=email)
        await recovery.ask_for_code(email, asked_from="203.0.113.7")
    assert await _send() == 1
    assert [mail["to"] for mail in server.taken] == [EMAIL]
    [failure] = [mail.failure for mail in await rows(Mail) if not mail.sent_at]
    assert failure == "the mail server takes no address with such letters"


async def test_nobody_waits_again_for_a_server_that_one_mail_has_waited_for(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "SECONDS", 0.2)
    await _signed_up()
    for _ in range(3):
        await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = ["CONNECT stalls"] * 3
    assert await _send() == 0
    assert (server.connections, server.taken) == (1, [])


async def test_nothing_is_begun_that_somebody_else_could_begin_meanwhile(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "_ALL_SECONDS", service.LADDER.lease.total_seconds() + 1)
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    assert (await _send(), server.connections) == (0, 0)


@pytest.mark.parametrize("dies", [False, True])
async def test_what_the_database_did_not_write_down_is_written_again_and_goes_twice_only_if_the_shop_dies(
    server: MailServer,
    caplog: pytest.LogCaptureFixture,
    dies: bool,  # noqa: FBT001 - a case
) -> None:
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = ["DATA waits"]
    sending = asyncio.create_task(_send())
    await asyncio.to_thread(until, server.waits.is_set)
    _rename("mails", "away")
    server.goes_on.set()
    await asyncio.to_thread(until, lambda: "work failed and is tried again" in caplog.text or sending.done())
    if dies:
        sending.cancel()
        await asyncio.wait([sending])
    _rename("away", "mails")
    if dies:
        await _let_be_due()
        assert await _send() == 1
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
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    with settings_for(monkeypatch, SMTP_URL=f"smtp://shop:p%40ss@{host}:{server.port}"):
        assert await _send() == int(comes)
    assert server.logins == ([("shop", "p@ss")] if comes else [])


async def test_a_server_that_is_away_costs_a_pause_and_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    with settings_for(monkeypatch, SMTP_URL="smtp://127.0.0.1:9", MAIL_FROM=FROM):
        assert await _send() == 0
    [mail] = await rows(Mail)
    assert mail.due_at
    assert mail.sent_at is None
    assert mail.due_at > clock.now()


async def test_what_nobody_can_use_any_more_is_not_sent(server: MailServer) -> None:
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = ["DATA 451 4.3.0 come again"]
    assert await _send() == 0
    async with database.write() as session:
        [proof] = await rows(Proof)
        (await session.get_one(Proof, proof.id)).expires_at = clock.now() - timedelta(seconds=1)
    await _let_be_due()
    assert await _send() == 0
    [mail] = await rows(Mail)
    assert (server.taken, mail.due_at, mail.sent_at, mail.failure) == ([], None, None, "")


async def test_without_a_server_mails_lie_in_a_private_folder(inside: Inside) -> None:
    assert inside
    await _signed_up()
    await recovery.ask_to_reset(EMAIL, asked_from="203.0.113.7")
    assert await _send() == 1
    [file] = post.folder().iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    mail = message_from_bytes(file.read_bytes(), policy=default)
    [proof] = await rows(Proof)
    assert f"{settings().public_url}/reset?link={proofs.link_of(proof)}" in _said(mail)


async def test_each_mail_of_an_account_goes_where_it_belongs(server: MailServer) -> None:
    identity = await _signed_up()
    await recovery.ask_to_verify(identity)
    await recovery.change_email(identity, PASSWORD, "iyer@example.in")
    assert await _send() == 2
    await recovery.change_password(identity, PASSWORD, NEW)
    await recovery.ask_to_reset("nobody@example.in", asked_from="203.0.113.7")
    assert await _send() == 1
    assert sorted((mail["to"], mail["subject"]) for mail in server.taken) == [
        ("iyer@example.in", "Is this your e-mail address?"),
        (EMAIL, "Is this your e-mail address?"),
        (EMAIL, "Your password was changed"),
    ]


@pytest.mark.parametrize("proved", [True, False])
async def test_whose_address_it_was_is_told_that_the_account_has_another_and_led_back_if_it_was_theirs(
    server: MailServer,
    proved: bool,  # noqa: FBT001 - a case
) -> None:
    identity = await _signed_up()
    if proved:
        await recovery.ask_to_verify(identity)
        await recovery.verify(proofs.link_of((await rows(Proof))[-1]))
    await recovery.change_email(identity, PASSWORD, "iyer@example.in")
    await recovery.verify(proofs.link_of((await rows(Proof))[-1]))
    assert await _send() == 1
    [mail] = cast("list[EmailMessage]", server.taken)
    assert (mail["to"], mail["subject"]) == (EMAIL, "Your account has another e-mail address")
    assert (f"/reset?link={proofs.link_of((await rows(Proof))[-1])}" in _said(mail)) is proved
    assert ("answer this mail" in _said(mail)) is not proved


async def test_whose_address_somebody_else_wants_is_told_so_once_a_week(server: MailServer) -> None:
    await _signed_up()
    for mails_since in (1, 0):
        for _ in range(2):
            with pytest.raises(EmailTaken):
                await accounts.register(EMAIL.upper(), NEW, "Somebody", asked_from="203.0.113.7")
        assert await _send() == mails_since
    async with database.write() as session:
        week_ago = clock.now() - accounts.TOLD_EVERY
        await session.exec(
            update(Event).where(col(Event.kind) == AccountEvent.EMAIL_WANTED).values(created_at=week_ago)
        )
    with pytest.raises(EmailTaken):
        await accounts.register(EMAIL, NEW, "Somebody", asked_from="203.0.113.7")
    assert await _send() == 1
    assert [(mail["to"], mail["subject"]) for mail in server.taken] == [
        (EMAIL, "Somebody tried to sign up with your address")
    ] * 2


async def test_people_of_the_shop_are_told_once_of_alarms_as_they_begin_and_end(server: MailServer) -> None:
    await _signed_up()
    await _signed_up(Role.OWNER, "keeper@example.in")
    await _signed_up(Role.OWNER, "second@example.in")
    for kind in (alarms.BEGUN, alarms.ENDED):
        async with database.write() as session:
            await journal.record(session, Subject.ALARM, "ALARM", kind, SHOP, rule="backups are made")
        assert await _send() == 2
    async with database.write() as session:  # as if the shop had died before it knew that they are followed
        await session.exec(update(FollowUp).values(due_at=clock.now(), done_at=None))
    assert await _send() == 0
    assert sorted((mail["to"], mail["subject"]) for mail in server.taken) == [
        (to, f"{what}: backups are made")
        for to in ("keeper@example.in", "second@example.in")
        for what in ("Not so any more", "Over")
    ]


async def test_a_mail_that_could_not_be_sent_for_days_says_so(server: MailServer) -> None:
    await recovery.change_password(await _signed_up(), PASSWORD, NEW)
    server.trouble = ["MAIL 550 no"]
    assert await _send() == 0
    async with database.write() as session:
        await session.exec(update(Mail).values(created_at=clock.now() - timedelta(days=4)))
    await _let_be_due()
    assert await _send() == 0
    [mail] = await rows(Mail)
    assert (mail.due_at, mail.sent_at, mail.failure) == (None, None, "it could not be sent for days")


async def test_a_program_that_does_not_know_a_kind_leaves_its_mails_to_the_one_that_does(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    await followers.follow_due(service._follower())  # noqa: SLF001 - nobody else needs it
    with monkeypatch.context() as older:
        older.setattr(service, "_kinds", {})
        assert await service.send_due() == 0
    assert await service.send_due() == 1
    assert len(server.taken) == 1


async def test_who_is_erased_is_named_by_no_mail_and_old_ones_go(server: MailServer) -> None:
    identity = await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    assert await _send() == 1
    assert await service.forget(clock.now() - timedelta(days=1)) == 0
    await recovery.change_email(identity, PASSWORD, "iyer@example.in")
    await recovery.verify(proofs.link_of((await rows(Proof))[-1]))
    assert await _send() == 1
    await own_data.erase(identity, password=PASSWORD)
    assert (len(server.taken), await rows(Mail)) == (2, [])
    await _signed_up(email="other@example.in")
    await recovery.ask_for_code("other@example.in", asked_from="203.0.113.7")
    assert await _send() == 1
    assert await service.forget(clock.now()) == 1
