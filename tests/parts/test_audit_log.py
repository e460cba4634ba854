"""Owners find in the audit log what was done: by kind, by whom, about what and on which day, page by page."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from ulid import ULID

from checkout_app.accounts.events import AccountEvent
from checkout_app.auth.models import Role, User
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import clock, database, spreadsheets
from checkout_app.core.errors import InvalidInput
from checkout_app.core.ids import new_id
from checkout_app.journal import audit
from checkout_app.journal.models import ActorKind, Event, Subject
from checkout_app.merchant.audit_log import search
from checkout_app.merchant.audit_log.api import _cells
from checkout_app.merchant.audit_log.search import Group
from checkout_app.orders.moves import OrderEvent
from checkout_app.payments.service import ASKED
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, put_on_shelf, rows

MEERA, RAVI = "MEERA", "RAVI"
NOON = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)

pytestmark = [ON_BOTH, pytest.mark.usefixtures("inside")]


async def _done(
    subject: Subject, subject_id: str, kind: str, by: str = "", actor: ActorKind = ActorKind.MERCHANT, minutes: int = 0
) -> str:
    """Write down that somebody did something so many minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    event = Event(
        id=str(ULID.from_datetime(at)),
        created_at=at,
        subject=subject,
        subject_id=subject_id,
        kind=kind,
        actor=actor,
        actor_id=by or None,
    )
    async with database.write() as session:
        session.add(event)
    return event.id


@pytest.fixture
async def people(inside: Inside) -> None:
    """Two owners of the shop."""
    assert inside
    async with database.write() as session:
        for user_id in (MEERA, RAVI):
            session.add(User(id=user_id, email=f"{user_id.lower()}@example.in", role=Role.OWNER))


async def _found(group: Group = Group.ALL, by: str = "", about: str = "", day: str = "") -> Sequence[str]:
    when = datetime.fromisoformat(day).date() if day else None
    page = await audit.entries(await search.read(group, by, about, when), limit=100)
    assert page.next_cursor is None
    return [entry.event.id for entry in page.items]


@pytest.mark.usefixtures("people")
async def test_entries_are_found_by_kind_and_by_who_did_them() -> None:
    signed_in = await _done(Subject.ACCOUNT, MEERA, AccountEvent.SIGNED_IN, MEERA, ActorKind.BUYER)
    invited = await _done(Subject.ACCOUNT, RAVI, AccountEvent.INVITED, "", ActorKind.OPERATOR, 1)
    said = await _done(Subject.SELLER, "seller", "changed", MEERA, minutes=2)
    priced = await _done(Subject.PRODUCT, "P", "priced", RAVI, minutes=3)
    await _done(Subject.ORDER, "O", OrderEvent.CREATED, BUYER.user_id, ActorKind.BUYER, 4)  # which is no audit's
    assert await _found() == [priced, said, invited, signed_in]
    found = {group: await _found(group) for group in Group}
    assert found == {
        **{group: [] for group in Group},
        Group.ALL: [priced, said, invited, signed_in],
        Group.SIGN_INS: [signed_in],
        Group.PEOPLE: [invited],
        Group.GOODS: [priced],
        Group.SHOP: [said],
    }
    assert (await _found(by=MEERA), await _found(by="operator")) == ([said, signed_in], [invited])
    assert await _found(Group.SHOP, by=RAVI) == []
    [entry, *_] = (await audit.entries(await search.read(Group.PEOPLE, "", "", None))).items
    assert (entry.whose, entry.by) == ("ravi@example.in", None)


@pytest.mark.usefixtures("people")
async def test_entries_are_found_by_what_they_are_about() -> None:
    order = (await checkout.create_order(BUYER, [Item(await put_on_shelf(9))])).order
    shipped = await _done(Subject.ORDER, order.id, OrderEvent.SHIPPED, RAVI)
    other = await _done(Subject.ORDER, new_id(), OrderEvent.SHIPPED, RAVI, minutes=1)
    ended = await _done(Subject.COUPON, "DIWALI", "ended", MEERA, minutes=2)
    signed_in = await _done(Subject.ACCOUNT, MEERA, AccountEvent.SIGNED_IN, MEERA, ActorKind.BUYER, 3)
    for typed in (order.number, order.number.lower(), order.id):
        assert await _found(about=typed) == [shipped], typed
    assert await _found(about="diwali") == [ended]
    assert await _found(about="Meera@example.in") == [signed_in]
    assert await _found(about="asha") == await _found(about="' OR 1=1 --") == []
    assert await _found(about=order.number, by=MEERA) == []
    assert await _found() == [signed_in, ended, other, shipped]
    with pytest.raises(InvalidInput):
        await _found(about="nul\0")


@pytest.mark.usefixtures("people")
async def test_a_day_is_one_in_india_and_a_list_goes_on_where_its_page_ends() -> None:
    midnight = int((clock.beginning(clock.day_of(NOON)) - NOON).total_seconds()) // 60
    _, *made = [await _done(Subject.SELLER, "seller", "changed", MEERA, minutes=midnight + n - 1) for n in range(4)]
    tomorrow = await _done(Subject.SELLER, "seller", "changed", MEERA, minutes=midnight + 1440)
    assert await _found(day="2026-11-28") == made[::-1]
    assert await _found(day="2026-11-29") == [tomorrow]
    sought = await search.read(Group.SHOP, MEERA, "", clock.day_of(NOON))
    first = await audit.entries(sought, limit=2)
    rest = await audit.entries(sought, limit=2, cursor=first.next_cursor)
    assert [each.event.id for each in (*first.items, *rest.items)] == made[::-1]
    assert rest.next_cursor is None


@pytest.mark.usefixtures("people")
async def test_a_search_looks_so_far_and_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = await _done(Subject.SELLER, "seller", "changed", RAVI)
    for minutes in range(1, 4):
        await _done(Subject.SELLER, "seller", "changed", MEERA, minutes=minutes)
    with monkeypatch.context() as patch:
        patch.setattr(audit, "_END", audit._end(2))  # noqa: SLF001 - as if two were 20,000
        sought = await search.read(Group.ALL, RAVI, "", None)
        nothing = await audit.entries(sought)
        assert (nothing.items, bool(nothing.next_cursor)) == ([], True)
        found = await audit.entries(sought, cursor=nothing.next_cursor)
    assert [entry.event.id for entry in found.items] == [theirs]


@pytest.mark.usefixtures("people")
async def test_the_table_says_who_did_what_to_whom() -> None:
    await _done(Subject.REFUND, "R", ASKED, MEERA)
    async with database.write() as session:
        (event,) = [row for row in await rows(Event) if row.kind == ASKED]
        (await session.get_one(Event, event.id)).data = {"amount": 100, "currency": "INR"}
    page = await audit.entries()
    lines = [line async for line in spreadsheets.table(["at", "message"], page, audit.entries, lambda e: _cells(e)[:2])]
    assert list(csv.reader(io.StringIO("".join(lines)))) == [
        ["at", "message"],
        ["2026-11-28T06:30:00Z", "₹1.00 is to go back."],
    ]
