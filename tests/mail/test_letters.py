"""Who is written to, about what: each mail goes to whom it is for, and says what it is for."""

from datetime import timedelta
from email.message import EmailMessage
from typing import cast

import pytest
from sqlmodel import col, update

from checkout_app.accounts import people, proofs, recovery
from checkout_app.accounts import service as accounts
from checkout_app.accounts.errors import EmailTaken
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.models import Proof
from checkout_app.accounts.second_factor import service as factors
from checkout_app.auth import tokens
from checkout_app.auth.models import Role
from checkout_app.buyer.own_data import service as own_data
from checkout_app.core import clock, database
from checkout_app.journal import service as journal
from checkout_app.journal.actors import OPERATOR, SHOP
from checkout_app.journal.models import Event, FollowUp, Subject
from checkout_app.mail import service
from checkout_app.mail.models import Mail
from checkout_app.server import alarms
from tests.support.factors import digits
from tests.support.inside import rows
from tests.support.mail_server import MailServer
from tests.support.mailing import EMAIL, FROM, NEW, PASSWORD, let_be_due, said, send, signed_up


async def test_a_code_is_mailed_to_who_asked_and_lets_them_in(server: MailServer) -> None:
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    assert await send() == 1
    [mail] = cast("list[EmailMessage]", server.taken)
    [proof] = await rows(Proof)
    assert proofs.code_of(proof) in said(mail)
    assert (mail["to"], mail["from"]) == (EMAIL, f"Mitti <{FROM}>")
    assert mail["auto-submitted"] == "auto-generated"
    assert mail["message-id"].endswith("@mitti.example>")
    page = mail.get_body(("html",))
    assert page is not None
    assert proofs.code_of(proof) in page.get_content()


async def test_what_nobody_can_use_any_more_is_not_sent(server: MailServer) -> None:
    await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    server.trouble = ["DATA 451 4.3.0 come again"]
    assert await send() == 0
    async with database.write() as session:
        [proof] = await rows(Proof)
        (await session.get_one(Proof, proof.id)).expires_at = clock.now() - timedelta(seconds=1)
    await let_be_due()
    assert await send() == 0
    [mail] = await rows(Mail)
    assert (server.taken, mail.due_at, mail.sent_at, mail.failure) == ([], None, None, "")


async def test_each_mail_of_an_account_goes_where_it_belongs(server: MailServer) -> None:
    identity = await signed_up()
    await recovery.ask_to_verify(identity)
    await recovery.change_email(identity, PASSWORD, "iyer@example.in")
    assert await send() == 2
    await recovery.change_password(identity, PASSWORD, NEW)
    await recovery.ask_to_reset("nobody@example.in", asked_from="203.0.113.7")
    assert await send() == 1
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
    identity = await signed_up()
    if proved:
        await recovery.ask_to_verify(identity)
        await recovery.verify(proofs.link_of((await rows(Proof))[-1]))
    await recovery.change_email(identity, PASSWORD, "iyer@example.in")
    await recovery.verify(proofs.link_of((await rows(Proof))[-1]))
    assert await send() == 1
    [mail] = cast("list[EmailMessage]", server.taken)
    assert (mail["to"], mail["subject"]) == (EMAIL, "Your account has another e-mail address")
    assert (f"/reset?link={proofs.link_of((await rows(Proof))[-1])}" in said(mail)) is proved
    assert ("answer this mail" in said(mail)) is not proved


async def test_whose_address_somebody_else_wants_is_told_so_once_a_week(server: MailServer) -> None:
    await signed_up()
    for mails_since in (1, 0):
        for _ in range(2):
            with pytest.raises(EmailTaken):
                await accounts.register(EMAIL.upper(), NEW, "Somebody", asked_from="203.0.113.7")
        assert await send() == mails_since
    async with database.write() as session:
        week_ago = clock.now() - accounts.TOLD_EVERY
        await session.exec(
            update(Event).where(col(Event.kind) == AccountEvent.EMAIL_WANTED).values(created_at=week_ago)
        )
    with pytest.raises(EmailTaken):
        await accounts.register(EMAIL, NEW, "Somebody", asked_from="203.0.113.7")
    assert await send() == 1
    assert [(mail["to"], mail["subject"]) for mail in server.taken] == [
        (EMAIL, "Somebody tried to sign up with your address")
    ] * 2


async def test_people_of_the_shop_are_told_once_of_alarms_as_they_begin_and_end(server: MailServer) -> None:
    await signed_up()
    await signed_up(Role.OWNER, "keeper@example.in")
    await signed_up(Role.OWNER, "second@example.in")
    for kind in (alarms.BEGUN, alarms.ENDED):
        async with database.write() as session:
            await journal.record(session, Subject.ALARM, "ALARM", kind, SHOP, rule="backups are made")
        assert await send() == 2
    async with database.write() as session:  # as if the shop had died before it knew that they are followed
        await session.exec(update(FollowUp).values(due_at=clock.now(), done_at=None))
    assert await send() == 0
    assert sorted((mail["to"], mail["subject"]) for mail in server.taken) == [
        (to, f"{what}: backups are made")
        for to in ("keeper@example.in", "second@example.in")
        for what in ("Not so any more", "Over")
    ]


async def test_who_is_erased_is_named_by_no_mail_and_old_ones_go(server: MailServer) -> None:
    identity = await signed_up()
    await recovery.ask_for_code(EMAIL, asked_from="203.0.113.7")
    assert await send() == 1
    assert await service.forget(clock.now() - timedelta(days=1)) == 0
    await recovery.change_email(identity, PASSWORD, "iyer@example.in")
    await recovery.verify(proofs.link_of((await rows(Proof))[-1]))
    assert await send() == 1
    await own_data.erase(identity, password=PASSWORD)
    assert (len(server.taken), await rows(Mail)) == (2, [])
    await signed_up(email="other@example.in")
    await recovery.ask_for_code("other@example.in", asked_from="203.0.113.7")
    assert await send() == 1
    assert await service.forget(clock.now()) == 1


async def test_who_is_invited_is_mailed_the_link_and_later_what_becomes_of_their_second_factor(
    server: MailServer,
) -> None:
    link = await people.invite(EMAIL, Role.VIEWER, OPERATOR)
    assert await send() == 1
    await people.accept(link, PASSWORD, "Meera Iyer")
    viewer = await tokens.validate(await accounts.sign_in(await accounts.login(EMAIL, PASSWORD), before=None))
    begun = await factors.begin(viewer)
    [code, *_] = await factors.confirm(viewer, digits(begun.secret), asked_from="203.0.113.7")
    await factors.show(viewer, code, asked_from="203.0.113.7")
    assert await send() == 2
    invited, *others = cast("list[EmailMessage]", server.taken)
    assert f"/accept?link={link}" in said(invited)
    assert "its viewer" in said(invited)
    used, made = sorted(others, key=lambda mail: str(mail["subject"]))  # they are sent at the same time
    assert [(mail["to"], mail["subject"]) for mail in (made, used)] == [
        (EMAIL, "Your second factor is set up"),
        (EMAIL, "One of your recovery codes was used"),
    ]
    assert "9 are left" in said(used)
