"""The faults in force, and a form for one more."""

import htpy as h

from razorpay_sandbox.console.elements import Row, actions, call, choice, form, number, table, text
from razorpay_sandbox.state import fault_rules
from razorpay_sandbox.state.gateway import Gateway

_METHODS = ("*", "GET", "POST", "PATCH", "PUT")


def _row(place: int, rule: fault_rules.Rule) -> Row:
    return f"fault {place}", (
        rule.kind,
        h.code[f"{rule.method} {rule.path}"],
        f"{rule.rate:.0%}",
        "—" if rule.count is None else rule.count,
        rule.hits,
    )


def content(gateway: Gateway) -> h.Node:
    """Show the faults and the form."""
    rows = [_row(place, rule) for place, rule in enumerate(gateway.faults.rules)]
    return [
        table(
            "Faults", ("Fault", "Calls", "Rate", "At most", "Hits"), rows, "Everything works. Order some trouble below."
        ),
        actions(call("PUT", "/_test/faults", "End all faults", {"rules": []})) if rows else None,
        h.h2(data_key="add heading")["Add a fault"],
        form(
            "Add",
            "POST",
            "/console/fault",
            choice("Kind", "kind", fault_rules.KINDS),
            choice("Method", "method", _METHODS),
            text("Path", "path", "/v1/orders"),
            number("Rate", "rate", 1, most=1),
            number("At most (empty: always)", "count"),
            number("Seconds (latency)", "seconds", 1),
        ),
    ]
