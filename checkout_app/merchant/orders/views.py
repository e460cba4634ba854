"""The shop's orders as the back office shows them: ready-made text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import urlencode

from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.standing import STANDINGS, standing_of
from checkout_app.core import clock
from checkout_app.core.money import format_amount
from checkout_app.core.pagination import Page
from checkout_app.merchant.desk import Desk, desk
from checkout_app.merchant.orders.listing import Listed, View
from checkout_app.orders.models import Order
from checkout_app.orders.moves import PAID, Fulfilment

ORDERS: Final = "/merchant/orders"
TOGETHER: Final = f"{ORDERS}/together"
SLIPS: Final = f"{ORDERS}/slips"
LABELS: Final = f"{ORDERS}/labels"
"""The pages about several orders, which their addresses name."""
_FIRST: Final = 20
"""So many orders are asked for to see whether there are new ones."""
_TABS: Final[Mapping[View, str]] = {
    View.TO_SHIP: "To ship",
    View.UNPAID: "Unpaid",
    View.PAID: "Paid",
    View.NEEDS_YOU: "Needs you",
    View.REFUNDED: "Refunded",
    View.ALL: "All",
}
_NONE: Final[Mapping[View, str]] = {
    View.TO_SHIP: "Nothing waits to be shipped.",
    View.UNPAID: "No order waits to be paid.",
    View.PAID: "No order is paid yet.",
    View.NEEDS_YOU: "No order needs you. Every paisa is in its place.",
    View.REFUNDED: "Nothing has been refunded.",
    View.ALL: "Nobody has ordered anything yet.",
}


class Asking(NamedTuple):
    """Which orders somebody wants to see."""

    view: View
    search: str = ""
    day: date | None = None
    cursor: str = ""

    @property
    def query(self) -> str:
        """What an address says of them."""
        day = self.day.isoformat() if self.day else ""
        asked = {"view": self.view.value, "search": self.search, "day": day, "cursor": self.cursor}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def path(self) -> str:
        """The address of their list."""
        return f"{ORDERS}?{self.query}"


@dataclass(frozen=True, slots=True)
class TabView:
    """A saved view; `count` is empty where there is nothing in it, or nobody counts."""

    name: str
    href: str
    count: str
    current: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """An order in the list."""

    id: str
    href: str
    number: str
    date: str
    buyer: str
    town: str
    what: str
    amount: str
    status: str
    tone: str
    sending: str
    waits: bool


@dataclass(frozen=True, slots=True)
class OrdersView:
    """A page of the list of orders; `none` says why there are none, `older` leads to those that follow.

    Where only those of a `day` are shown, `of_day` says so, and `any_day` leads to all others. As a file the whole list
    is at `table`. Where new ones would come first, these are asked for at `asks`; `known` are the ids of those shown.
    """

    desk: Desk
    view: str
    search: str
    day: str
    of_day: str
    any_day: str
    tabs: tuple[TabView, ...]
    rows: tuple[RowView, ...]
    none: str
    older: str
    newest: str
    table: str
    asks: str
    known: str
    may_ship: bool


def orders_view(person: Identity, asking: Asking, page: Page[Listed], counts: Mapping[View, int]) -> OrdersView:
    """Describe a page of the list of orders for who looks at it."""
    return OrdersView(
        desk=desk(person),
        view=asking.view,
        search=asking.search,
        day=asking.day.isoformat() if asking.day else "",
        of_day=_of_day(asking),
        any_day=asking._replace(day=None, cursor="").path,
        tabs=tuple(_tab(each, asking.view, counts.get(each, 0)) for each in _TABS),
        rows=tuple(row_view(order) for order in page.items),
        none=_none(asking, page),
        older=asking._replace(cursor=page.next_cursor).path if page.next_cursor else "",
        newest=asking._replace(cursor="").path if asking.cursor else "",
        table=f"/api{ORDERS}.csv?{asking._replace(cursor='').query}" if page.items else "",
        asks=f"/api{asking.path}&limit={_FIRST}" if asking == Asking(asking.view) else "",
        known=" ".join(order.id for order in page.items),
        may_ship=Caller.SHIPPERS.admits(person.role),
    )


def sending(fulfilment: str, payment: str) -> str:
    """Say how far an order that is paid has come on its way; nothing of one that is not."""
    if fulfilment == Fulfilment.UNFULFILLED:
        return "To ship" if payment in PAID else ""
    return fulfilment.replace("_", " ").capitalize()


def status_of(order: Order | Listed, *, waits: bool) -> tuple[str, str]:
    """Return an order's status in words, and its tone."""
    standing = STANDINGS[standing_of(order, waits=waits)]
    return standing.label, standing.tone


def row_path(order_id: str) -> str:
    """Return the address of an order's page."""
    return f"{ORDERS}/{order_id}"


def path_of(page: str, order_ids: Sequence[str]) -> str:
    """Return the address of a page about several orders."""
    return f"{page}?{urlencode({'ids': order_ids}, doseq=True)}"


def row_view(order: Listed) -> RowView:
    """Describe an order as the list shows it."""
    label, tone = status_of(order, waits=False)
    return RowView(
        id=order.id,
        href=row_path(order.id),
        number=order.number,
        date=clock.format_moment(order.created_at),
        buyer=order.name or order.email,
        town=order.town,
        what=order.first if order.units == 1 else f"{order.first}, {order.units} in all",
        amount=format_amount(order.amount, order.currency),
        status=label,
        tone=tone,
        sending=sending(order.fulfilment_status, order.payment_status) if order.town else "",
        waits=order.waits,
    )


def _tab(each: View, current: View, count: int) -> TabView:
    return TabView(_TABS[each], Asking(each).path, str(count) if count else "", each == current)


def _of_day(asking: Asking) -> str:
    if asking.day is None:
        return ""
    what = "Money went back" if asking.view is View.REFUNDED else "Placed"
    return f"{what} on {clock.format_date(clock.beginning(asking.day))}"


def _none(asking: Asking, page: Page[Listed]) -> str:
    if page.items:
        return ""
    if page.next_cursor:  # only so many are looked through at once
        return "None of the orders that were looked through. There are older ones."
    if asking.search:
        return f"No order here has to do with “{asking.search}”."
    return "No order of that day." if asking.day else _NONE[asking.view]
