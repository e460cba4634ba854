"""Customers: names and addresses a merchant keeps at the gateway."""

from typing import Any

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import Call
from razorpay_sandbox.core import validation
from razorpay_sandbox.core.errors import invalid
from razorpay_sandbox.state.store import Entity, Record

_TEXTS = ("name", "email", "contact", "gstin")
_LONGEST = 256


def _texts(body: dict[str, Any]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for field in _TEXTS:
        value = body.get(field)
        if value is not None and not isinstance(value, str | int):
            raise invalid(f"The {field} must be a string.", field)
        text = None if value in (None, "") else str(value)
        if text and len(text) > _LONGEST:
            raise invalid(f"The {field} may not be greater than {_LONGEST} characters.", field)
        if field == "email" and text and "@" not in text:
            raise invalid("The email must be a valid email address.", field)
        found[field] = text
    return found


def _same(call: Call, texts: dict[str, str | None]) -> Record | None:
    """Find the customer with the same address and number."""
    if not texts["email"] and not texts["contact"]:
        return None
    for record in call.gateway.store.newest("customer", call.account):
        if (record.entity["email"], record.entity["contact"]) == (texts["email"], texts["contact"]):
            return record
    return None


def create(call: Call) -> Entity:
    """Create a customer; ``fail_existing`` 0 answers the one that exists already instead of refusing."""
    texts = _texts(call.body)
    notes = validation.notes(call.body)
    with call.gateway.store.transaction():
        same = _same(call, texts)
        if same and str(call.body.get("fail_existing", "1")) == "0":
            return same.entity
        if same:
            raise invalid("Customer already exists for the merchant")
        entity: Entity = {
            "id": call.gateway.new_id("customer"),
            "entity": "customer",
            **texts,
            "notes": notes,
            "created_at": call.gateway.clock.now(),
        }
        call.gateway.store.insert(Record("customer", call.account, entity))
    return entity


def fetch(call: Call) -> Entity:
    """Answer one customer."""
    return call.gateway.find("customer", call.ids[0], call.account).entity


def listed(call: Call) -> Entity:
    """Answer an account's customers, newest first."""
    window = listing.window(call)
    found = call.gateway.store.newest("customer", call.account, window.since, window.until)
    return listing.collection([each.entity for each in window.cut(found)])


def edit(call: Call) -> Entity:
    """Change the name, address or number of a customer."""
    with call.gateway.store.transaction():
        customer = call.gateway.find("customer", call.ids[0], call.account)
        customer.entity.update({name: text for name, text in _texts(call.body).items() if name in call.body})
        call.gateway.store.save(customer)
    return customer.entity
