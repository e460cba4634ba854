"""Refusals and their wording: the one place that knows Razorpay's error envelopes.

An envelope is ``{"error": {"code", "description", "source", "step", "reason", "metadata"[, "field"]}}``. Refusals of
input speak of ``business``/``payment_initiation``; those that concern no payment say ``NA``.
"""

from typing import Any, Final

BAD_REQUEST: Final = "BAD_REQUEST_ERROR"
GATEWAY: Final = "GATEWAY_ERROR"
SERVER: Final = "SERVER_ERROR"


class GatewayError(Exception):
    """A refusal as the wire carries it: HTTP status, headers and the error envelope."""

    def __init__(
        self,
        description: str,
        *,
        status: int = 400,
        code: str = BAD_REQUEST,
        field: str | None = None,
        source: str | None = "NA",
        step: str | None = "NA",
        reason: str | None = "NA",
        metadata: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(description)
        self.status = status
        self.headers = headers or {}
        error: dict[str, Any] = {
            "code": code,
            "description": description,
            "source": source,
            "step": step,
            "reason": reason,
            "metadata": metadata or {},
        }
        if field is not None:
            error["field"] = field
        self.envelope: dict[str, Any] = {"error": error}


def invalid(
    description: str,
    field: str | None = None,
    *,
    step: str = "payment_initiation",
    reason: str = "input_validation_failed",
    metadata: dict[str, str] | None = None,
) -> GatewayError:
    """Refuse input that breaks a rule."""
    return GatewayError(description, field=field, source="business", step=step, reason=reason, metadata=metadata)


def required(field: str) -> GatewayError:
    """Refuse input without a mandatory field."""
    return invalid(f"The {field} field is required.", field)


def not_an_integer(field: str) -> GatewayError:
    """Refuse text, fractions and booleans where an integer belongs."""
    return invalid(f"The {field} must be an integer.", field)


def unexpected_field(field: str) -> GatewayError:
    """Refuse a field the call does not take."""
    return invalid(f"{field} is/are not required and should not be sent", field, reason="extra_field_sent")


def unknown_id() -> GatewayError:
    """Refuse an id nobody has, or that belongs to another account."""
    return invalid("The id provided does not exist")


def malformed_id(value: str) -> GatewayError:
    """Refuse an id that cannot exist."""
    return invalid(f"{value} is not a valid id")


def unauthorised() -> GatewayError:
    """Refuse a missing or wrong key pair."""
    return GatewayError("Authentication failed", status=401)


class NotPartOfTheSandbox(GatewayError):
    """A refusal of what Razorpay may well do and the sandbox does not; it is logged for whoever wonders."""

    def __init__(self, description: str, area: str, field: str | None = None) -> None:
        super().__init__(description, field=field)
        self.area = area


def unknown_url(area: str | None = None) -> GatewayError:
    """Refuse a path or method that is not served; one of a known ``area`` of Razorpay's says which."""
    known = f" Not part of the sandbox: {area}." if area else ""
    return NotPartOfTheSandbox(f"The requested URL was not found on the server.{known}", area or "an unknown address")


def not_served(area: str, field: str) -> GatewayError:
    """Refuse a field that orders what the sandbox would not do."""
    return NotPartOfTheSandbox(f"Not part of the sandbox: {area}.", area, field)


def not_found() -> GatewayError:
    """Refuse as something between the shop and the API does that knows no such place."""
    return GatewayError("The requested URL was not found on the server.", status=404)


def too_many_requests(retry_after: int) -> GatewayError:
    """Refuse because of the rate limit."""
    return GatewayError("Too many requests", status=429, headers={"Retry-After": str(retry_after)})


def server_trouble() -> GatewayError:
    """Answer what Razorpay answers when it is in trouble itself."""
    return GatewayError(
        "We are facing some trouble completing your request at the moment. Please try again shortly.",
        status=500,
        code=SERVER,
    )
