"""What the public pages show, over HTTP, for a tab that goes from one to another."""

from typing import Annotated
from urllib.parse import parse_qs, unquote, urlsplit

from fastapi import APIRouter, HTTPException, Query, Response

from checkout_app.shopfront import service

router = APIRouter(prefix="/pages", include_in_schema=False)


@router.get("/data")
async def page_data(path: Annotated[str, Query(max_length=service.LONGEST_ADDRESS)]) -> Response:
    """Tell what is on the page of an address, with its number; of one that is gone, that it is."""
    address = urlsplit(path)
    found = await service.content(unquote(address.path), *parse_qs(address.query).get("page", [])[:1])
    if found is None:
        raise HTTPException(404)
    return Response(found.data, media_type="application/json", headers={"Cache-Control": "no-cache"})
