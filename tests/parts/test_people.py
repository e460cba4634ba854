"""Who is invited becomes one of the people of the shop by the link alone, and whoever had the account is out of it."""

from datetime import timedelta

import pytest

from checkout_app.accounts import people, proofs, recovery, service
from checkout_app.accounts.errors import InvalidCredentials, LinkRefused
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.models import Proof, Purpose
from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event
from checkout_app.mail.accounts import KINDS
from checkout_app.server import retention
from tests.support.inside import Inside, rows, settings_for

EMAIL, PASSWORD, NEW = "meera@example.in", "kulhad-chai-first", "kulhad-chai-second"

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture(autouse=True)
def _unhurried(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> object:
    assert inside
    with settings_for(monkeypatch, RATE_LIMITS="mail=1000/minute, login=1000/minute"):
        yield


async def _squatter() -> Identity:
    """Return who signed up with an address before the person whose it is was invited."""
    user = await service.register(EMAIL, PASSWORD, "Somebody")
    return await tokens.validate(await service.sign_in(user, before=None))


async def test_who_signed_up_with_an_address_gets_nothing_of_its_invitation() -> None:
    squatter = await _squatter()
    await recovery.change_email(squatter, PASSWORD, "squatter@example.in")
    link = await people.invite(EMAIL, Role.OWNER, OPERATOR)
    await recovery.change_email(squatter, PASSWORD, "another@example.in")
    assert (await tokens.confirm(squatter)).role is Role.CUSTOMER
    accepted = await people.accept(link, NEW, "Meera Iyer")
    assert (accepted.id, accepted.role, accepted.name) == (squatter.user_id, Role.OWNER, "Meera Iyer")
    with pytest.raises(InvalidToken):
        await tokens.confirm(squatter)
    with pytest.raises(InvalidCredentials):
        await service.login(EMAIL, PASSWORD)
    for proof in await rows(Proof):
        if proof.purpose == Purpose.VERIFY:
            with pytest.raises(LinkRefused):
                await recovery.verify(proofs.link_of(proof))
    assert (await service.login(EMAIL, NEW)).role == Role.OWNER


@pytest.mark.parametrize("role", [Role.OWNER, Role.SHIPPER, Role.VIEWER])
async def test_who_has_no_account_gets_one_of_the_role_by_the_link_once(role: Role) -> None:
    link = await people.invite(EMAIL, role, OPERATOR)
    assert await people.people() == []
    await people.accept(link, NEW, "Meera Iyer")
    assert [(user.email, user.role) for user in await people.people()] == [(EMAIL, role)]
    with pytest.raises(LinkRefused):
        await people.accept(link, PASSWORD, "Somebody")


async def test_an_invitation_is_void_after_a_day_and_after_the_next_one() -> None:
    first, second = await people.invite(EMAIL, Role.OWNER, OPERATOR), await people.invite(EMAIL, Role.VIEWER, OPERATOR)
    with pytest.raises(LinkRefused):
        await people.accept(first, NEW, "Meera Iyer")
    async with database.write() as session:
        proof = await session.get_one(Proof, second.partition("-")[0])
        assert clock.now() + timedelta(hours=23) < proof.expires_at
        proof.expires_at = clock.now() - timedelta(seconds=1)
    with pytest.raises(LinkRefused):
        await people.accept(second, NEW, "Meera Iyer")


async def test_who_is_dismissed_is_out_and_stays_out() -> None:
    assert not await people.dismiss(EMAIL, OPERATOR)
    user = await people.accept(await people.invite(EMAIL, Role.SHIPPER, OPERATOR), NEW, "Meera Iyer")
    identity = await tokens.validate(await service.sign_in(user, before=None))
    open_link = await people.invite(EMAIL, Role.OWNER, OPERATOR)
    assert await people.dismiss(EMAIL.upper(), OPERATOR)
    with pytest.raises(InvalidToken):
        await tokens.confirm(identity)
    with pytest.raises(LinkRefused):
        await people.accept(open_link, NEW, "Meera Iyer")
    assert (await service.login(EMAIL, NEW)).role == Role.CUSTOMER
    assert await people.people() == []


async def test_the_first_owner_says_their_address_and_nobody_does_after_them() -> None:
    first, second = await people.invite_first(), await people.invite_first()
    assert first
    assert second
    with pytest.raises(LinkRefused):
        await people.accept(first, NEW, "Meera Iyer", EMAIL)  # the next start has made another
    with pytest.raises(InvalidInput):
        await people.accept(second, NEW, "Meera Iyer")
    squatter = await _squatter()
    owner = await people.accept(second, NEW, "Meera Iyer", EMAIL.upper())
    assert (owner.id, owner.email, owner.role) == (squatter.user_id, EMAIL, Role.OWNER)
    with pytest.raises(InvalidToken):
        await tokens.confirm(squatter)
    with pytest.raises(LinkRefused):
        await people.accept(second, NEW, "Somebody", "somebody@example.in")
    assert await people.invite_first() is None


async def test_the_link_of_a_first_start_is_void_once_somebody_owns_the_shop() -> None:
    link = await people.invite_first()
    await people.accept(await people.invite(EMAIL, Role.OWNER, OPERATOR), NEW, "Meera Iyer")
    assert link
    with pytest.raises(LinkRefused):
        await people.accept(link, NEW, "Somebody", "somebody@example.in")
    assert [user.email for user in await people.people()] == [EMAIL]


async def test_nobody_is_written_to_of_an_invitation_for_no_address() -> None:
    await people.invite_first()
    [invited] = [event for event in await rows(Event) if event.kind == AccountEvent.INVITED]
    [kind] = [kind for kind in KINDS if AccountEvent.INVITED in kind.follows]
    assert list(await kind.recipients(invited)) == []


async def test_who_never_accepted_is_forgotten_like_a_guest() -> None:
    await people.invite(EMAIL, Role.OWNER, OPERATOR)
    assert await retention.forget_guests(clock.now() + timedelta(seconds=1)) >= 1
    assert await rows(Proof) == []
