"""The console's pages: what happened to the money, and what a test may do to it."""

import json
from dataclasses import asdict
from typing import Final

from razorpay_sandbox.console.markup import (
    Html,
    amount,
    call,
    chip,
    choice,
    code,
    el,
    field,
    form,
    inside,
    moment,
    table,
)
from razorpay_sandbox.state import fault_rules
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record
from razorpay_sandbox.test_api import ledger
from razorpay_sandbox.webhooks import deliveries

_SHOWN: Final = 50


def _money(entity: Entity) -> Html:
    return el("span", amount(entity["amount"], entity["currency"]), class_="money")


def _order_link(gateway: Gateway, order_id: str | None) -> Html | None:
    if order_id is None:
        return None
    return el("a", code(order_id), href=f"{gateway.config.base_path}/console/orders/{order_id}")


def _latest(gateway: Gateway, kind: str) -> list[Record]:
    return gateway.store.latest(kind, _SHOWN)


def _totals(gateway: Gateway) -> Html:
    totals = ledger.write(gateway, {})["totals"]
    shown = (
        ("Captured", totals["captured"]),
        ("Refunded", totals["refunded"]),
        ("Kept", totals["net"]),
        ("Awaiting capture", totals["authorized"]),
    )
    items = [el("div", el("dt", name), el("dd", amount(value, "INR"))) for name, value in shown]
    return el("dl", *items, class_="totals")


def orders(gateway: Gateway) -> Html:
    """Show the latest orders, above them what it all adds up to."""
    rows = [
        (
            _order_link(gateway, each.id),
            each.entity["receipt"] or "—",
            _money(each.entity),
            chip(each.entity["status"]),
            each.entity["attempts"],
            moment(each.entity["created_at"]),
        )
        for each in _latest(gateway, "order")
    ]
    headings = ("Order", "Receipt", "Amount", "Status", "Attempts", "Created")
    return inside(_totals(gateway), table(headings, rows, "No orders yet. They appear here once a shop creates one."))


def order(gateway: Gateway, record: Record) -> Html:
    """One order with its payments, and what a buyer or a bank could do now."""
    entity = record.entity
    body = {"order_id": record.id}
    buttons = [
        call("POST", "/_test/pay", label, json.dumps({**body, "outcome": outcome}), quiet=outcome != "success")
        for label, outcome in (
            ("Pay", "success"),
            ("Authorise only", "authorized"),
            ("Fail", "failure"),
            ("Cancel", "cancelled"),
            ("Time out, authorise late", "late"),
        )
    ]
    actions = el("p", *buttons, class_="actions") if entity["status"] != "paid" else None
    facts = (
        ("Amount", _money(entity)),
        ("Paid", amount(entity["amount_paid"], entity["currency"])),
        ("Due", amount(entity["amount_due"], entity["currency"])),
        ("Status", chip(entity["status"])),
        ("Receipt", entity["receipt"] or "—"),
        ("Key", code(record.account)),
        ("Created", moment(entity["created_at"])),
    )
    refunds = [
        refund
        for payment in gateway.store.children("payment", record.id)
        for refund in gateway.store.children("refund", payment.id)
    ]
    return inside(
        el("dl", *(el("div", el("dt", name), el("dd", value)) for name, value in facts), class_="facts"),
        actions,
        el("h2", "Payments"),
        _payments(gateway, gateway.store.children("payment", record.id)),
        el("h2", "Refunds") if refunds else None,
        _refunds(refunds) if refunds else None,
        _raw(entity),
    )


def _raw(entity: Entity) -> Html:
    text = json.dumps(entity, indent=2, ensure_ascii=False)
    return el("details", el("summary", "As the API answers it"), el("pre", text))


def _payments(gateway: Gateway, records: list[Record]) -> Html:
    rows = []
    for each in records:
        entity = each.entity
        says = None
        if entity["status"] in ("created", "failed"):
            body = json.dumps({"payment_id": each.id, "outcome": "success"})
            says = call("POST", "/_test/conclude", "Bank says yes", body)
        rows.append(
            (
                code(each.id),
                _order_link(gateway, entity["order_id"]),
                entity["method"],
                _money(entity),
                inside(chip(entity["status"]), el("small", entity["error_reason"]) if entity["error_reason"] else None),
                moment(entity["created_at"]),
                says,
            )
        )
    headings = ("Payment", "Order", "Method", "Amount", "Status", "Created", "Bank")
    return table(headings, rows, "No payments yet.")


def payments(gateway: Gateway) -> Html:
    """Show the latest payments."""
    return _payments(gateway, _latest(gateway, "payment"))


def _refunds(records: list[Record]) -> Html:
    rows = []
    for each in records:
        entity = each.entity
        ends = [
            call("POST", "/_test/refund", label, json.dumps({"refund_id": each.id, "status": status}))
            for label, status in (("Process", "processed"), ("Fail", "failed"))
        ]
        rows.append(
            (
                code(each.id),
                code(entity["payment_id"]),
                _money(entity),
                chip(entity["status"]),
                entity["speed_processed"] or "—",
                moment(entity["created_at"]),
                inside(*ends) if entity["status"] == "pending" else None,
            )
        )
    return table(("Refund", "Payment", "Amount", "Status", "Speed", "Created", "Bank"), rows, "No refunds yet.")


def refunds(gateway: Gateway) -> Html:
    """Show the latest refunds."""
    return _refunds(_latest(gateway, "refund"))


