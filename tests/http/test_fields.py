"""The fields that clients of the API send and are told, read in its own description: these and no others."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.contract import DOCUMENT

_WANTED = {"product_id", "variant_id", "quantity"}


def _fields(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a schema, or of that of its items when it is a list's."""
    if "$ref" in schema:
        return _fields(DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    return _fields(schema["items"]) if "items" in schema else dict(schema["properties"])


def _asked(operation: str) -> dict[str, Any]:
    method, path = operation.split()
    return _fields(DOCUMENT["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"])


def _answered(operation: str) -> dict[str, Any]:
    method, path = operation.split()
    responses = DOCUMENT["paths"][path][method.lower()]["responses"]
    [success] = [answer for status, answer in responses.items() if status.startswith("2")]
    return _fields(success["content"]["application/json"]["schema"])


def test_a_cart_tells_what_it_costs_now_and_what_has_changed_since() -> None:
    cart = _answered("GET /api/cart")
    assert set(cart) == {"version", "lines", "units", "subtotal", "currency"}
    line = {"id", "product_id", "variant_id", "slug", "name", "image_url", "quantity", "unit_amount", "amount"}
    assert set(_fields(cart["lines"])) == line | {"was", "left", "for_sale", "merged"}
    assert set(_fields(_asked("PUT /api/cart")["items"])) == set(_asked("POST /api/cart/lines")) == _WANTED
    assert set(_asked("PATCH /api/cart/lines/{line_id}")) == {"quantity"}


def test_a_product_tells_what_there_is_to_choose() -> None:
    listed = _fields(_answered("GET /api/products")["items"])
    assert set(_answered("GET /api/products/{id_or_slug}")) == {*listed, "options", "variants"}
    variants = _answered("GET /api/products/{id_or_slug}")["variants"]
    assert set(_fields(variants)) == {"id", "sku", "values", "amount", "available"}


def test_an_order_that_is_put_into_the_cart_again_is_told_beside_it_line_by_line() -> None:
    assert set(_asked("POST /api/cart/from-order")) == {"order_id"}
    told = _answered("POST /api/cart/from-order")
    assert set(told) == {*_answered("GET /api/cart"), "wanted"}
    line = {
        "product_id",
        "variant_id",
        "name",
        "ordered",
        "in_cart",
        "for_sale",
        "left",
        "was",
        "unit_amount",
        "is_had",
    }
    assert set(_fields(told["wanted"])) == line


@pytest.mark.parametrize(
    "operation", ["PUT /api/cart", "PATCH /api/cart/lines/{line_id}", "DELETE /api/cart/lines/{line_id}"]
)
def test_who_changes_a_cart_says_which_version(operation: str) -> None:
    method, path = operation.split()
    needed = [given["name"] for given in DOCUMENT["paths"][path][method.lower()]["parameters"] if given["required"]]
    assert "If-Match" in needed


def test_an_order_tells_what_happened_in_messages() -> None:
    order = _answered("GET /api/orders/{order_id}")
    assert {"id", "number", "status", "amount", "currency", "paid_at", "lines", "payments", "refunds"} <= set(order)
    assert set(_fields(order["timeline"])) == {"kind", "message", "at"}
    assert set(_fields(order["files"])) == {"line_id", "name", "media_type", "size", "downloads_left", "link"}
    assert set(_fields(order["disputes"])) == {
        "id",
        "payment_id",
        "stage",
        "phase",
        "amount",
        "currency",
        "respond_by",
    }


def test_a_quote_says_what_it_comes_to_and_why() -> None:
    quote = _answered("POST /api/checkout/quote")
    figures = {"lines", "discount", "delivery", "tax", "total", "currency", "explanation"}
    assert figures | {"quote_id", "expires_at"} == set(quote)
    assert set(_fields(quote["explanation"])) == {"figure", "amount", "message"}


def test_an_order_is_of_a_quote_of_one_product_or_of_several_and_may_say_where_it_goes() -> None:
    asked = {"quote_id", *_WANTED, "items", "coupon", "amount", "address", "firm"}
    assert set(_asked("POST /api/checkout/order")) == asked


def test_a_coupon_is_made_of_what_it_is_told_as() -> None:
    told = _answered("POST /api/merchant/coupons")
    assert set(told) == {*_asked("POST /api/merchant/coupons"), "currency", "used"}
    assert set(told) == set(_fields(_answered("GET /api/merchant/coupons")["items"]))


def test_an_issue_says_what_waits_about_which_order_and_is_resolved_with_a_note() -> None:
    issue = _fields(_answered("GET /api/merchant/issues")["items"])
    assert set(issue) == {
        "id",
        "kind",
        "message",
        "opened_at",
        "order_id",
        "number",
        "status",
        "email",
        "amount",
        "currency",
        "payments",
    }
    resolve = "POST /api/merchant/issues/{issue_id}/resolve"
    assert (set(_asked(resolve)), set(_answered(resolve))) == ({"note"}, {"id", "kind", "note", "resolved_at"})


def test_a_message_of_razorpays_is_listed_without_its_words_and_shown_with_them() -> None:
    listed = set(_fields(_answered("GET /api/merchant/webhooks")["items"]))
    assert listed == {"id", "event", "received_at", "handled_at", "next_try_at", "tries", "whole"}
    assert set(_answered("POST /api/merchant/webhooks/{webhook_id}/handle")) == listed
    assert set(_answered("GET /api/merchant/webhooks/{webhook_id}")) == listed | {"body"}


def test_an_order_that_is_made_again_says_which_it_is() -> None:
    recovered = _answered("POST /api/merchant/issues/{issue_id}/recover")
    assert set(recovered) == {"id", "number", "status", "amount", "currency"}


def test_money_that_went_back_outside_says_by_what_way_and_reference() -> None:
    outside = "POST /api/merchant/issues/{issue_id}/outside"
    said = {"way", "reference"}
    assert set(_asked(outside)) == said
    assert set(_answered(outside)) == said | {"id", "order_id", "payment_id", "amount", "currency"}


def test_a_refund_is_asked_for_with_a_reason_and_may_keep_the_units_off_the_shelf() -> None:
    said = {"payment_id", "amount", "lines", "delivery", "reason", "restock"}
    assert set(_asked("POST /api/merchant/refunds")) == said
    assert set(_answered("POST /api/merchant/refunds")) == said | {"id", "currency", "status", "gateway_refund_id"}


def test_of_a_payment_it_is_told_what_can_go_back_of_each_line() -> None:
    what = "GET /api/merchant/payments/{payment_id}/refundable"
    told = _answered(what)
    assert set(told) == {"payment_id", "order_id", "left", "currency", "lines", "delivery"}
    assert set(_fields(told["lines"])) == {"line_id", "sku", "name", "quantity", "left", "worth"}


def test_of_an_order_it_is_told_what_was_shipped_what_came_back_and_what_is_left() -> None:
    of_order = "/api/merchant/orders/{order_id}"
    sent, shipped = _answered(f"GET {of_order}/shipments"), _answered(f"POST {of_order}/shipments")
    assert set(sent) == {"order_id", "fulfilment_status", "lines", "shipments", "returns"}
    line = {"line_id", "sku", "name", "quantity", "shipped", "returned", "left"}
    assert set(_fields(sent["lines"])) == line
    said = {"carrier", "tracking", "lines"}
    assert set(_asked(f"POST {of_order}/shipments")) == said
    assert set(shipped) == said | {"id", "order_id", "shipped_at", "delivered_at"}
    assert (
        set(shipped)
        == set(_fields(sent["shipments"]))
        == set(_answered("POST /api/merchant/shipments/{shipment_id}/delivered"))
    )
    together = _answered("POST /api/merchant/shipments")
    assert set(_asked("POST /api/merchant/shipments")) == {"order_ids", "carrier"}
    assert set(_fields(together["shipped"])) == set(shipped)
    assert set(_fields(together["refused"])) == {"order_id", "code", "detail"}
    back = _answered(f"POST {of_order}/returns")
    assert set(_asked(f"POST {of_order}/returns")) == {"lines", "restock"}
    assert set(back) == set(_fields(sent["returns"])) == {"id", "order_id", "restock", "returned_at", "lines"}
    own = _fields(_answered("GET /api/orders/{order_id}")["shipments"])
    assert set(own) == set(shipped) - {"order_id"}
    assert set(_fields(own["lines"])) == {"line_id", "name", "quantity"}


def test_a_file_says_under_which_name_its_buyers_get_it() -> None:
    answered = {"id", "product_id", "name", "media_type", "size", "created_at"}
    assert set(_answered("POST /api/merchant/products/{product_id}/file")) == answered


def test_variants_are_said_by_options_and_told_with_what_is_hidden() -> None:
    of_product = "/api/merchant/products/{product_id}/variants"
    said, told = _asked(f"PUT {of_product}"), _answered(f"PUT {of_product}")
    assert set(_fields(said["options"])) == {"name", "values"}
    assert set(_fields(said["variants"])) == {"values", "id", "amount", "stock", "sku", "on_sale"}
    assert set(told) == set(_answered(f"GET {of_product}")) == {"options", "variants"}
    variant = {"id", "values", "on_sale", "sku", "amount", "currency", "stock", "held"}
    assert set(_fields(told["variants"])) == variant


def test_a_category_is_told_by_its_slug_and_how_many_products_it_has() -> None:
    one = "/api/merchant/categories/{slug}"
    told = {"slug", "name", "products", "hidden"}
    assert set(_fields(_answered("GET /api/merchant/categories")["items"])) == told
    assert set(_fields(_answered(f"PUT {one}/place")["items"])) == told
    assert set(_answered(f"PUT {one}/name")) == told
    assert (set(_asked(f"PUT {one}/place")), set(_asked(f"PUT {one}/name"))) == ({"before"}, {"name", "join"})


def test_a_table_of_products_is_answered_with_what_it_changes_and_what_is_wrong_with_it() -> None:
    told = _answered("POST /api/merchant/products/import")
    assert set(told) == {"applied", "digest", "new", "changed", "unchanged", "changes", "problems"}
    assert set(_fields(told["changes"])) == {"row", "name", "is_new", "differences"}
    assert set(_fields(told["problems"])) == {"row", "column", "sentence"}


def test_a_product_is_told_with_everything_that_can_be_said_of_it() -> None:
    said, told = _asked("POST /api/merchant/products"), _answered("POST /api/merchant/products")
    assert set(told) == {*said, "id", "slug", "image_url", "currency", "held", "created_at"}
    one = "/api/merchant/products/{product_id}"
    assert set(_asked(f"PATCH {one}")) == {*said, "variant_id"}
    assert set(_asked(f"PUT {one}/stock")) == {"stock", "why", "seen", "variant_id"}
    for operation in (f"GET {one}", f"PATCH {one}", f"POST {one}/duplicate", f"PUT {one}/stock"):
        assert set(_answered(operation)) == set(told)
    listed = {"id", "slug", "name", "category", "image_url", "on_sale", "sku", "amount", "currency", "stock", "held"}
    assert set(_fields(_answered("GET /api/merchant/products")["items"])) == listed


def test_a_tax_rate_is_said_for_now_or_for_a_day_and_both_are_told() -> None:
    rating = "PUT /api/merchant/products/{product_id}/tax-rate"
    assert (set(_asked(rating)), set(_answered(rating))) == ({"rate", "from_day"}, {"rate", "next_rate", "next_from"})


def test_the_status_of_an_order_is_told_in_sentences() -> None:
    told = {"number", "state", "headline", "message", "next", "final"}
    assert set(_answered("GET /api/orders/{order_id}/status")) == told


def test_who_ends_the_links_to_an_order_is_told_the_new_one() -> None:
    assert set(_answered("POST /api/orders/{order_id}/link")) == {"link"}


def test_a_buyer_asks_for_something_with_a_note_and_is_told_when_they_did() -> None:
    ask = "POST /api/orders/{order_id}/requests"
    assert set(_asked(ask)) == {"kind", "note"}
