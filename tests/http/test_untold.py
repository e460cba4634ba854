"""An order whose gateway order is gone: whoever looks gets the books, a person is asked, and it solves itself."""

import pytest

from tests.support.buying import Purchase, make_merchant, read_issues
from tests.support.shops import Shop
from tests.support.waiting import until

UNKNOWN = "order_"
MALFORMED = "nonsense_"


def _rename(purchase: Purchase, name: str) -> None:
    """Let the books know the order's gateway order by another id."""
    rename = "UPDATE gateway_orders SET id = :name WHERE order_id = :id"
    purchase.shop.rows(rename, name=name, id=purchase.order_id)


def _let_it_be_checked(purchase: Purchase) -> None:
    until(lambda: purchase.order["attempts"] == 0, "nobody to be at it, who would plan the next look")
    purchase.shop.rows("UPDATE orders SET due_at = created_at WHERE id = :id", id=purchase.order_id)


def _status(purchase: Purchase) -> dict[str, object]:
    answer = purchase.buyer.get(f"/orders/{purchase.order_id}/status")
    assert answer.status_code == 200
    body: dict[str, object] = answer.json()
    return body


@pytest.mark.parametrize("prefix", [UNKNOWN, MALFORMED])
def test_a_gateway_order_that_the_gateway_does_not_know_is_said_and_let_go_of_when_it_does(
    shop: Shop, prefix: str
) -> None:
    purchase = Purchase.begin(shop)
    _rename(purchase, prefix + purchase.order_id[-14:])
    status = _status(purchase)
    assert (status["state"], status["message"], status["final"]) == ("unpaid", "", False), "no claim about the money"

    _let_it_be_checked(purchase)
    until(lambda: purchase.issues == ["unreadable"], "an issue")
    status = _status(purchase)
    assert (status["state"], status["headline"]) == ("attention", "We are looking into this order")
    assert purchase.buyer.get(f"/orders/{purchase.order_id}").status_code == 200
    assert purchase.status == "created"

    _rename(purchase, purchase.razorpay_order_id)
    _let_it_be_checked(purchase)
    until(lambda: purchase.issues == [], "the issue to be closed")
    until(lambda: _status(purchase)["message"] == "No money was taken.", "the next look at the gateway")
    assert _status(purchase)["state"] == "unpaid"
    purchase.pay()
    until(lambda: _status(purchase)["state"] == "paid", "the one after")
    body = purchase.buyer.get(f"/orders/{purchase.order_id}").json()
    told = [(event["kind"], event["message"]) for event in body["timeline"]]
    assert [kind for kind, _ in told] == ["created", "attention", "decided", "paid"]
    assert told[1][1].startswith("Razorpay does not tell about this order: ")
    assert told[2][1] == "This has solved itself."


def test_the_shopkeeper_reads_what_the_gateway_said(shop: Shop) -> None:
    purchase = Purchase.begin(shop)
    _rename(purchase, UNKNOWN + purchase.order_id[-14:])
    _let_it_be_checked(purchase)
    until(lambda: purchase.issues == ["unreadable"], "an issue")
    words = "Razorpay does not tell about this order: The id provided does not exist"
    assert read_issues(make_merchant(shop, purchase.buyer), purchase.order_id) == [("unreadable", words)]


def test_an_order_expires_in_time_although_its_gateway_order_is_gone(shop: Shop) -> None:
    purchase = Purchase.begin(shop, on_hand=1)
    _rename(purchase, UNKNOWN + purchase.order_id[-14:])
    shop.rows("UPDATE orders SET expires_at = created_at WHERE id = :id", id=purchase.order_id)
    _let_it_be_checked(purchase)
    purchase.becomes("expired")
    assert purchase.stock == (1, 0)


def test_a_gateway_order_that_the_books_forgot_is_found_by_its_receipt(shop: Shop) -> None:
    purchase = Purchase.begin(shop)
    purchase.pay()
    shop.rows("DELETE FROM gateway_orders WHERE order_id = :id", id=purchase.order_id)
    assert _status(purchase)["state"] == "unpaid"
    _let_it_be_checked(purchase)
    purchase.becomes("paid")
    assert _status(purchase)["state"] == "paid"
    assert (purchase.allocations, purchase.issues) == (1, [])
