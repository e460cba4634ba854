"""What a sale comes to: every paisa is some line's, and the rules of GST hold by their names."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_app.core import clock
from checkout_app.core.money import included_tax, spread
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.demo.catalog import DEMO_PRODUCTS
from checkout_app.pricing import coupons
from checkout_app.pricing.derivation import Discount, Priced, Sending, Supply, derive, worth_of_units
from checkout_app.pricing.errors import CouponRefused
from checkout_app.pricing.models import Coupon, CouponKind
from checkout_app.pricing.reasons import Reason, Why
from checkout_app.seller.models import TaxScheme
from checkout_app.seller.states import STATES

DELHI, KERALA = "07", "32"
RATES = (0, 25, 150, 300, 500, 1200, 1800, 2800, 4000)
"""GST's rates in basis points: those of diamonds, and of what was taxed before September 2025, among them."""
HERE = Supply(TaxScheme.REGULAR, DELHI)

_lines = st.lists(
    st.builds(Priced, st.integers(1, 5_000_000), st.sampled_from(RATES), st.booleans()), min_size=1, max_size=20
)
_supplies = st.builds(Supply, st.sampled_from(TaxScheme), st.sampled_from(["", *STATES]), st.just(value=True))
_sendings = st.builds(Sending, st.integers(0, 100_000), st.sampled_from(["", *STATES]))
_parts = st.fractions(0, 1)


def _off(lines: Sequence[Priced], part: Fraction) -> Discount:
    return Discount(int(sum(line.amount for line in lines) * part))


@given(_lines, _supplies, _sendings, _parts)
def test_every_paisa_of_a_sale_is_in_exactly_one_line(
    lines: list[Priced], supply: Supply, sending: Sending, part: Fraction
) -> None:
    off = _off(lines, part)
    derived = derive(lines, supply, off, sending)
    assert [line.amount for line in derived.lines] == [line.amount for line in lines]
    assert (derived.discount, derived.delivery) == (off.amount, sending.charge)
    assert derived.total == derived.subtotal - derived.discount + derived.delivery
    for line in derived.lines:
        assert line.taxable + line.cgst + line.sgst + line.igst == line.amount - line.discount + line.delivery
        assert min(line.taxable, line.discount, line.delivery, line.cgst, line.sgst, line.igst) >= 0
        assert line.discount <= line.amount
    assert derived.tax == sum(line.cgst + line.sgst + line.igst for line in derived.lines)


@given(_lines, _supplies, _sendings, _parts)
def test_the_same_sale_comes_to_the_same(lines: list[Priced], supply: Supply, sending: Sending, part: Fraction) -> None:
    off = _off(lines, part)
    assert derive(lines, supply, off, sending) == derive(lines, supply, off, sending)


@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=20).filter(any), _parts)
def test_no_share_is_a_whole_paisa_from_its_due(values: list[int], part: Fraction) -> None:
    amount = int(sum(values) * part)
    shares = spread(amount, values)
    assert sum(shares) == amount
    for share, value in zip(shares, values, strict=True):
        assert abs(share - Fraction(amount * value, sum(values))) < 1
        assert share <= value


def test_what_rounding_leaves_goes_to_the_largest_remainders_and_of_two_alike_to_the_first() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(10, [3333, 3333, 3334]) == [3, 3, 4]
    assert spread(2, [10, 30, 30]) == [0, 1, 1]


@given(_lines, _supplies, _sendings, _parts, st.randoms())
def test_what_is_given_back_unit_by_unit_comes_to_exactly_what_was_paid_in_any_order(
    lines: list[Priced], supply: Supply, sending: Sending, part: Fraction, chance: Random
) -> None:
    derived = derive(lines, supply, _off(lines, part), sending)
    quantities = [1 + place % 4 for place in range(len(lines))]
    units = [place for place, quantity in enumerate(quantities) for _ in range(quantity)]
    chance.shuffle(units)
    given, gone = [0] * len(lines), [0] * len(lines)
    for place in units:
        worth = worth_of_units(derived.lines[place].total, quantities[place], 1, gone[place], given[place])
        assert worth >= 0
        given[place], gone[place] = given[place] + worth, gone[place] + 1
    assert given == [line.total for line in derived.lines]


