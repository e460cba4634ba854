"""Orders that are shipped together, as the back office shows them: ready-made text."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.fulfilment import service
from checkout_app.fulfilment.parcels import Sent
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.orders.sending_view import contents
from checkout_app.merchant.orders.views import LABELS, SLIPS, path_of, row_path, sending
from checkout_app.orders.moves import Fulfilment

_TO_SHIP = frozenset({Fulfilment.UNFULFILLED, Fulfilment.PARTLY_SHIPPED})


@dataclass(frozen=True, slots=True)
class ChosenView:
    """One of them; `why` says why nothing of it can be shipped, where that is not because all of it was."""

    href: str
    number: str
    buyer: str
    what: str
    sending: str
    why: str


@dataclass(frozen=True, slots=True)
class TogetherView:
    """All of them; `ready` are those that can be shipped by who looks at them."""

    desk: Desk
    title: str
    orders: tuple[ChosenView, ...]
    ready: tuple[str, ...]
    doing: str
    slips: str
    labels: str


def together_view(person: Identity, chosen: Sequence[Sent]) -> TogetherView:
    """Describe orders that somebody has chosen to ship together."""
    may = Caller.SHIPPERS.admits(person.role)
    ready = [sent.order.id for sent in chosen if may and not service.why_not(sent)]
    order_ids = [sent.order.id for sent in chosen]
    return TogetherView(
        desk=desk(person),
        title=_so_many(len(chosen)),
        orders=tuple(_chosen(sent) for sent in chosen),
        ready=tuple(ready),
        doing=f"Mark {_so_many(len(ready))} as shipped",
        slips=path_of(SLIPS, order_ids),
        labels=path_of(LABELS, order_ids),
    )


def _so_many(orders: int) -> str:
    return "1 order" if orders == 1 else f"{orders} orders"


def _chosen(sent: Sent) -> ChosenView:
    order = sent.order
    town = (order.ships_to or {}).get("town", "")
    return ChosenView(
        href=row_path(order.id),
        number=order.number,
        buyer=", ".join(part for part in (order.name or order.email, town) if part),
        what=contents(sent, sent.left),
        sending=sending(order.fulfilment_status, order.payment_status),
        why=service.why_not(sent) if order.fulfilment_status in _TO_SHIP else "",
    )
