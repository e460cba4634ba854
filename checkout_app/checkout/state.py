"""The server actions of checkout: price what is bought, place the order, hand it to Razorpay's modal."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec
from typing_extensions import override

from checkout_app.auth.callers import Caller
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.tokens import Identity
from checkout_app.cart.errors import CartChanged
from checkout_app.checkout import service
from checkout_app.checkout.attempt import Attempt, query_of, wanted_by
from checkout_app.checkout.coupon.state import CouponSection
from checkout_app.checkout.delivery.state import DeliverySection, keep_if_wanted
from checkout_app.checkout.errors import PriceChanged, UnpaidOrders
from checkout_app.checkout.firm.state import FirmSection
from checkout_app.checkout.opening import placed, with_shop
from checkout_app.checkout.quote import digest_of, quote_for
from checkout_app.checkout.service import PaymentOrder
from checkout_app.checkout.shown import TOTAL
from checkout_app.checkout.views import (
    Summary,
    closes_at,
    downtime_notice,
    hold_notice,
    modal_payment,
    ordered,
    summary,
)
from checkout_app.checkout.window.state import PaymentWindow
from checkout_app.core import addresses, clock, database
from checkout_app.core.errors import InvalidInput, ShopError
from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.orders import listing, unpaid
from checkout_app.orders import service as orders
from checkout_app.orders.errors import OrderClosed
from checkout_app.orders.moves import OrderStatus
from checkout_app.payments import downtimes
from checkout_app.pricing.errors import CouponRefused
from checkout_app.seller.presentation import Presentation
from checkout_app.ui.boundary import or_refusal
from checkout_app.ui.visitor import Visitor, open_to

_PATH = "/checkout"
LET_IN = "/continue"
"""The page that lets strangers in who want to buy."""


class CheckoutState(CouponSection, DeliverySection, FirmSection, PaymentWindow, Visitor):
    """What the checkout page shows, and how its order is placed; its sections and the payment window are parts of it.

    What guarantees one order a purchase is the attempt's key in the database, not the phase.
    """

    loaded_query: str = ""
    """The query, `?` and all, that summary and problem are about; on the page of any other one they are out of date."""
    summary: Summary = Summary()
    problem: str = ""
    """Code of what keeps this from being bought, or `nothing_chosen`; else empty."""
    problem_message: str = ""
    bought: str = ""
    """The page of the order by which they have just bought the same; else empty."""
    downtimes: str = ""
    """Which payment methods are down now, in a sentence; else empty."""
    hold_notice: str = ""
    back_to_login: str = LET_IN

    @rx.event
    @open_to(Caller.SIGNED_IN)
    async def load(self) -> EventSpec | None:
        """Price what the URL asks for; a stranger signs in first, a paid order leads to its receipt."""
        identity = await self._identity()
        if identity is None:
            return self._turn_away()
        self.loaded_query = self._query()
        wanted = await self._wanted(identity)
        self.back_to_login = f"{LET_IN}?{urlencode({'next': self._here()})}"
        begun = self.phase != "review"
        same = self._attempt and self._attempt.goes_on_as(wanted, begun=begun) and not self.problem
        if same and self.phase in {"placing", "verifying"}:
            return None  # a reconnect in the middle of it: the running action finishes what it began
        if not same:
            self._begin(wanted)
            self.coupon = self.coupon_refused = ""
            self._show_firm(None)
        elif self.phase != "paying":
            self._stop("")
        return await self._price(identity, anew=not same)

    @rx.event
    @open_to(Caller.ANYBODY)
    async def leave_checkout(self) -> None:
        """Close the attempt when an order's page opens: who comes back to buy the same then makes a new order.

        As long as the order is unpaid the attempt stays, and leads to that same order again.
        """
        if self.phase in {"placing", "verifying"}:
            return
        self._stop("")
        if self._attempt and (identity := await self._identity()):
            order = await orders.order_under_key(identity, self._attempt.key)
            if order and order.status != OrderStatus.CREATED:
                self._begin(None)

    @rx.event(background=True)
    @open_to(Caller.SIGNED_IN)
    async def place_order(self, form: Any = None, shown: Any = None) -> EventSpec | None:
        """Make the order at the figures shown and open the modal for it; the same attempt always gives the same order.

        Another address or firm makes it another one, in place of that order. `form` is what was typed, `shown` the
        price that stood there meanwhile.
        """
        async with self:
            if self.phase != "review" or self._attempt is None or self.loaded_query != self._query():
                return None
            to = self._address_in(form) if self.needs_address else None
            if self.wrong:
                self.notice = "The address is not complete: what is missing is said at its fields."
                return rx.set_focus(self._first_wrong())
            firm = self._firm_in(form if self.summary.asks_firm else None)
            if self.firm_wrong:
                self.notice = "What is said of the business can't be used: why is said at its fields."
                return rx.set_focus(self._first_wrong_of_firm())
            self.phase, self.notice, self.unpaid_order = "placing", "", ""
            self._to = to.destination if to else self._to
            attempt, coupon, identity = self._attempt, self.coupon, await self._identity()
            amount = shown if type(shown) is int else self.summary.amount
            figures = {**dict(self.summary.figures), TOTAL: amount}
            address = addresses.household_of(self.router.session.client_ip)
            if identity is None:
                return self._refuse(InvalidToken())
            if attempt != (wanted := await self._wanted(identity)):
                self._begin(wanted)
                await self._quote(identity, wanted)
                self.notice = CartChanged.sentence
                return None
        asked = {"coupon": coupon, "to": to, "firm": firm, "shown": figures, "address": address}
        attempt, opened = await placed(identity, attempt, **asked)
        if not isinstance(opened, ShopError):
            await keep_if_wanted(identity, form, to)
        async with self:
            self._attempt = attempt
            if isinstance(opened, PriceChanged | InvalidInput | CouponRefused):
                await self._quote(identity, attempt)
            return self._refuse(opened) if isinstance(opened, ShopError) else self._open(*opened, identity)

    @rx.event(background=True)
    @open_to(Caller.SIGNED_IN)
    async def pay_again(self, order_id: str) -> EventSpec | None:
        """Open the modal for an order of one's own that is not paid yet."""
        async with self:
            if self.phase != "review" or not isinstance(order_id, str):
                return None
            self.phase, self.notice, identity = "placing", "", await self._identity()
            if identity is None:
                return self._refuse(InvalidToken())
        opened = await or_refusal(with_shop(service.resume(identity, order_id[:40])))
        async with self:
            return self._refuse(opened) if isinstance(opened, ShopError) else self._open(*opened, identity)

    @override
    def _turn_away(self) -> EventSpec:
        """Send a stranger to the page that lets buyers in; from an order's page, too, back to what they were buying."""
        return self._to_login(self._here(), LET_IN) if self._is_here() else rx.redirect(self.back_to_login)

    def _is_here(self) -> bool:
        return self.router.url.path.rstrip("/") == _PATH

    def _here(self) -> str:
        """Return the address of this purchase, and no more of the URL than that."""
        return f"{_PATH}{query_of(self.router.url.query_parameters)}"

    async def _wanted(self, identity: Identity) -> Attempt:
        return await wanted_by(identity, self.router.url.query_parameters, self.router.headers.cookie)

    def _query(self) -> str:
        query = self.router.url.query
        return f"?{query}" if query else ""

    def _begin(self, attempt: Attempt | None) -> None:
        self._attempt, self.summary, self.problem, self.hold_notice = attempt, Summary(), "", ""
        self._stop("")

    async def _price(self, identity: Identity, *, anew: bool) -> EventSpec | None:
        """Price the attempt, unless its order exists already and holds its price; a paid one leads to its page.

        Who left this purchase unpaid, in a tab that is closed by now, goes on with its order: then it is `anew` here.
        """
        attempt = self._attempt
        if attempt is None:
            return None
        async with database.ask() as session:
            self.downtimes = downtime_notice(await downtimes.active(session))
        try:
            order = await unpaid.begun(identity, attempt.key, digest_of(attempt.items))
        except InvalidInput:
            order = None
        self._show(PostalAddress.of(order.ships_to) if order and order.ships_to else None)
        self.coupon = (order.coupon or "") if order else self.coupon
        if order and anew:
            self._show_firm(order.firm)
        if order is None:
            await self._quote(identity, attempt)
            if self.needs_address and self._to is None and await self._begin_with(identity):
                await self._quote(identity, attempt)
            bought = await listing.just_bought(identity, attempt.product) if attempt.product else None
            self.bought = f"/orders/{bought}" if bought else ""
            return None
        if order.status != OrderStatus.CREATED:
            self._begin(None)
            return rx.redirect(f"/orders/{order.id}", replace=True)
        async with database.ask() as session:
            self.summary = ordered(order, await orders.lines(session, order.id))
        self._attempt, self.hold_notice = replace(attempt, key=order.idempotency_key), hold_notice(order)
        return None

    @override
    async def _price_again(self) -> None:
        identity = await self._identity()
        if identity and self._attempt and self.phase == "review":
            await self._quote(identity, self._attempt)

    async def _quote(self, identity: Identity, attempt: Attempt) -> None:
        if not attempt.items:
            self.problem = "nothing_chosen"
            return
        try:
            _, priced = await quote_for(identity, attempt.items, coupon=self.coupon, to=self._to)
            self.summary, self.needs_address = summary(priced), priced.needs_address
        except NotDeliverable as error:
            self.wrong, self._to = error.fields, None
            await self._quote(identity, attempt)
        except CouponRefused as error:
            self.coupon, self.coupon_refused = "", error.detail
            await self._quote(identity, attempt)
        except ShopError as error:
            self.problem, self.problem_message = error.code, error.detail

    def _open(self, opened: PaymentOrder, shop: Presentation, buyer: Identity) -> EventSpec | None:
        order = opened.order
        if order.status != OrderStatus.CREATED or closes_at(order) <= clock.now():
            self._begin(None)
            return rx.redirect(f"/orders/{order.id}")
        self.hold_notice, self._closes_at = hold_notice(order), closes_at(order)
        self.payment, self.phase = modal_payment(opened, shop, buyer), "paying"
        return None

    def _refuse(self, error: ShopError) -> EventSpec | None:
        """Go back to the review and say why; a stranger signs in first, and a closed order's page says how it ended."""
        if isinstance(error, InvalidToken):
            self._stop("")
            return rx.redirect(self.back_to_login)
        if isinstance(error, OrderClosed):
            self._begin(None)
            return rx.redirect(f"/orders/{error.order_id}")
        self._stop(error.detail)
        if isinstance(error, UnpaidOrders):
            self.unpaid_order = error.order_id or ""
        return None