@given(st.integers(0, 5_000_000), st.integers(1, 10), st.randoms())
def test_whichever_units_have_to_be_given_back_once_more_all_of_them_come_to_what_was_paid(
    paid: int, quantity: int, chance: Random
) -> None:
    back: list[tuple[int, int]] = []
    tries = iter([True] * chance.randint(0, 9))
    while sum(units for units, _ in back) < quantity:
        gone, given = sum(units for units, _ in back), sum(worth for _, worth in back)
        units = chance.randint(1, quantity - gone)
        back.append((units, worth_of_units(paid, quantity, units, gone, given)))
        if next(tries, False):  # a bank returns one of them
            back.pop(chance.randrange(len(back)))
        assert 0 <= sum(worth for _, worth in back) <= paid
    assert sum(worth for _, worth in back) == paid


def test_several_units_given_back_at_once_are_worth_what_they_are_one_by_one() -> None:
    assert worth_of_units(100, 3, 3) == 100
    assert [worth_of_units(100, 3, 1, gone, given) for gone, given in ((0, 0), (1, 33), (2, 66))] == [33, 33, 34]
    assert worth_of_units(100, 3, 2, 1, 33) == 33 + 34


@given(_lines, _parts)
def test_place_of_supply_is_where_delivery_ends_so_a_sale_to_another_state_bears_integrated_tax_alone(
    lines: list[Priced], part: Fraction
) -> None:
    near = derive(lines, HERE, _off(lines, part), Sending(4900, DELHI))
    far = derive(lines, HERE, _off(lines, part), Sending(4900, KERALA))
    assert [(line.igst, line.cgst + line.sgst) for line in far.lines] == [(line.tax, 0) for line in near.lines]
    assert {line.igst for line in near.lines} == {0}
    assert {line.sgst - line.cgst for line in near.lines} <= {0, 1}


@pytest.mark.parametrize(("seller", "buyer"), [(DELHI, ""), ("", KERALA), ("", "")])
def test_while_nothing_is_known_of_a_delivery_the_place_of_supply_is_the_sellers(seller: str, buyer: str) -> None:
    [line] = derive([Priced(48000, 1200)], Supply(TaxScheme.REGULAR, seller), sending=Sending(0, buyer)).lines
    assert (line.taxable, line.cgst, line.sgst, line.igst) == (42857, 2571, 2572, 0)


@pytest.mark.parametrize("scheme", [TaxScheme.COMPOSITION, TaxScheme.UNREGISTERED])
def test_only_a_regular_seller_collects_tax(scheme: TaxScheme) -> None:
    derived = derive([Priced(48000, 1200)], Supply(scheme, DELHI), sending=Sending(5000, DELHI))
    [line] = derived.lines
    assert (line.rate, line.tax, line.taxable, derived.total) == (0, 0, 53000, 53000)
    assert [each for each in derived.reasons if each.figure == "tax"] == [Reason(Why.NO_TAX, 0)]


@pytest.mark.parametrize("scheme", [TaxScheme.COMPOSITION, TaxScheme.UNREGISTERED])
def test_who_collects_no_tax_sends_no_goods_to_another_state_unless_they_are_handicraft(scheme: TaxScheme) -> None:
    goods, file = Priced(48000, 1200), Priced(9900, 1800, goods=False)
    with pytest.raises(NotDeliverable) as refused:
        derive([file, goods], Supply(scheme, DELHI), sending=Sending(5000, KERALA))
    assert refused.value.fields.keys() == {"pin"}
    for allowed in (
        derive([goods], Supply(scheme, DELHI), sending=Sending(5000, DELHI)),
        derive([goods], Supply(scheme, DELHI, handicraft=True), sending=Sending(5000, KERALA)),
    ):
        assert (allowed.total, allowed.tax) == (53000, 0)
    assert derive([file], Supply(scheme, DELHI), sending=Sending(0, KERALA)).total == 9900


def test_a_delivery_charge_is_apportioned_by_value_and_taxed_at_each_lines_rate() -> None:
    derived = derive([Priced(30000, 500), Priced(10000, 1800)], HERE, sending=Sending(4000, DELHI))
    assert [line.delivery for line in derived.lines] == [3000, 1000]
    assert [line.tax for line in derived.lines] == [included_tax(33000, 500).total, included_tax(11000, 1800).total]


