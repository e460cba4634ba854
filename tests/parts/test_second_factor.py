"""A password alone opens nothing of the shop: its people show digits of an app too, or one of their codes."""

from dataclasses import replace

import pytest
from pyotp import parse_uri

from checkout_app.accounts import people, recovery, service
from checkout_app.accounts.errors import FactorRefused
from checkout_app.accounts.events import AccountEvent
from checkout_app.accounts.models import Factor
from checkout_app.accounts.second_factor import service as factors
from checkout_app.auth import lifetimes, tokens
from checkout_app.auth.errors import FactorWanted
from checkout_app.auth.models import Role, UserSession
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database
from checkout_app.core.errors import RateLimited
from checkout_app.core.settings import settings
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event
from tests.support.factors import digits
from tests.support.inside import Inside, rows, settings_for

EMAIL, PASSWORD = "meera@example.in", "kulhad-chai-first"
OTHER = "another-secret-of-the-links-of-this-shop"

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture(autouse=True)
def _steady(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> object:
    assert inside
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)  # or the app would show the next digits within a test
    with settings_for(monkeypatch, RATE_LIMITS="login=1000/minute, wrong=1000/day"):
        yield


async def _appointed(email: str = EMAIL) -> None:
    await people.accept(await people.invite(email, Role.OWNER, OPERATOR), PASSWORD, "Meera Iyer")


async def _sign_in(email: str = EMAIL) -> Identity:
    """Sign in by the password alone."""
    return await tokens.validate(await service.sign_in(await service.login(email, PASSWORD), before=None))


async def _again(identity: Identity) -> Identity:
    return await tokens.confirm(identity)


async def _show(identity: Identity, given: str, place: str = "198.51.100.7") -> None:
    await factors.show(identity, given, asked_from=place)


async def _confirm(identity: Identity, given: str) -> list[str]:
    return list(await factors.confirm(identity, given, asked_from="198.51.100.7"))


async def _set_up(identity: Identity) -> tuple[str, list[str]]:
    """Set the app up; returns its secret and the codes."""
    begun = await factors.begin(identity)
    return begun.secret, await _confirm(identity, digits(begun.secret))


async def _refused(identity: Identity, given: str) -> None:
    with pytest.raises(FactorRefused):
        await _show(identity, given)
    assert not (await _again(identity)).has_shown_lately()


async def test_digits_of_the_app_and_codes_show_it_and_each_is_good_once() -> None:
    await _appointed()
    first = await _sign_in()
    assert (first.factor_at, (await factors.standing(first)).set_up) == (None, False)
    secret, codes = await _set_up(first)
    assert (await _again(first)).has_shown_lately()
    second = await _sign_in()
    for given in (digits(secret), "000000", "", codes[0][:-1]):  # the first were shown to confirm it
        await _refused(second, given)
    await _show(second, digits(secret, steps=1))
    assert (await _again(second)).has_shown_lately()
    third = await _sign_in()
    await _refused(third, digits(secret, steps=1))
    await _show(third, codes[3].lower())
    await _refused(await _sign_in(), codes[3])
    told = await factors.standing(await _again(third))
    assert (told.codes_left, list(told.codes)) == (len(codes) - 1, codes[:3] + codes[4:])


async def test_digits_are_good_a_step_before_and_after_and_no_longer() -> None:
    await _appointed()
    secret, _ = await _set_up(await _sign_in())
    await _forget_steps()
    for steps in (-2, 2):
        await _refused(await _sign_in(), digits(secret, steps=steps))
    for steps in (-1, 0, 1):
        await _show(await _sign_in(), digits(secret, steps=steps))
    await _refused(await _sign_in(), digits(secret, steps=-1))


async def _forget_steps() -> None:
    async with database.write() as session:
        [factor] = await database.lock(session, Factor, [row.id for row in await rows(Factor)])
        factor.last_step = 0


async def test_codes_are_told_to_who_has_shown_it_lately_alone() -> None:
    await _appointed()
    identity = await _sign_in()
    await _set_up(identity)
    assert len((await factors.standing(await _again(identity))).codes) == factors.CODES
    async with database.write() as session:
        sign_in = await session.get_one(UserSession, identity.session_id)
        sign_in.factor_at = clock.now() - lifetimes.SHOWN_LATELY
    told = await factors.standing(await _again(identity))
    assert (told.set_up, told.codes_left, told.codes) == (True, factors.CODES, ())


