"""What a sale comes to: a pure function of its lines, what is taken off, what sending costs, and who sells where to.

Discount and delivery are spread over the lines to the last paisa, so each line says itself what it comes to and what of
that is tax. Nothing is rounded twice, and the sums are exact by construction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checkout_app.core.money import included_tax, spread
from checkout_app.delivery.errors import NotDeliverable
from checkout_app.pricing.reasons import Reason, Why
from checkout_app.seller.models import TaxScheme
from checkout_app.seller.service import tax_rate


@dataclass(frozen=True, slots=True)
class Priced:
    """One line before anything is taken off: what its units cost, tax included, and its rate in basis points."""

    amount: int
    rate: int
    goods: bool = True
    """Whether it is sent; a file or a service is not."""


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off the lines together, in minor units, and why; nothing without a reason."""

    amount: int = 0
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """What sending costs, in minor units, and the State it goes to by its GST digits, empty while nobody knows."""

    charge: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """Who sells: how they stand to GST, in which State they are, and whether what they sell is handicraft."""

    scheme: TaxScheme = TaxScheme.REGULAR
    state: str = ""
    handicraft: bool = False

    def goes_across(self, sending: Sending) -> bool:
        """Tell whether a sale leaves the seller's State: it is taxed where its delivery ends (IGST Act, section 10).

        As long as either is not known it is taxed where the seller is (10(1)(ca), for services 12(2)(b)).
        """
        return bool(self.state and sending.state) and self.state != sending.state

    def may_send_to(self, sending: Sending) -> bool:
        """Tell whether they may send goods there: to another State only who is registered (CGST Act, section 24(i)).

        Makers of handicrafts need not be.
        """
        return self.scheme == TaxScheme.REGULAR or self.handicraft or not self.goes_across(sending)


@dataclass(frozen=True, slots=True)
class Line:
    """What one line comes to; every amount in minor units, `rate` in basis points."""

    amount: int
    discount: int
    delivery: int
    rate: int
    cgst: int
    sgst: int
    igst: int

    @property
    def total(self) -> int:
        """What is paid for it in the end."""
        return self.amount - self.discount + self.delivery

    @property
    def tax(self) -> int:
        """The tax inside that."""
        return self.cgst + self.sgst + self.igst

    @property
    def taxable(self) -> int:
        """The rest, which is what the tax is on."""
        return self.total - self.tax


@dataclass(frozen=True, slots=True)
class Derivation:
    """What a sale comes to, line by line, and the reason of every figure."""

    lines: Sequence[Line]
    reasons: Sequence[Reason]

    @property
    def subtotal(self) -> int:
        """What the lines cost before anything is taken off."""
        return sum(line.amount for line in self.lines)

    @property
    def discount(self) -> int:
        """What is taken off."""
        return sum(line.discount for line in self.lines)

    @property
    def delivery(self) -> int:
        """What sending costs."""
        return sum(line.delivery for line in self.lines)

    @property
    def tax(self) -> int:
        """The tax inside the total."""
        return sum(line.tax for line in self.lines)

    @property
    def total(self) -> int:
        """What is to be paid."""
        return sum(line.total for line in self.lines)


NOTHING_OFF, NOT_SENT = Discount(), Sending()


def derive(
    lines: Sequence[Priced], supply: Supply, discount: Discount = NOTHING_OFF, sending: Sending = NOT_SENT
) -> Derivation:
    """Say what some lines come to; raises NotDeliverable when the seller may not send them there.

    There is at least one line, and `discount` is not more than they cost.
    """
    if any(line.goods for line in lines) and not supply.may_send_to(sending):
        raise NotDeliverable({"pin": "This shop can't send goods to another State."})
    taxed = [replace(line, rate=tax_rate(supply.scheme, line.rate)) for line in lines]
    across = supply.goes_across(sending)
    derived = figures(taxed, discount=discount.amount, delivery=sending.charge, across=across)
    return Derivation(derived, _reasons(derived, supply, discount, sending))


def figures(lines: Sequence[Priced], *, discount: int, delivery: int, across: bool) -> list[Line]:
    """Share a discount and a delivery charge out among lines, each of which is taxed at its rate, whoever sells.

    A sale `across` a State's border bears integrated tax.
    """
    off = spread(discount, [line.amount for line in lines])
    sending = spread(delivery, _worth_sending(lines))
    return [_line(*each, across=across) for each in zip(lines, off, sending, strict=True)]


def _worth_sending(lines: Sequence[Priced]) -> list[int]:
    """Return by which values a delivery charge is spread: those of the goods, or of all where there are none."""
    goods = [line.amount if line.goods else 0 for line in lines]
    return goods if any(goods) else [line.amount for line in lines]


def _line(line: Priced, off: int, sending: int, *, across: bool) -> Line:
    tax = included_tax(line.amount - off + sending, line.rate, across=across)
    return Line(line.amount, off, sending, line.rate, tax.cgst, tax.sgst, tax.igst)


def _reasons(lines: Sequence[Line], supply: Supply, discount: Discount, sending: Sending) -> list[Reason]:
    """Give each figure its reason, in the order in which they are added up."""
    reasons = [Reason(Why.PRICES, sum(line.amount for line in lines))]
    if discount.reason:
        reasons.append(discount.reason)
    if sending.charge:
        reasons.append(Reason(Why.DELIVERY, sending.charge))
    return [*reasons, *_tax_reasons(lines, supply, sending), Reason(Why.TOTAL, sum(line.total for line in lines))]


def _tax_reasons(lines: Sequence[Line], supply: Supply, sending: Sending) -> list[Reason]:
    if supply.scheme != TaxScheme.REGULAR:
        return [Reason(Why.NO_TAX, 0)]
    why = Why.TAX_ACROSS if supply.goes_across(sending) else Why.TAX_WITHIN
    return [
        Reason(why, sum(line.tax for line in lines if line.rate == rate), {"rate": rate})
        for rate in sorted({line.rate for line in lines if line.rate})
    ]


def worth_of_units(paid: int, quantity: int, units: int, gone: int = 0, given: int = 0) -> int:
    """Return what some units are worth that are given back after others, `gone` in number, for which `given` was given.

    `paid` is what all of the quantity came to. What is given back comes to exactly that in the end, however the units
    are divided, and whichever of them had to be given back once more.
    """
    return max(paid * (gone + units) // quantity - given, 0)
