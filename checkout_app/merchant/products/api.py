"""What the shopkeeper does over HTTP about what is for sale: products, their stock, files and tax rates."""

from datetime import date, datetime
from typing import Annotated, Final, Self

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.catalog import corrections, files, pictures, products, taxes, variants
from checkout_app.catalog.files import LARGEST, LONGEST_NAME
from checkout_app.catalog.locking import locked, one
from checkout_app.catalog.models import HIGHEST_RATE
from checkout_app.catalog.taxes import TaxRates
from checkout_app.core import clock, database, ids
from checkout_app.core.described import Answers, refusal
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.journal.actors import Actor
from checkout_app.merchant.bodies import UPLOAD
from checkout_app.merchant.products import listing
from checkout_app.merchant.products.bodies import (
    ChangeRequest,
    CorrectionRequest,
    ListedBody,
    ListedPage,
    PictureBody,
    ProductRequest,
    WholeBody,
)
from checkout_app.merchant.products.variant_bodies import VariantsBody, VariantsRequest

router = APIRouter(prefix="/api/merchant/products", tags=["merchant"])

_Owner = Annotated[Identity, Depends(guard.owner)]
_Shipper = Annotated[Identity, Depends(guard.shippers)]
_UNKNOWN: Final[Answers] = {404: refusal("There is no such product.")}
_MOVED: Final[Answers] = {409: refusal("There is another number than was seen.")}
_REFUSED: Final[Answers] = {**_UNKNOWN, 413: refusal(f"More than {LARGEST} bytes.")}
_TOO_LARGE: Final[Answers] = {413: refusal(f"More than {pictures.LARGEST} bytes.")}


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


@router.get("", **guard.open_to(Caller.SHOP))
async def list_products(
    search: Annotated[str, Query(max_length=listing.LONGEST_SEARCH)] = "",
    cursor: Annotated[str | None, Query(max_length=ids.ID_LENGTH)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 50,
) -> ListedPage:
    """List all products, the newest first, those that are hidden as well; `search` looks in names, categories, SKUs."""
    page = await listing.list_products(search=search, cursor=cursor, limit=limit)
    return ListedPage(items=[ListedBody.of(row) for row in page.items], next_cursor=page.next_cursor)


@router.post("", status_code=201, **guard.open_to(Caller.OWNER))
async def make_product(body: ProductRequest, owner: _Owner) -> WholeBody:
    """Make a product. All that is wrong with it is told at once, by its field."""
    async with database.write() as session:
        return WholeBody.whole(await products.make(session, body.draft(), Actor.of(owner)))


@router.post("/pictures", status_code=201, openapi_extra=UPLOAD, **guard.open_to(Caller.OWNER, _TOO_LARGE))
async def keep_picture(request: Request, _owner: _Owner) -> PictureBody:
    """Make of the body, a photograph in JPEG, PNG or WebP, what is shown of it. A product then has it by its id.

    It is turned upright, made small in several widths, and loses what the camera wrote beside it.
    """
    return PictureBody.of(await pictures.keep(request.stream()))


@router.get("/{product_id}", **guard.open_to(Caller.SHOP, _UNKNOWN))
async def get_product(product_id: str) -> WholeBody:
    """Show a product with everything that is said of it, whether it is on sale or not."""
    async with database.ask() as session:
        return WholeBody.whole(await one(session, product_id))


@router.patch("/{product_id}", **guard.open_to(Caller.OWNER, _UNKNOWN))
async def change_product(product_id: str, body: ChangeRequest, owner: _Owner) -> WholeBody:
    """Change what is said of a product, at once; its address stays, and so do orders that exist.

    Of what has several variants, price, SKU, stock and weight are of the first, unless a `variant_id` names another.
    """
    async with database.write() as session:
        offer = await locked(session, product_id, body.variant_id)
        await products.change(session, offer, body.draft(), Actor.of(owner))
        return WholeBody.whole(offer)


@router.post("/{product_id}/duplicate", status_code=201, **guard.open_to(Caller.OWNER, _UNKNOWN))
async def duplicate_product(product_id: str, owner: _Owner) -> WholeBody:
    """Make a product like this one, hidden, of which there is none yet; it comes in the same variants."""
    by = Actor.of(owner)
    async with database.write() as session:
        copy = await products.duplicate(session, await locked(session, product_id), by)
        await variants.put_alike(session, product_id, copy, by)
        return WholeBody.whole(copy)


@router.put("/{product_id}/stock", **guard.open_to(Caller.SHIPPERS, _UNKNOWN | _MOVED))
async def correct_stock(product_id: str, body: CorrectionRequest, by: _Shipper) -> WholeBody:
    """Say how many units there are, those that orders hold included, and why. Null is what never runs out.

    With `seen` it is only done while there are so many: otherwise 409 `stock_moved` says how many there are `now`.
    """
    seen = body.seen if "seen" in body.model_fields_set else ...
    corrected = await corrections.correct(
        product_id, body.stock, body.why, Actor.of(by), seen=seen, variant_id=body.variant_id
    )
    return WholeBody.whole(corrected)


@router.get("/{product_id}/variants", **guard.open_to(Caller.SHOP, _UNKNOWN))
async def get_variants(product_id: str) -> VariantsBody:
    """Show in what variants a product comes, those that are hidden as well, last."""
    async with database.ask() as session:
        return VariantsBody.of(*await variants.of_product(session, product_id))


@router.put("/{product_id}/variants", **guard.open_to(Caller.OWNER, _UNKNOWN))
async def put_variants(product_id: str, body: VariantsRequest, owner: _Owner) -> VariantsBody:
    """Let a product come in all combinations of some options, and be of some of them what is said.

    A new one is like the first, but for stock: there is none of it. What is no combination any more is hidden, and is
    as it was when it is one again; where an option is new, what is there has its first value.
    """
    async with database.write() as session:
        return VariantsBody.of(*await variants.put(session, product_id, *body.said(), Actor.of(owner)))


@router.put("/{product_id}/tax-rate", **guard.open_to(Caller.OWNER, _UNKNOWN))
async def set_tax_rate(product_id: str, body: TaxRateRequest, owner: _Owner) -> TaxRatesBody:
    """Let a product be taxed by another rate, at once or from a day on. Orders keep the rate they were placed with.

    Of what is said ahead the last counts; the present rate said ahead takes it back. What is said at once leaves it.
    """
    said = await taxes.set_rate(product_id, body.rate, Actor.of(owner), from_day=body.from_day)
    return TaxRatesBody.of(said)


@router.post("/{product_id}/file", status_code=201, openapi_extra=UPLOAD, **guard.open_to(Caller.OWNER, _REFUSED))
async def put_file(
    product_id: str,
    request: Request,
    owner: _Owner,
    name: Annotated[str, Query(min_length=1, max_length=LONGEST_NAME)],
) -> ProductFileBody:
    """Let the body be the file of a digital product, under a name: a PDF, an EPUB or a ZIP, as the name ends.

    Who bought the product before gets it too, by the links they have. The same again answers the same.
    """
    return ProductFileBody.model_validate(await files.put(product_id, name, request.stream(), Actor.of(owner)))
