"""Who bought what in a bulk-loaded shop: people, orders, lines and what is held, made from its plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checkout_app.orders.service import CHECKS, HOLD
from tests.support.bulk_plan import DAY, SECOND, YEARS, buyers, tax
from tests.support.bulk_sql import BASE32, Dialect, case, digits, insert_from, one_of, scattered

_HOLD, _FOLLOWED = (int(length.total_seconds()) * SECOND for length in (HOLD, CHECKS[-1]))
_PASSWORD: Final = "$2b$12$" + "." * 53  # nobody's
_PLACES: Final = {
    "held": ("open", "unpaid", "held"),
    "expired": ("expired", "unpaid", "released"),
    "cancelled": ("cancelled", "unpaid", "released"),
    "paid": ("open", "paid", "sold"),
    "twice": ("open", "paid", "sold"),
    "partly": ("open", "partially_refunded", "sold"),
    "wholly": ("open", "refunded", "restocked"),
}
"""Where an order stands by what became of it: state, payment status, stock."""
_HELD: Final = """
    UPDATE variants SET held = units FROM (
        SELECT variant_id, sum(order_lines.quantity) AS units FROM plan JOIN order_lines ON order_id = plan.id
        WHERE outcome = 'held' GROUP BY variant_id
    ) AS promised WHERE variants.id = variant_id
"""
"""Holds what was promised to open orders."""


def buyer_id(number: str) -> str:
    """Return the id of the buyer with a number."""
    return f"'01HF' || {digits(scattered(number, 22_695_477, 35), BASE32, 7)} || {digits(number, BASE32, 15)}"


def _email(number: str) -> str:
    return f"'buyer' || {number} || '@example.in'"


def _name(number: str) -> str:
    return one_of(number, "Asha Rao", "Ravi Iyer", "Meera Shah", "Imran Khan", "Lakshmi Nair")


def _place(which: int) -> str:
    return case("outcome", {outcome: f"'{place[which]}'" for outcome, place in _PLACES.items()})


@dataclass(frozen=True, slots=True)
class Sales:
    """So many orders up to a moment."""

    sql: Dialect
    orders: int
    now: int

    def statements(self) -> Iterator[str]:
        """Yield what makes the rows, in an order that foreign keys allow."""
        yield from self._people()
        yield self._orders()
        yield self._lines(1, "one", "quantity")
        yield self._lines(2, "two", "1")
        yield _HELD

    def _at(self, moment: str | int) -> str:
        return self.sql.moment.format(moment)

    def _people(self) -> Iterator[str]:
        series = f"(WITH {self.sql.series.format(buyers(self.orders))} SELECT n FROM series) AS buyers"  # noqa: S608
        yield insert_from(
            series,
            "users",
            created_at=self._at(self.now - YEARS),
            id=buyer_id("n"),
            email=_email("n"),
            name=_name("n"),
            role="CASE WHEN n % 3 = 0 THEN 'guest' ELSE 'customer' END",
            password_hash=f"CASE WHEN n % 3 = 0 THEN NULL ELSE '{_PASSWORD}' END",
        )
        lately = f"{self.now} - n % 28 * {DAY}"
        yield insert_from(
            f"{series} WHERE n % 4 = 1",
            "sessions",
            created_at=self._at(lately),
            id=f"{digits(lately, BASE32, 10)} || {digits('n', BASE32, 16)}",
            user_id=buyer_id("n"),
            expires_at=self._at(f"{lately} + {14 * DAY}"),
        )

    def _orders(self) -> str:
        number = digits(scattered("n", 723_451_239_871, 40), BASE32, 8)
        ends = f"CASE WHEN outcome = 'held' THEN {self.now + _HOLD} ELSE made + {_HOLD} END"
        sent = f"outcome IN ('paid', 'twice', 'partly') AND paid < {self.now - 2 * DAY}"
        followed = f"WHEN updated > {self.now - 6 * DAY} THEN updated + {_FOLLOWED} END"
        return insert_from(
            "plan",
            "orders",
            created_at=self._at("made"),
            id="id",
            number=f"substr({number}, 1, 4) || '-' || substr({number}, 5)",
            buyer_id=buyer_id("buyer"),
            email=_email("buyer"),
            name=_name("buyer"),
            state=_place(0),
            payment_status=_place(1),
            fulfilment_status=f"CASE WHEN {sent} THEN 'shipped' ELSE 'unfulfilled' END",
            stock=_place(2),
            subtotal="amount",
            discount="0",
            delivery="0",
            tax="tax",
            amount="amount",
            currency="'INR'",
            tax_scheme="'regular'",
            idempotency_key="stem || 'K1'",
            request_digest=self.sql.digest.format("stem"),
            expires_at=self._at(ends),
            updated_at=self._at("updated"),
            paid_at=self._at("CASE WHEN sold = 1 THEN paid END"),
            opening_until=self._at(f"made + {15 * SECOND}"),
            due_at=self._at(f"CASE WHEN outcome = 'held' THEN {self.now + _HOLD} {followed}"),
            attempts="0",
        )

    def _lines(self, position: int, which: str, quantity: str) -> str:
        amount = f"goods.amount * {quantity}"
        inside = tax(amount, "tax_rate")
        return insert_from(
            f"plan JOIN goods ON goods.number = plan.{which}",
            "order_lines",
            created_at=self._at("made"),
            id=f"stem || 'N{position}'",
            order_id="plan.id",
            position=str(position),
            product_id="product_id",
            variant_id="goods.id",
            sku="sku",
            slug="slug",
            name="name",
            image="image",
            quantity=quantity,
            unit_amount="goods.amount",
            amount=amount,
            discount="0",
            delivery="0",
            taxable=f"{amount} - {inside}",
            tax_rate="tax_rate",
            cgst=f"{inside} / 2",
            sgst=f"{inside} - {inside} / 2",
            igst="0",
            hsn="hsn",
        )
