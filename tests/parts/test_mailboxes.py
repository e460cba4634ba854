"""Who proves that a mailbox is theirs gets into their account by it, once and in time; nobody else does."""

from datetime import timedelta

import pytest

from checkout_app.accounts import people, proofs, recovery, service
from checkout_app.accounts.errors import CodeRefused, EmailTaken, InvalidCredentials, LinkRefused
from checkout_app.accounts.models import Proof, Purpose
from checkout_app.accounts.own import service as own
from checkout_app.accounts.own.errors import SessionNotFound
from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.models import Role, User
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput, RateLimited
from checkout_app.journal.actors import OPERATOR
from tests.support.inside import Inside, rows, settings_for

EMAIL, PASSWORD, NEW = "meera@example.in", "kulhad-chai-first", "kulhad-chai-second"
HOUSE = "203.0.113.7"

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture(autouse=True)
def _unhurried(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> object:
    assert inside
    with settings_for(monkeypatch, RATE_LIMITS="mail=1000/minute, login=1000/minute, account=1000/minute"):
        yield


async def _signed_up(email: str = EMAIL) -> Identity:
    user = await service.register(email, PASSWORD, "Meera Iyer")
    return await _in(user)


async def _in(user: User) -> Identity:
    return await tokens.validate(await service.sign_in(user, before=None))


async def _sent(purpose: Purpose) -> Proof:
    """Return the newest proof, as the mail of it would be made."""
    return max((proof for proof in await rows(Proof) if proof.purpose == purpose), key=lambda proof: proof.id)


async def _is_in(identity: Identity) -> bool:
    try:
        await tokens.confirm(identity)
    except InvalidToken:
        return False
    return True


async def test_who_forgot_their_password_chooses_another_and_every_sign_in_ends() -> None:
    before = await _signed_up()
    await recovery.ask_to_reset(EMAIL.upper(), asked_from=HOUSE)
    link = proofs.link_of(await _sent(Purpose.RESET))
    assert (await recovery.reset(link, NEW, asked_from=HOUSE)).verified_at
    assert not await _is_in(before)
    assert (await service.login(EMAIL, NEW)).email == EMAIL
    with pytest.raises(InvalidCredentials):
        await service.login(EMAIL, PASSWORD)
    with pytest.raises(LinkRefused):
        await recovery.reset(link, PASSWORD, asked_from=HOUSE)


async def test_a_link_is_good_for_its_purpose_its_time_and_its_row_alone() -> None:
    identity = await _signed_up()
    await recovery.ask_to_verify(identity)
    await recovery.ask_to_reset(EMAIL, asked_from=HOUSE)
    verifying, resetting = await _sent(Purpose.VERIFY), await _sent(Purpose.RESET)
    forged = f"{verifying.id}-{proofs.link_of(resetting).partition('-')[2]}"
    for link in (proofs.link_of(verifying), forged, "", "-", "x" * 200, f"{resetting.id}-", "₹-₹"):
        with pytest.raises(LinkRefused):
            await recovery.reset(link, NEW, asked_from=HOUSE)
    async with database.write() as session:
        (await session.get_one(Proof, resetting.id)).expires_at = clock.now() - timedelta(seconds=1)
    with pytest.raises(LinkRefused):
        await recovery.reset(proofs.link_of(resetting), NEW, asked_from=HOUSE)


async def test_what_was_mailed_before_the_secret_of_links_changed_is_taken_while_that_is_the_previous_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await _signed_up()
    with settings_for(monkeypatch, LINK_SECRET="l" * 32):
        await recovery.ask_to_reset(EMAIL, asked_from=HOUSE)
        await recovery.ask_for_code(EMAIL, asked_from=HOUSE)
        link, code = proofs.link_of(await _sent(Purpose.RESET)), proofs.code_of(await _sent(Purpose.CODE))
    with settings_for(monkeypatch, LINK_SECRET="L" * 32):
        with pytest.raises(LinkRefused):
            await recovery.reset(link, NEW, asked_from=HOUSE)
        with pytest.raises(CodeRefused):
            await recovery.enter_by_code(EMAIL, code, asked_from=HOUSE)
    with settings_for(monkeypatch, LINK_SECRET="L" * 32, LINK_SECRET_PREVIOUS="l" * 32):
        assert (await recovery.enter_by_code(EMAIL, code, asked_from=HOUSE)).email == EMAIL
        assert (await recovery.reset(link, NEW, asked_from=HOUSE)).email == EMAIL


async def test_a_password_that_can_not_be_one_uses_no_link_up() -> None:
    await _signed_up()
    await recovery.ask_to_reset(EMAIL, asked_from=HOUSE)
    link = proofs.link_of(await _sent(Purpose.RESET))
    with pytest.raises(InvalidInput):
        await recovery.reset(link, "short", asked_from=HOUSE)
    await recovery.reset(link, NEW, asked_from=HOUSE)


async def test_who_asks_for_a_mail_to_no_account_is_told_the_same_and_nothing_is_sent() -> None:
    await recovery.ask_to_reset("nobody@example.in", asked_from=HOUSE)
    await recovery.ask_for_code("nobody@example.in", asked_from=HOUSE)
    assert await rows(Proof) == []


async def test_a_mailbox_is_not_flooded_from_one_place_and_others_can_still_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await _signed_up()
    with settings_for(monkeypatch, RATE_LIMITS="mail=1/hour"):
        await recovery.ask_to_reset(EMAIL, asked_from="198.51.100.1")
        with pytest.raises(RateLimited):
            await recovery.ask_to_reset(EMAIL, asked_from="198.51.100.1")
        await recovery.ask_to_reset(EMAIL, asked_from="198.51.100.2")


async def test_a_code_lets_in_once() -> None:
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from=HOUSE)
    code = proofs.code_of(await _sent(Purpose.CODE))
    assert len(code) == 6
    assert (await recovery.enter_by_code(EMAIL, code, asked_from=HOUSE)).email == EMAIL
    with pytest.raises(CodeRefused):
        await recovery.enter_by_code(EMAIL, code, asked_from=HOUSE)


