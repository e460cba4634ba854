"""Settlements: what was captured, less fees and refunds, on its way to the merchant's bank.

Money is settled when somebody looks, once ``settlement_delay`` has passed since its capture, or when a test says so.
"""

from datetime import datetime
from typing import Any, Final

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.core.errors import required
from razorpay_sandbox.payments import settling
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity, Record, compact

_MOST_ITEMS: Final = 1000


def listed(request: ApiRequest) -> Entity:
    """Answer an account's settlements, newest first."""
    settling.settle(request.gateway, request.account, request.gateway.settings.settlement_delay)
    window = listing.window(request)
    found = request.gateway.store.newest("settlement", request.account, window.since, window.until)
    return listing.collection([each.entity for each in window.cut(found)])


def fetch(request: ApiRequest) -> Entity:
    """Answer one settlement."""
    return request.gateway.find("settlement", request.ids[0], request.account).entity


def _item(gateway: Gateway, record: Record, settlement: Record) -> Entity:
    """One line of the reconciliation: a payment credited or a refund debited."""
    is_payment = record.kind == "payment"
    payment = record if is_payment else gateway.store.get("payment", record.entity["payment_id"]) or record
    order = gateway.store.get("order", payment.parent) if payment.parent else None
    card: dict[str, Any] = payment.hidden.get("card") or {}
    net = settling.net(record)
    return {
        "entity_id": record.id,
        "type": record.kind,
        "debit": max(-net, 0),
        "credit": max(net, 0),
        "amount": record.entity["amount"],
        "currency": record.entity["currency"],
        "fee": record.entity["fee"] if is_payment else 0,
        "tax": record.entity["tax"] if is_payment else 0,
        "on_hold": False,
        "settled": True,
        "created_at": record.entity["created_at"],
        "posted_at": None,
        "credit_type": "default",
        "settled_at": settlement.entity["created_at"],
        "settlement_id": settlement.id,
        "description": record.entity.get("description"),
        "notes": compact(record.entity["notes"]),
        "payment_id": None if is_payment else payment.id,
        "settlement_utr": settlement.entity["utr"],
        "order_id": payment.parent,
        "order_receipt": order.entity["receipt"] if order else None,
        "method": payment.entity["method"],
        "card_network": card.get("network"),
        "card_issuer": card.get("issuer"),
        "card_type": card.get("type"),
        "dispute_id": None,
    }


def _of_day(request: ApiRequest, settlement: Record) -> bool:
    """Say whether a settlement is of the day, or month, that is asked for; days are this machine's."""
    moment = datetime.fromtimestamp(settlement.entity["created_at"]).astimezone()
    day = listing.number(request, "day", 0)
    wanted = (listing.number(request, "year", 0), listing.number(request, "month", 0))
    return (moment.year, moment.month) == wanted and day in (0, moment.day)


def report(request: ApiRequest) -> Entity:
    """Answer the combined reconciliation of a month or a day, newest first."""
    for field in ("year", "month"):
        if request.wanted(field) is None:
            raise required(field)
    gateway = request.gateway
    settling.settle(gateway, request.account, gateway.settings.settlement_delay)
    window = listing.window(request, most=_MOST_ITEMS)
    settled = {each.id: each for each in gateway.store.newest("settlement", request.account) if _of_day(request, each)}
    records = [
        each
        for kind in ("payment", "refund")
        for each in gateway.store.newest(kind, request.account)
        if each.hidden.get("settlement_id") in settled
    ]
    records.sort(key=lambda each: each.seq, reverse=True)
    return listing.collection(
        [_item(gateway, each, settled[each.hidden["settlement_id"]]) for each in window.cut(records)]
    )
