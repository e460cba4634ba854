"""Commands about what a sale comes to: how the seller stands to GST beyond their scheme, and coupons."""

import argparse
import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from checkout_app.commands.words import WRONG_USAGE, add, percent, refusing, tell

if TYPE_CHECKING:
    from checkout_app.pricing.models import Coupon

_HANDICRAFT = {"yes": True, "no": False}


def add_to(commands: Any) -> None:
    """Add these commands to those of the program."""
    text = "Say where the seller is and by which GSTIN, or without options how they stand to GST now."
    registering = add(
        commands, "gst", text, lambda given: register(given.state, given.gstin, given.handicraft), on_a_shop=True
    )
    registering.add_argument("--state", help='its name, or its two digits with GST; "" takes it back')
    registering.add_argument("--gstin", metavar="NUMBER", help="which says the State as well; likewise")
    handicraft = "whether what is made are handicrafts, which may go to other States without registration"
    registering.add_argument("--handicraft", choices=_HANDICRAFT, help=handicraft)
    text = "Make a coupon: who says its code pays less."
    making = add(commands, "coupon", text, create_coupon, on_a_shop=True)
    making.add_argument("code", help="letters, digits and hyphens")
    off = making.add_mutually_exclusive_group(required=True)
    off.add_argument("--percent", type=percent, metavar="PERCENT", help="of what the lines cost, as 10 or 7.5")
    off.add_argument("--amount", type=int, help="in minor units: 5000 paise are ₹50")
    off.add_argument("--free-delivery", action="store_true", help="what sending costs")
    making.add_argument("--minimum", type=int, default=0, help="what the lines have to cost, in minor units")
    making.add_argument("--starts", type=_moment, metavar="MOMENT", help="as 2026-12-01T09:00, in Indian time (now)")
    making.add_argument("--ends", type=_moment, metavar="MOMENT", help="likewise (never)")
    making.add_argument("--limit", type=int, help="how many orders may have it (any number)")
    making.add_argument("--once", action="store_true", help="each person, known by their e-mail address, has it once")
    text = "End a coupon; orders that have it keep it."
    add(commands, "end-coupon", text, lambda given: end_coupon(given.code), on_a_shop=True).add_argument("code")
    add(commands, "coupons", "List the coupons.", lambda _: list_coupons(), on_a_shop=True)


@refusing
def register(state: str | None, gstin: str | None, handicraft: str | None) -> int:
    """Say how the seller stands to GST, and from now on as is given."""
    from checkout_app.seller import registration
    from checkout_app.seller.states import STATES

    made_by_hand = _HANDICRAFT[handicraft] if handicraft else None
    now = asyncio.run(registration.register(state=state, gstin=gstin, handicraft=made_by_hand))
    tell(f"Scheme: {now.scheme}")
    tell(f"State: {STATES.get(now.state, 'not said, so no sale leaves it')}")
    tell(f"GSTIN: {now.gstin or 'none'}")
    tell(f"Handicrafts: {'yes' if now.handicraft else 'no'}")
    return 0


def create_coupon(given: argparse.Namespace) -> int:
    """Make a coupon."""
    from checkout_app.core import clock
    from checkout_app.core.errors import ShopError
    from checkout_app.journal.actors import OPERATOR
    from checkout_app.pricing import service
    from checkout_app.pricing.models import Coupon, CouponKind

    kind = CouponKind.FREE_DELIVERY if given.free_delivery else CouponKind.AMOUNT
    coupon = Coupon(
        code=given.code,
        kind=CouponKind.PERCENT if given.percent is not None else kind,
        value=given.percent if given.percent is not None else given.amount or 0,
        minimum=given.minimum,
        starts_at=given.starts or clock.now(),
        ends_at=given.ends,
        most=given.limit,
        once=given.once,
    )
    try:
        tell(_said_of(asyncio.run(service.create_coupon(coupon, OPERATOR))))
    except ShopError as refused:
        tell(refused.detail)
        return WRONG_USAGE
    return 0


def end_coupon(code: str) -> int:
    """Let nobody begin an order with a coupon from now on."""
    from checkout_app.core.errors import ShopError
    from checkout_app.journal.actors import OPERATOR
    from checkout_app.pricing import service

    try:
        tell(_said_of(asyncio.run(service.end_coupon(code, OPERATOR))))
    except ShopError as refused:
        tell(refused.detail)
        return WRONG_USAGE
    return 0


def list_coupons() -> int:
    """List the coupons, by their codes."""
    from checkout_app.core.pagination import LONGEST_PAGE
    from checkout_app.pricing import service

    async def tell_all() -> None:
        cursor: str | None = None
        while True:
            page = await service.coupons(cursor=cursor, limit=LONGEST_PAGE)
            for coupon in page.items:
                tell(_said_of(coupon))
            if (cursor := page.next_cursor) is None:
                return

    asyncio.run(tell_all())
    return 0


def _said_of(coupon: "Coupon") -> str:
    from checkout_app.pricing.words import conditions, taken_off

    return f"{coupon.code}  {', '.join([taken_off(coupon), *conditions(coupon)])}"


def _moment(text: str) -> datetime:
    """Read a moment, in Indian time unless it says another."""
    from checkout_app.core import clock

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no moment like 2026-12-01T09:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.INDIA)
