"""Disputes as a running shop hears and shows them: webhooks in any shape, and the body of an order."""

import re
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from tests.support.buying import Purchase, make_merchant, read_issues
from tests.support.disputes import DISPUTED, SENTENCES, dispute_about
from tests.support.shops import Shop
from tests.support.waiting import until
from tests.support.webhooks import deliver, event, new_event_id

ODD: dict[str, dict[str, Any]] = {
    "no id": {"id": ...},
    "an id of another kind": {"id": 7},
    "an id that is none": {"id": "../disputes"},
    "an endless id": {"id": "disp_" + "A" * 5000},
    "amount in words": {"amount": "479.00"},
    "half a paisa": {"amount": 0.5},
    "a huge amount": {"amount": 10**30},
    "less than nothing": {"amount": -1},
    "no currency": {"currency": None},
    "an invented currency": {"currency": "RUPEES"},
    "an endless phase": {"phase": "chargeback " * 1000},
    "a phase that can't be kept": {"phase": "\0\u2028\x1b"},
    "a phase of another kind": {"phase": {"name": "chargeback"}},
    "a deadline in words": {"respond_by": "tomorrow"},
    "a deadline after the end of time": {"respond_by": 10**18},
    "a deadline before the beginning": {"respond_by": -(10**18)},
    "no deadline": {"respond_by": 0},
    "all of it": {name: [] for name in ("id", "amount", "currency", "phase", "respond_by")},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_an_odd_dispute_is_kept_as_far_as_it_can_be_and_asks_for_a_person(shop: Shop, odd: dict[str, Any]) -> None:
    purchase = Purchase.begin(shop)
    payment_id, event_id = purchase.pay(), new_event_id()
    dispute_id = f"disp_{payment_id[4:]}"
    body = event("payment.dispute.created", dispute=dispute_about(payment_id, **({"id": dispute_id} | odd)))
    assert deliver(shop, body, event_id=event_id).status_code == 200
    until(lambda: purchase.issues, "an issue")
    handled = "SELECT attempts FROM webhook_events WHERE id = :id AND handled_at IS NOT NULL"
    assert until(lambda: shop.rows(handled, id=event_id), "it to be done with") == [{"attempts": 1}]
    [dispute] = purchase.buyer.get(f"/orders/{purchase.order_id}").raise_for_status().json()["disputes"]
    whole = {"id": dispute_id, "amount": 47900, "currency": "INR", "phase": "chargeback"}
    nothing = {"id": payment_id, "amount": None, "currency": "", "phase": ""}
    expected = whole | {name: nothing[name] for name in odd if name in nothing}
    if odd.get("phase") == "chargeback " * 1000:
        expected["phase"] = ("chargeback " * 4)[:40]
    assert {name: dispute[name] for name in expected} == expected
    assert (dispute["respond_by"] is None) == ("respond_by" in odd)
    assert (purchase.issues, purchase.status) == (["dispute"], "paid")


def _has_told(purchase: Purchase, times: int) -> bool:
    return purchase.events("attention") + purchase.events("dispute") == times


def test_an_orders_body_shows_its_disputes_and_no_sentence_reads_like_a_code(shop: Shop) -> None:
    purchase = Purchase.begin(shop)
    payment_id = purchase.pay()
    dispute = dispute_about(payment_id, id=f"disp_{payment_id[4:]}")
    for number, stage in enumerate((*SENTENCES, "invented_stage"), start=1):
        assert deliver(shop, event(f"payment.dispute.{stage}", dispute=dispute)).status_code == 200
        until(partial(_has_told, purchase, number), stage)
    body = purchase.buyer.get(f"/orders/{purchase.order_id}").raise_for_status().json()
    [shown] = body["disputes"]
    assert shown | {"respond_by": ...} == {
        "id": dispute["id"],
        "payment_id": payment_id,
        "stage": "invented_stage",
        "phase": "chargeback",
        "amount": 47900,
        "currency": "INR",
        "respond_by": ...,
    }
    assert datetime.fromisoformat(shown["respond_by"]) == datetime.fromtimestamp(1_800_000_000, UTC)
    messages = [told["message"] for told in body["timeline"] if told["kind"] in {"attention", "dispute"}]
    yours = {
        DISPUTED: "Your bank disputes this payment.",
        SENTENCES["lost"]: SENTENCES["lost"].replace("the buyer", "you"),
    }
    assert messages == [yours.get(said, said) for said in (*SENTENCES.values(), DISPUTED)]
    waiting = read_issues(make_merchant(shop, purchase.buyer), purchase.order_id)
    assert waiting == [("dispute", DISPUTED)]
    everything = [told["message"] for told in body["timeline"]] + [message for _, message in waiting]
    assert [message for message in everything if not re.fullmatch(r"[A-Z₹][^_]* [^_]*\.", message)] == []
