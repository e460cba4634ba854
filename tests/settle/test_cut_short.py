"""What the shopkeeper does to a paid order, cut short at every step, is done once all the same.

Each time the process dies before or after a commit or a call, at night at any statement, whoever did it tries again
by the same key, and the shop goes on with its work. Money, parcels, units and mails are then as without that.
"""

import itertools
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pytest

from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database, due
from checkout_app.fulfilment import service as fulfilment
from checkout_app.fulfilment.models import Shipment, ShipmentLine
from checkout_app.journal import followers
from checkout_app.mail import service as mail
from checkout_app.mail.models import Mail
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.payments import refunds
from checkout_app.payments import service as payments
from checkout_app.payments.models import Refund, RefundPart
from checkout_app.payments.refund_parts import Parts
from checkout_app.server import mails
from tests.support.dying import lives
from tests.support.histories import SENDING, SHOPKEEPER, TEA, History
from tests.support.inside import BUYER, Inside, row, rows, violations
from tests.support.zones import somewhere

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
KEY: Final = "once"
BACK: Final = TEA * 9 // 10 + SENDING // 2
"""What one unit of tea was paid with, and half of what its way cost."""
ON_HAND: Final = 3


Act = Callable[["Sale"], Awaitable[None]]


@dataclass
class Sale:
    """A paid order of one unit of cups and two of tea, and another one of the same cups."""

    history: History
    payment: str
    cups: str
    """The line of the cups."""
    tea: str
    other: History

    @classmethod
    async def make(cls, inside: Inside) -> "Sale":
        """Sell it all anew."""
        history = History(inside)
        await history.begin_with_cart(on_hand=ON_HAND, twice=False)
        made = await checkout.create_order(BUYER, [Item(history.product_id)], to=somewhere())
        other = History(inside, made.order.id, history.product_id, gateway_order_ids=[made.razorpay_order_id])
        for each in (other, history):
            await each.act(("attempt", 0, "success"))
            await each.act(("poll", 0, ""))
        await _follow()
        async with database.read() as session:
            cups, tea = await orders.lines(session, history.order_id)
        return cls(history, str(inside.entities("payment")[-1]["id"]), cups.id, tea.id, other)

    async def give_back(self) -> None:
        """Give a unit of tea back, and half of what its way cost."""
        of = Parts({self.tea: 1}, SENDING // 2)
        await payments.refund(self.payment, of=of, reason="Sent back.", request_key=KEY, by=SHOPKEEPER)
        await refunds.carry_out_due(self.history.order_id)

    async def ship(self, units: dict[str, int] | None = None, key: str = KEY) -> None:
        """Ship these units, or all that is left."""
        await fulfilment.ship(self.history.order_id, units, carrier="India Post", request_key=key, by=SHOPKEEPER)

    async def ship_part(self) -> None:
        """Ship one of two units of a line."""
        await self.ship({self.tea: 1})

    async def ship_both(self) -> None:
        """Ship both orders."""
        both = (self.history.order_id, self.other.order_id)
        await fulfilment.ship_each(both, carrier="India Post", request_key=KEY, by=SHOPKEEPER)

    async def take_back(self) -> None:
        """Take the cups and a unit of tea back onto the shelf."""
        units = {self.cups: 1, self.tea: 1}
        await fulfilment.take_back(self.history.order_id, units, restock=True, request_key=KEY, by=SHOPKEEPER)

    async def stands(self) -> Mapping[str, Any]:
        """Return what has come of it."""
        order, other = [await row(Order, each.order_id) for each in (self.history, self.other)]
        back = {parcel.id: parcel.came_back for parcel in await rows(Shipment)}
        packed = [(back[line.shipment_id], line.units) for line in await rows(ShipmentLine)]
        return {
            "orders": (order.payment_status, order.fulfilment_status, other.fulfilment_status),
            "refunds": [(refund.amount, refund.status) for refund in await rows(Refund)],
            "parts": sorted((part.units, part.amount) for part in await rows(RefundPart)),
            "gone back": [refund["amount"] for refund in self.history.inside.entities("refund")],
            "parcels": (list(back.values()).count(False), list(back.values()).count(True)),
            "units": tuple(sum(units for came_back, units in packed if came_back is way) for way in (False, True)),
            "shelf": [(await row(Variant, product_id)).on_hand for product_id in self.history.shelf],
            "mails": sorted(each.kind for each in await rows(Mail) if each.kind != "paid"),
        }


NOTHING: Final[Mapping[str, Any]] = {
    "orders": ("paid", "unfulfilled", "unfulfilled"),
    "refunds": [],
    "parts": [],
    "gone back": [],
    "parcels": (0, 0),
    "units": (0, 0),
    "shelf": [ON_HAND - 2, 7],
    "mails": [],
}
"""Where everything stands when both orders are paid. Parcels and units are those that went out, and that came back."""
STEPS: Final = 6
"""The commits of the act, of the mail's row and of its having been followed, each with a step before and one after."""
ACTS: Final[Mapping[str, tuple[Act, Mapping[str, Any]]]] = {
    "refund a line and half of its way": (
        Sale.give_back,
        {
            "orders": ("partially_refunded", "unfulfilled", "unfulfilled"),
            "refunds": [(BACK, "processed")],
            "parts": [(0, SENDING // 2), (1, BACK - SENDING // 2)],
            "gone back": [BACK],
            "mails": ["refund"],
        },
    ),
    "ship all of it": (
        Sale.ship,
        {"orders": ("paid", "shipped", "unfulfilled"), "parcels": (1, 0), "units": (3, 0), "mails": ["shipped"]},
    ),
    "ship a part": (
        Sale.ship_part,
        {"orders": ("paid", "partly_shipped", "unfulfilled"), "parcels": (1, 0), "units": (1, 0), "mails": ["shipped"]},
    ),
    "ship several": (
        Sale.ship_both,
        {"orders": ("paid", "shipped", "shipped"), "parcels": (2, 0), "units": (4, 0), "mails": ["shipped"] * 2},
    ),
    "take back": (
        Sale.take_back,
        {
            "orders": ("paid", "shipped", "unfulfilled"),
            "parcels": (1, 1),
            "units": (3, 2),
            "shelf": [ON_HAND - 1, 8],
            "mails": ["shipped"],
        },
    ),
}
"""What is done, and what is then another than before it."""


@pytest.fixture(autouse=True)
def _mails() -> Iterator[None]:
    """A shop that writes mails."""
    mails.register()
    yield
    followers.forget("mail")


async def _do(sale: Sale, act: Act) -> None:
    await act(sale)
    await _follow()


async def _follow() -> None:
    """Let the shop write down whom it tells of what happened."""
    await followers.follow_due(mail._follower())  # noqa: SLF001 - nobody else needs it


@pytest.mark.parametrize("done", ACTS)
async def test_cut_short_at_any_step_and_tried_again_it_is_done_once(everywhere: Inside, done: str) -> None:
    act, changes = ACTS[done]
    for step in itertools.count():
        sale = await Sale.make(everywhere)
        if act is Sale.take_back:
            await sale.ship(key="before")
        death = await lives(everywhere, step, partial(_do, sale, act), finely=NIGHTLY)
        if death.came:
            await due.bring_forward()
            await _do(sale, act)
        where = f"cut at {death.passed[-1]}" if death.came else "not cut"
        assert await sale.stands() == {**NOTHING, **changes}, where
        assert await violations() == [], where
        if not death.came:
            break
    assert step >= STEPS
