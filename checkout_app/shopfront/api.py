"""What the public pages show, over HTTP, for a tab that goes from one to another."""

import json
from typing import Annotated, Final
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import APIRouter, Query, Response
from pydantic import StringConstraints

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.shopfront import service

router = APIRouter(prefix="/api/pages", include_in_schema=False, **guard.open_to(Caller.ANYBODY))


_MOST: Final = 8
_Address = Annotated[str, StringConstraints(max_length=service.LONGEST_ADDRESS)]


@router.get("/data")
async def page_data(path: Annotated[list[_Address], Query(max_length=_MOST)]) -> Response:
    """Tell what is on the pages of some addresses, by address; of one that is gone, that it is."""
    told = [(address, found.data) for address in path if (found := await _content(address))]
    body = b",".join(b"%b:%b" % (json.dumps(address).encode(), data) for address, data in told)
    return Response(b"{%b}" % body, media_type="application/json", headers={"Cache-Control": "no-cache"})


async def _content(address: str) -> service.Content | None:
    parts = urlsplit(address)
    return await service.content(unquote(parts.path), *parse_qs(parts.query).get("page", [])[:1])
