"""Come to the checkout page, and look at what was ordered there."""

from sqlmodel import col, select

from checkout_app.checkout.state import CheckoutState
from checkout_app.core import database
from checkout_app.orders.models import Order
from tests.states.driver import Tab

CUPS = "/checkout?product=kulhad-cups-set-of-six&quantity=1"


async def orders() -> list[Order]:
    """Return all orders there are, the first first."""
    async with database.read() as session:
        return list((await session.exec(select(Order).order_by(col(Order.id)))).all())


async def at_checkout(tab: Tab, path: str) -> CheckoutState:
    """Open the checkout of a purchase in a tab; returns what the page shows."""
    tab.path = path
    await tab.send(CheckoutState.load)
    return await tab.state(CheckoutState)
