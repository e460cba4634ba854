"""`python -m checkout_app.cli check` says where every paisa is, and turns red when one is not where it should be."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.support.buying import Purchase, check, checking
from tests.support.processes import operate
from tests.support.shops import KEY_ID, KEY_SECRET, Shop, running_gateway, running_shop
from tests.support.waiting import until
from tests.support.webhooks import deliver, event


@pytest.fixture
def shop_alone(tmp_path: Path) -> Iterator[Shop]:
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway(tmp_path))
        yield stack.enter_context(running_shop(tmp_path, gateway, f"sqlite:///{tmp_path / 'shop.db'}"))


def _paid(shop: Shop) -> tuple[Purchase, str]:
    purchase = Purchase.begin(shop)
    handed_over = purchase.hand_over()
    assert purchase.verify(handed_over).status_code == 201
    return purchase, handed_over["razorpay_payment_id"]


def test_it_is_green_when_the_books_are_right_and_red_for_each_way_to_be_wrong(shop_alone: Shop) -> None:
    shop = shop_alone
    purchase, payment_id = _paid(shop)
    green = check(shop)
    assert (green.returncode, green.stderr) == (0, "")
    assert "₹480.00" in green.stdout
    assert green.stdout.endswith("0 violations\n")
    shop.process.kill()  # nobody is there to mend what is broken now

    for broken, mended, rule in (
        ("UPDATE variants SET held = 1", "UPDATE variants SET held = 0", "held stock adds up"),
        (
            "UPDATE orders SET paid_at = NULL",
            "UPDATE orders SET paid_at = updated_at",
            "paid orders have their payment",
        ),
        (
            "UPDATE payments SET purpose = 'none'",
            "UPDATE payments SET purpose = 'order'",
            "captured money has a purpose",
        ),
        (
            "UPDATE payments SET purpose = 'attention'",
            "UPDATE payments SET purpose = 'order'",
            "money that pays no order goes back",
        ),
        ("UPDATE payments SET amount = 47999", "UPDATE payments SET amount = 48000", "mismatch"),
        (
            "UPDATE orders SET payment_status = 'refunded'",
            "UPDATE orders SET payment_status = 'paid'",
            "the order follows its refunds",
        ),
        ("UPDATE payments SET id = 'pay_XXXXXXXXXXXXXX'", f"UPDATE payments SET id = '{payment_id}'", "conflicting"),  # noqa: S608 - the gateway's id
    ):
        with shop.engine.begin() as connection:
            connection.exec_driver_sql(broken)
        red = check(shop)
        with shop.engine.begin() as connection:
            connection.exec_driver_sql(mended)
        assert red.returncode == 1, broken
        assert f"VIOLATION  {rule}, " in red.stdout, red.stdout
    assert check(shop).returncode == 0
    assert purchase.status == "paid"


def test_it_says_what_waits_for_a_person_and_is_green_all_the_same(shop_alone: Shop) -> None:
    purchase, payment_id = _paid(shop_alone)
    deliver(shop_alone, event("payment.dispute.created", dispute={"payment_id": payment_id}))
    until(lambda: purchase.issues, "an issue")
    said = check(shop_alone)
    words = "The buyer's bank disputes this payment."
    assert f"WAITS  for a person, {purchase.order_id}: {words}\n" in said.stdout
    assert (said.returncode, said.stdout.endswith("0 violations\n")) == (0, True)


def test_it_is_red_for_money_at_the_gateway_that_the_books_do_not_know(shop_alone: Shop) -> None:
    purchase = Purchase.begin(shop_alone)
    shop_alone.process.kill()  # nobody is there to find out
    payment_id = purchase.pay()
    red = check(shop_alone)
    assert red.returncode == 1
    assert f"VIOLATION  missing, {payment_id}: captured 48000 there, unknown here" in red.stdout


def test_it_is_red_for_a_refund_the_books_do_not_know(shop_alone: Shop) -> None:
    _, payment_id = _paid(shop_alone)
    shop_alone.process.kill()
    refund = f"{shop_alone.gateway.url}/v1/payments/{payment_id}/refund"
    httpx.post(refund, json={"amount": 100}, auth=(KEY_ID, KEY_SECRET)).raise_for_status()
    red = check(shop_alone)
    assert (red.returncode, "refunded is 0 here, 100 there" in red.stdout) == (1, True)


def test_it_knows_nothing_when_the_gateway_does_not_answer(shop_alone: Shop) -> None:
    shop_alone.gateway.process.kill()
    said = check(shop_alone)
    assert (said.returncode, f"UNKNOWN  {shop_alone.gateway.url} does not tell: " in said.stdout) == (3, True)
    assert said.stderr == ""


def test_a_rule_that_does_not_hold_is_red_even_when_the_gateway_does_not_answer(shop_alone: Shop) -> None:
    _paid(shop_alone)
    shop_alone.process.kill()
    shop_alone.gateway.process.kill()
    with shop_alone.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE variants SET held = 1")
    assert check(shop_alone).returncode == 1


def test_it_says_the_same_to_a_program(shop_alone: Shop) -> None:
    purchase = Purchase.begin(shop_alone)
    shop_alone.process.kill()
    payment_id = purchase.pay()
    said = check(shop_alone, "--json", "--patience", "0")
    told = json.loads(said.stdout)
    assert (said.returncode, told["ledger"]["captured"], told["untold"]) == (1, 0, "")
    assert told["violations"] == [
        {
            "rule": "missing",
            "subject": payment_id,
            "detail": "captured 48000 there, unknown here",
            "order_id": "",
        }
    ]


@pytest.mark.parametrize("patience", ["-1", "86401", "a while", "9" * 5000])
def test_a_patience_that_is_none_is_wrong_usage(tmp_path: Path, patience: str) -> None:
    said = operate({"DATA_DIR": str(tmp_path)}, "check", f"--patience={patience}")
    assert (said.returncode, "is no number of seconds from 0 to 86400" in said.stderr) == (2, True)


def test_what_is_seconds_old_is_read_again_before_it_is_called_wrong(shop_alone: Shop) -> None:
    purchase = Purchase.begin(shop_alone)
    handed_over = purchase.hand_over()
    with checking(shop_alone) as running:
        said = iter(running.stderr or ())
        assert any("1 differ and may be seconds old" in line for line in said)
        assert purchase.verify(handed_over).status_code == 201
        assert running.wait() == 0
        assert ((running.stdout and running.stdout.read()) or "").endswith("0 violations\n")
