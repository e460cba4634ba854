"""The API's map: which method and path is answered by which handler."""

import re
from typing import Final

from razorpay_sandbox.api.request import Handler
from razorpay_sandbox.api.resources import (
    cards,
    customers,
    disputes,
    downtimes,
    methods,
    orders,
    payments,
    refunds,
    settlements,
    webhooks,
)

_TABLE: Final[tuple[tuple[str, str, Handler], ...]] = (
    ("POST", "/v1/orders", orders.create),
    ("GET", "/v1/orders", orders.listed),
    ("GET", "/v1/orders/{}", orders.fetch),
    ("PATCH", "/v1/orders/{}", orders.edit),
    ("GET", "/v1/orders/{}/payments", orders.payments),
    ("GET", "/v1/payments", payments.listed),
    ("GET", "/v1/payments/downtimes", downtimes.listed),
    ("GET", "/v1/payments/downtimes/{}", downtimes.fetch),
    ("GET", "/v1/payments/{}", payments.fetch),
    ("PATCH", "/v1/payments/{}", payments.edit),
    ("GET", "/v1/payments/{}/card", payments.card),
    ("POST", "/v1/payments/{}/capture", payments.capture),
    ("POST", "/v1/payments/{}/refund", refunds.of_payment),
    ("GET", "/v1/payments/{}/refunds", payments.refunds),
    ("GET", "/v1/payments/{}/refunds/{}", payments.refund),
    ("GET", "/v1/cards/{}", cards.fetch),
    ("POST", "/v1/refunds", refunds.create),
    ("GET", "/v1/refunds", refunds.listed),
    ("GET", "/v1/refunds/{}", refunds.fetch),
    ("PATCH", "/v1/refunds/{}", refunds.edit),
    ("POST", "/v1/customers", customers.create),
    ("GET", "/v1/customers", customers.listed),
    ("GET", "/v1/customers/{}", customers.fetch),
    ("PUT", "/v1/customers/{}", customers.edit),
    ("GET", "/v1/disputes", disputes.listed),
    ("GET", "/v1/disputes/{}", disputes.fetch),
    ("GET", "/v1/settlements", settlements.listed),
    ("GET", "/v1/settlements/recon/combined", settlements.report),
    ("GET", "/v1/settlements/{}", settlements.fetch),
    ("POST", "/v1/webhooks", webhooks.create),
    ("GET", "/v1/webhooks", webhooks.listed),
    ("GET", "/v1/webhooks/{}", webhooks.fetch),
    ("PUT", "/v1/webhooks/{}", webhooks.edit),
    ("GET", "/v1/methods", methods.fetch),
    ("GET", "/methods", methods.fetch),
)
PUBLIC: Final[frozenset[Handler]] = frozenset({methods.fetch})


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(template.replace("{}", "([^/]+)"))


_ROUTES: Final = {
    method: [(_pattern(template), handler) for other, template, handler in _TABLE if other == method]
    for method in {row[0] for row in _TABLE}
}


def resolve(method: str, path: str) -> tuple[Handler, tuple[str, ...]] | None:
    """Find the handler of a request and the variable parts of its path; earlier rows win."""
    for pattern, handler in _ROUTES.get(method, ()):
        found = pattern.fullmatch(path)
        if found:
            return handler, found.groups()
    return None
