"""The gateway's side of a bulk-loaded shop: its orders, payments and refunds, as the gateway's API answers them."""

from typing import Final

from sqlalchemy import text

from razorpay_sandbox.payments.failures import FAILURES
from razorpay_sandbox.state.store import Store
from tests.support.bulk_sql import POSTGRESQL, SQLITE
from tests.support.databases import blocking_engine
from tests.support.shops import KEY_ID

_AT_ONCE: Final = 10_000
_FAILURE: Final = FAILURES["payment_failed"]

_BOOKS: Final = {
    "booked_orders": """
        SELECT theirs.id, theirs.order_id, theirs.amount, request_digest, {seconds} AS created,
            coalesce(tried, 0) AS attempts, coalesce(paid, 0) AS paid
        FROM gateway_orders AS theirs JOIN orders ON orders.id = theirs.order_id
        LEFT JOIN (
            SELECT gateway_order_id, count(*) AS tried, max(CASE status WHEN 'captured' THEN 1 ELSE 0 END) AS paid
            FROM payments GROUP BY gateway_order_id
        ) AS tries ON gateway_order_id = theirs.id
        ORDER BY theirs.created_at
    """,
    "booked_payments": """
        SELECT theirs.id, gateway_order_id, theirs.order_id, theirs.amount, theirs.status = 'failed' AS failed,
            amount_refunded, method, request_digest, email, {seconds} AS created
        FROM payments AS theirs JOIN orders ON orders.id = theirs.order_id ORDER BY theirs.created_at
    """,
    "booked_refunds": """
        SELECT gateway_refund_id AS id, theirs.id AS receipt, payment_id, theirs.amount, reason, method,
            {seconds} AS created
        FROM refunds AS theirs JOIN payments ON payments.id = payment_id ORDER BY theirs.created_at
    """,
}
"""What the gateway has to know of the books, by the table it is copied to."""


def _object(**fields: str) -> str:
    """Write the JSON object that is made of expressions."""
    pairs = ", ".join(f"'{name}', {value}" for name, value in fields.items())
    return f"json_object({pairs})"


_TRUE, _FALSE, _NOTHING = "json('true')", "json('false')", "NULL"
_NOTES: Final = _object(order_id="order_id", quote="request_digest")
_CARD: Final = _object(
    id="'card_' || substr(id, 5)",
    entity="'card'",
    name="''",
    last4="'1007'",
    network="'Visa'",
    type="'credit'",
    issuer="'UTIB'",
    international=_FALSE,
    emi=_FALSE,
    sub_type="'consumer'",
    token_iin=_NOTHING,
)


def _insert(kind: str, parent: str, receipt: str, body: str, hidden: str) -> str:
    return (
        "INSERT INTO entities (id, kind, account, parent, receipt, created_at, body, hidden) SELECT"  # noqa: S608 - our names
        f" id, '{kind}', '{KEY_ID}', {parent}, {receipt}, created, {body}, {hidden} FROM booked_{kind}s"
    )


_ORDERS: Final = _insert(
    "order",
    _NOTHING,
    "order_id",
    _object(
        amount="amount",
        amount_due="amount * (1 - paid)",
        amount_paid="amount * paid",
        attempts="attempts",
        created_at="created",
        currency="'INR'",
        entity="'order'",
        id="id",
        notes=_NOTES,
        offer_id=_NOTHING,
        receipt="order_id",
        status="CASE WHEN paid THEN 'paid' WHEN attempts THEN 'attempted' ELSE 'created' END",
    ),
    _object(
        capture="'automatic'",
        automatic_expiry_period="7200",
        manual_expiry_period=_NOTHING,
        refund_speed="'normal'",
        partial_payment=_FALSE,
        first_payment_min_amount=_NOTHING,
        method=_NOTHING,
    ),
)


def _if_failed(text: str) -> str:
    return f"CASE WHEN failed THEN '{text}' END"


