"""Coupons over HTTP: the people of the shop look at them, its owner makes and ends them."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock
from checkout_app.core.money import LARGEST_AMOUNT
from checkout_app.core.pagination import LONGEST_PAGE
from checkout_app.journal.actors import Actor
from checkout_app.pricing import service
from checkout_app.pricing.models import LONGEST_CODE, Coupon, CouponKind

router = APIRouter(prefix="/api/merchant/coupons", tags=["merchant"])

_Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)]


class CouponRequest(BaseModel):
    """A coupon to make: `value` is basis points for `percent`, minor units for `amount`, and nothing else.

    `minimum` is what the lines have to cost, `limit` how many orders may have it, and with `once` each person, who is
    known by their e-mail address, has it once.
    """

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(min_length=1, max_length=LONGEST_CODE)]
    kind: CouponKind
    value: _Amount = 0
    minimum: _Amount = 0
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    limit: Annotated[int, Field(ge=1, le=service.MOST_USES)] | None = None
    once: bool = False

    def coupon(self) -> Coupon:
        """Return it as the service takes it."""
        made = self.model_dump(exclude={"limit", "starts_at"})
        return Coupon(**made, most=self.limit, starts_at=self.starts_at or clock.now())


class CouponBody(BaseModel):
    """A coupon; `used` counts the orders that have it, those that are not paid yet included."""

    code: str
    kind: str
    value: int
    currency: str
    minimum: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None
    limit: int | None
    once: bool
    used: int

    @classmethod
    def of(cls, coupon: Coupon) -> Self:
        """Describe one."""
        return cls(limit=coupon.most, **coupon.model_dump(include=set(cls.model_fields)))


class CouponPage(BaseModel):
    """Some coupons, and the cursor of the next ones."""

    items: list[CouponBody]
    next_cursor: str | None


@router.get("", **guard.open_to(Caller.SHOP))
async def list_coupons(
    cursor: Annotated[str | None, Query(max_length=LONGEST_CODE)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> CouponPage:
    """List the coupons by their codes, those that are over included."""
    page = await service.coupons(cursor=cursor, limit=limit)
    return CouponPage(items=[CouponBody.of(coupon) for coupon in page.items], next_cursor=page.next_cursor)


@router.post("", status_code=201, **guard.open_to(Caller.OWNER))
async def create_coupon(body: CouponRequest, owner: Annotated[Identity, Depends(guard.owner)]) -> CouponBody:
    """Make a coupon; a code that there was already is 409 `coupon_exists`."""
    return CouponBody.of(await service.create_coupon(body.coupon(), Actor.of(owner)))


@router.post("/{code}/end", status_code=201, **guard.open_to(Caller.OWNER))
async def end_coupon(code: str, owner: Annotated[Identity, Depends(guard.owner)]) -> CouponBody:
    """End a coupon: nobody begins an order with it from now on, and orders that have it keep it."""
    return CouponBody.of(await service.end_coupon(code, Actor.of(owner)))
