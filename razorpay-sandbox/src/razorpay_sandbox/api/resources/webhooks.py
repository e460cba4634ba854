"""Webhook endpoints as the API manages them."""

from typing import Any, Final
from urllib.parse import urlsplit

from razorpay_sandbox.api import listing
from razorpay_sandbox.api.request import ApiRequest
from razorpay_sandbox.core import ids
from razorpay_sandbox.core.errors import invalid, required, unknown_id
from razorpay_sandbox.state.store import Entity
from razorpay_sandbox.webhooks import deliveries
from razorpay_sandbox.webhooks.deliveries import Endpoint
from razorpay_sandbox.webhooks.events import NAMES

_LONGEST_ADDRESS: Final = 254
_SERVICE: Final = "api-test"  # the half of Razorpay that a test key belongs to


def _shown(endpoint: Endpoint, account: str) -> Entity:
    return {
        "id": endpoint.id,
        "entity": "webhook",
        "service": _SERVICE,
        "url": endpoint.url,
        "alert_email": endpoint.alert_email,
        "active": endpoint.active,
        "events": list(NAMES) if endpoint.events is None else endpoint.events,
        "secret_exists": bool(endpoint.secret),
        "owner_id": ids.derived("acc", account).removeprefix("acc_"),
        "owner_type": "merchant",
        "context": [],
        "created_at": endpoint.created_at,
        "updated_at": endpoint.updated_at,
        "disabled_at": endpoint.disabled_at or 0,
    }


def _url(body: dict[str, Any]) -> str:
    url = body.get("url")
    if not url:
        raise required("url")
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise invalid("The url format is invalid.", "url")
    return url


def _events(body: dict[str, Any]) -> list[str]:
    """Read the subscription, a list of names or an object of switches; names the sandbox never sends are kept."""
    wanted = body.get("events")
    if isinstance(wanted, dict):
        wanted = [name for name, on in wanted.items() if on in (True, 1, "1", "true")]
    if not wanted:
        raise required("events")
    if not isinstance(wanted, list) or not all(isinstance(name, str) and "." in name for name in wanted):
        raise invalid("Invalid event name/names", "events")
    return wanted


def _alert_email(body: dict[str, Any]) -> str | None:
    """Read who would be written to when the endpoint is given up; the sandbox sends no mail."""
    address = body.get("alert_email")
    if address is None or address == "":
        return None
    if not isinstance(address, str) or "@" not in address or len(address) > _LONGEST_ADDRESS:
        raise invalid("The alert email must be a valid email address.", "alert_email")
    return address


def _active(body: dict[str, Any], *, default: bool) -> bool:
    return body.get("active", default) in (True, 1, "1", "true")


def create(request: ApiRequest) -> Entity:
    """Add an endpoint that hears this account's events."""
    body, now = request.body, request.gateway.clock.now()
    endpoint = Endpoint(
        id=deliveries.new_endpoint_id(request.gateway),
        account=request.account,
        url=_url(body),
        secret=str(body.get("secret") or ""),
        events=_events(body),
        active=_active(body, default=True),
        created_at=now,
        updated_at=now,
        disabled_at=None,
        alert_email=_alert_email(body),
    )
    deliveries.keep(request.gateway, endpoint)
    return _shown(endpoint, request.account)


def _mine(request: ApiRequest) -> list[Endpoint]:
    found = deliveries.endpoints(request.gateway)
    return [each for each in reversed(found) if each.account in (None, request.account) and each.url]


def listed(request: ApiRequest) -> Entity:
    """Answer the endpoints that hear this account, newest first."""
    window = listing.window(request)
    page = _mine(request)[window.skip : window.skip + window.count]
    return listing.collection([_shown(each, request.account) for each in page])


def _named(request: ApiRequest) -> Endpoint:
    for endpoint in _mine(request):
        if endpoint.id == request.ids[0]:
            return endpoint
    raise unknown_id()


def fetch(request: ApiRequest) -> Entity:
    """Answer one endpoint."""
    return _shown(_named(request), request.account)


def edit(request: ApiRequest) -> Entity:
    """Change an endpoint; switching it on again also ends its being disabled."""
    endpoint, body = _named(request), request.body
    if "url" in body:
        endpoint.url = _url(body)
    if "events" in body:
        endpoint.events = _events(body)
    if "alert_email" in body:
        endpoint.alert_email = _alert_email(body)
    if body.get("secret"):
        endpoint.secret = str(body["secret"])
    endpoint.active = _active(body, default=endpoint.active)
    endpoint.disabled_at = None if endpoint.active else endpoint.disabled_at
    endpoint.updated_at = request.gateway.clock.now()
    deliveries.keep(request.gateway, endpoint)
    return _shown(endpoint, request.account)
