"""The carts of somebody as the database has them, all by one question, for who changes or merges them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import String
from sqlmodel import bindparam, col, delete, or_, select

from checkout_app.cart.contents import Contents, Line
from checkout_app.cart.models import Cart, CartLine
from checkout_app.cart.owner import Owner
from checkout_app.catalog.models import Product, Variant
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement

_Row = tuple[Cart, CartLine | None, Variant, Product]
_OF: Final = Statement[_Row](
    select(Cart, CartLine, Variant, Product)
    .outerjoin(CartLine, col(CartLine.cart_id) == col(Cart.id))
    .outerjoin(Variant, col(Variant.id) == col(CartLine.variant_id))
    .outerjoin(Product, col(Product.id) == col(Variant.product_id))
    .where(
        or_(
            col(Cart.user_id).in_(bindparam("users", type_=String, expanding=True)),
            col(Cart.browser) == bindparam("browser", type_=String),
        )
    )
    .order_by(col(Cart.id), col(CartLine.id))
)
_REMOVE: Final = Statement[None](delete(CartLine).where(col(CartLine.id) == bindparam("line")))


class Held(NamedTuple):
    """A line and what it is of."""

    line: CartLine
    variant: Variant
    product: Product


@dataclass
class Kept:
    """A cart with its lines, the first first."""

    cart: Cart
    held: list[Held] = field(default_factory=list)


@dataclass
class Found:
    """The cart of somebody, and those that become part of it: their browser's, and what they had as a guest."""

    theirs: Kept | None
    others: Sequence[Kept]

    def contents(self) -> Contents:
        """Describe their cart."""
        if self.theirs is None:
            return Contents()
        cart = self.theirs.cart
        return Contents(cart.id, cart.version, tuple(Line.of(*held) for held in self.theirs.held))


async def find(session: Session, owner: Owner) -> Found:
    """Find the carts of somebody."""
    kept: dict[str, Kept] = {}
    users = [owner.user_id, owner.guest_id]
    for cart, line, variant, product in await session.exec(_OF, users=users, browser=owner.browser or None):
        found = kept.setdefault(cart.id, Kept(cart))
        if line is not None:
            found.held.append(Held(line, variant, product))
    mine = next((each for each in kept.values() if _is_theirs(each.cart, owner)), None)
    return Found(mine, [each for each in kept.values() if each is not mine and each.held])


def _is_theirs(cart: Cart, owner: Owner) -> bool:
    return cart.user_id == owner.user_id if owner.user_id else cart.browser == owner.browser


def remove(session: Session, line: CartLine) -> None:
    """Take a line out; the session raises Lost when somebody else did."""
    session.change(CartLine, _REMOVE, line=line.id)
