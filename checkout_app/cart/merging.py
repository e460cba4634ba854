"""A cart merges by itself: what a browser had, or a guest, becomes part of the cart of who has signed in there."""

from checkout_app.cart import found
from checkout_app.cart.found import Found, Held, Kept
from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY
from checkout_app.cart.owner import Owner
from checkout_app.core import clock
from checkout_app.core.session import Session


def merge(session: Session, owner: Owner, carts: Found) -> None:
    """Put what is in the other carts into theirs, as much as one cart takes; the rest stays where it is.

    Its version is then later than that of each, so that no change that was meant for one of them is made to it. What
    came says so where there was something before; who had nothing only goes on with what they have.
    """
    theirs = carts.theirs or Kept(owner.new_cart())
    held, taken = {each.variant.id: each for each in theirs.held}, [theirs]
    for other in carts.others:
        moved = [_move(session, theirs, held, each) for each in other.held]
        if any(moved):
            taken.append(other)
    if len(taken) == 1:
        return
    now, version = clock.now(), max(each.cart.version for each in taken) + 1
    for each in taken:
        each.cart.version, each.cart.updated_at = version, now
    if carts.theirs is None:
        session.add(theirs.cart)


def _move(session: Session, into: Kept, held: dict[str, Held], moved: Held) -> bool:
    """Move a line into a cart; returns whether anything of it was."""
    line, known = moved.line, held.get(moved.variant.id)
    if known is None:
        if len(held) == MAX_LINES:
            return False
        held[moved.variant.id] = moved
        line.cart_id, line.merged = into.cart.id, line.quantity if into.held else 0
        return True
    more = min(line.quantity, MAX_QUANTITY - known.line.quantity)
    known.line.quantity += more
    known.line.merged += more if into.held else 0
    found.remove(session, line)
    return True
