"""What the pages of the back office show, over HTTP."""

import json
from typing import Annotated
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import APIRouter, Depends, Query, Response

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.merchant.content import content
from checkout_app.shopfront.service import LONGEST_ADDRESS

router = APIRouter(prefix="/api/merchant", tags=["merchant"])


@router.get("/pages/data", include_in_schema=False, **guard.open_to(Caller.SHOP))
async def page_data(
    path: Annotated[str, Query(max_length=LONGEST_ADDRESS)], person: Annotated[Identity, Depends(guard.shop)]
) -> Response:
    """Tell what is on the page of an address of the back office, under that address."""
    parts = urlsplit(path)
    found = await content(unquote(parts.path), parse_qs(parts.query), person)
    body = b"{%b:%b}" % (json.dumps(path).encode(), found.data)
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})
