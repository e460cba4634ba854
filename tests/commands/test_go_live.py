"""`go-live` as an operator gives it, after a real shop was tried in test mode."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.buying import Purchase
from tests.support.processes import operate
from tests.support.shops import KEY_ID, Gateway, Shop, running_shop

LIVE = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://shop.example",
    "JWT_SECRET": "s" * 32,
    "RAZORPAY_API_URL": "",
    "RAZORPAY_KEY_ID": "rzp_live_AAAAAAAAAAAAAA",
    "RAZORPAY_KEY_SECRET": "live secret",
}


@pytest.fixture
def tested(empty_database_url: str, gateway: Gateway, tmp_path: Path) -> Iterator[Shop]:
    """A shop in test mode."""
    with running_shop(tmp_path, gateway, empty_database_url) as shop:
        yield shop


def _live(shop: Shop) -> Mapping[str, str]:
    return {**shop.environment, **LIVE}


def test_what_was_ordered_in_test_mode_is_closed_when_somebody_is_sure(tested: Shop) -> None:
    unpaid, paid = Purchase.begin(tested), Purchase.begin(tested)
    assert paid.verify(paid.hand_over()).json()["status"] == "paid"
    too_early = operate(tested.environment, "go-live", "--yes")
    assert (too_early.returncode, too_early.stdout) == (2, "")
    assert too_early.stderr.startswith("RAZORPAY_KEY_ID is a test key")

    tested.process.stop()
    told = operate(_live(tested), "go-live")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("        2  orders of test mode, closed and never asked about again\n")
    assert told.stdout.endswith("Nothing has been changed yet. This does it: go-live --yes\n")
    assert (unpaid.status, unpaid.stock, paid.stock) == ("created", (10, 1), (9, 0))

    done = operate(_live(tested), "go-live", "--yes")
    assert (done.returncode, done.stdout.endswith("Done, test orders closed: 2\n")) == (0, True)
    assert (unpaid.status, unpaid.stock) == ("cancelled", (10, 0))
    assert (paid.status, paid.stock) == ("paid", (10, 0))
    again = operate(_live(tested), "go-live", "--yes")
    assert (again.returncode, again.stdout) == (0, "Nothing of test mode is left to close\n")


def test_a_shop_that_is_in_test_mode_says_of_live_orders_that_they_are_not_its_own(tested: Shop) -> None:
    """As a copy of a live shop's database, on somebody's own machine."""
    purchase = Purchase.begin(tested)
    tested.rows("UPDATE gateway_orders SET key_id = 'rzp_live_AAAAAAAAAAAAAA'")
    said = operate(tested.environment, "check", "--patience", "0")
    assert (said.returncode, purchase.status) == (1, "created")
    assert "LEFT OUT  orders of live mode, made with rzp_live_AAAAAAAAAAAAAA: 1\n" in said.stdout
    assert "VIOLATION  orders are of this shop's account, rzp_live_AAAAAAAAAAAAAA: orders that may" in said.stdout
    assert KEY_ID not in said.stdout
