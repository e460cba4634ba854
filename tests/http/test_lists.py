"""Lists cost the same however long they are: the API in this process, counted at the database, on both databases."""

from collections.abc import AsyncIterator

import httpx
import pytest

from checkout_app.checkout import service as checkout
from checkout_app.checkout.quote import Item
from checkout_app.core import database
from checkout_app.orders import service as orders
from checkout_app.orders.models import Order
from checkout_app.orders.timeline import IssueKind
from checkout_app.payments import settle
from checkout_app.server.api import build_api
from razorpay_sandbox.payments import attempts
from tests.conftest import ON_BOTH
from tests.support.inside import BUYER, Inside, keep_shop, put_on_shelf
from tests.support.shops import KEY_ID
from tests.support.statements import reading


@pytest.fixture
async def client(inside: Inside) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API, signed in as somebody who buys and keeps the shop."""
    assert inside
    token = await keep_shop()
    transport = httpx.ASGITransport(build_api())
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test/api", headers=headers) as opened:
        yield opened


async def _order(inside: Inside, product_id: str, times: int) -> None:
    """Make orders that were paid and wait for a person."""
    for _ in range(times):
        made = await checkout.create_order(BUYER, [Item(product_id)])
        attempt = attempts.begin(inside.gateway, KEY_ID, attempts.AttemptRequest(order_id=made.razorpay_order_id))
        attempts.conclude(inside.gateway, attempt["id"], "success")
        await settle.settle(attempt["id"])
        async with database.write() as session:
            [order] = await database.lock(session, Order, [made.order.id])
            await orders.open_issue(session, order, IssueKind.OTHER, detail="It looks odd.")


async def _look(client: httpx.AsyncClient, path: str) -> tuple[int, int]:
    """Read a list: how many it shows, and how many statements that took."""
    with reading() as statements:
        answer = await client.get(path)
    return len(answer.raise_for_status().json()["items"]), len(statements)


@ON_BOTH
@pytest.mark.parametrize("path", ["/orders", "/merchant/issues"])
async def test_a_list_takes_as_many_statements_for_fifteen_orders_as_for_three(
    inside: Inside, client: httpx.AsyncClient, path: str
) -> None:
    product_id = await put_on_shelf(20)
    await _order(inside, product_id, 3)
    few, statements = await _look(client, path)
    await _order(inside, product_id, 12)
    assert (few, await _look(client, path)) == (3, (15, statements))
    assert statements > 0
