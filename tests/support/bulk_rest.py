"""What a bulk-loaded shop has beside its orders and its money: carts, addresses, coupons, quotes, parcels, mails."""

import json
from typing import Final

from sqlalchemy import Engine

from checkout_app.merchant.orders.chosen import MOST_CHOSEN
from tests.support.zones import somewhere

TO_SEND: Final = f"SELECT id FROM orders WHERE stock = 'sold' ORDER BY id DESC LIMIT {MOST_CHOSEN}"  # noqa: S608 - our figure"""Finds the newest orders that are to be sent, as many as may be chosen together."""

_THE_REST: Final = (
    f"UPDATE orders SET ships_to = '{json.dumps(somewhere().as_kept())}' WHERE id IN ({TO_SEND})",  # noqa: S608
    (
        "INSERT INTO carts (created_at, id, user_id, version, updated_at)"
        " SELECT created_at, id, id, 1, created_at FROM users"
    ),
    (
        "INSERT INTO carts (created_at, id, browser, version, updated_at)"
        " SELECT created_at, 'B' || substr(id, 2), id, 1, created_at FROM users"
    ),
    (
        "INSERT INTO cart_lines (created_at, id, cart_id, variant_id, quantity, unit_amount, merged)"
        " SELECT created_at, id, id, (SELECT min(id) FROM variants), 1, 100, 0 FROM carts"
    ),
    "INSERT INTO addresses (created_at, id, user_id, address) SELECT created_at, id, id, '{}' FROM users",
    (
        "INSERT INTO coupons (created_at, code, kind, value, currency, minimum, starts_at, once, used)"
        " SELECT max(created_at), 'ANY', 'amount', 100, 'INR', 0, max(created_at), FALSE, 0 FROM orders"
    ),
    (
        "INSERT INTO coupons (created_at, code, kind, value, currency, minimum, starts_at, once, used)"
        " SELECT created_at, number, 'amount', 100, 'INR', 0, created_at, FALSE, 0 FROM orders ORDER BY id LIMIT 200"
    ),
    "INSERT INTO coupon_uses (created_at, id, coupon, order_id) SELECT created_at, id, 'ANY', id FROM orders",
    (
        "INSERT INTO quotes (created_at, id, asker, wanted, figures, currency, expires_at)"
        " SELECT created_at, id, buyer_id, '{}', '{}', 'INR', expires_at FROM orders"
    ),
    "UPDATE orders SET quote_id = id WHERE substr(number, 9, 1) = '7'",
    (
        "INSERT INTO refund_parts (created_at, id, refund_id, line_id, units, amount)"
        " SELECT refunds.created_at, refunds.id, refunds.id, order_lines.id, 0, 0"
        " FROM refunds JOIN order_lines ON order_lines.order_id = refunds.order_id AND position = 1"
    ),
    (
        "INSERT INTO shipments"  # noqa: S608
        " (created_at, id, order_id, came_back, carrier, tracking, restock, request_key, request_digest)"
        " SELECT created_at, id, id, FALSE, 'India Post', '', FALSE, 'key', '' FROM orders"
        f" WHERE id NOT IN ({TO_SEND})"
    ),
    (
        "INSERT INTO shipment_lines (created_at, id, shipment_id, line_id, units)"  # noqa: S608
        " SELECT created_at, id, order_id, id, quantity FROM order_lines"
        f" WHERE order_id NOT IN ({TO_SEND})"
    ),
)


def fill_the_rest(engine: Engine) -> None:
    """Fill what would be empty: every payment is followed and told of, everybody has a cart and an address.

    Every order has had a coupon and went in a parcel, but for the newest; some were placed by a quote of many, and each
    refund is of a line.
    """
    with engine.begin() as connection:
        for statement in _THE_REST:
            connection.exec_driver_sql(statement)
        for table in (
            *("carts", "cart_lines", "addresses", "coupon_uses", "quotes", "orders", "refund_parts"),
            *("shipments", "shipment_lines"),
        ):
            connection.exec_driver_sql(f"ANALYZE {table}")
        connection.exec_driver_sql(
            "INSERT INTO mails (created_at, id, event_id, kind, email, attempts, sent_at, failure)"
            " SELECT created_at, id, id, 'receipt', id || '@example.in', 1, created_at, '' FROM events"
            " WHERE kind = 'paid'"
        )
        connection.exec_driver_sql("ANALYZE mails")
        connection.exec_driver_sql(
            "INSERT INTO follow_ups (created_at, id, event_id, follower, attempts, done_at)"
            " SELECT created_at, id, id, 'mail', 1, created_at FROM events WHERE kind = 'paid'"
        )
        connection.exec_driver_sql("ANALYZE follow_ups")
