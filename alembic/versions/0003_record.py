"""The record: three columns for where an order stands, frozen tax, variants, events and issues, work that falls due.

What the old rows say in sentences becomes kinds, ids and integers. What can't be told from them stays empty; a sentence
that no program is known to have written is kept as it is.
"""

import hashlib
import json
import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op
from babel.numbers import get_currency_precision
from ulid import ULID

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

Row = Mapping[str, Any]
_Text = sqlmodel.sql.sqltypes.AutoString
_Moment = sqlmodel.sql.sqltypes.UTCDateTime
_AT_ONCE = 1000


def upgrade() -> None:
    _make_tables()
    _add_columns()
    books = _Books()
    _carry_variants()
    _carry_orders(books)
    _carry_money(books)
    _carry_journal(books)
    _carry_webhooks()
    _finish_columns()


def downgrade() -> None:
    raise RuntimeError(
        "Revision 0003 can't be undone: what it made of sentences, sentences can't be made of again. "
        "Restore the backup that was made before the upgrade."
    )


# --- tables ----------------------------------------------------------------------------------------------------------


def _make_tables() -> None:
    op.create_table(
        "variants",
        sa.Column("created_at", _Moment(), nullable=False),
        sa.Column("id", _Text(length=26), nullable=False),
        sa.Column("product_id", _Text(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", _Text(length=80), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", _Text(length=3), nullable=False),
        sa.Column("tax_rate", sa.Integer(), nullable=False),
        sa.Column("hsn", _Text(length=8), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("on_hand", sa.Integer(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_variants_amount_positive")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_variants_held_not_negative")),
        sa.CheckConstraint("on_hand IS NULL OR on_hand >= held", name=op.f("ck_variants_held_is_there")),
        sa.CheckConstraint("tax_rate >= 0 AND tax_rate <= 10000", name=op.f("ck_variants_tax_rate_in_range")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_variants_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variants")),
        sa.UniqueConstraint("product_id", "position", name=op.f("uq_variants_product_id_position")),
        sa.UniqueConstraint("sku", name=op.f("uq_variants_sku")),
    )
    op.create_table(
        "sellers",
        sa.Column("created_at", _Moment(), nullable=False),
        sa.Column("id", _Text(length=6), nullable=False),
        sa.Column("tax_scheme", _Text(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sellers")),
    )
    op.create_table(
        "events",
        sa.Column("created_at", _Moment(), nullable=False),
        sa.Column("id", _Text(length=26), nullable=False),
        sa.Column("subject", _Text(length=20), nullable=False),
        sa.Column("subject_id", _Text(length=40), nullable=False),
        sa.Column("kind", _Text(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("actor", _Text(length=10), nullable=False),
        sa.Column("actor_id", _Text(length=26), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_subject_subject_id_id", "events", ["subject", "subject_id", "id"])
    op.create_table(
        "follow_ups",
        sa.Column("due_at", _Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", _Moment(), nullable=False),
        sa.Column("id", _Text(length=26), nullable=False),
        sa.Column("event_id", _Text(), nullable=False),
        sa.Column("follower", _Text(length=40), nullable=False),
        sa.Column("done_at", _Moment(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_follow_ups_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("event_id", "follower", name=op.f("uq_follow_ups_event_id_follower")),
    )
    op.create_index(op.f("ix_follow_ups_due_at"), "follow_ups", ["due_at"])
    op.create_table(
        "issues",
        sa.Column("created_at", _Moment(), nullable=False),
        sa.Column("id", _Text(length=26), nullable=False),
        sa.Column("kind", _Text(length=40), nullable=False),
        sa.Column("subject", _Text(length=20), nullable=False),
        sa.Column("subject_id", _Text(length=40), nullable=False),
        sa.Column("about", _Text(length=40), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("detail", _Text(length=300), nullable=False),
        sa.Column("resolved_at", _Moment(), nullable=True),
        sa.Column("resolved_by", _Text(length=26), nullable=True),
        sa.Column("note", _Text(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
    )
    op.create_index("ix_issues_subject_id_id", "issues", ["subject_id", "id"])
    op.create_index(
        "uq_issues_open",
        "issues",
        ["subject", "subject_id", "kind", "about"],
        unique=True,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "disputes",
        sa.Column("created_at", _Moment(), nullable=False),
        sa.Column("id", _Text(length=40), nullable=False),
        sa.Column("payment_id", _Text(), nullable=False),
        sa.Column("order_id", _Text(), nullable=False),
        sa.Column("stage", _Text(length=40), nullable=False),
        sa.Column("phase", _Text(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("currency", _Text(length=3), nullable=False),
        sa.Column("respond_by", _Moment(), nullable=True),
        sa.Column("updated_at", _Moment(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_disputes_order_id_orders")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_disputes_payment_id_payments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index(op.f("ix_disputes_order_id"), "disputes", ["order_id"])
    op.create_index(op.f("ix_disputes_payment_id"), "disputes", ["payment_id"])
    op.create_table(
        "payment_allocations",
        sa.Column("created_at", _Moment(), nullable=False),
        sa.Column("order_id", _Text(), nullable=False),
        sa.Column("payment_id", _Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_allocations_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_payment_allocations_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_payment_allocations")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_allocations_payment_id")),
    )


_NEW: Mapping[str, Mapping[str, sa.types.TypeEngine[Any]]] = {
    "orders": {
        "attempts": sa.Integer(),
        "number": _Text(length=12),
        "state": _Text(length=10),
        "payment_status": _Text(length=20),
        "fulfilment_status": _Text(length=15),
        "subtotal": sa.Integer(),
        "discount": sa.Integer(),
        "delivery": sa.Integer(),
        "tax": sa.Integer(),
        "tax_scheme": _Text(length=12),
    },
    "order_lines": {
        "variant_id": _Text(),
        "sku": _Text(length=80),
        "discount": sa.Integer(),
        "delivery": sa.Integer(),
        "taxable": sa.Integer(),
        "tax_rate": sa.Integer(),
        "cgst": sa.Integer(),
        "sgst": sa.Integer(),
        "igst": sa.Integer(),
        "hsn": _Text(length=8),
    },
    "refunds": {"cause": _Text(length=12), "restock": sa.Boolean()},
    "sweeps": {"attempts": sa.Integer()},
    "webhook_events": {"digest": _Text(length=64)},
}
"""Columns that are filled from the old ones and then never empty."""

_DUE = {"orders": "check_at", "refunds": "try_at", "sweeps": "next_at", "webhook_events": "try_at"}
"""What `due_at` was called."""


def _add_columns() -> None:
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for name, type_ in columns.items():
                batch.add_column(sa.Column(name, type_, nullable=True))
            if table in _DUE:
                batch.add_column(sa.Column("due_at", _Moment(), nullable=True))


def _finish_columns() -> None:
    for table in _DUE:
        with op.batch_alter_table(table) as batch:
            if table == "webhook_events":
                batch.drop_index("ix_webhook_events_due")
            if table == "orders":
                batch.drop_index("ix_orders_check_at")
                batch.drop_index("ix_orders_status")
            batch.create_index(batch.f(f"ix_{table}_due_at"), ["due_at"])
            batch.drop_column(_DUE[table])
            for name, type_ in _NEW[table].items():
                batch.alter_column(name, existing_type=type_, nullable=False)
    with op.batch_alter_table("orders") as batch:
        batch.drop_column("status")
        batch.drop_column("attention")
        batch.create_unique_constraint(batch.f("uq_orders_number"), ["number"])
        batch.create_check_constraint(batch.f("ck_orders_amounts_add_up"), "amount = subtotal - discount + delivery")
        unpaid = sa.text("state = 'open' AND payment_status = 'unpaid'")
        batch.create_index(
            "ix_orders_expires_at_unpaid", ["expires_at"], sqlite_where=unpaid, postgresql_where=unpaid
        )
    with op.batch_alter_table("order_lines") as batch:
        batch.drop_column("gst_percent")
        for name, type_ in _NEW["order_lines"].items():
            batch.alter_column(name, existing_type=type_, nullable=False)
        batch.create_foreign_key(batch.f("fk_order_lines_variant_id_variants"), "variants", ["variant_id"], ["id"])
        batch.create_index(batch.f("ix_order_lines_variant_id"), ["variant_id"])
        batch.create_check_constraint(batch.f("ck_order_lines_amount_is_of_units"), "amount = unit_amount * quantity")
        batch.create_check_constraint(
            batch.f("ck_order_lines_tax_adds_up"), "taxable + cgst + sgst + igst = amount - discount + delivery"
        )
    with op.batch_alter_table("webhook_events") as batch:
        batch.create_unique_constraint(batch.f("uq_webhook_events_digest"), ["digest"])
    with op.batch_alter_table("products") as batch:
        for rule in ("amount_positive", "held_not_negative", "held_is_there"):
            batch.drop_constraint(batch.f(f"ck_products_{rule}"), type_="check")
        for name in ("amount", "currency", "gst_percent", "hsn", "on_hand", "held"):
            batch.drop_column(name)
    op.drop_table("order_events")
    op.drop_table("receipts")


# --- what the old rows say -------------------------------------------------------------------------------------------


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def _rows(name: str, *order: str) -> list[Row]:
    table = _table(name)
    return [dict(row) for row in op.get_bind().execute(sa.select(table).order_by(*order)).mappings()]


def _by(rows: Iterable[Row], name: str) -> Mapping[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


def _insert(name: str, rows: Sequence[Row]) -> None:
    table = _table(name)
    for start in range(0, len(rows), _AT_ONCE):
        op.get_bind().execute(table.insert(), [dict(row) for row in rows[start : start + _AT_ONCE]])


def _update(name: str, rows: Sequence[Row]) -> None:
    """Change rows by their `id`; all have the same keys."""
    if rows:
        table = _table(name)
        values = {key: sa.bindparam(f"new_{key}") for key in rows[0] if key != "id"}
        statement = table.update().where(table.c.id == sa.bindparam("old_id")).values(values)
        for start in range(0, len(rows), _AT_ONCE):
            given = [
                {"old_id": row["id"], **{f"new_{key}": value for key, value in row.items() if key != "id"}}
                for row in rows[start : start + _AT_ONCE]
            ]
            op.get_bind().execute(statement, given)


class _Books:
    """The old rows, by the order they belong to."""

    def __init__(self) -> None:
        self.orders = _rows("orders", "created_at", "id")
        self.lines = _by(_rows("order_lines", "order_id", "position"), "order_id")
        self.events = _by(_rows("order_events", "created_at", "id"), "order_id")
        self.payments = _by(_rows("payments", "created_at"), "order_id")
        self.refunds = _by(_rows("refunds", "created_at", "id"), "order_id")
        self.paid_by = {row["order_id"]: row["payment_id"] for row in _rows("receipts", "order_id")}


# --- catalogue and orders --------------------------------------------------------------------------------------------


def _carry_variants() -> None:
    """Each product gets its one variant, under the product's own id."""
    op.execute(
        "INSERT INTO variants (created_at, id, product_id, position, sku, amount, currency, tax_rate, hsn, weight, "
        "on_hand, held) SELECT created_at, id, id, 1, slug, amount, currency, gst_percent * 100, hsn, NULL, on_hand, "
        "held FROM products"
    )


def _carry_orders(books: _Books) -> None:
    products = {row["id"]: row for row in _rows("products", "id")}
    numbers: set[str] = set()
    orders: list[Row] = []
    lines: list[Row] = []
    for order in books.orders:
        of_it = [_line(line, products[line["product_id"]]) for line in books.lines[order["id"]]]
        state, payment_status = _place(order, books.events[order["id"]])
        orders.append(
            {
                "id": order["id"],
                "attempts": 0,
                "due_at": order["check_at"],
                "number": _number(order["id"], numbers),
                "state": state,
                "payment_status": payment_status,
                "fulfilment_status": "unfulfilled",
                "subtotal": order["amount"],
                "discount": 0,
                "delivery": 0,
                "tax": sum(line["cgst"] + line["sgst"] for line in of_it),
                "tax_scheme": "regular",
            }
        )
        lines += of_it
    _update("orders", orders)
    _update("order_lines", lines)


def _line(line: Row, product: Row) -> Row:
    """Write down the tax that receipts have shown: it was inside the price, and sales were taxed in the shop's State."""
    rate, amount = line["gst_percent"] * 100, line["amount"]
    tax = (2 * amount * rate + 10_000 + rate) // (2 * (10_000 + rate))
    return {
        "id": line["id"],
        "variant_id": line["product_id"],
        "sku": product["slug"],
        "discount": 0,
        "delivery": 0,
        "taxable": amount - tax,
        "tax_rate": rate,
        "cgst": tax // 2,
        "sgst": tax - tax // 2,
        "igst": 0,
        "hsn": product["hsn"],
    }


def _number(order_id: str, taken: set[str]) -> str:
    """Keep the number people were told, the end of the id; the later of two orders that had the same gets another."""
    number = f"{order_id[-8:-4]}-{order_id[-4:]}"
    while number in taken:
        drawn = "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(8))
        number = f"{drawn[:4]}-{drawn[4:]}"
    taken.add(number)
    return number


def _place(order: Row, events: Sequence[Row]) -> tuple[str, str]:
    """Tell where an order stands: its state, and whether it is paid."""
    cancelled = any(event["kind"] == "cancelled" for event in events)
    match order["status"]:
        case "created":
            return "open", "unpaid"
        case "confirming":
            return ("expired" if order["stock"] == "released" else "open"), "confirming"
        case "expired" | "cancelled" as ended:
            return ended, "unpaid"
        case status if order["paid_at"] is not None:
            return "open", status
        case status:  # money that came too late, and went back
            return ("cancelled" if cancelled else "expired"), status


# --- money -----------------------------------------------------------------------------------------------------------

_CAUSES = {
    "The order was paid twice, so this payment goes back.": "paid_twice",
    "The order was cancelled before this payment arrived.": "cancelled",
    "Made in the Razorpay dashboard.": "dashboard",
}
_SOLD_OUT = "The payment came after the hold ended."


def _cause(reason: str) -> str | None:
    return "sold_out" if reason.startswith(_SOLD_OUT) else _CAUSES.get(reason)


def _carry_money(books: _Books) -> None:
    _insert(
        "payment_allocations",
        [{**row} for row in _rows("receipts", "order_id")],
    )
    voided = {row["id"] for rows in books.payments.values() for row in rows if row["status"] == "refunded"}
    _update("payments", [{"id": payment_id, "status": "voided"} for payment_id in sorted(voided)])
    _update("refunds", [_refund(row, voided) for rows in books.refunds.values() for row in rows])
    op.execute("UPDATE sweeps SET attempts = 0, due_at = next_at")


def _refund(row: Row, voided: set[str]) -> Row:
    """Tell the shop's own reasons from a person's; nothing that went back earlier puts units on the shelf now."""
    by_a_person = re.match(r"^[0-9A-Z]{26}-", row["request_key"]) is not None
    cause = None if by_a_person else _cause(row["reason"])
    if cause == "dashboard" and row["payment_id"] in voided:
        cause = "voided"
    return {
        "id": row["id"],
        "due_at": row["try_at"],
        "cause": cause or "requested",
        "reason": "" if cause else row["reason"],
        "restock": False,
    }


# --- events and issues -----------------------------------------------------------------------------------------------


def _carry_journal(books: _Books) -> None:
    disputes = _disputes(books)
    _insert("disputes", list(disputes.values()))
    by_order = _by(disputes.values(), "order_id")
    events: list[Row] = []
    issues: list[Row] = []
    for order in books.orders:
        told = _Retelling(books, order, by_order[order["id"]])
        events += [told.event(event) for event in books.events[order["id"]]]
        issues += told.issues
    _insert("events", events)
    _insert("issues", issues)


class _Retelling:
    """The timeline of one order, told again without sentences."""

    def __init__(self, books: _Books, order: Row, disputes: Sequence[Row]) -> None:
        self._order = order
        self._payments = books.payments[order["id"]]
        self._refunds = books.refunds[order["id"]]
        self._paid_by = books.paid_by.get(order["id"])
        self._disputes = disputes
        self._told_refunds: set[str] = set()
        self._returns = iter([row for row in self._refunds if row["request_key"].startswith("return-")])
        self._open: dict[tuple[str, str], dict[str, Any]] = {}
        self.issues: list[dict[str, Any]] = []

    def event(self, old: Row) -> Row:
        """Retell one entry."""
        kind, actor, data = self._retell(old)
        return {
            "created_at": old["created_at"],
            "id": old["id"],
            "subject": "order",
            "subject_id": self._order["id"],
            "kind": kind,
            "data": data,
            "actor": actor,
            "actor_id": self._order["buyer_id"] if actor == "buyer" else None,
        }

    def _retell(self, old: Row) -> tuple[str, str, dict[str, Any]]:
        kind, words = old["kind"], old["words"]
        if kind == "attention":
            return self._opened(old)
        if kind == "decided":
            return "decided", "merchant", {"issue_id": self._resolve(old)}
        if words.endswith("did not reach the buyer."):
            return "return_failed", "gateway", {}
        if kind == "paid" and words.endswith("has been refunded."):
            return "refund_failed", "gateway", {}
        match kind:
            case "created" if words.startswith("The payment did not go through"):
                return "reopened", "gateway", {}
            case "created" | "cancelled":
                return kind, "buyer", {}
            case "expired":
                return ("sold_out" if words.startswith("Its items were sold") else kind), "shop", {}
            case "confirming":
                agreed = {"authorized": 1} if words.startswith("The bank has agreed") else {}
                return kind, "gateway", agreed | self._only_payment()
            case "payment_failed":
                return kind, "gateway", self._only_payment()
            case "paid":
                paid = {"payment_id": self._paid_by} if self._paid_by else {}
                return kind, "gateway", paid | self._money(words)
            case "refunded" if words.startswith("Everything that was paid"):
                return "returned", "gateway", {}
            case "refunded" | "partially_refunded":
                return kind, "gateway", self._money(words)
            case "returning":
                return kind, "shop", self._returning(words)
            case "refund":
                return kind, "gateway", self._refund(words)
        raise RuntimeError(f"Order {self._order['id']} has an event of a kind that nobody wrote: {kind}.")

    def _only_payment(self) -> dict[str, Any]:
        return {"payment_id": self._payments[0]["id"]} if len(self._payments) == 1 else {}

    def _money(self, words: str) -> dict[str, Any]:
        """Read the amount a sentence begins with, in the currency of the order's money."""
        return _amount(words, self._order["currency"])

    def _returning(self, words: str) -> dict[str, Any]:
        refund = next(self._returns, None)
        payment = {"payment_id": refund["payment_id"]} if refund else {}
        return payment | {"cause": _cause(words) or "sold_out"}

    def _refund(self, words: str) -> dict[str, Any]:
        money = self._money(words)
        reason = words.partition(" is on its way back. ")[2]
        for row in self._refunds:
            same = (row["amount"], row["reason"]) == (money.get("amount"), reason)
            if same and row["id"] not in self._told_refunds:
                self._told_refunds.add(row["id"])
                return {"refund_id": row["id"], "amount": row["amount"], "currency": row["currency"]}
        return money

    def _opened(self, old: Row) -> tuple[str, str, dict[str, Any]]:
        """Open the issue that a sentence speaks of, unless it is one more stage of a dispute that waits already."""
        kind, about, data, detail = self._issue(old["words"])
        if (kind, about) in self._open:
            if kind == "dispute":
                self._open[kind, about]["data"] = data
                return "dispute", "gateway", data
            kind, about, data, detail = "other", old["id"], {}, old["words"]
        issue = {
            "created_at": old["created_at"],
            "id": str(ULID.from_datetime(_aware(old["created_at"]))),
            "kind": kind,
            "subject": "order",
            "subject_id": self._order["id"],
            "about": about,
            "data": data,
            "detail": detail,
            "resolved_at": None,
            "resolved_by": None,
            "note": "",
        }
        self._open[kind, about] = issue
        self.issues.append(issue)
        return "attention", "shop", {"issue_id": issue["id"], **data}

    def _resolve(self, old: Row) -> str:
        """Let a decision end everything that waited, as it did; returns the first issue."""
        if not self._open:
            self._opened({**old, "words": ""})
        ended = list(self._open.values())
        for issue in ended:
            issue["resolved_at"], issue["note"] = old["created_at"], old["words"]
        self._open.clear()
        return str(ended[0]["id"])

    def _issue(self, words: str) -> tuple[str, str, dict[str, Any], str]:
        """Tell what a sentence asked a person about: kind, what of the order, data, and what somebody else said."""
        if found := re.fullmatch(r"A payment of (.+) arrived that differs from the order's total\.", words):
            for row in self._payments:
                if row["purpose"] == "attention" and _amount(found[1], row["currency"]).get("amount") == row["amount"]:
                    return "wrong_amount", row["id"], {"amount": row["amount"], "currency": row["currency"]}, ""
        if found := re.fullmatch(r"The refund of (.+) failed at the bank\.", words):
            money = self._money(found[1])
            for row in self._refunds:
                if row["amount"] == money.get("amount") and row["status"] == "failed" and row["failure"] is None:
                    return "refund_failed", row["id"], money, ""
        if found := re.fullmatch(r"Razorpay refuses to refund (.+?): (.*)", words, re.DOTALL):
            money = self._money(found[1])
            for row in self._refunds:
                if row["amount"] == money.get("amount") and (row["failure"] or "").startswith(found[2][:40]):
                    return "refund_refused", row["id"], money, found[2]
        if found := re.fullmatch(r"The buyer's bank disputes this payment: (.+)\.", words):
            about = self._disputes[0]["id"] if len(self._disputes) == 1 else ""
            return "dispute", about, {"stage": found[1].replace(" ", "_")}, ""
        if found := re.fullmatch(r"Razorpay (?:does not|refuses to) tell about this order: (.*)", words, re.DOTALL):
            return "unreadable", "", {}, found[1]
        if words == "A payment has been unconfirmed for more than an hour.":
            return "unconfirmed", "", {}, ""
        return "other", "", {}, words


def _amount(words: str, currency: str) -> dict[str, Any]:
    """Read an amount as people read it, `₹1,49,999.00`, back into minor units; empty when there is none."""
    found = re.match(r"^[^\d]*([\d,]+(?:\.\d+)?)", words)
    if found is None:
        return {}
    value = Decimal(found[1].replace(",", "")).scaleb(get_currency_precision(currency))
    return {"amount": int(value), "currency": currency}


def _disputes(books: _Books) -> Mapping[str, Row]:
    """Gather what webhooks told of disputes about payments of ours, the last word of each."""
    order_of = {row["id"]: order_id for order_id, rows in books.payments.items() for row in rows}
    found: dict[str, Row] = {}
    for webhook, entity in _told_disputes():
        payment_id, dispute_id = entity.get("payment_id"), entity.get("id")
        if payment_id not in order_of or not isinstance(dispute_id, str) or len(dispute_id) > 40:
            continue
        amount, respond_by = entity.get("amount"), entity.get("respond_by")
        found[dispute_id] = {
            "created_at": found.get(dispute_id, webhook)["created_at"],
            "id": dispute_id,
            "payment_id": payment_id,
            "order_id": order_of[payment_id],
            "stage": webhook["event"].removeprefix("payment.dispute.")[:40],
            "phase": str(entity.get("phase") or "")[:40],
            "amount": amount if isinstance(amount, int) else None,
            "currency": str(entity.get("currency") or "")[:3],
            "respond_by": datetime.fromtimestamp(respond_by, UTC) if isinstance(respond_by, int) else None,
            "updated_at": webhook["created_at"],
        }
    return found


def _told_disputes() -> Iterator[tuple[Row, dict[str, Any]]]:
    for webhook in _rows("webhook_events", "created_at"):
        if webhook["event"].startswith("payment.dispute.") and webhook["handled_at"] is not None:
            wrapped = json.loads(webhook["body"]).get("payload", {}).get("dispute")
            entity = wrapped.get("entity") if isinstance(wrapped, dict) else None
            if isinstance(entity, dict):
                yield webhook, entity


def _carry_webhooks() -> None:
    """One body is one event from now on; of bodies that were kept more than once, the first has the body's digest."""
    seen: set[str] = set()
    changes: list[Row] = []
    for row in _rows("webhook_events", "created_at", "id"):
        digest = hashlib.sha256(row["body"].encode()).hexdigest()
        if digest in seen:
            digest = hashlib.sha256(f"{row['id']}\n{row['body']}".encode()).hexdigest()
        seen.add(digest)
        due = row["try_at"] if row["handled_at"] is None else None
        changes.append({"id": row["id"], "digest": digest, "due_at": due})
    _update("webhook_events", changes)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
