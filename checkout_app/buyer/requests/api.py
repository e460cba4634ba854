"""What a buyer asks the shop for about a paid order, over HTTP and by the form of the order's page."""

from typing import Annotated, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.buyer.bodies import AskedBody
from checkout_app.buyer.forms.api import Filled, Taken, take
from checkout_app.core.described import Answers
from checkout_app.core.errors import InvalidInput
from checkout_app.orders import requests
from checkout_app.orders.requests import LONGEST_NOTE

router = APIRouter(prefix="/api/orders", tags=["orders"])

ASK: Final = "/api/orders/ask"


class RequestBody(BaseModel):
    """What is asked for, and why, if the buyer likes to say."""

    model_config = ConfigDict(strict=True)

    kind: Literal["cancel", "return"]
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""


_AGAIN: Final[Answers] = {200: {"model": AskedBody, "description": "It was asked for before, and waits."}}


@router.post("/{order_id}/requests", status_code=201, **guard.open_to(Caller.SIGNED_IN, _AGAIN))
async def ask(
    order_id: str, body: RequestBody, response: Response, buyer: Annotated[Identity, Depends(guard.signed_in)]
) -> AskedBody:
    """Ask to cancel one of one's own paid orders before it is shipped, or to return an item afterwards."""
    issue, is_new = await requests.ask(order_id, buyer, requests.Request(body.kind), body.note)
    if not is_new:
        response.status_code = 200
    return AskedBody.of(issue)


async def _ask(filled: Filled) -> Taken:
    page = f"/orders/{quote(filled['order'], safe='')}"
    if filled.who is None:
        return Taken(f"/login?next={quote(page, safe='')}")
    if filled["request"] not in set(requests.Request):
        raise InvalidInput({"request": "There is no such request."})
    await requests.ask(filled["order"], filled.who, requests.Request(filled["request"]), filled["note"])
    return Taken(page)


@router.post("/ask", include_in_schema=False, **guard.open_to(Caller.ANYBODY))
async def ask_by_form(request: Request) -> Response:
    """Do what the form of an order's page asks for."""
    return await take(request, {"ask": _ask})
