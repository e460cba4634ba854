"""What the shopkeeper does over HTTP about what is for sale: so far, the files of digital products."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.catalog import files
from checkout_app.catalog.files import LARGEST, LONGEST_NAME
from checkout_app.core.described import Answers, refusal
from checkout_app.journal.actors import Actor

router = APIRouter(prefix="/api/merchant/products", tags=["merchant"])

_REFUSED: Final[Answers] = {
    404: refusal("There is no such product."),
    413: refusal(f"More than {LARGEST} bytes."),
}
_CONTENT: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ProductFileBody(BaseModel):
    """The file that a product's buyers get from now on; `size` in bytes."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    product_id: str
    name: str
    media_type: str
    size: int
    created_at: datetime


@router.post("/{product_id}/file", status_code=201, openapi_extra=_CONTENT, **guard.open_to(Caller.OWNER, _REFUSED))
async def put_file(
    product_id: str,
    request: Request,
    owner: Annotated[Identity, Depends(guard.owner)],
    name: Annotated[str, Query(min_length=1, max_length=LONGEST_NAME)],
) -> ProductFileBody:
    """Let the body be the file of a digital product, under a name: a PDF, an EPUB or a ZIP, as the name ends.

    Who bought the product before gets it too, by the links they have. The same again answers the same.
    """
    return ProductFileBody.model_validate(await files.put(product_id, name, request.stream(), Actor.of(owner)))
