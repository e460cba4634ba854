"""The parts of the benchmark: messages told apart, a gateway that keeps to itself what nobody asked for, the report."""

import pytest

from benchmarks import gateway, hostile, report
from benchmarks.gateway import ORDER_PREFIX, PAYMENT_PREFIX, Ledger
from benchmarks.honest import Bought
from benchmarks.load import Outcome
from benchmarks.report import About, Sample
from benchmarks.wire import first_message, request

ANSWER = b"HTTP/1.1 201 Created\r\nCONTENT-length: 2\r\nX: y\r\n\r\n{}"


def test_a_message_is_known_once_all_of_it_has_come_and_not_before() -> None:
    assert [size for size in range(len(ANSWER) + 1) if first_message(ANSWER[:size])] == [len(ANSWER)]
    message = first_message(ANSWER + b"HTTP/1.1 200 OK")
    assert message is not None
    assert (message.head[9:12], message.body, message.size) == (b"201", b"{}", len(ANSWER))


def test_a_request_says_how_long_its_body_is_and_nothing_of_a_body_it_does_not_have() -> None:
    asked = request("POST", "/v1/orders", {"Host": "gateway"}, "{“}".encode())
    assert first_message(asked) == (asked.partition(b"\r\n\r\n")[0], "{“}".encode(), len(asked))
    assert b"Content" not in request("GET", "/v1/orders", {"Host": "gateway"})


def test_a_body_in_chunks_is_refused_instead_of_misread() -> None:
    with pytest.raises(ValueError, match="in chunks"):
        first_message(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")


def test_the_gateway_lists_a_payment_only_after_it_was_asked_for_by_its_id() -> None:
    ledger = Ledger()
    _, order = gateway.answer(ledger, "POST", "/v1/orders", b'{"amount": 48000, "currency": "INR"}')
    payment_id = PAYMENT_PREFIX + order["id"].removeprefix(ORDER_PREFIX)
    lists = ("/v1/payments?count=100", f"/v1/orders/{order['id']}/payments")
    assert [gateway.answer(ledger, "GET", path, b"")[1]["items"] for path in lists] == [[], []]
    status, payment = gateway.answer(ledger, "GET", f"/v1/payments/{payment_id}?expand[]=card", b"")
    assert (status, payment["status"], payment["amount"], payment["order_id"]) == (200, "captured", 48000, order["id"])
    assert [gateway.answer(ledger, "GET", path, b"")[1]["items"] for path in lists] == [[payment], [payment]]


def test_the_gateway_lists_payments_page_by_page_the_newest_first() -> None:
    ledger, ids = Ledger(), list[str]()
    for _ in range(5):
        _, order = ledger.create({"amount": 48000, "currency": "INR"})
        ids.append(PAYMENT_PREFIX + order["id"].removeprefix(ORDER_PREFIX))
        ledger.payment(ids[-1])
    pages = [gateway.answer(ledger, "GET", f"/v1/payments?count=2&skip={skip}", b"")[1] for skip in (0, 2, 4, 6)]
    assert [[item["id"] for item in page["items"]] for page in pages] == [
        [ids[4], ids[3]],
        [ids[2], ids[1]],
        [ids[0]],
        [],
    ]
    assert gateway.answer(ledger, "GET", "/v1/payments?from=0&to=1", b"")[1]["items"] == []


def test_the_gateway_knows_no_payment_of_an_order_that_it_did_not_make() -> None:
    status, body = gateway.answer(Ledger(), "GET", f"/v1/payments/{PAYMENT_PREFIX}00000000000000", b"")
    assert (status, "does not exist" in body["error"]["description"]) == (400, True)


def test_a_report_takes_medians_and_compares_with_the_floor_and_the_peer_if_there_is_one() -> None:
    about = About("26 Nov 2026", 2, ["Python 3.11.7"], 3, 5, 16, 0.1)
    samples = [
        *(_sample("pay", report.SHOP, cpu) for cpu in (4.0, 9.0, 3.0)),
        _sample("pay", report.FLOOR, 2.0),
        _sample(report.CROWD, report.SHOP, 5.0),
    ]
    alone = report.report(samples, about)
    assert "| pay | shop, PostgreSQL | 4.00 | 2.00 | 100 | 10.0 | 20.0 |" in alone
    assert "| pay | floor | 2.00 | 1.00 | 100 | 10.0 | 20.0 |" in alone
    assert "| shop, PostgreSQL | 100 | 10.0 | 20.0 |" in alone
    assert "to the peer |" not in alone
    assert "quiet" not in alone
    compared = report.report([*samples, _sample("pay", report.PEER, 8.0)], about)
    assert "| pay | shop, PostgreSQL | 4.00 | 2.00 | 0.50 | 100 | 10.0 | 20.0 |" in compared


def test_a_report_says_so_when_the_machine_was_not_quiet() -> None:
    about = About("26 Nov 2026", 2, ["Python 3.11.7"], 3, 5, 16, 4.2)
    assert "not quiet" in report.report([_sample("pay", report.FLOOR, 2.0)], about)


def _sample(scenario: str, server: str, cpu_ms: float) -> Sample:
    return Sample(scenario, server, Outcome(100, cpu_ms, 100.0, 10.0, 20.0))


@pytest.mark.parametrize(
    ("seconds", "failures", "megabytes", "held"),
    [
        (0.29, [], 220, [True, True, True]),
        (0.31, [], 220, [False, True, True]),
        (0.29, ["GET /products: 503"], 220, [True, False, True]),
        (0.29, [], 221, [True, True, False]),
    ],
)
def test_an_attack_that_honest_buyers_notice_is_told_as_such(
    seconds: float, failures: list[str], megabytes: float, held: list[bool]
) -> None:
    quiet, attacked = Bought([0.1] * 20), Bought([0.1] * 18 + [seconds] * 2, failures)
    outcome = hostile.Outcome(quiet, attacked, first=200, last=megabytes, log=0, tally={})
    assert [figure.holds for figure in outcome.figures() if figure.wanted] == held
