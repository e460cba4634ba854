"""The checkout controller: parse, call the service, answer."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.tokens import Claims
from checkout_app.cart.api import WantedBody
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY
from checkout_app.cart.owner import Owner
from checkout_app.checkout import service
from checkout_app.checkout.bodies import FirmBody, QuoteBody
from checkout_app.checkout.quote import Item
from checkout_app.checkout.service import PaymentInfo, PaymentOrder, VerifiedPayment
from checkout_app.checkout.shown import TOTAL
from checkout_app.core import database
from checkout_app.core.described import Answers
from checkout_app.core.money import LARGEST_AMOUNT
from checkout_app.delivery.address import Destination, destination
from checkout_app.delivery.api import AddressBody
from checkout_app.orders import links
from checkout_app.orders.errors import OrderNotFound
from checkout_app.orders.models import Order
from checkout_app.payments import gateway_orders
from checkout_app.payments.errors import PaymentVerificationFailed
from checkout_app.payments.gateway.entities import id_in

router = APIRouter(prefix="/api/checkout", tags=["checkout"])

_Id = Annotated[str, Field(min_length=1, max_length=80)]
_Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]
_Coupon = Annotated[str, Field(max_length=80)]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True)


class OrderRequest(_Body):
    """What to buy: what a quote was asked for, one product or variant, or several items.

    `amount` is what the buyer was shown, in minor units; a quote knows it, and by which `coupon`. `address` is where a
    parcel goes, once the shop says where it sends; without it, the default one of an account. `firm` is whom it is
    bought for, where that is a business; a shop that collects no GST takes none.
    """

    quote_id: str | None = None
    product_id: _Id | None = None
    variant_id: _Id | None = None
    quantity: _Quantity = 1
    items: Annotated[list[WantedBody], Field(min_length=1, max_length=MAX_LINES)] | None = None
    coupon: _Coupon = ""
    amount: Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)] | None = None
    address: AddressBody | None = None
    firm: FirmBody | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if [self.quote_id, self.product_id, self.variant_id, self.items].count(None) != 3:  # noqa: PLR2004 - all but one
            raise ValueError("give one of quote_id, product_id, variant_id and items")
        if self.quote_id is not None and (self.coupon or self.quantity != 1):
            raise ValueError("a quote says how many and by which coupon: ask for another one")
        return self

    def wanted(self) -> list[Item]:
        """Return what to buy as the service takes it."""
        if self.items is None:
            return [Item(self.variant_id or self.product_id or "", self.quantity)]
        return _items(self.items)


class QuoteRequest(_Body):
    """What to price, by which coupon, and where a parcel goes: a `pin` is enough, with the `state` of several."""

    items: Annotated[list[WantedBody], Field(min_length=1, max_length=MAX_LINES)]
    coupon: _Coupon = ""
    pin: Annotated[str, Field(max_length=20)] = ""
    state: Annotated[str, Field(max_length=60)] = ""
    address: AddressBody | None = None

    def to(self) -> Destination | None:
        """Return where it goes, as far as it is said; raises InvalidInput."""
        if self.address:
            return self.address.checked("address.").destination
        return destination(self.pin, self.state) if self.pin else None


class PaymentOrderBody(BaseModel):
    """What a page needs to open Razorpay's modal; `amount` in minor units."""

    order_id: str
    status: str
    amount: int
    currency: str
    razorpay_order_id: str
    razorpay_key_id: str
    expires_at: datetime


class PaymentRequest(_Body):
    """What Razorpay's modal hands over after a success."""

    razorpay_order_id: Annotated[str, Field(min_length=1, max_length=40)]
    razorpay_payment_id: Annotated[str, Field(min_length=1, max_length=40)]
    razorpay_signature: Annotated[str, Field(min_length=1, max_length=128)]


class VerifiedBody(BaseModel):
    """The order after its payment was verified."""

    order_id: str
    status: str
    amount: int
    currency: str
    razorpay_order_id: str
    razorpay_payment_id: str
    paid_at: datetime | None


def _items(wanted: Sequence[WantedBody]) -> list[Item]:
    return [Item(one.name, one.quantity) for one in wanted]


def _again(body: type[BaseModel]) -> Answers:
    return {200: {"model": body, "description": "The same as before: it was done already."}}


@router.post("/quote", **guard.open_to(Caller.ANYBODY))
async def quote(
    body: QuoteRequest, request: Request, asking: Annotated[Claims | None, Depends(guard.claims_if_any)]
) -> QuoteBody:
    """Say what a purchase would cost now, and why; nothing is held, and nobody has to sign in for it.

    Its `quote_id` is for the account or the visit that asked, or for whoever signs in in the same browser, by its cart;
    where there is neither, for who knows it. Of an address only the PIN and the State are kept.
    """
    about: dict[str, Any] = {"coupon": body.coupon, "to": body.to(), "browser": _browser(request)}
    return QuoteBody.of(*await service.quote(asking, _items(body.items), **about, address=guard.household_of(request)))