def test_a_delivery_charge_is_the_goods_that_are_sent_and_no_file_bears_any_of_it() -> None:
    derived = derive([Priced(30, 500), Priced(10000, 1800, goods=False)], HERE, sending=Sending(4000, DELHI))
    assert [line.delivery for line in derived.lines] == [4000, 0]
    given_away = derive([Priced(30000, 500), Priced(10000, 1800)], HERE, Discount(40000), Sending(4000, DELHI))
    assert [line.total for line in given_away.lines] == [3000, 1000]
    files = [Priced(30000, 500, goods=False), Priced(10000, 1800, goods=False)]
    nothing_sent = derive(files, HERE, sending=Sending(4000, DELHI))
    assert [line.delivery for line in nothing_sent.lines] == [3000, 1000]


def test_the_taxable_value_is_what_is_left_after_the_discount() -> None:
    derived = derive([Priced(30000, 500), Priced(10000, 1800)], HERE, Discount(4000))
    assert [line.discount for line in derived.lines] == [3000, 1000]
    assert [(line.taxable, line.tax) for line in derived.lines] == [(25714, 1286), (7627, 1373)]


@pytest.mark.parametrize(("rate", "tax"), [(25, 25), (150, 148), (300, 291), (500, 476), (1800, 1525), (4000, 2857)])
def test_rates_are_basis_points_because_some_are_no_whole_per_cent(rate: int, tax: int) -> None:
    assert derive([Priced(10000, rate)], HERE).tax == tax


def test_hsn_codes_of_what_the_demo_sells_have_four_to_eight_digits() -> None:
    codes = [product.hsn for product in DEMO_PRODUCTS]
    assert codes
    assert all(code.isascii() and code.isdigit() and len(code) in {4, 6, 8} for code in codes)


def test_every_figure_has_its_reason_in_words() -> None:
    lines, off = (
        [Priced(30000, 500), Priced(10000, 1800)],
        Discount(4000, Reason(Why.PERCENT_OFF, 4000, {"code": "DIWALI", "rate": 1000})),
    )
    derived = derive(lines, HERE, off, Sending(4900, KERALA))
    assert [(reason.figure, reason.message("INR")) for reason in derived.reasons] == [
        ("subtotal", "What is bought costs ₹400.00."),
        ("discount", "The coupon DIWALI takes 10 % off: ₹40.00, shared by what each line costs."),
        ("delivery", "Sending it costs ₹49.00. That is taxed like the goods it brings."),
        ("tax", "GST of 5 % is in it: ₹14.61, all of it integrated tax, as it goes to another State."),
        ("tax", "GST of 18 % is in it: ₹15.60, all of it integrated tax, as it goes to another State."),
        ("total", "So ₹409.00 is to be paid."),
    ]
    assert [reason.amount for reason in derived.reasons[3:]] == [*(line.igst for line in derived.lines), derived.total]


def test_a_coupon_is_good_from_its_least_sum_on_and_until_just_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    begins = datetime(2026, 11, 8, tzinfo=UTC)
    ends = begins + timedelta(days=1)
    coupon = Coupon(
        code="DIWALI",
        kind=CouponKind.AMOUNT,
        value=100,
        currency="INR",
        minimum=48000,
        starts_at=begins,
        ends_at=ends,
    )
    monkeypatch.setattr(clock, "now", lambda: begins)
    assert coupons.reduce(coupon, 48000, "INR", Sending()).discount.amount == 100
    with pytest.raises(CouponRefused, match=r"^This coupon is good from ₹480\.00 on\.$"):
        coupons.reduce(coupon, 47999, "INR", Sending())
    monkeypatch.setattr(clock, "now", lambda: ends)
    with pytest.raises(CouponRefused, match=r"^This coupon is over\.$"):
        coupons.reduce(coupon, 48000, "INR", Sending())


def test_what_bears_no_tax_is_no_reason_for_any() -> None:
    derived = derive([Priced(30000, 0), Priced(10000, 500)], HERE)
    [reason] = [reason for reason in derived.reasons if reason.figure == "tax"]
    assert reason == Reason(Why.TAX_WITHIN, derived.lines[1].tax, {"rate": 500})


@pytest.mark.parametrize("why", Why)
def test_every_reason_has_a_figure_and_a_sentence(why: Why) -> None:
    said = Reason(why, 4900, {"code": "DIWALI", "rate": 25})
    assert said.figure in {"subtotal", "discount", "delivery", "tax", "total"}
    assert "{" not in said.message("INR")