async def test_a_code_is_not_guessed() -> None:
    await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from=HOUSE)
    code = proofs.code_of(await _sent(Purpose.CODE))
    for wrong in ("", "000000", "123456", "999999", "₹", "1234567")[: proofs.MOST_TRIES]:
        with pytest.raises(CodeRefused):
            await recovery.enter_by_code(EMAIL, wrong, asked_from=HOUSE)
    with pytest.raises(CodeRefused):
        await recovery.enter_by_code(EMAIL, code, asked_from=HOUSE)


async def test_a_code_that_was_sent_to_another_mailbox_lets_nobody_in() -> None:
    await _signed_up()
    await _signed_up("ravi@example.in")
    await recovery.ask_for_code("ravi@example.in", asked_from=HOUSE)
    with pytest.raises(CodeRefused):
        await recovery.enter_by_code(EMAIL, proofs.code_of(await _sent(Purpose.CODE)), asked_from=HOUSE)


async def test_a_guest_who_proves_their_mailbox_has_an_account_with_what_they_bought() -> None:
    guest = await service.guest(EMAIL, "Meera")
    await recovery.ask_for_code(EMAIL, asked_from=HOUSE)
    entered = await recovery.enter_by_code(EMAIL, proofs.code_of(await _sent(Purpose.CODE)), asked_from=HOUSE)
    assert (entered.id, entered.role) == (guest.id, Role.CUSTOMER)


async def test_who_signed_up_with_somebody_elses_address_is_out_once_the_owner_comes() -> None:
    squatter = await _signed_up()
    await recovery.ask_for_code(EMAIL, asked_from=HOUSE)
    await recovery.enter_by_code(EMAIL, proofs.code_of(await _sent(Purpose.CODE)), asked_from=HOUSE)
    assert not await _is_in(squatter)
    with pytest.raises(InvalidCredentials):
        await service.login(EMAIL, PASSWORD)


async def test_who_has_verified_their_address_keeps_their_password_when_a_code_lets_them_in() -> None:
    identity = await _signed_up()
    await recovery.ask_to_verify(identity)
    await recovery.verify(proofs.link_of(await _sent(Purpose.VERIFY)))
    await recovery.ask_for_code(EMAIL, asked_from=HOUSE)
    await recovery.enter_by_code(EMAIL, proofs.code_of(await _sent(Purpose.CODE)), asked_from=HOUSE)
    assert await _is_in(identity)
    assert (await service.login(EMAIL, PASSWORD)).id == identity.user_id


async def test_another_address_is_the_accounts_once_its_link_comes_back_and_not_before() -> None:
    identity = await _signed_up()
    with pytest.raises(InvalidCredentials):
        await recovery.change_email(identity, NEW, "meera.iyer@example.in")
    await recovery.change_email(identity, PASSWORD, "meera.iyer@example.in")
    assert (await service.login(EMAIL, PASSWORD)).email == EMAIL
    await recovery.verify(proofs.link_of(await _sent(Purpose.VERIFY)))
    assert (await service.login("meera.iyer@example.in", PASSWORD)).id == identity.user_id


async def test_an_address_that_another_account_has_by_then_is_refused() -> None:
    identity = await _signed_up()
    await recovery.change_email(identity, PASSWORD, "ravi@example.in")
    link = proofs.link_of(await _sent(Purpose.VERIFY))
    await _signed_up("ravi@example.in")
    with pytest.raises(EmailTaken):
        await recovery.verify(link)


async def _moved(identity: Identity, to: str, password: str = PASSWORD) -> Proof:
    """Give an account another address; returns the way back."""
    await recovery.change_email(identity, password, to)
    await recovery.verify(proofs.link_of(await _sent(Purpose.VERIFY)))
    return await _sent(Purpose.UNDO)


