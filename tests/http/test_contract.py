"""The calls that clients of the API count on, read in its own description; the old ones are gone for good."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.contract import DOCUMENT


def _operations() -> set[str]:
    return {f"{method.upper()} {path}" for path, methods in DOCUMENT["paths"].items() for method in methods}


@pytest.mark.parametrize(
    "operation",
    [
        "POST /api/auth/register",
        "POST /api/auth/login",
        "POST /api/auth/guest",
        "POST /api/auth/forgot",
        "POST /api/auth/accept",
        "POST /api/auth/reset",
        "POST /api/auth/verify",
        "POST /api/auth/code",
        "POST /api/auth/enter-code",
        "POST /api/auth/keep",
        "POST /api/auth/send-verification",
        "POST /api/auth/change-password",
        "POST /api/auth/change-email",
        "GET /api/auth/sessions",
        "DELETE /api/auth/sessions",
        "DELETE /api/auth/sessions/{session_id}",
        "GET /api/auth/export",
        "POST /api/auth/erase",
        "GET /api/auth/factor",
        "POST /api/auth/factor",
        "POST /api/auth/factor/confirm",
        "POST /api/auth/step-up",
        "GET /api/delivery/{pin}",
        "GET /api/addresses",
        "POST /api/addresses",
        "DELETE /api/addresses/{address_id}",
        "GET /api/cart",
        "PUT /api/cart",
        "POST /api/cart/lines",
        "POST /api/cart/from-order",
        "PATCH /api/cart/lines/{line_id}",
        "DELETE /api/cart/lines/{line_id}",
        "GET /api/products",
        "GET /api/products/{id_or_slug}",
        "POST /api/checkout/quote",
        "POST /api/checkout/order",
        "POST /api/checkout/payment",
        "GET /api/orders",
        "GET /api/orders/{order_id}",
        "GET /api/orders/{order_id}/files/{line_id}",
        "GET /api/orders/{order_id}/status",
        "POST /api/orders/{order_id}/link",
        "POST /api/orders/{order_id}/requests",
        "POST /api/webhooks/razorpay",
        "POST /api/complaints",
        "GET /api/merchant/complaints",
        "GET /api/merchant/live",
        "GET /api/merchant/policies",
        "PUT /api/merchant/policies",
        "GET /api/merchant/policies/{kind}",
        "PUT /api/merchant/policies/{kind}",
        "GET /api/merchant/seller",
        "PATCH /api/merchant/seller",
        "POST /api/merchant/seller/logo",
        "GET /api/merchant/zones",
        "POST /api/merchant/zones",
        "PUT /api/merchant/zones/{zone_id}",
        "DELETE /api/merchant/zones/{zone_id}",
        "GET /api/merchant/delivery/{pin}",
        "GET /api/merchant/audit",
        "GET /api/merchant/audit.csv",
        "GET /api/merchant/coupons",
        "POST /api/merchant/coupons",
        "POST /api/merchant/coupons/{code}/end",
        "GET /api/merchant/issues",
        "POST /api/merchant/issues/{issue_id}/outside",
        "POST /api/merchant/issues/{issue_id}/recover",
        "POST /api/merchant/issues/{issue_id}/resolve",
        "GET /api/merchant/today",
        "GET /api/merchant/webhooks",
        "GET /api/merchant/webhooks/{webhook_id}",
        "POST /api/merchant/webhooks/{webhook_id}/handle",
        "GET /api/merchant/people",
        "POST /api/merchant/people",
        "PATCH /api/merchant/people/{user_id}",
        "DELETE /api/merchant/people/{user_id}",
        "POST /api/merchant/people/{user_id}/sign-out",
        "GET /api/merchant/orders",
        "GET /api/merchant/orders.csv",
        "GET /api/merchant/orders/{order_id}",
        "POST /api/merchant/orders/{order_id}/notes",
        "POST /api/merchant/orders/{order_id}/cancel",
        "POST /api/merchant/orders/{order_id}/mails",
        "PUT /api/merchant/orders/{order_id}/address",
        "GET /api/merchant/products",
        "POST /api/merchant/products",
        "GET /api/merchant/products/{product_id}",
        "PATCH /api/merchant/products/{product_id}",
        "GET /api/merchant/products.csv",
        "POST /api/merchant/products/import",
        "POST /api/merchant/products/pictures",
        "POST /api/merchant/products/{product_id}/duplicate",
        "PUT /api/merchant/products/{product_id}/stock",
        "POST /api/merchant/products/{product_id}/file",
        "PUT /api/merchant/products/{product_id}/tax-rate",
        "GET /api/merchant/products/{product_id}/variants",
        "PUT /api/merchant/products/{product_id}/variants",
        "GET /api/merchant/categories",
        "PUT /api/merchant/categories/{slug}/place",
        "PUT /api/merchant/categories/{slug}/name",
        "GET /api/merchant/orders/{order_id}/shipments",
        "POST /api/merchant/orders/{order_id}/shipments",
        "POST /api/merchant/orders/{order_id}/returns",
        "POST /api/merchant/shipments",
        "POST /api/merchant/shipments/{shipment_id}/delivered",
        "POST /api/merchant/refunds",
        "GET /api/merchant/payments/{payment_id}/refundable",
        "GET /api/health",
        "GET /api/health/live",
        "GET /api/health/ready",
    ],
)
def test_what_clients_call_is_there(operation: str) -> None:
    assert operation in _operations()


@pytest.mark.parametrize("gone", ["/api/attention", "/api/refunds", "/standing"])
def test_what_was_renamed_is_gone_under_its_old_name(gone: str) -> None:
    assert [operation for operation in _operations() if f" {gone}" in operation or operation.endswith(gone)] == []


def _described() -> list[tuple[str, Mapping[str, Any]]]:
    return [
        (f"{method.upper()} {path}", told)
        for path, methods in DOCUMENT["paths"].items()
        for method, told in methods.items()
    ]


def test_every_refusal_is_described_as_a_problem() -> None:
    kinds = {
        (operation, status, kind)
        for operation, told in _described()
        for status, answer in told["responses"].items()
        if not status.startswith("2") and not (status == "503" and "/health" in operation)
        for kind in answer["content"]
    }
    assert {kind for _, _, kind in kinds} == {"application/problem+json"}
    assert {operation for operation, status, _ in kinds if status == "default"} == _operations()


def test_who_needs_a_token_is_described_with_what_is_answered_without_one() -> None:
    needed = {
        operation: {*told["responses"]} & {"401", "403"} for operation, told in _described() if "security" in told
    }
    assert needed == {
        "POST /api/auth/keep": {"401"},
        "POST /api/cart/from-order": {"401"},
        "POST /api/checkout/order": {"401"},
        "POST /api/checkout/payment": {"401"},
        "GET /api/orders": {"401"},
        "GET /api/orders/{order_id}": {"401"},
        "GET /api/orders/{order_id}/files/{line_id}": {"401"},
        "GET /api/orders/{order_id}/status": {"401"},
        "POST /api/orders/{order_id}/link": {"401"},
        "POST /api/orders/{order_id}/requests": {"401"},
        "POST /api/webhooks/razorpay": {"401"},
        "POST /api/auth/change-email": {"401", "403"},
        "POST /api/auth/change-password": {"401", "403"},
        "POST /api/auth/erase": {"401", "403"},
        "GET /api/auth/factor": {"401", "403"},
        "POST /api/auth/factor": {"401", "403"},
        "POST /api/auth/factor/confirm": {"401", "403"},
        "POST /api/auth/step-up": {"401", "403"},
        "GET /api/auth/export": {"401", "403"},
        "POST /api/auth/send-verification": {"401", "403"},
        "GET /api/auth/sessions": {"401", "403"},
        "GET /api/merchant/today": {"401", "403"},
        "GET /api/merchant/webhooks": {"401", "403"},
        "GET /api/merchant/webhooks/{webhook_id}": {"401", "403"},
        "POST /api/merchant/webhooks/{webhook_id}/handle": {"401", "403"},
        "GET /api/merchant/people": {"401", "403"},
        "POST /api/merchant/people": {"401", "403"},
        "PATCH /api/merchant/people/{user_id}": {"401", "403"},
        "DELETE /api/merchant/people/{user_id}": {"401", "403"},
        "POST /api/merchant/people/{user_id}/sign-out": {"401", "403"},
        "GET /api/merchant/orders": {"401", "403"},
        "GET /api/merchant/orders.csv": {"401", "403"},
        "GET /api/merchant/orders/{order_id}": {"401", "403"},
        "POST /api/merchant/orders/{order_id}/notes": {"401", "403"},
        "POST /api/merchant/orders/{order_id}/cancel": {"401", "403"},
        "POST /api/merchant/orders/{order_id}/mails": {"401", "403"},
        "PUT /api/merchant/orders/{order_id}/address": {"401", "403"},
        "DELETE /api/auth/sessions": {"401", "403"},
        "DELETE /api/auth/sessions/{session_id}": {"401", "403"},
        "GET /api/addresses": {"401", "403"},
        "POST /api/addresses": {"401", "403"},
        "DELETE /api/addresses/{address_id}": {"401", "403"},
        "GET /api/merchant/live": {"401", "403"},
        "GET /api/merchant/complaints": {"401", "403"},
        "GET /api/merchant/policies": {"401", "403"},
        "PUT /api/merchant/policies": {"401", "403"},
        "GET /api/merchant/policies/{kind}": {"401", "403"},
        "PUT /api/merchant/policies/{kind}": {"401", "403"},
        "GET /api/merchant/seller": {"401", "403"},
        "PATCH /api/merchant/seller": {"401", "403"},
        "GET /api/merchant/zones": {"401", "403"},
        "POST /api/merchant/zones": {"401", "403"},
        "PUT /api/merchant/zones/{zone_id}": {"401", "403"},
        "DELETE /api/merchant/zones/{zone_id}": {"401", "403"},
        "GET /api/merchant/delivery/{pin}": {"401", "403"},
        "GET /api/merchant/audit": {"401", "403"},
        "GET /api/merchant/audit.csv": {"401", "403"},
        "GET /api/merchant/coupons": {"401", "403"},
        "POST /api/merchant/coupons": {"401", "403"},
        "POST /api/merchant/coupons/{code}/end": {"401", "403"},
        "GET /api/merchant/issues": {"401", "403"},
        "POST /api/merchant/issues/{issue_id}/outside": {"401", "403"},
        "POST /api/merchant/issues/{issue_id}/recover": {"401", "403"},
        "POST /api/merchant/issues/{issue_id}/resolve": {"401", "403"},
        "GET /api/merchant/products": {"401", "403"},
        "POST /api/merchant/products": {"401", "403"},
        "GET /api/merchant/products/{product_id}": {"401", "403"},
        "PATCH /api/merchant/products/{product_id}": {"401", "403"},
        "GET /api/merchant/products.csv": {"401", "403"},
        "POST /api/merchant/products/import": {"401", "403"},
        "POST /api/merchant/products/pictures": {"401", "403"},
        "POST /api/merchant/seller/logo": {"401", "403"},
        "POST /api/merchant/products/{product_id}/duplicate": {"401", "403"},
        "PUT /api/merchant/products/{product_id}/stock": {"401", "403"},
        "POST /api/merchant/products/{product_id}/file": {"401", "403"},
        "PUT /api/merchant/products/{product_id}/tax-rate": {"401", "403"},
        "GET /api/merchant/products/{product_id}/variants": {"401", "403"},
        "PUT /api/merchant/products/{product_id}/variants": {"401", "403"},
        "GET /api/merchant/categories": {"401", "403"},
        "PUT /api/merchant/categories/{slug}/place": {"401", "403"},
        "PUT /api/merchant/categories/{slug}/name": {"401", "403"},
        "GET /api/merchant/orders/{order_id}/shipments": {"401", "403"},
        "POST /api/merchant/orders/{order_id}/shipments": {"401", "403"},
        "POST /api/merchant/orders/{order_id}/returns": {"401", "403"},
        "POST /api/merchant/shipments": {"401", "403"},
        "POST /api/merchant/shipments/{shipment_id}/delivered": {"401", "403"},
        "POST /api/merchant/refunds": {"401", "403"},
        "GET /api/merchant/payments/{payment_id}/refundable": {"401", "403"},
    }


@pytest.mark.parametrize(
    "operation",
    ["POST /api/checkout/order", "POST /api/checkout/payment", "POST /api/orders/{order_id}/requests"],
)
def test_what_is_answered_the_second_time_is_described_like_the_first(operation: str) -> None:
    method, path = operation.split()
    responses = DOCUMENT["paths"][path][method.lower()]["responses"]
    assert responses["200"]["content"] == responses["201"]["content"]
