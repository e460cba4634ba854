"""Customers: names and addresses a merchant keeps at the gateway."""

from typing import Any

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import ApiRequest
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


def _same(request: ApiRequest, texts: dict[str, str | None]) -> Record | None:
    """Find the customer with the same address and number."""
    if not texts["email"] and not texts["contact"]:
        return None
    for record in request.gateway.store.newest("customer", request.account):
        if (record.entity["email"], record.entity["contact"]) == (texts["email"], texts["contact"]):
            return record
    return None


def create(request: ApiRequest) -> Entity:
    """Create a customer; ``fail_existing`` 0 answers the one that exists already instead of refusing."""
    texts = _texts(request.body)
    notes = validation.notes(request.body)
    with request.gateway.store.transaction():
        same = _same(request, texts)
        if same and str(request.body.get("fail_existing", "1")) == "0":
            return same.entity
        if same:
            raise invalid("Customer already exists for the merchant")
        entity: Entity = {
            "id": request.gateway.new_id("customer"),
            "entity": "customer",
            **texts,
            "notes": notes,
            "created_at": request.gateway.clock.now(),
        }
        request.gateway.store.insert(Record("customer", request.account, entity))
    return entity


def fetch(request: ApiRequest) -> Entity:
    """Answer one customer."""
    return request.gateway.find("customer", request.ids[0], request.account).entity


def listed(request: ApiRequest) -> Entity:
    """Answer an account's customers, newest first."""
    window = listing.window(request)
    found = request.gateway.store.newest("customer", request.account, window.since, window.until)
    return listing.collection([each.entity for each in window.cut(found)])


def edit(request: ApiRequest) -> Entity:
    """Change the name, address or number of a customer."""
    with request.gateway.store.transaction():
        customer = request.gateway.find("customer", request.ids[0], request.account)
        customer.entity.update({name: text for name, text in _texts(request.body).items() if name in request.body})
        request.gateway.store.save(customer)
    return customer.entity
