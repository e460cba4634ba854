"""Nobody guesses a password, keeps its owner out by trying, or slows the shop down with it."""

import asyncio
import os
import sys
import unicodedata

import bcrypt
import pytest

from checkout_app.accounts import passwords, recovery, service
from checkout_app.accounts.errors import CodeWanted, EmailTaken, InvalidCredentials
from checkout_app.auth.models import User
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput, RateLimited
from checkout_app.core.ids import new_id
from tests.support.inside import Inside, row, settings_for

EMAIL, PASSWORD = "meera@example.in", "kulhad-chai-first"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
WITHOUT_MAIL = {"ENVIRONMENT": "production", "PUBLIC_URL": "https://shop.example", "JWT_SECRET": "x" * 32}


@pytest.mark.parametrize("password", ["12345678", "Password1", "qwertyuiop", "short", "x" * 129])
async def test_what_many_have_is_too_short_or_too_long_is_no_password(inside: Inside, password: str) -> None:
    assert inside
    with pytest.raises(InvalidInput):
        await service.register(EMAIL, password, "Meera")


@pytest.mark.parametrize("password", ["Meera-Mitti 26", "M.I.T.T.I_2026", "shop-mitti-test", "meera.mitti"])
async def test_the_shops_name_its_host_and_ones_own_address_are_no_password(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    assert inside
    with settings_for(monkeypatch, SHOP_NAME="Mitti", PUBLIC_URL="https://shop.mitti.test"):
        with pytest.raises(InvalidInput) as refused:
            await service.register("meera.mitti@example.in", password, "Meera")
        assert set(refused.value.fields) == {"password"}
        assert await service.register("meera.mitti@example.in", "mitti-kulhad-chai", "Meera")


@pytest.mark.parametrize("password", ["क" * 64, "மழை பெய்யும் இரவு", "café-au-lait", "🍵🍵🍵🍵🍵🍵🍵🍵", "a" * 128])
async def test_a_password_is_as_people_write_it_however_their_keyboard_spells_it(inside: Inside, password: str) -> None:
    assert inside
    spelled = (unicodedata.normalize("NFC", password), unicodedata.normalize("NFD", password))
    for number, one in enumerate(spelled):
        await service.register(f"{number}@example.in", one, "Meera")
        for other in spelled:
            assert await service.login(f"{number}@example.in", other)


async def test_no_letter_of_a_long_password_is_left_out(inside: Inside) -> None:
    assert inside
    await service.register(EMAIL, "a" * 100, "Meera")
    with pytest.raises(InvalidCredentials):
        await service.login(EMAIL, "a" * 99 + "b")


async def test_a_password_that_was_kept_before_goes_on_and_is_kept_anew(inside: Inside) -> None:
    assert inside
    user = await service.register(EMAIL, PASSWORD, "Meera")
    before = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    async with database.write() as session:
        (await session.get_one(User, user.id)).password_hash = before
    with pytest.raises(InvalidCredentials):
        await service.login(EMAIL, "not the password")
    assert (await row(User, user.id)).password_hash == before
    for _ in range(2):
        await service.login(EMAIL, PASSWORD)
        assert str((await row(User, user.id)).password_hash).startswith("$2a$")


async def test_who_tries_elsewhere_keeps_nobody_out_at_home(inside: Inside) -> None:
    assert inside
    await service.register(EMAIL, PASSWORD, "Meera")
    tried = [await _try("not the password", ELSEWHERE) for _ in range(11)]
    assert tried == [*[InvalidCredentials] * 10, RateLimited]
    assert (await service.login(EMAIL, PASSWORD, asked_from=HOME)).email == EMAIL


async def test_where_many_places_try_a_mailed_code_is_wanted_and_the_password_not_even_compared(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside
    await service.register(EMAIL, PASSWORD, "Meera")
    with settings_for(monkeypatch, RATE_LIMITS="account=3/hour"):
        tried = [await _try("not the password", f"198.51.100.{place}") for place in range(4)]
        assert tried == [*[InvalidCredentials] * 3, CodeWanted]
        with pytest.raises(CodeWanted):
            await service.login(EMAIL, PASSWORD, asked_from=HOME)
        assert await _try("not the password", HOME, "nobody@example.in") is InvalidCredentials


async def test_one_place_alone_never_makes_an_account_want_a_code(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside
    await service.register(EMAIL, PASSWORD, "Meera")
    with settings_for(monkeypatch, RATE_LIMITS="login=1000/minute, wrong=3/day, account=4/hour"):
        tried = [await _try("not the password", ELSEWHERE) for _ in range(10)]
        assert tried == [*[InvalidCredentials] * 3, *[RateLimited] * 7]
        for _ in range(6):  # a right one counts for nothing
            assert await service.login(EMAIL, PASSWORD, asked_from=HOME)


async def test_who_tries_many_accounts_is_wanted_a_mailed_code_of_and_nobody_else(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside
    await service.register(EMAIL, PASSWORD, "Meera")
    with settings_for(monkeypatch, RATE_LIMITS="passwords=3/hour"):
        for _ in range(4):  # right ones count for nothing
            await service.login(EMAIL, PASSWORD, asked_from=ELSEWHERE)
        tried = [await _try("not the password", ELSEWHERE, f"{new_id()}@example.in") for _ in range(4)]
        assert tried == [*[InvalidCredentials] * 3, CodeWanted]
        with pytest.raises(CodeWanted):
            await service.login(EMAIL, PASSWORD, asked_from=ELSEWHERE)
        assert await service.login(EMAIL, PASSWORD, asked_from=HOME)
        with settings_for(monkeypatch, **WITHOUT_MAIL), pytest.raises(RateLimited):
            await service.login(EMAIL, PASSWORD, asked_from=ELSEWHERE)


async def test_one_place_has_few_passwords_made(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inside
    with settings_for(monkeypatch, RATE_LIMITS="passwords=2/hour"):
        for _ in range(2):
            await service.register(f"{new_id()}@example.in", PASSWORD, "Ravi", asked_from=ELSEWHERE)
        with pytest.raises(RateLimited):
            await service.register("ravi@example.in", PASSWORD, "Ravi", asked_from=ELSEWHERE)
        with pytest.raises(RateLimited):  # whether the link is good or not
            await recovery.reset("no link", PASSWORD, asked_from=ELSEWHERE)
        assert await service.register("ravi@example.in", PASSWORD, "Ravi", asked_from=HOME)


async def test_by_signing_up_one_place_finds_out_few_addresses_that_have_an_account(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inside
    await service.register(EMAIL, PASSWORD, "Meera")
    with settings_for(monkeypatch, RATE_LIMITS="taken=2/day"):
        for _ in range(3):  # those that have none count for nothing
            await service.register(f"{new_id()}@example.in", PASSWORD, "Ravi", asked_from=ELSEWHERE)
        for refusal in (EmailTaken, EmailTaken, RateLimited):
            with pytest.raises(refusal):
                await service.register(EMAIL, PASSWORD, "Ravi", asked_from=ELSEWHERE)
        with pytest.raises(RateLimited):
            await service.register("ravi@example.in", PASSWORD, "Ravi", asked_from=ELSEWHERE)
        assert await service.register("ravi@example.in", PASSWORD, "Ravi", asked_from=HOME)


async def _try(password: str, place: str, email: str = EMAIL) -> type[Exception]:
    try:
        await service.login(email, password, asked_from=place)
    except (InvalidCredentials, RateLimited, CodeWanted) as refusal:
        return type(refusal)
    raise AssertionError("it was right")


async def test_who_tries_much_at_once_is_told_to_wait_and_leaves_room_for_others() -> None:
    flood = [asyncio.create_task(passwords.matches("guess", None, of=ELSEWHERE)) for _ in range(60)]
    await asyncio.sleep(0)  # they have begun
    honest = await passwords.matches("guess", None, of=HOME)
    ended = await asyncio.gather(*flood, return_exceptions=True)
    refused = [answer for answer in ended if isinstance(answer, RateLimited)]
    assert honest == (False, None)
    assert len(ended) - len(refused) == passwords.MOST_OF_ONE


async def test_however_many_places_try_only_so_many_wait() -> None:
    flood = [asyncio.create_task(passwords.matches("guess", None, of=f"place {n}")) for n in range(40)]
    await asyncio.sleep(0)
    with pytest.raises(RateLimited):
        await passwords.matches("guess", None, of=HOME)
    ended = await asyncio.gather(*flood, return_exceptions=True)
    assert len([answer for answer in ended if not isinstance(answer, RateLimited)]) == passwords.MOST_WAITING


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
async def test_who_tries_passwords_takes_little_of_a_processor_that_others_want() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, 0)

    assert await passwords._beside("203.0.113.7", niceness) == max(10, niceness())  # noqa: SLF001 - in its thread
