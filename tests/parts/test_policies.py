"""The shop's policies: made from answers, changed by hand, no text ever lost, and linked as soon as they are there."""

import json
from datetime import timedelta

import pytest

from checkout_app.cart.owner import KEPT_FOR
from checkout_app.core.errors import InvalidInput
from checkout_app.journal.actors import OPERATOR, Actor
from checkout_app.journal.models import ActorKind
from checkout_app.payments.statuses import BACK_WITHIN
from checkout_app.seller import keeping
from checkout_app.seller.policies import service, wording
from checkout_app.seller.policies.errors import PolicyNotFound
from checkout_app.seller.policies.models import LONGEST_POLICY, Policy, PolicyKind
from checkout_app.seller.presentation import present, presentation
from checkout_app.shopfront import service as shopfront
from checkout_app.shopfront.policies.service import content
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, rows

pytestmark = ON_BOTH
MEERA = Actor(ActorKind.MERCHANT, BUYER.user_id)


@pytest.fixture(autouse=True)
async def _open(inside: Inside) -> None:
    assert inside


async def _text(kind: PolicyKind) -> str:
    shown, _ = await service.read(kind)
    return shown.policy.text


async def test_nothing_is_linked_before_it_is_written_and_then_everything_is() -> None:
    assert [(await content(f"/{kind}")).status for kind in PolicyKind] == [404] * 7  # type: ignore[union-attr]
    assert (await presentation()).footer == ()
    await service.answer({"story": "We are potters."}, MEERA)
    shop = await presentation()
    assert [link.href for link in shop.footer] == [f"/{kind}" for kind in PolicyKind]
    assert [link.href for link in shop.agreed] == ["/terms", "/refunds"]
    around = json.loads((await shopfront.framed("/checkout", "Checkout")).data)["shop"]
    assert [link["words"] for link in around["agreed"]] == ["terms", "rules on refunds and cancellation"]
    for link in shop.footer:
        page = await content(link.href)
        assert page
        assert (page.status, page.head.path) == (200, link.href)
    await present(links="Our terms /terms")
    assert [link.words for link in (await presentation()).footer if link.href == "/terms"] == ["Our terms"]


async def test_what_is_answered_and_what_the_shop_keeps_is_in_the_texts() -> None:
    await keeping.keep(guests=45)
    await service.answer({"return_days": 12, "not_returned": "tea", "cancels": False, "ships_to": "Karnataka"}, MEERA)
    refunds, privacy = await _text(PolicyKind.REFUNDS), await _text(PolicyKind.PRIVACY)
    assert "within 12 days of its arrival" in refunds
    assert "Not taken back: tea." in refunds
    assert "can't be cancelled" in refunds
    assert "We ship to Karnataka." in await _text(PolicyKind.SHIPPING)
    assert "ordered nothing after 45 days" in privacy
    await service.answer({"return_days": 0}, MEERA)
    assert "We take back nothing" in await _text(PolicyKind.REFUNDS)
    assert "We ship to Karnataka." in await _text(PolicyKind.SHIPPING)  # what is not answered anew stays


def test_the_texts_name_the_days_that_the_shop_keeps_to() -> None:
    days = (timedelta(days=wording.BANK_DAYS), timedelta(days=wording.CART_DAYS))
    assert days == (BACK_WITHIN, KEPT_FOR)


async def test_every_text_stays_and_what_somebody_wrote_is_not_written_over() -> None:
    await service.answer({"return_days": 7}, MEERA)
    made = await _text(PolicyKind.REFUNDS)
    await service.write(PolicyKind.REFUNDS, "## Returns\r\n\r\n\r\nAs <b>you</b> like.  ", MEERA)
    await service.write(PolicyKind.REFUNDS, "## Returns\n\nAs <b>you</b> like.", OPERATOR)  # the same
    await service.answer({"return_days": 9}, MEERA)
    shown, versions = await service.read(PolicyKind.REFUNDS)
    assert (shown.policy.version, shown.policy.text) == (2, "## Returns\n\nAs <b>you</b> like.")
    assert [(each.policy.by_hand, each.made_by) for each in versions] == [(True, BUYER.email), (False, BUYER.email)]
    first, _ = await service.read(PolicyKind.REFUNDS, 1)
    assert first.policy.text == made
    await service.write_anew(PolicyKind.REFUNDS, OPERATOR)
    shown, versions = await service.read(PolicyKind.REFUNDS)
    assert "within 9 days" in shown.policy.text
    assert (shown.policy.by_hand, shown.made_by, len(versions)) == (False, "", 3)
    with pytest.raises(PolicyNotFound):
        await service.read(PolicyKind.REFUNDS, 4)


async def test_a_text_that_was_made_is_told_once_it_is_not_so_any_more() -> None:
    await service.answer({}, MEERA)
    await keeping.keep(guests=45)
    _, standings = await service.standings()
    assert [standing.kind for standing in standings if standing.outdated] == [PolicyKind.PRIVACY]
    count = len(await rows(Policy))
    await service.answer({}, MEERA)
    assert len(await rows(Policy)) == count + 1


async def test_what_can_not_be_is_told_all_at_once_and_nothing_is_kept() -> None:
    with pytest.raises(InvalidInput) as refused:
        await service.answer({"refund_days": 0, "return_days": 91, "ships_to": " ", "story": "x" * 1001}, MEERA)
    assert set(refused.value.fields) == {"refund_days", "return_days", "ships_to", "story"}
    assert await rows(Policy) == []


@pytest.mark.parametrize("text", ["", " \n ", "x" * (LONGEST_POLICY + 1), "a\0b"])
async def test_a_text_has_words_and_an_end(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await service.write(PolicyKind.TERMS, text, MEERA)
    assert set(refused.value.fields) == {"text"}