def _answers(answers: list[Entity]) -> Html:
    lines = [f"{each['status'] or 'no answer'} after {each['seconds']} s  {each['answer']}" for each in answers]
    return el("pre", "\n".join(lines) or "Nothing came back yet.")


def _delivery(each: Entity) -> Html:
    text = json.dumps(json.loads(each["body"]), indent=2, ensure_ascii=False)
    again = call("POST", "/_test/webhooks/replay", "Send again", json.dumps({"event_id": each["event_id"]}))
    summary = el(
        "summary",
        el("strong", each["event"]),
        chip(each["status"]),
        el("small", f"{each['attempts']} sent"),
        moment(each["created_at"]),
    )
    told = [el("h3", "Answers"), _answers(each["answers"]), el("h3", "Body"), el("pre", text)]
    where = el("p", code(each["event_id"]), " to ", code(each["url"] or "a removed endpoint"))
    return el("details", summary, where, *told, el("p", again))


def webhooks(gateway: Gateway) -> Html:
    """Show the endpoint, what goes wrong on the way, and the latest deliveries with bodies and answers."""
    policy = gateway.carrier.policy
    configured = deliveries.configured(gateway)
    rest = [
        (code(each.url), ", ".join(each.events or []), chip("active" if each.active else "stopped"))
        for each in deliveries.endpoints(gateway)
        if each.id != configured.id
    ]
    stopped = el(
        "p", "The endpoint was given up after a day without an answer. Saving enables it again.", class_="note"
    )
    setup = form(
        "PUT",
        "/_test/webhooks",
        "Save",
        field("Endpoint", "endpoint", "text", configured.url, placeholder="http://127.0.0.1:3000/…"),
        field("Secret (empty: as it is)", "secret", "text"),
        field("Drop (share)", "drop", "number", policy.drop, min=0, max=1),
        field("Duplicate (share or copies)", "duplicate", "number", policy.duplicate, min=0),
        field("Delay (seconds)", "delay", "number", policy.delay, min=0),
        field("Retry factor", "factor", "number", policy.factor, min=0),
        field("Last things first", "reorder", "flag", policy.reorder),
    )
    found = deliveries.summary(gateway, _SHOWN)
    listed = (
        el("div", *map(_delivery, found), class_="deliveries") if found else el("p", "No events yet.", class_="empty")
    )
    return inside(
        None if configured.active else stopped,
        setup,
        table(("Endpoint added through the API", "Events", "Status"), rest, "") if rest else None,
        el("h2", "Deliveries"),
        listed,
    )


def faults_page(gateway: Gateway) -> Html:
    """Show the faults in force and a form for one more."""
    rows = [
        (
            rule.kind,
            inside(code(rule.method), " ", code(rule.path)),
            f"{rule.rate:.0%}",
            "—" if rule.count is None else rule.count,
            rule.hits,
        )
        for rule in gateway.faults.rules
    ]
    in_force = json.dumps([asdict(rule) for rule in gateway.faults.rules])
    return inside(
        table(("Fault", "Calls", "Rate", "At most", "Hits"), rows, "Everything works. Order some trouble below."),
        el("p", call("PUT", "/_test/faults", "End all faults", "[]"), class_="actions") if rows else None,
        el("h2", "Add a fault"),
        el("div", hidden=True, id="rules", data_rules=in_force),
        form(
            "PUT",
            "/_test/faults",
            "Add",
            choice("Kind", "kind", fault_rules.KINDS),
            choice("Method", "method", ("*", "GET", "POST", "PATCH", "PUT")),
            field("Path", "path", "text", "/v1/orders"),
            field("Rate", "rate", "number", 1, min=0, max=1),
            field("At most (empty: always)", "count", "number", None, min=0),
            field("Seconds (latency)", "seconds", "number", 1, min=0),
            shape="rules",
        ),
    )


def _ahead(offset: float) -> str:
    return f"{offset:+,.0f} seconds from real time" if offset else "which is the real time"


def clock(gateway: Gateway) -> Html:
    """Show the time, ways to move it, the account's settings, and a clean slate."""
    offset = gateway.clock.offset
    jumps = [
        call("PUT", "/_test/clock", label, json.dumps({"offset": offset + seconds}))
        for label, seconds in (("+10 minutes", 600), ("+1 hour", 3600), ("+1 day", 86_400), ("+3 days", 259_200))
    ]
    back = call("PUT", "/_test/clock", "Back to now", '{"offset":0}')
    account = gateway.settings
    return inside(
        el("p", "It is ", moment(gateway.clock.now()), f", {_ahead(offset)}.", class_="lead"),
        el("p", *jumps, back, class_="actions"),
        el("h2", "Account"),
        form(
            "PUT",
            "/_test/switches",
            "Save",
            field("Capture automatically", "auto_capture", "flag", account.auto_capture),
            field("Receipts must be unique", "unique_receipts", "flag", account.unique_receipts),
            field("Refuse unknown fields", "strict_fields", "flag", account.strict_fields),
            choice("Refunds end", "refunds", ("processed", "pending", "failed", "no_balance"), account.refunds),
        ),
        el("h2", "Clean slate"),
        el("p", "Forgets every order, payment, refund, event and fault, and puts the clock back.", class_="lead"),
        call("DELETE", "/_test/data", "Forget everything", sure="Forget every order, payment and refund?"),
    )
