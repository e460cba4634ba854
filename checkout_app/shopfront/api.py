"""What the public pages show, over HTTP, for a tab that goes from one to another."""

import json
from typing import Annotated, Final
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import APIRouter, Query, Request, Response
from pydantic import StringConstraints

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.shopfront import service
from checkout_app.shopfront.cart import service as cart
from checkout_app.shopfront.cart.api import cart_shown
from checkout_app.shopfront.policies import service as policies

router = APIRouter(prefix="/api/pages", include_in_schema=False, **guard.open_to(Caller.ANYBODY))


_MOST: Final = 8
_Address = Annotated[str, StringConstraints(max_length=service.LONGEST_ADDRESS)]


@router.get("/data")
async def page_data(path: Annotated[list[_Address], Query(max_length=_MOST)], request: Request) -> Response:
    """Tell what is on the pages of some addresses, by address; of one that is gone, that it is."""
    told = [(address, found) for address in path if (found := await _content(address, request))]
    body = b",".join(b"%b:%b" % (json.dumps(address).encode(), found.data) for address, found in told)
    kept = "no-store" if any(found.own for _, found in told) else "no-cache"
    return Response(b"{%b}" % body, media_type="application/json", headers={"Cache-Control": kept})


async def _content(address: str, request: Request) -> service.Content | None:
    parts = urlsplit(address)
    asked = parse_qs(parts.query)
    if parts.path == cart.PATH:
        return (await cart_shown(request, asked))[1]
    path = unquote(parts.path)
    return await policies.content(path, asked) or await service.content(path, asked)
