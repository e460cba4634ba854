"""A cart as its page shows it: ready-made text, and what has changed since something was put there, in words."""

from dataclasses import dataclass, replace

from checkout_app.cart.contents import Contents, Line
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY
from checkout_app.checkout.delivery.views import charge, takes
from checkout_app.checkout.quote import Quote
from checkout_app.core.assets import versioned
from checkout_app.core.money import format_amount
from checkout_app.shopfront.cart.again import Wanted, WantedLine
from checkout_app.shopfront.paths import product_path, variant_path


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the cart; what is empty is not said or not offered."""

    id: str
    name: str
    href: str
    image: str
    quantity: str
    fewer: str
    """One less; empty when it is the last one."""
    more: str
    unit: str
    amount: str
    price_changed: str
    lacking: str
    """Why it can't be ordered like that."""
    take: str
    """How many are left, where that is fewer than are wanted."""
    came: str


@dataclass(frozen=True, slots=True)
class WayView:
    """The way of a cart to whoever wants it, by their PIN; `asks` says that it depends on that at all."""

    asks: bool = False
    pin: str = ""
    delivery: str = ""
    """What it costs; empty as long as nobody knows."""
    takes: str = ""
    total: str = ""
    hint: str = ""
    """Why nobody knows, or nothing is sent there."""


@dataclass(frozen=True, slots=True)
class AgainView:
    """What became of an order that was wanted again; empty when none was."""

    said: str = ""
    but: tuple[str, ...] = ()
    """What is not as it was, a sentence each."""


@dataclass(frozen=True, slots=True)
class CartView:
    """The cart; `ready` says that all of it can be ordered."""

    version: str = ""
    lines: tuple[LineView, ...] = ()
    units: str = ""
    subtotal: str = ""
    ready: bool = False
    way: WayView = WayView()
    again: AgainView = AgainView()


def cart_view(cart: Contents, way: WayView) -> CartView:
    """Describe a cart and its way."""
    return CartView(
        version=str(cart.version),
        lines=tuple(map(_line, cart.lines)),
        units=things(cart.units),
        subtotal=format_amount(cart.subtotal, cart.currency),
        ready=cart.can_be_had,
        way=way,
    )


def way_view(priced: Quote, pin: str) -> WayView:
    """Describe the way of a cart by what it would cost."""
    if not priced.needs_address:
        return WayView()
    way = WayView(asks=True, pin=pin, delivery=charge(priced.delivery, priced.currency), takes=takes(priced.delivery))
    if priced.delivery:
        return replace(way, total=format_amount(priced.amount, priced.currency))
    return replace(way, hint="This PIN is in several States: the checkout asks for yours.") if pin else way


def again_view(wanted: Wanted, *, full: bool) -> AgainView:
    """Describe what became of an order that was wanted again; `full` says that its cart takes nothing else."""
    if all(line.in_cart >= line.ordered for line in wanted.lines if not line.is_had):
        how_much = "Everything"
    else:
        how_much = "What can be had" if any(line.in_cart for line in wanted.lines) else "Nothing"
    changes = [(_missing(line, full=full), _repriced(line, wanted.currency)) for line in wanted.lines]
    but = tuple(said for change in changes for said in change if said)
    return AgainView(f"{how_much} of order {wanted.number} is in your cart.", but)


def _missing(line: WantedLine, *, full: bool) -> str:
    if line.in_cart >= line.ordered:
        return ""
    if line.is_had:
        return f"You have {line.name} already: its file is on the page of that order."
    if not line.for_sale:
        return f"{line.name} is no longer for sale."
    match line.left:
        case 0:
            return f"There is none left of {line.name} just now."
        case int(few) if few < line.ordered:
            return f"Of {line.name} only {few} {'is' if few == 1 else 'are'} left; you had {line.ordered}."
        case _:
            why = f": a cart has at most {MAX_LINES} lines" if full else ""
            return "" if line.in_cart else f"{line.name} is not in it{why}."


def _repriced(line: WantedLine, currency: str) -> str:
    now = line.unit_amount
    if not line.in_cart or now is None or now == line.was:
        return ""
    return f"{line.name} costs {format_amount(now, currency)} now. It was {format_amount(line.was, currency)} then."


def things(units: int) -> str:
    """Say how many things there are."""
    return "1 thing" if units == 1 else f"{units} things"


def _line(line: Line) -> LineView:
    can_grow = line.can_be_had and line.quantity < MAX_QUANTITY
    return LineView(
        id=line.id,
        name=line.name,
        href=_page_of(line) if line.for_sale else "",
        image=versioned(f"/{line.image}"),
        quantity=str(line.quantity),
        fewer=str(line.quantity - 1) if line.quantity > 1 and line.for_sale else "",
        more=str(line.quantity + 1) if can_grow else "",
        unit=format_amount(line.unit_amount, line.currency),
        amount=format_amount(line.amount, line.currency),
        price_changed=_price_changed(line),
        lacking=_lacking(line),
        take=str(line.left) if line.for_sale and line.left else "",
        came=_came(line),
    )


def _page_of(line: Line) -> str:
    chosen = line.offer_id == line.variant_id
    return variant_path(line.slug, line.variant_id) if chosen else product_path(line.slug)


def _price_changed(line: Line) -> str:
    if line.was is None or not line.for_sale:
        return ""
    now, was = (format_amount(amount, line.currency) for amount in (line.unit_amount, line.was))
    return f"The price is {now} now. It was {was} when you put it here."


def _lacking(line: Line) -> str:
    if not line.for_sale:
        return "This is no longer for sale."
    match line.left:
        case None:
            return ""
        case 0:
            return "There is none left just now."
        case 1:
            return "Only one is left."
        case few:
            return f"Only {few} are left."


def _came(line: Line) -> str:
    if not line.merged:
        return ""
    how_many = "This" if line.merged == line.quantity else f"{line.merged} of them"
    return f"{how_many} came from the cart you had before you signed in."
