"""What the shopkeeper does over HTTP about what is for sale: the files of digital products, and tax rates."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.catalog import files, taxes
from checkout_app.catalog.files import LARGEST, LONGEST_NAME
from checkout_app.catalog.models import HIGHEST_RATE
from checkout_app.catalog.taxes import TaxRates
from checkout_app.core import clock
from checkout_app.core.described import Answers, refusal
from checkout_app.journal.actors import Actor

router = APIRouter(prefix="/api/merchant/products", tags=["merchant"])

_UNKNOWN: Final[Answers] = {404: refusal("There is no such product.")}
_REFUSED: Final[Answers] = {**_UNKNOWN, 413: refusal(f"More than {LARGEST} bytes.")}
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


class TaxRateRequest(BaseModel):
    """The `rate` of a product in basis points: 25 is 0.25 %. It counts at once, or when `from_day` begins in India."""

    model_config = ConfigDict(extra="forbid")

    rate: Annotated[int, Field(strict=True, ge=0, le=HIGHEST_RATE)]
    from_day: date | None = None


class TaxRatesBody(BaseModel):
    """By what a product is taxed now, and by what from a day on; the last two are null where nothing else is known."""

    rate: int
    next_rate: int | None
    next_from: date | None

    @classmethod
    def of(cls, rates: TaxRates) -> Self:
        """Describe them."""
        day = clock.day_of(rates.begins) if rates.begins else None
        return cls(rate=rates.now, next_rate=rates.then, next_from=day)


@router.put("/{product_id}/tax-rate", **guard.open_to(Caller.OWNER, _UNKNOWN))
async def set_tax_rate(
    product_id: str, body: TaxRateRequest, owner: Annotated[Identity, Depends(guard.owner)]
) -> TaxRatesBody:
    """Let a product be taxed by another rate, at once or from a day on. Orders keep the rate they were placed with.

    Of what is said ahead the last counts; the present rate said ahead takes it back. What is said at once leaves it.
    """
    said = await taxes.set_rate(product_id, body.rate, Actor.of(owner), from_day=body.from_day)
    return TaxRatesBody.of(said)


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
