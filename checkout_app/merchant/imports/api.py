"""Products as a table over HTTP, for the people of the shop: out for all of them, in for the owner."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.catalog.errors import FileTooLarge
from checkout_app.catalog.table import service as tables
from checkout_app.core import spreadsheets
from checkout_app.core.described import Answers, refusal
from checkout_app.journal.actors import Actor
from checkout_app.merchant.imports.bodies import ImportBody

router = APIRouter(prefix="/api/merchant", tags=["merchant"])

_A_TABLE: Final[Answers] = {200: {"description": "The table.", "content": {spreadsheets.MEDIA_TYPE: {}}}}
_REFUSED: Final[Answers] = {
    409: refusal("The file or the shop is another one than was looked at. Nothing was done."),
    413: refusal(f"More than {tables.LARGEST} bytes."),
}
_CONTENT: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {spreadsheets.MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


@router.get("/products.csv", response_class=StreamingResponse, **guard.open_to(Caller.SHOP, _A_TABLE))
async def get_products_table() -> StreamingResponse:
    """Hand over all products as CSV, a row for each variant that can be chosen; what is hidden of a shop is there too.

    Prices are rupees, GST is per cent, weights are grams, and no stock is what never runs out. It comes in again as it
    is, or changed.
    """
    headers = {"Content-Disposition": 'attachment; filename="products.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(_lines(), media_type=spreadsheets.MEDIA_TYPE, headers=headers)


@router.post("/products/import", openapi_extra=_CONTENT, **guard.open_to(Caller.OWNER, _REFUSED))
async def import_products(
    request: Request,
    owner: Annotated[Identity, Depends(guard.owner)],
    digest: Annotated[str, Query(max_length=64)] = "",
) -> ImportBody:
    """Say what a table of products would change, and all that is wrong with it; with its `digest`, change it.

    That is done as a whole or not at all, and only while the file and what it changes are what the digest was given
    for. A product is found by its slug, or by the slug that is made of its name, and a variant by its values or its
    SKU; of what has no row, or no column, nothing changes. What is so already is not done again.
    """
    content = await _whole(request)
    if not digest:
        looked = await tables.look(content)
        return ImportBody.of(looked.plan, looked.digest, applied=False)
    return ImportBody.of(await tables.put(content, digest, Actor.of(owner)), digest, applied=True)


async def _whole(request: Request) -> bytes:
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > tables.LARGEST:
            raise FileTooLarge
    return bytes(content)


async def _lines() -> AsyncIterator[str]:
    yield spreadsheets.MARK
    async for rows in tables.table():
        yield spreadsheets.lines(rows)
