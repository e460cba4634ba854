"""What an order carries at the gateway fits there, and says what it was made of."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import bound_contextvars

from checkout_app.core import clock
from checkout_app.core.settings import settings
from checkout_app.orders.models import Order, OrderLine
from checkout_app.payments import order_notes
from checkout_app.payments.order_notes import NotedSums
from checkout_app.seller.models import TaxScheme

_skus = st.text(min_size=1, max_size=80).map(str.strip).filter(bool)


def _line(sku: str, quantity: int = 1, unit_amount: int = 100, tax_rate: int = 0, hsn: str = "") -> OrderLine:
    return OrderLine(
        order_id="ORDER",
        position=1,
        product_id="PRODUCT",
        variant_id="VARIANT",
        sku=sku,
        slug="cups",
        name="Cups",
        image="cups.svg",
        quantity=quantity,
        unit_amount=unit_amount,
        amount=quantity * unit_amount,
        taxable=0,
        tax_rate=tax_rate,
        hsn=hsn,
    )


_lines = st.builds(
    _line,
    _skus,
    st.integers(1, 50),
    st.integers(1, 50_000_000),
    st.integers(0, 10_000),
    st.text(string.digits, max_size=8),
)


def _order() -> Order:
    return Order(
        buyer_id="BUYER",
        email="asha@example.in",
        name="Asha",
        subtotal=1,
        amount=1,
        currency="INR",
        tax_scheme=TaxScheme.REGULAR,
        idempotency_key="key",
        request_digest="0f" * 32,
        expires_at=clock.now(),
        updated_at=clock.now(),
    )


@given(st.lists(_lines, min_size=1, max_size=20))
def test_notes_fit_and_are_read_as_they_were_written(lines: list[OrderLine]) -> None:
    order = _order()
    notes = order_notes.notes_of(order, lines)
    assert len(notes) <= 15
    assert all(len(text) <= 256 and text.isascii() for text in notes.values())
    noted = order_notes.read(notes)
    assert (noted.order_id, noted.number, noted.buyer_id) == (order.id, order.number, "BUYER")
    assert (noted.shop_id, noted.tax_scheme, noted.request_digest) == (
        settings().shop_id,
        TaxScheme.REGULAR,
        order.request_digest,
    )
    kept = [(line.sku, line.quantity, line.unit_amount, line.tax_rate, line.hsn) for line in noted.lines]
    given_lines = [(line.sku, line.quantity, line.unit_amount, line.tax_rate, line.hsn) for line in lines]
    assert kept == given_lines[: len(kept)]
    if sum(len(line.sku.encode()) for line in lines) < 80:
        assert len(kept) == len(lines)


@pytest.mark.parametrize("coupon", [None, "DIWALI-2026"])
@given(st.integers(0, 50_000_000), st.integers(0, 50_000_000), st.booleans())
def test_what_no_line_says_by_itself_is_said_beside_them(
    coupon: str | None,
    discount: int,
    delivery: int,
    across: bool,  # noqa: FBT001
) -> None:
    order, line = _order(), _line("x" * 240)
    order.discount, order.delivery, order.coupon, line.igst = discount, delivery, coupon, int(across)
    with bound_contextvars(request_id="c0ffee"):
        notes = order_notes.notes_of(order, [line] * 7)
    assert len(notes) <= 15
    assert ("sums" in notes) == bool(discount or delivery or across or coupon)
    assert order_notes.read(notes).sums == NotedSums(discount, delivery, across, coupon or "")


@pytest.mark.parametrize("odd", ["", "1 2", "1 2 beyond -", "-1 2 within -", "1 2 within a b"])
def test_sums_that_were_never_written_are_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="the sums in its notes"):
        order_notes.read(order_notes.notes_of(_order(), [_line("cups")]) | {"sums": odd})


def test_a_line_that_no_note_has_room_for_is_left_out_and_keeps_nobody_from_buying() -> None:
    lines = [_line("cups"), _line("\U00010000" * 80), _line("lamp")]
    assert [line.sku for line in order_notes.read(order_notes.notes_of(_order(), lines)).lines] == ["cups"]
    assert order_notes.read(order_notes.notes_of(_order(), lines[1:])).lines == []


def test_as_many_lines_stand_in_a_note_as_have_room_in_it() -> None:
    whole = _line("x" * (256 - len("1 100 0 - ")))
    notes = order_notes.notes_of(_order(), [whole])
    assert len(notes["lines_1"]) == 256
    half = _line("x" * (128 - len("1 100 0 - ")))
    shorter = _line("x" * (127 - len("1 100 0 - ")))
    notes = order_notes.notes_of(_order(), [half, shorter])
    assert (len(notes["lines_1"]), "lines_2" in notes) == (256, False)
    assert "lines_2" in order_notes.notes_of(_order(), [half, half])
    most = order_notes.notes_of(_order(), [whole] * 7)
    assert ("lines_6" in most, "lines_7" in most) == (True, False)


def test_a_sku_is_written_as_it_is_but_for_what_the_gateway_has_trouble_with() -> None:
    notes = order_notes.notes_of(_order(), [_line("cups & saucers/6 100%")])
    assert notes["lines_1"] == "1 100 0 - cups & saucers/6 100%25"


@pytest.mark.parametrize("name", ["lines_0", "lines_7"])
def test_a_note_that_was_never_written_is_not_read(name: str) -> None:
    notes = order_notes.notes_of(_order(), [_line("cups")]) | {name: "1 100 0 - lamp"}
    assert [line.sku for line in order_notes.read(notes).lines] == ["cups"]


@pytest.mark.parametrize("name", ["order_id", "number", "buyer_id", "quote"])
def test_what_stands_where_an_id_should_is_refused(name: str) -> None:
    notes = order_notes.notes_of(_order(), []) | {name: "no id"}
    with pytest.raises(ValueError, match="not as they were written"):
        order_notes.read(notes)


@pytest.mark.parametrize("notes", [None, [], "shop", 7])
def test_what_are_no_notes_are_of_another_program(notes: object) -> None:
    with pytest.raises(ValueError, match="another program"):
        order_notes.read(notes)


def test_the_request_that_opens_an_order_is_named() -> None:
    with bound_contextvars(request_id="c0ffee", work="orders"):
        notes = order_notes.notes_of(_order(), [_line("cups")])
    assert (notes["request_id"], "work" in notes) == ("c0ffee", False)
    assert "request_id" not in order_notes.notes_of(_order(), [])


def test_nothing_in_the_notes_is_about_the_person() -> None:
    assert not any("asha" in text.lower() for text in order_notes.notes_of(_order(), []).values())


@given(
    st.dictionaries(
        st.sampled_from(["shop_id", "version", "order_id", "number", "buyer_id", "quote", "tax_scheme", "lines_1"]),
        st.one_of(st.just("1"), st.text(max_size=30), st.integers(), st.none()),
    )
)
def test_odd_notes_are_refused_and_nothing_else_happens(notes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"its notes|is not a valid"):
        order_notes.read(notes)


@pytest.mark.parametrize("notes", [None, [], "shop", 7, {"shop_id": 7}, {}])
def test_whoever_says_nothing_is_no_shop(notes: object) -> None:
    assert order_notes.shop_of(notes) == ""
