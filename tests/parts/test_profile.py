"""What the shopkeeper says of the shop: kept together or not at all, and written down with who said it."""

import pytest

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import ActorKind, Subject
from checkout_app.seller import profile, service
from checkout_app.seller.models import ONLY, TaxScheme
from tests.support.inside import BUYER, Inside

MEERA = Actor(ActorKind.MERCHANT, BUYER.user_id)
SAID = {
    "name": "Kāgaz",
    "legal_name": "Meera Iyer",
    "address_line1": "14 Fort Road",
    "pin": " 570 001 ",
    "care_email": "Help@kagaz.example",
    "care_phone": "0821 244 1234",
    "grievance_name": "Meera Iyer",
    "grievance_designation": "Proprietor",
    "gstin": "29aaaaa1234a1z9",
    "handicraft": True,
    "refund_limit": 100_000,
    "keep_guests": 10,
    "security_contact": "safe@kagaz.example",
}


@pytest.fixture(autouse=True)
async def _open(inside: Inside) -> None:
    assert inside


async def test_all_of_it_is_said_at_once_as_it_is_kept() -> None:
    number = SAID | {"gstin": ""}
    await profile.say(MEERA, number)
    seller = await profile.profile()
    assert (seller.name, seller.legal_name, seller.pin) == ("Kāgaz", "Meera Iyer", "570001")
    assert (seller.care_email, seller.security_contact) == ("Help@kagaz.example", "mailto:safe@kagaz.example")
    assert (seller.handicraft, seller.refund_limit, seller.keep_guests) == (True, 100_000, 10)
    await profile.say(MEERA, {"legal_name": "", "care_phone": ""})
    seller = await profile.profile()
    assert (seller.legal_name, seller.care_phone, seller.address_line1) == ("", "", "14 Fort Road")


async def test_every_problem_is_told_and_nothing_is_kept() -> None:
    await profile.say(MEERA, {"gstin": "27AAPFU0939F1ZV"})
    wrong = {
        "name": "x" * 61,
        "legal_name": "a\0b",
        "pin": "57",
        "care_email": "nobody",
        "grievance_phone": "call me",
        "state": "29",
        "keep_guests": 1,
        "refund_limit": -1,
        "accent": "red",
    }
    with pytest.raises(InvalidInput) as refused:
        await profile.say(MEERA, {**wrong, "town": "Mysuru"}, {"logo": "It is gone."})
    assert set(refused.value.fields) == {*wrong, "logo"}
    assert all(sentence.endswith(".") for sentence in refused.value.fields.values())
    seller = await profile.profile()
    assert (seller.town, seller.state) == ("", "27")


async def test_each_change_is_written_down_with_who_said_it() -> None:
    await profile.say(MEERA, {"name": "Kāgaz", "tax_scheme": TaxScheme.COMPOSITION})
    await profile.say(MEERA, {"name": "Kāgaz"})  # which it says already
    await service.promise(returns="Within 7 days.")
    async with database.read() as session:
        events = await journal.events_of(session, Subject.SELLER, ONLY)
    assert [(event.actor, event.actor_id, event.data["what"]) for event in events] == [
        ("merchant", BUYER.user_id, "name"),
        ("merchant", BUYER.user_id, "tax_scheme"),
        ("operator", None, "returns_promise"),
    ]