_FEE: Final = "(amount * 2 + 50) / 100"
_TAX: Final = f"CASE WHEN method = 'card' AND amount <= 200000 THEN 0 ELSE ({_FEE} * 18 + 50) / 100 END"
_REFERENCE: Final = "CASE WHEN NOT failed THEN CAST(100000000000 + created AS TEXT) END"
_KEY: Final = f"'{KEY_ID}'"
_UPI: Final = _object(vpa="'success@razorpay'", flow="'collect'")
_PAYMENT: Final = _object(
    id="id",
    entity="'payment'",
    amount="amount",
    currency="'INR'",
    status="CASE WHEN failed THEN 'failed' WHEN amount_refunded = amount THEN 'refunded' ELSE 'captured' END",
    order_id="gateway_order_id",
    invoice_id=_NOTHING,
    international=_FALSE,
    method="method",
    amount_refunded="amount_refunded",
    refund_status="CASE amount_refunded WHEN 0 THEN NULL WHEN amount THEN 'full' ELSE 'partial' END",
    captured=f"CASE WHEN failed THEN {_FALSE} ELSE {_TRUE} END",
    description=_NOTHING,
    card_id="CASE method WHEN 'card' THEN 'card_' || substr(id, 5) END",
    bank="CASE method WHEN 'netbanking' THEN 'HDFC' END",
    wallet=_NOTHING,
    vpa="CASE method WHEN 'upi' THEN 'success@razorpay' END",
    email="email",
    contact="'+919000090000'",
    notes=_NOTES,
    fee=f"CASE WHEN NOT failed THEN {_FEE} + {_TAX} END",
    tax=f"CASE WHEN NOT failed THEN {_TAX} END",
    error_code=_if_failed(_FAILURE.code),
    error_description=_if_failed(_FAILURE.description),
    error_source=_if_failed(_FAILURE.source),
    error_step=_if_failed(_FAILURE.step),
    error_reason=_if_failed(_FAILURE.reason),
    acquirer_data=f"CASE WHEN method = 'card' THEN {_object(auth_code=f'substr({_REFERENCE}, 1, 6)')}"
    f" WHEN method <> 'upi' THEN {_object(bank_transaction_id=_REFERENCE)} WHEN failed THEN {_object(rrn=_NOTHING)}"
    f" ELSE {_object(rrn=_REFERENCE, upi_transaction_id='hex(randomblob(16))')} END",
    created_at="created",
)
_PAYMENTS: Final = _insert(
    "payment",
    "gateway_order_id",
    _NOTHING,
    f"CASE method WHEN 'upi' THEN json_insert({_PAYMENT}, '$.upi', {_UPI}) ELSE {_PAYMENT} END",
    f"CASE WHEN method = 'card' AND failed THEN {_object(key=_KEY, card=_CARD)}"
    f" WHEN method = 'card' THEN {_object(key=_KEY, card=_CARD, captured_at='created')}"
    f" WHEN failed THEN {_object(key=_KEY)} ELSE {_object(key=_KEY, captured_at='created')} END",
)
_REFUNDS: Final = _insert(
    "refund",
    "payment_id",
    "receipt",
    _object(
        id="id",
        entity="'refund'",
        amount="amount",
        currency="'INR'",
        payment_id="payment_id",
        notes=_object(reason="reason"),
        receipt="receipt",
        acquirer_data=f"CASE method WHEN 'card' THEN {_object(arn=_NOTHING)}"
        f" WHEN 'upi' THEN {_object(rrn=_NOTHING)} ELSE {_object(utr=_NOTHING)} END",
        created_at="created",
        batch_id=_NOTHING,
        status="'processed'",
        speed_processed="'normal'",
        speed_requested="'normal'",
    ),
    _object(ends="'processed'"),
)


def fill_gateway(store: Store, database_url: str) -> None:
    """Fill the store of a sandbox that has nothing with what the books of a shop say of the gateway."""
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY"):
        store.rows(f"PRAGMA {pragma}")
    with store.transaction():
        _copy_books(store, database_url)
        for statement in (_ORDERS, _PAYMENTS, _REFUNDS):
            store.rows(statement)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        store.rows(f"PRAGMA {pragma}")


def _copy_books(store: Store, database_url: str) -> None:
    engine = blocking_engine(database_url)
    seconds = (SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL).seconds
    try:
        with engine.connect().execution_options(yield_per=_AT_ONCE) as books:
            for table, query in _BOOKS.items():
                found = books.execute(text(query.format(seconds=seconds.format("theirs.created_at"))))
                names = list(found.keys())
                store.rows(f"CREATE TEMP TABLE {table} ({', '.join(names)})")
                for row in found:
                    store.rows(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", *row)  # noqa: S608 - our names
    finally:
        engine.dispose()
