"""What the gateway answers is money only when it is exact; what is merely shown never stops money."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from checkout_app.payments.gateway.client import items
from checkout_app.payments.gateway.entities import (
    DisputeEntity,
    DowntimeEntity,
    OrderEntity,
    PaymentEntity,
    RefundEntity,
)
from checkout_app.payments.gateway.errors import Garbled
from checkout_app.payments.statuses import PaymentStatus, RefundStatus, payment_status, refund_status

PAYMENT: dict[str, Any] = {
    "id": "pay_AAAAAAAAAAAAAA",
    "order_id": "order_AAAAAAAAAAAAAA",
    "amount": 48000,
    "currency": "INR",
    "status": "captured",
    "captured": True,
    "amount_refunded": 0,
    "method": "upi",
    "vpa": "asha@bank",
}
REFUND: dict[str, Any] = {
    "id": "rfnd_AAAAAAAAAAAAAA",
    "payment_id": "pay_AAAAAAAAAAAAAA",
    "amount": 100,
    "currency": "INR",
    "status": "processed",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("told", "read"),
    [(0, 0), (1, 1), (2**31 - 1, 2**31 - 1), (2**31, 0), (-1, 0), (True, 0), ("5", 0), (5.0, 0), (None, 0)],
)
def test_a_count_that_is_none_is_nothing_and_keeps_no_money_from_being_read(told: Any, read: int) -> None:
    assert PaymentEntity.read({**PAYMENT, "created_at": told}).created_at == read


@pytest.mark.parametrize(("told", "read"), [(0, 0), (2**31 - 1, 2**31 - 1), (2**31, None), (-1, None), ("0", None)])
def test_what_is_due_is_a_sum_or_not_known(told: Any, read: int | None) -> None:
    order = {"id": "order_AAAAAAAAAAAAAA", "amount": 48000, "currency": "INR", "status": "paid"}
    assert OrderEntity.read({**order, "amount_due": told}).amount_due == read


_NOT_NOTHING: list[Any] = [1, -1, 2**31, None, False, "0", 0.0, []]


@pytest.mark.parametrize(
    ("status", "due", "paid"),
    [
        ("paid", 0, True),
        *(("paid", due, False) for due in _NOT_NOTHING),
        *((status, 0, False) for status in ("attempted", "created", "Paid", "", None, 7)),
    ],
)
def test_an_order_is_paid_when_the_gateway_says_so_and_nothing_is_due(status: Any, due: Any, *, paid: bool) -> None:
    told = {"id": "order_AAAAAAAAAAAAAA", "amount": 48000, "currency": "INR", "status": status, "amount_due": due}
    assert OrderEntity.read(told).is_paid is paid
    del told["amount_due"]
    assert not OrderEntity.read(told).is_paid


@given(JSON)
def test_any_answer_is_read_or_called_garbled_and_nothing_else_happens(answer: Any) -> None:
    for entity in (OrderEntity, PaymentEntity, RefundEntity, DowntimeEntity):
        with pytest.raises(Garbled):
            entity.read(answer)


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": None},
        {"id": 7},
        pytest.param({"id": "pay_\0"}, id="id with a NUL"),
        {"id": "../orders"},
        {"id": "pay_" + "A" * 37},
        {"order_id": 7},
        {"amount": "48000"},
        {"amount": 48000.0},
        {"amount": True},
        {"amount": -1},
        {"amount": 2**31},
        {"amount": None},
        {"currency": "inr"},
        {"currency": ""},
        {"currency": "RS"},
        {"currency": "RUPE"},
        {"status": "unknown"},
        {"status": "CAPTURED"},
        {"status": None},
        {"captured": "true"},
        {"amount_refunded": None},
        {"amount_refunded": -5},
    ],
    ids=repr,
)
def test_a_payment_that_is_not_exact_is_garbled(change: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        PaymentEntity.read(PAYMENT | change)


def test_the_largest_the_smallest_and_the_longest_are_read() -> None:
    longest = "pay_" + "A" * 36
    payment = PaymentEntity.read(PAYMENT | {"id": longest, "amount": 2**31 - 1, "amount_refunded": 0})
    assert (payment.id, payment.amount, PaymentEntity.read(PAYMENT | {"amount": 0}).amount) == (longest, 2**31 - 1, 0)
    assert RefundEntity.read(REFUND | {"amount": 1}).amount == 1


def test_what_a_payment_does_not_say_is_that_nothing_was_taken_or_given_back() -> None:
    payment = PaymentEntity.read(
        {name: PAYMENT[name] for name in ("id", "amount", "currency")} | {"status": "refunded"}
    )
    assert (payment.order_id, payment.amount_refunded, payment_status(payment)) == (None, 0, PaymentStatus.VOIDED)


def test_what_the_gateway_said_cant_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError):
        PaymentEntity.read(PAYMENT).amount = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (PAYMENT | {"status": "unknown", "amount": "1"}, "PaymentEntity: amount, status can't be understood"),
        (PAYMENT | {"order_id": 7}, "PaymentEntity: order_id can't be understood"),
        ([], "PaymentEntity: all of it can't be understood"),
    ],
    ids=repr,
)
def test_what_cant_be_understood_is_named_and_nothing_of_it_is_repeated(answer: Any, words: str) -> None:
    with pytest.raises(Garbled) as garbled:
        PaymentEntity.read(answer)
    assert str(garbled.value) == words


@given(st.fixed_dictionaries(dict.fromkeys(["method", "card", "vpa", "bank", "wallet", "error_reason", "notes"], JSON)))
def test_what_is_only_shown_never_stops_money_and_is_always_printable(shown: dict[str, Any]) -> None:
    payment = PaymentEntity.read(PAYMENT | shown)
    assert (payment.amount, payment_status(payment)) == (48000, PaymentStatus.CAPTURED)
    assert payment.method_detail.isprintable()
    assert payment.error_reason is None or payment.error_reason.isprintable()


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ({"status": "created", "captured": False}, PaymentStatus.CREATED),
        ({"status": "failed", "captured": False}, PaymentStatus.FAILED),
        ({"status": "authorized", "captured": False}, PaymentStatus.AUTHORIZED),
        ({"status": "captured", "captured": True}, PaymentStatus.CAPTURED),
        ({"status": "refunded", "captured": True}, PaymentStatus.CAPTURED),
        ({"status": "refunded", "captured": False}, PaymentStatus.VOIDED),
    ],
)
def test_a_refunded_payment_stays_captured_if_it_ever_was(said: dict[str, Any], standing: PaymentStatus) -> None:
    assert payment_status(PaymentEntity.read(PAYMENT | said)) is standing


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"method": "upi", "vpa": "asha@bank"}, "UPI · asha@bank"),
        ({"method": "upi", "vpa": None}, "UPI"),
        ({"method": "card", "card": {"last4": "1007", "network": "Visa"}}, "Visa ending 1007"),
        ({"method": "card", "card": {"last4": "41111111", "network": "Visa"}}, "Visa ending 1111"),
        ({"method": "card", "card": {"last4": "1007", "network": 7}}, "Card ending 1007"),
        ({"method": "card", "card": {"last4": None}}, "Card"),
        ({"method": "card", "card": []}, "Card"),
        ({"method": "netbanking", "bank": "HDFC"}, "Netbanking · HDFC"),
        ({"method": "netbanking"}, "Netbanking"),
        ({"method": "wallet", "wallet": "payzapp"}, "Wallet · payzapp"),
        ({"method": "wallet"}, "Wallet"),
        ({"method": "bank_transfer"}, "Bank transfer"),
        ({"method": None}, ""),
    ],
)
def test_how_it_was_paid_is_said_in_words(how: dict[str, Any], words: str) -> None:
    assert PaymentEntity.read(PAYMENT | how).method_detail == words


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 0},
        {"amount": 2**31},
        {"amount": "1"},
        {"status": "planned"},
        {"status": ""},
        {"payment_id": None},
        {"id": "a b"},
    ],
    ids=repr,
)
def test_a_refund_that_is_not_exact_is_garbled(change: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        RefundEntity.read(REFUND | change)


@pytest.mark.parametrize(
    ("data", "number"),
    [
        ({"arn": "74332"}, "74332"),
        ({"arn": None, "rrn": 7}, "7"),
        ({"arn": "74332", "rrn": "7"}, "74332"),
        ({"utr": "9" * 200}, "9" * 80),
        pytest.param({"arn": "\0"}, None, id="arn that is a NUL"),
        ([], None),
        (None, None),
        ("arn", None),
    ],
    ids=repr,
)
def test_the_banks_number_is_found_where_there_is_one(data: Any, number: str | None) -> None:
    refund = RefundEntity.read(REFUND | {"acquirer_data": data})
    assert (refund.bank_reference, refund_status(refund)) == (number, RefundStatus.PROCESSED)


@pytest.mark.parametrize(
    "answer", [{}, {"items": None}, {"items": {}}, {"items": 7}, {"items": [7]}, {"items": [{}, None]}], ids=repr
)
def test_a_list_that_is_none_is_garbled_and_an_empty_one_is_empty(answer: dict[str, Any]) -> None:
    with pytest.raises(Garbled, match=r"^a list of entities was expected$"):
        items(answer)
    assert items({"items": []}) == []
    assert OrderEntity.read_each([]) == ([], [])


def test_what_cant_be_understood_in_a_list_is_named_and_keeps_nothing_else_from_being_read() -> None:
    odd = [{}, REFUND | {"amount": 0}, REFUND | {"status": "planned", "currency": "rupees"}]
    good = [REFUND, REFUND | {"id": "rfnd_BBBBBBBBBBBBBB"}]
    entities, garbled = RefundEntity.read_each([odd[0], good[0], odd[1], odd[2], good[1]])
    assert [entity.id for entity in entities] == ["rfnd_AAAAAAAAAAAAAA", "rfnd_BBBBBBBBBBBBBB"]
    assert [str(each) for each in garbled] == [
        "RefundEntity: amount, currency, id, payment_id, status can't be understood",
        "RefundEntity: amount can't be understood",
        "RefundEntity: currency, status can't be understood",
    ]


@given(st.dictionaries(st.sampled_from(["id", "amount", "currency", "phase", "respond_by", "reason_code"]), JSON))
def test_a_dispute_is_read_as_far_as_it_can_be_whatever_it_says(said: dict[str, Any]) -> None:
    dispute = DisputeEntity.read_leniently(said)
    assert dispute.phase is None or dispute.phase.isprintable()


def test_what_is_odd_about_a_dispute_takes_nothing_else_from_it() -> None:
    said: dict[str, Any] = {
        "id": "disp_AAAAAAAAAAAAAA",
        "amount": 48000,
        "currency": "INR",
        "phase": "chargeback",
        "respond_by": 1_800_000_000,
    }
    whole = DisputeEntity.read_leniently(said)
    assert whole.model_dump() == said
    for name, odd in {"id": "a b", "amount": "48000", "currency": 7, "phase": ["x"], "respond_by": 2**31}.items():
        assert DisputeEntity.read_leniently(said | {name: odd}).model_dump() == said | {name: None}


@given(st.fixed_dictionaries({"method": JSON, "instrument": JSON}))
def test_a_downtime_names_what_it_is_about_as_far_as_that_can_be_printed(said: dict[str, Any]) -> None:
    downtime = DowntimeEntity.read({"id": "down_AAAAAAAAAAAAAA"} | said)
    assert (downtime.begin, downtime.end) == (0, None)
    assert downtime.instrument_name.isprintable()
    assert downtime.method is None or downtime.method.isprintable()
