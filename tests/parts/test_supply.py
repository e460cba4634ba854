"""Who sells where to decides what tax an order bears, and whether it may be sent at all."""

from collections.abc import Sequence

import pytest

from checkout_app.catalog.models import Variant
from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item, quote_for
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings
from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.journal.models import Event
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments.recovery.service import Recovery
from checkout_app.seller import registration
from checkout_app.seller import service as seller
from checkout_app.seller.models import TaxScheme
from checkout_app.seller.registration import Registration
from razorpay_sandbox.payments import attempts
from tests.support.inside import BUYER, Inside, put_on_shelf, row, rows, violations
from tests.support.lost import lose_orders
from tests.support.shops import KEY_ID
from tests.support.zones import charge_everywhere, somewhere

GSTIN = "27AAPFU0939F1ZV"
KERALA, MAHARASHTRA = "32", "27"
KOCHI, MUMBAI = somewhere(pin="682001"), somewhere(pin="400001")


@pytest.fixture
async def cups(inside: Inside) -> str:
    """Something on the shelf of a regular seller in Maharashtra."""
    assert inside
    await registration.register(gstin=GSTIN)
    return await put_on_shelf(9, 48000, tax_rate=1200)


async def test_a_gstin_says_the_state_and_each_change_is_written_down(inside: Inside) -> None:
    assert inside
    assert await registration.registration() == Registration("regular", "", handicraft=False, gstin="")
    said = await registration.register(gstin=f" {GSTIN.lower()} ", handicraft=True)
    assert said == await registration.registration() == Registration("regular", MAHARASHTRA, True, GSTIN)  # noqa: FBT003
    assert [(event.data["what"], event.data["after"], event.actor) for event in await rows(Event)] == [
        ("handicraft", True, "operator"),
        ("gstin", GSTIN, "operator"),
        ("state", MAHARASHTRA, "operator"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"gstin": "27AAPFU0939F1ZO"},
        {"gstin": "nonsense"},
        {"gstin": "28AAPFU0939F1ZT"},
        {"state": "99"},
        {"state": "Bavaria"},
        {"state": "Kerala", "gstin": GSTIN},
    ],
)
async def test_what_can_be_no_registration_is_refused(inside: Inside, said: dict[str, str]) -> None:
    assert inside
    with pytest.raises(InvalidInput):
        await registration.register(**said)  # type: ignore[arg-type]
    assert await registration.registration() == Registration("regular", "", handicraft=False, gstin="")


async def test_a_state_is_said_by_its_name_or_its_digits_and_is_the_gstins_while_there_is_one(inside: Inside) -> None:
    assert inside
    assert (await registration.register(state="kerala")).state == KERALA
    assert (await registration.register(state=KERALA)).state == KERALA
    assert (await registration.register(gstin=GSTIN)).state == MAHARASHTRA
    with pytest.raises(InvalidInput):
        await registration.register(state="Kerala")
    assert (await registration.register(gstin="", state="Kerala")).state == KERALA


async def test_an_order_to_another_state_is_frozen_with_integrated_tax_and_its_share_of_the_delivery(cups: str) -> None:
    tea = await put_on_shelf(9, 10000, slug="tea", tax_rate=500)
    await charge_everywhere(6800)
    made = await checkout.create_order(BUYER, [Item(cups), Item(tea, 2)], to=KOCHI)
    order = made.order
    assert (order.subtotal, order.delivery, order.discount, order.amount) == (68000, 6800, 0, 74800)
    lines = [(line.delivery, line.taxable, line.cgst, line.sgst, line.igst) for line in await rows(OrderLine)]
    assert lines == [(4800, 47143, 0, 0, 5657), (2000, 20952, 0, 0, 1048)]
    assert order.tax == 5657 + 1048
    assert await violations() == []


async def test_an_order_within_the_state_pays_half_to_it(cups: str) -> None:
    await checkout.create_order(BUYER, [Item(cups)], to=MUMBAI)
    [line] = await rows(OrderLine)
    assert (line.taxable, line.cgst, line.sgst, line.igst) == (42857, 2571, 2572, 0)


@pytest.mark.parametrize("scheme", [TaxScheme.COMPOSITION, TaxScheme.UNREGISTERED])
async def test_goods_of_who_collects_no_tax_stay_in_their_state_and_nothing_is_held(
    cups: str, scheme: TaxScheme
) -> None:
    await seller.choose_tax_scheme(scheme)
    with pytest.raises(NotDeliverable):
        await checkout.create_order(BUYER, [Item(cups)], to=KOCHI)
    assert ((await row(Variant, cups)).held, await rows(Order)) == (0, [])
    await registration.register(handicraft=True)
    await charge_everywhere(5000)
    _, priced = await quote_for(BUYER, [Item(cups)], to=KOCHI.destination)
    assert (priced.amount, priced.tax) == (53000, 0)


async def _figures() -> Sequence[tuple[int, ...]]:
    return [
        (line.amount, line.discount, line.delivery, line.taxable, line.tax_rate, line.cgst, line.sgst, line.igst)
        for line in sorted(await rows(OrderLine), key=lambda line: line.position)
    ]


@pytest.mark.parametrize("to", [KOCHI, MUMBAI])
async def test_a_lost_order_comes_back_with_its_delivery_and_the_kind_of_its_tax(
    inside: Inside, cups: str, to: PostalAddress
) -> None:
    tea = await put_on_shelf(9, 9999, slug="tea", tax_rate=500)
    await charge_everywhere(4900)
    made = await checkout.create_order(BUYER, [Item(cups), Item(tea, 2)], to=to)
    before, order = await _figures(), made.order
    attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
    attempts.conclude(inside.gateway, attempt["id"], "success")
    await lose_orders(on_hand=9)
    await Recovery(settings().shop_id, lambda _: None, really=True, refund=False).run()
    again = await row(Order, order.id)
    assert (again.subtotal, again.delivery, again.tax, again.amount, again.status) == (
        order.subtotal,
        order.delivery,
        order.tax,
        order.amount,
        "paid",
    )
    assert await _figures() == before
    assert await violations() == []