async def test_another_app_takes_its_place_once_it_is_confirmed_and_only_by_who_has_shown_the_first_one() -> None:
    await _appointed()
    owner = await _sign_in()
    old, _ = await _set_up(owner)
    with pytest.raises(FactorWanted):
        await factors.begin(await _sign_in())
    owner = await _again(owner)
    forgotten, begun = await factors.begin(owner), await factors.begin(owner)
    await _show(await _sign_in(), digits(old, steps=1))  # it counts until the other does
    with pytest.raises(FactorRefused):
        await _confirm(owner, digits(forgotten.secret))
    await _confirm(owner, digits(begun.secret))
    assert len(await rows(Factor)) == 1
    await _forget_steps()
    await _refused(await _sign_in(), digits(old))
    await _show(await _sign_in(), digits(begun.secret))


async def test_so_few_tries_of_a_place_may_be_wrong_which_keeps_nobody_out_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await _appointed()
    secret, _ = await _set_up(await _sign_in())
    intruder = await _sign_in()
    with settings_for(monkeypatch, RATE_LIMITS="login=1000/minute, wrong=3/day"):
        for _ in range(3):
            await _refused(intruder, "000000")
        with pytest.raises(RateLimited):
            await _show(intruder, digits(secret, steps=1))
        await _show(await _sign_in(), digits(secret, steps=1), "203.0.113.9")


async def test_where_many_places_try_digits_are_not_believed_any_more_and_a_code_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await _appointed()
    secret, codes = await _set_up(await _sign_in())
    with settings_for(monkeypatch, RATE_LIMITS="login=1000/minute, account=3/hour"):
        for n in range(3):
            with pytest.raises(FactorRefused):
                await _show(await _sign_in(), "000000", f"198.51.100.{n}")
        owner = await _sign_in()
        with pytest.raises(RateLimited):
            await _show(owner, digits(secret, steps=1), "203.0.113.9")
        await _show(owner, codes[0], "203.0.113.9")
    assert (await _again(owner)).has_shown_lately()


async def test_after_the_secret_has_changed_an_app_shows_it_as_long_as_the_previous_one_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await _appointed()
    secret, codes = await _set_up(await _sign_in())
    before = settings().link_secret
    with settings_for(monkeypatch, LINK_SECRET=OTHER, LINK_SECRET_PREVIOUS=before):
        await _show(await _sign_in(), digits(secret, steps=1))
        await _show(await _sign_in(), codes[0])
    with settings_for(monkeypatch, LINK_SECRET=OTHER, LINK_SECRET_PREVIOUS=""):
        await _forget_steps()
        for given in (digits(secret), codes[1]):
            await _refused(await _sign_in(), given)


async def test_who_is_appointed_anew_sets_it_up_anew() -> None:
    await _appointed()
    await _set_up(await _sign_in())
    await _appointed()
    assert await rows(Factor) == []
    await _set_up(await _sign_in())


async def test_password_and_address_of_who_runs_the_shop_are_changed_by_who_has_shown_it_lately_alone() -> None:
    await _appointed()
    owner = await _sign_in()
    for identity in (owner, replace(owner, factor_at=clock.now() - lifetimes.SHOWN_LATELY)):
        with pytest.raises(FactorWanted):
            await recovery.change_password(identity, PASSWORD, "kulhad-chai-second")
        with pytest.raises(FactorWanted):
            await recovery.change_email(identity, PASSWORD, "new@example.in")
    await _set_up(owner)
    await recovery.change_password(await _again(owner), PASSWORD, "kulhad-chai-second")


async def test_who_is_dismissed_has_none_any_more_and_somebody_elses_shows_nothing() -> None:
    await _appointed()
    await _appointed("ravi@example.in")
    secret, codes = await _set_up(await _sign_in())
    ravi = await _sign_in("ravi@example.in")
    await _set_up(ravi)
    for given in (digits(secret, steps=1), codes[0]):
        with pytest.raises(FactorRefused):
            await _show(ravi, given)
    await people.dismiss(EMAIL, OPERATOR)
    assert [factor.user_id for factor in await rows(Factor)] == [ravi.user_id]


async def test_what_is_kept_opens_nothing_and_it_is_written_down_what_was_shown() -> None:
    await _appointed()
    identity = await _sign_in()
    begun = await factors.begin(identity)
    assert parse_uri(begun.uri).secret == begun.secret
    codes = await _confirm(identity, digits(begun.secret))
    await _refused(await _sign_in(), "000000")
    await _show(await _sign_in(), codes[0])
    await _show(await _sign_in(), digits(begun.secret, steps=1))
    told = [
        (event.kind, event.data.get("codes_left"))
        for event in await rows(Event)
        if "factor" in event.kind or "code" in event.kind
    ]
    assert told == [
        (AccountEvent.FACTOR_SET, 10),
        (AccountEvent.FACTOR_REFUSED, None),
        (AccountEvent.RECOVERY_CODE_USED, 9),
        (AccountEvent.FACTOR_SHOWN, 9),
    ]
    kept = str([vars(row) for table in (Factor, Event) for row in await rows(table)])
    assert not any(secret in kept for secret in (begun.secret, *codes))
