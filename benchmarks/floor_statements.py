"""What the floor says to PostgreSQL: the shop's work on its tables in as few statements as hold it."""

PRODUCTS = """
SELECT p.id, slug, name, description, image, amount, currency, on_hand - held AS available, category, digital
FROM products p JOIN variants v ON v.product_id = p.id AND v.position = 1
WHERE p.on_sale ORDER BY p.position, p.id LIMIT $1
"""

PRODUCT = """
SELECT p.id, slug, name, description, image, amount, currency, on_hand - held AS available, category, digital
FROM products p JOIN variants v ON v.product_id = p.id AND v.position = 1
WHERE p.on_sale AND (p.id = $1 OR slug = $1)
"""

ENTER = """
WITH guest AS (
    INSERT INTO users (created_at, id, email, name, role) VALUES ($1, $2, $3, $4, 'guest') RETURNING id
)
INSERT INTO sessions (created_at, id, user_id, expires_at) SELECT $1, $5, id, $6 FROM guest
"""

ORDERS = """
SELECT o.id, state, payment_status, amount, currency, o.created_at, paid_at, o.expires_at
FROM orders o JOIN sessions s ON s.user_id = o.buyer_id
WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3
ORDER BY o.id DESC LIMIT $4
"""

PLACE = """
WITH buyer AS (
    SELECT u.id, u.email, u.name FROM users u JOIN sessions s ON s.user_id = u.id
    WHERE s.id = $3 AND u.id = $4 AND s.revoked_at IS NULL AND s.expires_at > $1
), seller AS (
    SELECT coalesce((SELECT tax_scheme FROM sellers WHERE id = 'seller'), 'regular') AS tax_scheme
), offer AS (
    SELECT p.id AS product_id, slug, name, image, v.id AS variant_id, sku, amount, currency, hsn, tax_scheme,
        CASE tax_scheme WHEN 'regular' THEN tax_rate ELSE 0 END AS tax_rate
    FROM products p JOIN variants v ON v.product_id = p.id AND v.position = 1 CROSS JOIN seller
    WHERE p.on_sale AND (p.id = $5 OR slug = $5)
), held AS (
    UPDATE variants SET held = held + 1 FROM offer, buyer
    WHERE variants.id = offer.variant_id AND (on_hand IS NULL OR on_hand - held >= 1)
    RETURNING variants.id
), taxed AS (
    SELECT offer.*,
        ((2 * offer.amount::bigint * tax_rate + 10000 + tax_rate) / (2 * (10000 + tax_rate)))::integer AS tax
    FROM offer JOIN held ON held.id = offer.variant_id
), placed AS (
    INSERT INTO orders (created_at, id, number, buyer_id, email, name, state, payment_status, fulfilment_status, stock,
        subtotal, discount, delivery, tax, amount, currency, tax_scheme, idempotency_key, request_digest, expires_at,
        updated_at, opening_until, due_at, attempts)
    SELECT $1, $2, $6, buyer.id, buyer.email, buyer.name, 'open', 'unpaid', 'unfulfilled', 'held',
        amount, 0, 0, tax, amount, currency, tax_scheme, $2, $7, $1 + interval '15 minutes',
        $1, $1 + interval '15 seconds', $1 + interval '1 minute', 0
    FROM buyer, taxed
    RETURNING buyer_id, amount, currency, expires_at
), line AS (
    INSERT INTO order_lines (created_at, id, order_id, position, product_id, variant_id, sku, slug, name, image,
        quantity, unit_amount, amount, discount, delivery, taxable, tax_rate, cgst, sgst, igst, hsn)
    SELECT $1, $8, $2, 1, product_id, variant_id, sku, slug, name, image,
        1, amount, amount, 0, 0, amount - tax, tax_rate, tax / 2, tax - tax / 2, 0, hsn
    FROM taxed
), told AS (
    INSERT INTO events (created_at, id, subject, subject_id, kind, data, actor, actor_id)
    SELECT $1, $9, 'order', $2, 'created', '{}', 'buyer', buyer_id FROM placed
)
SELECT amount, currency, expires_at FROM placed
"""

OPENED = """
INSERT INTO gateway_orders (created_at, id, order_id, amount, currency, key_id) VALUES ($1, $2, $3, $4, $5, $6)
"""

OWN_ORDER = """
SELECT o.id FROM gateway_orders g JOIN orders o ON o.id = g.order_id JOIN sessions s ON s.user_id = o.buyer_id
WHERE g.id = $1 AND s.id = $2 AND s.user_id = $3 AND s.revoked_at IS NULL AND s.expires_at > $4
"""

SETTLE = """
WITH paid AS (
    UPDATE orders SET payment_status = 'paid', stock = 'sold', paid_at = $1, updated_at = $1,
        due_at = $1::timestamptz + interval '1 minute'
    WHERE id = $2 AND state = 'open' AND payment_status IN ('unpaid', 'confirming') AND stock = 'held'
        AND amount = $5 AND currency = $6
    RETURNING id
), units AS (
    SELECT variant_id, sum(quantity) AS number FROM order_lines JOIN paid ON paid.id = order_id GROUP BY variant_id
), sold AS (
    UPDATE variants SET held = held - number, on_hand = on_hand - number FROM units WHERE variants.id = variant_id
), kept AS (
    INSERT INTO payments (created_at, id, order_id, gateway_order_id, amount, currency, status, purpose,
        amount_refunded, method, method_detail, captured_at, updated_at)
    SELECT $1, $3, id, $4, $5, $6, 'captured', 'order', 0, $7, $8, $1, $1 FROM paid
), allocated AS (
    INSERT INTO payment_allocations (created_at, order_id, payment_id) SELECT $1, id, $3 FROM paid
), told AS (
    INSERT INTO events (created_at, id, subject, subject_id, kind, data, actor)
    SELECT $1, $9, 'order', id, 'paid', $10::json, 'gateway' FROM paid
)
SELECT id FROM paid
"""
