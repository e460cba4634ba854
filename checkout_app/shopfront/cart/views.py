"""A cart as its page shows it: ready-made text, and what has changed since something was put there, in words."""

from dataclasses import dataclass

from checkout_app.cart.contents import Contents, Line
from checkout_app.cart.models import MAX_QUANTITY
from checkout_app.core.assets import versioned
from checkout_app.core.money import format_amount
from checkout_app.shopfront.views import product_path


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
class CartView:
    """The cart; `ready` says that all of it can be ordered."""

    version: str = ""
    lines: tuple[LineView, ...] = ()
    units: str = ""
    subtotal: str = ""
    ready: bool = False


def cart_view(cart: Contents) -> CartView:
    """Describe a cart."""
    return CartView(
        version=str(cart.version),
        lines=tuple(map(_line, cart.lines)),
        units=things(cart.units),
        subtotal=format_amount(cart.subtotal, cart.currency),
        ready=all(line.can_be_had for line in cart.lines),
    )


def things(units: int) -> str:
    """Say how many things there are."""
    return "1 thing" if units == 1 else f"{units} things"


def _line(line: Line) -> LineView:
    can_grow = line.can_be_had and line.quantity < MAX_QUANTITY
    return LineView(
        id=line.id,
        name=line.name,
        href=product_path(line.slug) if line.for_sale else "",
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
