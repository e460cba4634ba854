"""Where webhooks go, what goes wrong on the way, and the latest deliveries with bodies and answers."""

import json

import htpy as h

from razorpay_sandbox.console.elements import call, flag, form, number, table, text
from razorpay_sandbox.console.pages import LATEST
from razorpay_sandbox.console.text import chip, moment
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity
from razorpay_sandbox.webhooks import deliveries


def _answers(answers: list[Entity]) -> h.Element:
    lines = [f"{each['status'] or 'no answer'} after {each['seconds']} s  {each['answer']}" for each in answers]
    return h.pre["\n".join(lines) or "Nothing came back yet."]


def _delivery(each: Entity) -> h.Element:
    body = json.dumps(json.loads(each["body"]), indent=2, ensure_ascii=False)
    return h.details(data_key=f"delivery {each['id']}")[
        h.summary[
            h.strong[each["event"]],
            chip(each["status"]),
            h.small[f"{each['attempts']} sent"],
            moment(each["created_at"]),
        ],
        h.p[h.code[each["event_id"]], " to ", h.code[each["url"] or "a removed endpoint"]],
        h.h3["Answers"],
        _answers(each["answers"]),
        h.h3["Body"],
        h.pre[body],
        h.p[call("POST", "/_test/webhooks/replay", "Send again", {"event_id": each["event_id"]})],
    ]


def _setup(gateway: Gateway, endpoint: deliveries.Endpoint) -> h.Element:
    policy = gateway.carrier.policy
    return form(
        "Save",
        "PUT",
        "/_test/webhooks",
        text("Endpoint", "endpoint", endpoint.url, placeholder="http://127.0.0.1:3000/…", inputmode="url"),
        text("New secret (empty: as it is)", "secret"),
        number("Drop (share)", "drop", policy.drop, most=1),
        number("Duplicate (share or copies)", "duplicate", policy.duplicate),
        number("Delay (seconds)", "delay", policy.delay),
        number("Retry factor", "factor", policy.factor),
        flag("Last things first", "reorder", on=policy.reorder),
    )


def content(gateway: Gateway) -> h.Node:
    """Show endpoints and deliveries."""
    configured = deliveries.configured(gateway)
    added = [
        (each.id, (h.code[each.url], ", ".join(each.events or []), chip("active" if each.active else "stopped")))
        for each in deliveries.endpoints(gateway)
        if each.id != configured.id
    ]
    stopped = h.p(".note", data_key="stopped")[
        "The endpoint was given up after a day without an answer. Saving enables it again."
    ]
    found = [_delivery(each) for each in deliveries.summary(gateway, LATEST)]
    return [
        None if configured.active else stopped,
        _setup(gateway, configured),
        table("Added endpoints", ("Endpoint added through the API", "Events", "Status"), added, "") if added else None,
        h.h2(data_key="deliveries heading")["Deliveries"],
        h.div(".deliveries", data_key="deliveries")[found]
        if found
        else h.p(".empty", data_key="no deliveries")["No events yet."],
    ]