async def _verified() -> Identity:
    identity = await _signed_up()
    await recovery.ask_to_verify(identity)
    await recovery.verify(proofs.link_of(await _sent(Purpose.VERIFY)))
    return identity


async def test_whose_address_it_was_takes_the_account_back_whatever_was_done_with_it_meanwhile() -> None:
    thief = await _verified()
    way_back = proofs.link_of(await _moved(thief, "thief@example.in"))
    await recovery.change_password(thief, PASSWORD, NEW)
    second = await _moved(thief, "another@example.in", NEW)
    await recovery.ask_to_reset("another@example.in", asked_from=HOUSE)
    await recovery.reset(proofs.link_of(await _sent(Purpose.RESET)), PASSWORD, asked_from=HOUSE)
    with pytest.raises(EmailTaken):  # as the address would have an account
        await _signed_up()
    with pytest.raises(LinkRefused):
        await recovery.reset(proofs.link_of(second), NEW, asked_from=HOUSE)
    thief = await _in(await service.login("another@example.in", PASSWORD))
    await recovery.change_email(thief, PASSWORD, "third@example.in")
    assert (await recovery.reset(way_back, "kulhad-chai-third", asked_from=HOUSE)).email == EMAIL
    assert not await _is_in(thief)
    assert (await service.login(EMAIL, "kulhad-chai-third")).id == thief.user_id
    for link in (way_back, proofs.link_of(await _sent(Purpose.VERIFY))):
        with pytest.raises(LinkRefused):
            await recovery.reset(link, NEW, asked_from=HOUSE)
        with pytest.raises(LinkRefused):
            await recovery.verify(link)


async def test_an_address_that_nobody_has_proved_takes_no_account_back() -> None:
    identity = await _signed_up()
    way_back = proofs.link_of(await _moved(identity, "meera.iyer@example.in"))
    with pytest.raises(LinkRefused):
        await recovery.reset(way_back, NEW, asked_from=HOUSE)
    assert await _signed_up()


async def test_nobody_takes_an_account_back_whose_address_has_another_by_now() -> None:
    await service.guest(EMAIL)
    way_back = proofs.link_of(await _moved(await _verified(), "meera.iyer@example.in"))
    await recovery.ask_for_code(EMAIL, asked_from=HOUSE)
    await recovery.enter_by_code(EMAIL, proofs.code_of(await _sent(Purpose.CODE)), asked_from=HOUSE)
    with pytest.raises(EmailTaken):
        await recovery.reset(way_back, NEW, asked_from=HOUSE)


async def test_nobody_takes_an_account_back_with_the_role_that_another_was_given_in_it() -> None:
    invitation = await people.invite("keeper@example.in", Role.OWNER, OPERATOR)
    way_back = proofs.link_of(await _moved(await _verified(), "keeper@example.in"))
    await people.accept(invitation, NEW, "Keeper")
    with pytest.raises(LinkRefused):
        await recovery.reset(way_back, PASSWORD, asked_from=HOUSE)


@pytest.mark.parametrize("way", ["reset", "change"])
async def test_who_was_in_the_account_takes_it_by_no_link_that_they_asked_for_before(way: str) -> None:
    identity = await _signed_up()
    await recovery.change_email(identity, PASSWORD, "evil@example.in")
    link = proofs.link_of(await _sent(Purpose.VERIFY))
    if way == "reset":
        await recovery.ask_to_reset(EMAIL, asked_from=HOUSE)
        await recovery.reset(proofs.link_of(await _sent(Purpose.RESET)), NEW, asked_from=HOUSE)
    else:
        await recovery.change_password(identity, PASSWORD, NEW)
    with pytest.raises(LinkRefused):
        await recovery.verify(link)


async def test_another_password_ends_every_other_sign_in_and_wants_the_present_one() -> None:
    identity = await _signed_up()
    other = await _in(await service.login(EMAIL, PASSWORD))
    with pytest.raises(InvalidCredentials):
        await recovery.change_password(identity, NEW, NEW)
    await recovery.change_password(identity, PASSWORD, NEW)
    assert await _is_in(identity)
    assert not await _is_in(other)


async def test_where_one_is_signed_in_is_listed_and_ended() -> None:
    identity = await _signed_up()
    other = await _in(await service.login(EMAIL, PASSWORD))
    assert [(known.id, known.current) for known in await own.sign_ins(identity)] == [
        (identity.session_id, True),
        (other.session_id, False),
    ]
    await own.end(identity, other.session_id)
    assert not await _is_in(other)
    with pytest.raises(SessionNotFound):
        await own.end(identity, other.session_id)
    await own.end_all(identity)
    assert not await _is_in(identity)


async def test_nobody_ends_somebody_elses_sign_in() -> None:
    hers, his = await _signed_up(), await _signed_up("ravi@example.in")
    with pytest.raises(SessionNotFound):
        await own.end(his, hers.session_id)
    await own.end_all(his)
    assert await _is_in(hers)