@router.post("/order", status_code=201, **guard.open_to(Caller.SIGNED_IN, _again(PaymentOrderBody)))
async def create_order(
    body: OrderRequest,
    request: Request,
    response: Response,
    asking: Annotated[Claims, Depends(guard.claims)],
    idempotency_key: Annotated[str | None, Header()] = None,
) -> PaymentOrderBody:
    """Create an order and its counterpart at Razorpay; 200 when the idempotency key made it before.

    A parcel without an address is refused with `fields` that name it, and where nothing is sent with `not_deliverable`.
    With an `amount` that it no longer costs nothing is made: 409 `price_changed` says what it `was` and is `now`. So it
    is by a `quote_id` when any of its `figures` is another one by now; somebody else's is 404 `quote_not_found`.
    A `coupon` that is not good for it is 422 `coupon_refused`, with the `reason`.
    Beside too many unpaid ones neither: 409 `unpaid_orders` names one of them to pay or cancel, when it is one's own.
    """
    asked: dict[str, Any] = {
        "to": body.address.checked("address.") if body.address else None,
        "firm": body.firm.checked("firm.") if body.firm else None,
        "key": idempotency_key,
        "shown": None if body.amount is None else {TOTAL: body.amount},
        "address": guard.household_of(request),
    }
    if body.quote_id is None:
        created = await service.create_order(asking, body.wanted(), coupon=body.coupon, **asked)
    else:
        created = await service.order_quoted(asking, body.quote_id, browser=_browser(request), **asked)
    if created.replayed:
        response.status_code = 200
    return _payment_order(created)


@router.post("/payment", status_code=201, **guard.open_to(Caller.SIGNED_IN, _again(VerifiedBody)))
async def verify_payment(
    body: PaymentRequest, response: Response, asking: Annotated[Claims, Depends(guard.claims)]
) -> VerifiedBody:
    """Verify a payment and settle its order; 200 when it was verified before."""
    verified = await service.verify_payment(asking, PaymentInfo(**body.model_dump()))
    if verified.replayed:
        response.status_code = 200
    return _verified(verified)


@router.post("/callback", status_code=303, include_in_schema=False, **guard.open_to(Caller.ANYBODY))
async def callback(request: Request) -> Response:
    """Receive what Razorpay posts through the browser where its modal can't call a script, and go to the order's page.

    It comes from another site, so it carries no session: a success proves itself by its signature. A failure proves
    nothing and only leads back to the order, or to all of them when it does not say which.
    """
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    success = "razorpay_signature" in form
    gateway_order_id = id_in(form, "razorpay_order_id") if success else _order_of_failure(form)
    async with database.ask() as session:
        gateway_order = await gateway_orders.find(session, gateway_order_id)
    if gateway_order is None:
        return RedirectResponse(f"/orders?problem={OrderNotFound.code}", status_code=303)
    page = f"/orders/{gateway_order.order_id}"
    if success:
        info = PaymentInfo(gateway_order.id, form.get("razorpay_payment_id", ""), form["razorpay_signature"])
        try:
            order = (await service.verify_signed(gateway_order, info)).order
        except PaymentVerificationFailed:
            page += f"?problem={PaymentVerificationFailed.code}"
        else:
            response = RedirectResponse(_seen_by_its_bearer(order), status_code=303)
            if order.cart_id:  # which its lines have left
                guard.forget_cart_count(response)
            return response
    return RedirectResponse(page, status_code=303)


@router.get("/callback", status_code=303, include_in_schema=False, **guard.open_to(Caller.ANYBODY))
async def callback_asked_for() -> Response:
    """Lead on who comes here without what Razorpay posts: back in the browser, or by a link that was kept."""
    return RedirectResponse("/orders", status_code=303)


def _seen_by_its_bearer(order: Order) -> str:
    """Return where who brings a signed success sees the order: by a link, since in-app browsers often have no session.

    What was posted once can be posted again from the browser that paid. So there is none once its links were ended.
    """
    return f"/orders/{order.id}" if order.links_ended else links.page(order)


def _order_of_failure(form: Mapping[str, str]) -> str:
    """Read which order a failure is about from its metadata, which is a JSON text in a form field."""
    try:
        metadata: Any = json.loads(form.get("error[metadata]", ""))
    except (ValueError, RecursionError):  # no JSON, a number of thousands of digits, or thousands of brackets
        return ""
    return id_in(metadata, "order_id") if isinstance(metadata, dict) else ""


def _browser(request: Request) -> str:
    """Return what is kept of the secret by which a browser's cart is known; empty where there is none."""
    return Owner.of(None, request.cookies).browser


def _payment_order(created: PaymentOrder) -> PaymentOrderBody:
    order = created.order
    return PaymentOrderBody(
        order_id=order.id,
        status=order.status,
        amount=order.amount,
        currency=order.currency,
        razorpay_order_id=created.razorpay_order_id,
        razorpay_key_id=created.razorpay_key_id,
        expires_at=order.expires_at,
    )


def _verified(verified: VerifiedPayment) -> VerifiedBody:
    order, payment = verified.order, verified.payment
    return VerifiedBody(
        order_id=order.id,
        status=order.status,
        amount=order.amount,
        currency=order.currency,
        razorpay_order_id=payment.gateway_order_id,
        razorpay_payment_id=payment.id,
        paid_at=order.paid_at,
    )
