"""What a buyer asks the shop for once an order is paid: to cancel it, or to take something back. A person answers.

It waits as an issue of the order, one of a kind however often it is asked, until somebody of the shop resolves it or
the money goes back.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from sqlmodel import bindparam, col, select

from checkout_app.auth.tokens import Identity
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal import issues
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Issue, Subject
from checkout_app.orders import service
from checkout_app.orders.errors import RequestUnfit
from checkout_app.orders.models import Order
from checkout_app.orders.moves import PAID, Fulfilment
from checkout_app.orders.timeline import ASKED, IssueKind

LONGEST_NOTE: Final = 200


class Request(StrEnum):
    """What can be asked for."""

    CANCEL = "cancel"
    RETURN = "return"


_KINDS: Final[Mapping[Request, IssueKind]] = {
    Request.CANCEL: IssueKind.CANCEL_ASKED,
    Request.RETURN: IssueKind.RETURN_ASKED,
}
_POSSIBLE: Final[Mapping[Fulfilment, Request]] = {
    Fulfilment.UNFULFILLED: Request.CANCEL,
    Fulfilment.PARTLY_SHIPPED: Request.CANCEL,
    Fulfilment.SHIPPED: Request.RETURN,
    Fulfilment.DELIVERED: Request.RETURN,
}
_ASKED: Final = Statement[Issue](
    select(Issue)
    .where(
        Issue.subject == Subject.ORDER,
        col(Issue.subject_id).in_(bindparam("orders", expanding=True)),
        col(Issue.kind).in_(sorted(ASKED)),
    )
    .order_by(col(Issue.id))
)


def possible(order: Order) -> Request | None:
    """Return what can be asked for about an order as it stands, None when nothing is left to ask for."""
    return _POSSIBLE.get(Fulfilment(order.fulfilment_status)) if order.payment_status in PAID else None


def open_one(known: Iterable[Issue]) -> Issue | None:
    """Return what is asked for and not answered, of the issues of an order."""
    return next((issue for issue in known if issue.kind in ASKED and issue.resolved_at is None), None)


def request_of(issue: Issue) -> Request:
    """Return what an issue asks for."""
    return next(request for request, kind in _KINDS.items() if kind == issue.kind)


async def asked_about(session: Session, order_ids: Sequence[str]) -> Sequence[Issue]:
    """Return everything that was ever asked for about some orders, oldest first."""
    return (await session.exec(_ASKED, orders=list(order_ids))).all() if order_ids else []


async def ask(order_id: str, buyer: Identity, request: Request, note: str) -> tuple[Issue, bool]:
    """Ask the shop for something about one of the buyer's own orders; returns what waits now, and whether it is new.

    Raises OrderNotFound, RequestUnfit as the order stands now, and InvalidInput for a note that can't be kept.
    """
    try:
        words = one_line(note, LONGEST_NOTE)
    except Unfit as unfit:
        raise InvalidInput({"note": f"Say it in at most {LONGEST_NOTE} ordinary characters."}) from unfit
    async with database.write() as session:
        await service.get_order(session, order_id, buyer)
        [order] = await database.lock(session, Order, [order_id])
        for issue in await issues.open_issues(session, Subject.ORDER, [order_id]):
            if issue.kind == _KINDS[request]:
                return issue, False
        if possible(order) is not request:
            raise RequestUnfit
        issue = Issue(kind=_KINDS[request], subject=Subject.ORDER, subject_id=order_id, detail=words)
        await issues.open_issue(session, issue, Actor.of(buyer))
        return issue, True


async def answer(session: Session, order: Order) -> None:
    """End what was asked for about an order: its money goes back."""
    await issues.close_by_time(session, Subject.ORDER, order.id, ASKED)
