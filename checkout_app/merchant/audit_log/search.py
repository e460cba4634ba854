"""What owners look for in the audit log: kinds of things, by whom, about what, on which day."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlmodel import and_, bindparam, col, select, union_all

from checkout_app.accounts.events import AccountEvent
from checkout_app.core import database, ids
from checkout_app.core.errors import InvalidInput
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal.audit import EVERYTHING, Sought
from checkout_app.journal.models import Event, Subject
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders import search as orders
from checkout_app.merchant.orders.search import BUYERS, LONGEST_SEARCH, Shape
from checkout_app.payments.models import Refund

_EXACT: Final = frozenset({Shape.ID, Shape.NUMBER, Shape.PAYMENT, Shape.GATEWAY_ORDER})
"""By what exactly one order is known."""
_SIGNING: Final = tuple(
    kind.value
    for kind in (
        *(AccountEvent.SIGNED_IN, AccountEvent.SIGN_IN_REFUSED, AccountEvent.SIGNED_OUT),
        *(AccountEvent.SIGNED_OUT_EVERYWHERE, AccountEvent.CODE_ASKED, AccountEvent.FACTOR_SHOWN),
        *(AccountEvent.FACTOR_REFUSED, AccountEvent.RECOVERY_CODE_USED),
    )
)
_SUBJECT: Final = col(Event.subject).concat("")
"""So spelled that no database takes the index of all that was ever done to a subject: the log is looked through."""
_OF_ACCOUNTS: Final = _SUBJECT == Subject.ACCOUNT


class Group(StrEnum):
    """Kinds of what is done, as somebody looks for it."""

    ALL = "all"
    SIGN_INS = "sign-ins"
    PEOPLE = "people"
    MONEY = "money"
    ORDERS = "orders"
    GOODS = "goods"
    SHOP = "shop"


_KINDS: Final[Mapping[Group, Any]] = {
    Group.ALL: EVERYTHING,
    Group.SIGN_INS: and_(_OF_ACCOUNTS, col(Event.kind).in_(_SIGNING)),
    Group.PEOPLE: and_(_OF_ACCOUNTS, col(Event.kind).not_in(_SIGNING)),
    Group.MONEY: _SUBJECT == Subject.REFUND,
    Group.ORDERS: _SUBJECT.in_([Subject.ORDER, Subject.ORPHAN, Subject.WEBHOOK]),
    Group.GOODS: _SUBJECT.in_([Subject.PRODUCT, Subject.COUPON]),
    Group.SHOP: _SUBJECT == Subject.SELLER,
}
_ACCOUNTS: Final = Statement[tuple[str]](union_all(*BUYERS).subquery().select())
_REFUNDS: Final = Statement[str](select(Refund.id).where(col(Refund.order_id).in_(bindparam("orders", expanding=True))))


async def read(group: Group, by: str, typed: str, day: date | None) -> Sought:
    """Return what is looked for; raises InvalidInput.

    Typed is an order's number, or an id of it, which finds its refunds too; an e-mail address; a coupon; or any id.
    """
    try:
        text = one_line(typed, LONGEST_SEARCH)
    except Unfit as error:
        raise InvalidInput({"about": f"Search for at most {LONGEST_SEARCH} ordinary characters."}) from error
    begin, until = listing.span(day) or ("", ids.LAST_ID)
    return Sought(_KINDS[group], by, await _about(text) if text else None, begin, until)


async def _about(text: str) -> Sequence[str]:
    """Return the ids of what is meant."""
    sought, *_ = orders.read(text)
    if sought.shape is Shape.EMAIL:
        async with database.ask() as session:
            return [user_id for (user_id,) in await session.exec(_ACCOUNTS, **sought.values)]
    if sought.shape in _EXACT and (found := (await listing.list_orders(search=text)).items):
        order_ids = [order.id for order in found]
        async with database.ask() as session:
            return [*order_ids, *(await session.exec(_REFUNDS, orders=order_ids)).all()]
    return list({text, text.upper()})
