"""Complaints: each has a number and two clocks, waits for a person, and is mailed about to both."""

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest

from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.journal import issues
from checkout_app.journal.actors import OPERATOR
from checkout_app.journal.models import Event, Issue
from checkout_app.mail.complaints import KINDS
from checkout_app.merchant.needs.ways import Way, ways_of
from checkout_app.orders.timeline import IssueKind, issue_sentence
from checkout_app.payments import issues as waiting
from checkout_app.seller import profile
from checkout_app.seller.complaints import service
from checkout_app.seller.complaints.models import Complaint
from checkout_app.seller.policies import service as policies
from checkout_app.shopfront.policies.service import content
from tests.conftest import ON_BOTH
from tests.support.inside import Inside, keep_shop, rows

pytestmark = ON_BOTH
SAID = {"name": "Ravi", "email": "Ravi@Example.in", "order_number": "7F3K-9Q2D", "words": "Cracked.\r\n\r\nAnd late."}


@pytest.fixture(autouse=True)
async def _open(inside: Inside) -> None:
    assert inside


async def test_it_has_a_number_and_waits_and_says_what_is_due_when() -> None:
    made = await service.complain(SAID)
    assert (made.number[:2], made.email, made.words) == ("C-", "ravi@example.in", "Cracked.\nAnd late.")
    assert (await service.complain(SAID)).number == made.number  # pressed twice
    assert len(await rows(Complaint)) == 1
    async with database.read() as session:
        [found] = (await waiting.open_issues(session)).items
    assert (found.issue.kind, found.order, ways_of(found)) == (IssueKind.COMPLAINT, None, [Way.READ])
    by = clock.format_moment(made.created_at + timedelta(hours=48))
    end = clock.format_date(made.created_at + timedelta(days=30))
    assert issue_sentence(found.issue) == f"Complaint {made.number}: answer it by {by}, and have it settled by {end}."


async def test_both_are_mailed_and_so_is_the_answer() -> None:
    await keep_shop()
    await profile.say(OPERATOR, {"grievance_email": "officer@mitti.example"})
    made = await service.complain(SAID)
    [issue] = await rows(Issue)
    await waiting.resolve(issue.id, "We send another cup today", OPERATOR)
    opened, answered = [event for event in await rows(Event) if event.subject == "complaint"]
    mails: dict[tuple[str, str], str] = {}
    for kind in KINDS:
        for event in (opened, answered):
            for email in await kind.recipients(event) if event.kind in kind.follows else ():
                letter = await kind.write(event, email)
                assert letter
                mails[kind.name, email] = "\n".join((letter.subject, *letter.paragraphs, *map(str, letter.rows)))
    assert set(mails) == {
        ("complaint_heard", "ravi@example.in"),
        ("complaint", "asha@example.in"),
        ("complaint", "officer@mitti.example"),
        ("complaint_answered", "ravi@example.in"),
    }
    heard, answer = mails["complaint_heard", "ravi@example.in"], mails["complaint_answered", "ravi@example.in"]
    assert made.number in heard
    assert not any(typed in heard for typed in ("Ravi", "Cracked", "7F3K"))  # whoever typed that address
    assert "We send another cup today." in answer
    assert "Cracked." in mails["complaint", "officer@mitti.example"]
    async with database.read() as session:
        assert await issues.open_issues(session, "complaint", [made.id]) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": "", "email": "nobody", "words": " \n"}, {"name", "email", "words"}),
        ({"words": "x" * 2001, "order_number": "x" * 21}, {"words", "order_number"}),
        ({"name": "a\0"}, {"name"}),
    ],
)
async def test_every_problem_of_it_is_told(wrong: Mapping[str, str], fields: set[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        await service.complain({**SAID, **wrong})
    assert set(refused.value.fields) == fields
    assert await rows(Complaint) == []


async def test_the_page_says_the_number_to_who_comes_from_having_complained() -> None:
    await policies.answer({}, OPERATOR)
    made = await service.complain(SAID)
    told = await content("/grievance", {"complaint": [made.number]})
    assert told
    view = json.loads(told.data)["view"]
    assert (told.own, view["complaint"], view["complains"]) == (True, made.number, True)
    assert "Cracked" not in told.data.decode()
    for unknown in ("C-0000-0000", "<b>", ""):
        plain = await content("/grievance", {"complaint": [unknown]})
        assert plain
        assert (plain.own, json.loads(plain.data)["view"]["complaint"]) == (False, "")


async def test_what_somebody_wrote_goes_with_them_and_that_they_complained_stays() -> None:
    made = await service.complain(SAID)
    async with database.write() as session:
        assert [each.id for each in await service.of_mailbox(session, "ravi@example.in")] == [made.id]
        await service.forget(session, "ravi@example.in")
    [left] = await rows(Complaint)
    assert (left.number, left.name, left.email, left.words) == (made.number, "", "", "")
