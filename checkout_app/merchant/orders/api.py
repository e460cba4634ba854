"""The shop's orders over HTTP, for its people."""

from datetime import date
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import ids, spreadsheets
from checkout_app.core.described import TOO_MANY, Answers, refusal
from checkout_app.core.money import in_major_units
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.core.spreadsheets import Cell
from checkout_app.delivery.api import AddressBody
from checkout_app.journal.actors import Actor
from checkout_app.mail import again
from checkout_app.merchant.orders import listing
from checkout_app.merchant.orders.bodies import ListedBody, ListedPage, WholeBody
from checkout_app.merchant.orders.listing import Listed, View
from checkout_app.merchant.orders.search import LONGEST_SEARCH
from checkout_app.merchant.orders.whole import whole
from checkout_app.orders import by_shop, readdressing
from checkout_app.orders.by_shop import LONGEST_NOTE

router = APIRouter(prefix="/api/merchant", tags=["merchant"])

_COLUMNS: Final = (
    *("number", "id", "created_at", "paid_at", "status", "payment_status", "fulfilment_status", "amount", "currency"),
    *("name", "email", "town", "units", "first"),
)
_A_TABLE: Final[Answers] = {200: {"description": "The table.", "content": {spreadsheets.MEDIA_TYPE: {}}}}
_UNKNOWN: Final[Answers] = {404: refusal("There is no such order.")}
_CLOSED: Final[Answers] = _UNKNOWN | {409: refusal("Money may be on its way, or it is closed already.")}
_STAYS: Final[Answers] = _UNKNOWN | {409: refusal("It can't go there, or nowhere else any more.")}
_UNSENT: Final[Answers] = {
    404: refusal("There is no such order, or no such mail to its buyer."),
    409: refusal("No mail can be sent to its buyer."),
}
_Search = Annotated[str, Query(max_length=LONGEST_SEARCH)]


@router.get("/orders", **guard.open_to(Caller.SHOP))
async def list_orders(
    view: View = View.ALL,
    search: _Search = "",
    day: date | None = None,
    cursor: Annotated[str | None, Query(max_length=ids.ID_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
) -> ListedPage:
    """List the shop's orders, newest first, those of a view that a search finds.

    Searched for is a number, an id, a payment's or an order's id at Razorpay, an e-mail address, a phone number, an
    amount in rupees, or words of the buyer's name or address. Those of a `day` in India were placed on it, and in the
    view of what is refunded, money of theirs went back on it.
    """
    page = await listing.list_orders(view, search=search, day=day, cursor=cursor, limit=limit)
    items = [ListedBody.model_validate(row) for row in page.items]
    return ListedPage(items=items, next_cursor=page.next_cursor, counts=dict(await listing.counts()))


@router.get("/orders.csv", response_class=StreamingResponse, **guard.open_to(Caller.SHOP, _A_TABLE))
async def get_table(view: View = View.ALL, search: _Search = "", day: date | None = None) -> StreamingResponse:
    """Hand over the same list as CSV, its newest 10,000 orders at most; `amount` in major units."""
    pages = partial(listing.list_orders, view, search=search, day=day, limit=spreadsheets.PAGE)
    first = await pages()  # before anything is answered: it may refuse
    headers = {"Content-Disposition": f'attachment; filename="orders-{view}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(
        spreadsheets.table(_COLUMNS, first, pages, _cells), media_type=spreadsheets.MEDIA_TYPE, headers=headers
    )


@router.get("/orders/{order_id}", **guard.open_to(Caller.SHOP, _UNKNOWN))
async def get_order(order_id: str) -> WholeBody:
    """Show an order with everything that belongs to it."""
    return WholeBody.of(await whole(order_id))


class NoteRequest(BaseModel):
    """What is to be remembered of an order."""

    model_config = ConfigDict(strict=True)

    note: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)]


@router.post("/orders/{order_id}/notes", status_code=201, **guard.open_to(Caller.SHIPPERS, _UNKNOWN))
async def note(order_id: str, body: NoteRequest, by: Annotated[Identity, Depends(guard.shippers)]) -> WholeBody:
    """Note something about an order, which only the people of the shop ever read."""
    await by_shop.note(order_id, body.note, Actor.of(by))
    return WholeBody.of(await whole(order_id))


@router.post("/orders/{order_id}/cancel", **guard.open_to(Caller.OWNER, _CLOSED))
async def cancel(order_id: str, by: Annotated[Identity, Depends(guard.owner)]) -> WholeBody:
    """Give an unpaid order up: its items are on the shelf again, and money that comes for it goes back."""
    await by_shop.cancel(order_id, Actor.of(by))
    return WholeBody.of(await whole(order_id))


@router.put("/orders/{order_id}/address", **guard.open_to(Caller.OWNER, _STAYS))
async def send_elsewhere(order_id: str, body: AddressBody, by: Annotated[Identity, Depends(guard.owner)]) -> WholeBody:
    """Let a paid order go to another address as long as nothing of it was shipped; what it came to stays.

    So it is refused where it would have borne another kind of tax, or cost more to send.
    """
    await readdressing.send_elsewhere(order_id, body.checked(), Actor.of(by))
    return WholeBody.of(await whole(order_id))


class MailRequest(BaseModel):
    """About which event of the order its buyer is to be told by mail once more, as the order's `mails` name it."""

    model_config = ConfigDict(strict=True)

    event_id: Annotated[str, Field(min_length=1, max_length=ids.ID_LENGTH)]


@router.post("/orders/{order_id}/mails", status_code=201, **guard.open_to(Caller.SHIPPERS, _UNSENT | TOO_MANY))
async def send_again(
    order_id: str,
    body: MailRequest,
    by: Annotated[Identity, Depends(guard.shippers)],
    idempotency_key: Annotated[str, Header(min_length=1, max_length=80)],
) -> WholeBody:
    """Send a mail to the buyer once more, three a day of an order at most. The same key sends no other."""
    request_key = f"{by.user_id}-{idempotency_key}"
    await again.send_again(order_id, body.event_id, request_key=request_key, by=Actor.of(by))
    return WholeBody.of(await whole(order_id))


def _cells(row: Listed) -> list[Cell]:
    """Return the cells of an order."""
    texts = {
        "created_at": row.created_at.isoformat(),
        "paid_at": row.paid_at.isoformat() if row.paid_at else "",
        "amount": str(in_major_units(row.amount, row.currency)),
    }
    return [texts[name] if name in texts else getattr(row, name) for name in _COLUMNS]
