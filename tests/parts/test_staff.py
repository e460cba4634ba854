"""Owners and the people of the shop: roles count at once, an owner stays, and who did what is written down."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from checkout_app.accounts import people, proofs, service, staff
from checkout_app.accounts.errors import LinkRefused, OwnAccount, PersonNotFound
from checkout_app.accounts.second_factor import service as factors
from checkout_app.auth import tokens
from checkout_app.auth.errors import FactorWanted, InvalidToken, NotPermitted
from checkout_app.auth.lifetimes import SHOWN_LATELY
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.errors import InvalidInput
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import ActorKind, Event
from tests.conftest import ON_BOTH
from tests.support.factors import digits
from tests.support.inside import BUYER, Inside, rows, show_factor

PASSWORD = "kulhad-chai-first"

pytestmark = [ON_BOTH, pytest.mark.usefixtures("inside")]


async def _member(email: str, role: Role = Role.OWNER) -> Identity:
    """Let somebody be of the shop, signed in with a second factor that was shown just now."""
    user = await people.accept(await people.invite(email, role, OPERATOR), PASSWORD, email.partition("@")[0].title())
    token = await service.sign_in(user, before=None)
    await show_factor(token)
    return await tokens.validate(token)


async def _told() -> Sequence[tuple[str, str | None]]:
    """Return what was written down of what people of the shop did, and who did it."""
    written = [event for event in await rows(Event) if event.actor == ActorKind.MERCHANT]
    return [(event.kind, event.actor_id) for event in written]


async def test_an_owner_invites_changes_and_dismisses_and_it_is_written_down_as_theirs() -> None:
    meera = await _member("meera@example.in")
    proof = await staff.invite(meera, "Ravi@Example.in", Role.SHIPPER)
    assert [(each.email, each.role) for each in await staff.invited()] == [("ravi@example.in", Role.SHIPPER)]
    user = await people.accept(proofs.link_of(proof), PASSWORD, "Ravi")
    ravi = await tokens.validate(await service.sign_in(user, before=None))
    assert await staff.invited() == []
    await staff.change_role(meera, ravi.user_id, Role.VIEWER)
    assert (await tokens.confirm(ravi)).role is Role.VIEWER
    await staff.sign_out(meera, ravi.user_id)
    with pytest.raises(InvalidToken):
        await tokens.confirm(ravi)
    await staff.dismiss(meera, ravi.user_id)
    assert (await service.login("ravi@example.in", PASSWORD)).role == Role.CUSTOMER
    kinds = [kind for kind, actor_id in await _told() if actor_id == meera.user_id]
    assert kinds == ["appointed", "invited", "appointed", "signed_out_everywhere", "dismissed"]


async def test_owners_see_who_has_a_second_factor_and_where_they_are_signed_in() -> None:
    meera, ravi = await _member("meera@example.in"), await _member("ravi@example.in", Role.VIEWER)
    begun = await factors.begin(ravi)
    await factors.confirm(ravi, digits(begun.secret), asked_from="here")
    never = await people.accept(await people.invite("asha@example.in", Role.SHIPPER, OPERATOR), PASSWORD, "Asha")
    told = {member.email: member for member in await staff.team()}
    assert list(told) == ["asha@example.in", "meera@example.in", "ravi@example.in"]
    assert (told["asha@example.in"].id, told["asha@example.in"].seen_at) == (never.id, None)
    assert [(told[each].has_factor, told[each].sign_ins) for each in told] == [(False, 0), (False, 1), (True, 1)]
    await staff.sign_out(meera, ravi.user_id)
    assert [member.sign_ins for member in await staff.team()] == [0, 1, 0]


async def test_an_invitation_that_is_taken_back_opens_nothing() -> None:
    meera = await _member("meera@example.in")
    proof = await staff.invite(meera, "ravi@example.in", Role.OWNER)
    await staff.dismiss(meera, proof.user_id)
    assert await staff.invited() == []
    with pytest.raises(LinkRefused):
        await people.accept(proofs.link_of(proof), PASSWORD, "Ravi")
    with pytest.raises(PersonNotFound):
        await staff.dismiss(meera, proof.user_id)


async def test_who_is_of_the_shop_is_not_invited_again() -> None:
    """The link would make whoever has it them."""
    meera, _ = await _member("meera@example.in"), await _member("ravi@example.in")
    for email in ("ravi@example.in", "meera@example.in"):
        with pytest.raises(InvalidInput):
            await staff.invite(meera, email, Role.OWNER)


_ACTS: Sequence[Callable[[Identity, str], Awaitable[object]]] = (
    lambda owner, user_id: staff.change_role(owner, user_id, Role.VIEWER),
    staff.dismiss,
    staff.sign_out,
)


@pytest.mark.parametrize("act", _ACTS, ids=["role", "dismiss", "sign-out"])
async def test_nobody_does_it_to_themselves_or_to_who_is_not_of_the_shop(
    act: Callable[[Identity, str], Awaitable[object]],
) -> None:
    meera = await _member("meera@example.in")
    with pytest.raises(OwnAccount):
        await act(meera, meera.user_id)
    for user_id in (BUYER.user_id, "nobody", ""):
        with pytest.raises(PersonNotFound):
            await act(meera, user_id)
    assert [member.role for member in await staff.team()] == [Role.OWNER]


@pytest.mark.parametrize(
    "act", [*_ACTS, lambda owner, _: staff.invite(owner, "asha@example.in", Role.VIEWER)], ids=[*"rdsi"]
)
async def test_each_wants_a_second_factor_shown_lately(act: Callable[[Identity, str], Awaitable[object]]) -> None:
    meera, ravi = await _member("meera@example.in"), await _member("ravi@example.in")
    before = await _told()
    for factor_at in (None, clock.now() - SHOWN_LATELY):
        with pytest.raises(FactorWanted):
            await act(replace(meera, factor_at=factor_at), ravi.user_id)
    assert await _told() == before


async def test_of_two_owners_who_dismiss_each_other_at_once_one_stays(inside: Inside) -> None:
    assert inside
    meera, ravi = await _member("meera@example.in"), await _member("ravi@example.in")
    both = (staff.dismiss(meera, ravi.user_id), staff.dismiss(ravi, meera.user_id))
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["NoneType", NotPermitted.__name__]
    assert [member.role for member in await staff.team()] == [Role.OWNER]
