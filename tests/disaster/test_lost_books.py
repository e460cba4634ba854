"""The books are lost, and what they knew of money is made again from the gateway: real shops, real commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import DATABASES, new_database
from tests.support.buying import Purchase, check, make_merchant
from tests.support.databases import PROGRAMS, lose
from tests.support.processes import free_port, operate
from tests.support.receiver import Receiver
from tests.support.shops import Shop, running_gateway, running_shop
from tests.support.waiting import until


@pytest.fixture(params=DATABASES)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A shop with a gateway of its own, which announces nothing."""
    with running_gateway(tmp_path) as gateway:
        url = new_database(request.param, request, tmp_path)
        with running_shop(tmp_path, gateway, url, RAZORPAY_WEBHOOK_SECRET="", PATH=PROGRAMS) as running:
            yield running


def _sell(shop: Shop) -> list[Purchase]:
    """Sell: one paid, one paid without a word, one refunded in part, and one only begun."""
    paid, untold, refunded, begun = (Purchase.begin(shop) for _ in range(4))
    for purchase in (paid, refunded):
        purchase.verify(purchase.hand_over()).raise_for_status()
    untold.pay()
    merchant = make_merchant(shop, shop.buyer())
    body = {"payment_id": shop.gateway.fetch(f"orders/{refunded.razorpay_order_id}/payments")["items"][0]["id"]}
    merchant.post(
        "/merchant/refunds", json=body | {"amount": 100, "reason": "One was cracked."}, headers={"Idempotency-Key": "1"}
    ).raise_for_status()
    given_back = f"payments/{body['payment_id']}"  # by us, or by a worker who was quicker and is still at it
    until(lambda: shop.gateway.fetch(given_back)["amount_refunded"] == 100, "the refund to be sent")
    return [paid, untold, refunded, begun]


def _lose(shop: Shop, url: str) -> None:
    shop.process.kill()
    shop.engine.dispose()
    lose(url)


def test_a_database_that_was_lost_without_a_backup_is_made_again_from_the_gateway(shop: Shop) -> None:
    paid, untold, refunded, begun = _sell(shop)
    numbers = {purchase.order_id: purchase.order["number"] for purchase in (paid, untold, refunded)}
    _lose(shop, shop.environment["DATABASE_URL"])
    refused = operate(shop.environment, "check")
    assert (refused.returncode, "`recover`" in refused.stderr) == (3, True)
    looked = operate(shop.environment, "recover")
    assert looked.returncode == 0, looked.stderr
    assert "MISSING  3 orders paid with ₹1,440.00, of the shop " in looked.stdout
    assert operate(shop.environment, "check").returncode == 3, "looking made a database"
    done = operate({**shop.environment, **Receiver(free_port()).settings}, "recover", "--yes")
    assert done.returncode == 0, done.stderr
    told = shop.rows("SELECT id FROM follow_ups WHERE follower = 'alerts' AND due_at IS NOT NULL")
    assert len(told) == len(shop.rows("SELECT id FROM issues")) > 0, "the servers will send what it asks for"
    assert {row["id"]: row["number"] for row in shop.rows("SELECT id, number FROM orders")} == numbers
    assert [purchase.status for purchase in (paid, untold, refunded)] == ["paid", "paid", "partially_refunded"]
    checked = check(shop)
    assert checked.returncode == 0, checked.stdout
    assert begun.order_id not in numbers


def test_whose_shop_it_is_has_to_be_said_when_nobody_knows_any_more(shop: Shop) -> None:
    [paid, *_] = _sell(shop)
    [ours] = [row["shop_id"] for row in shop.rows("SELECT shop_id FROM sellers")]
    _lose(shop, shop.environment["DATABASE_URL"])
    (Path(shop.environment["DATA_DIR"]) / "secrets.json").unlink()
    refused = operate(shop.environment, "recover", "--yes")
    assert (refused.returncode, "Say which shop this is" in refused.stdout) == (2, True)
    assert f", of the shop {ours}\n" in operate(shop.environment, "recover").stdout
    assert operate(shop.environment, "recover", "--shop", ours, "--yes").returncode == 0
    assert paid.status == "paid"
    assert operate(shop.environment, "recover", "--shop", "another-shop").returncode == 2


def test_the_drill_a_backup_is_restored_and_what_was_sold_since_is_made_again(shop: Shop) -> None:
    before = _sell(shop)
    backup = _do(shop, "backup").removeprefix("Wrote ").partition(",")[0]
    later = [Purchase.begin(shop) for _ in range(2)]
    late = before[-1]  # begun before, paid since; of another that was paid before the books know nothing yet
    for purchase in (*later, late):
        purchase.verify(purchase.hand_over()).raise_for_status()
    shop.process.kill()
    shop.engine.dispose()
    _do(shop, "restore", backup, "--replace")
    broken = check(shop)
    assert (broken.returncode, broken.stdout.count("nothing is missing in the books, ")) == (1, 2), broken.stdout
    recovered = _do(shop, "recover", "--yes")
    assert "MISSING  2 orders paid with ₹960.00" in recovered
    assert "UNPAID   2 orders paid with ₹960.00" in recovered
    assert check(shop).returncode == 0
    assert [purchase.status for purchase in (*later, late)] == ["paid"] * 3
    shop.kill_and_restart()
    assert check(shop).returncode == 0
    again = Purchase.begin(shop)
    again.verify(again.hand_over()).raise_for_status()
    assert again.status == "paid"


def _do(shop: Shop, *command: str) -> str:
    """Carry out an operator's command that comes through; returns what it said."""
    done = operate(shop.environment, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
