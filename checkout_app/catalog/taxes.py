"""The tax rate of a product: what it is now, and what it will be from a day on, which the law says ahead."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple, Self

from sqlmodel import col, select

from checkout_app.catalog.errors import ProductNotFound
from checkout_app.catalog.models import HIGHEST_RATE, Product, Variant
from checkout_app.catalog.service import NAMED
from checkout_app.core import clock, database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject

RATED: Final = "rated"
"""What the journal calls it that a product has another tax rate, now or from a day on."""
FURTHEST: Final = timedelta(days=3_650)
"""How far ahead a rate may begin; beyond that somebody has mistyped the year."""
_OF_PRODUCT: Final = Statement[Variant](
    select(Variant)
    .join(Product, col(Product.id) == col(Variant.product_id))
    .where(NAMED)
    .order_by(col(Variant.position))
)


class TaxRates(NamedTuple):
    """By what a product is taxed, in basis points: `now`, and `then` from the moment on in which a day begins.

    The last two are None where nothing else is known.
    """

    now: int
    then: int | None = None
    begins: datetime | None = None

    @classmethod
    def of(cls, variant: Variant, moment: datetime) -> Self:
        """Return those of a variant at a moment."""
        ahead = variant.next_tax_from is not None and moment < variant.next_tax_from
        then = (variant.next_tax_rate, variant.next_tax_from) if ahead else (None, None)
        return cls(variant.rate_at(moment), *then)

    def with_rate(self, rate: int, begins: datetime | None) -> Self:
        """Return them with another rate, at once or from a moment on; one that changes nothing is none."""
        said = self._replace(now=rate) if begins is None else self._replace(then=rate, begins=begins)
        return said._replace(then=None, begins=None) if said.then == said.now else said


async def rates(product: str) -> TaxRates:
    """Return by what a product is taxed, which is named by its id or slug; raises ProductNotFound."""
    async with database.ask() as session:
        return TaxRates.of(_of_it((await session.exec(_OF_PRODUCT, name=product)).all())[0], clock.now())


async def set_rate(product: str, rate: int, by: Actor, *, from_day: date | None = None) -> TaxRates:
    """Let all variants of a product be taxed by another rate, at once or from the day on that begins in India.

    Of what is said ahead the last counts; what is said at once leaves it. Orders keep the rate of the moment in which
    they were placed. Raises ProductNotFound, InvalidInput.
    """
    begins = _beginning(rate, from_day, clock.now())
    async with database.write() as session:
        return await write_rate(session, product, rate, by, begins=begins)


async def write_rate(
    session: Session, product: str, rate: int, by: Actor, *, begins: datetime | None = None
) -> TaxRates:
    """Do so within a session, at once or from a moment on, by a rate that there may be. Raises ProductNotFound."""
    variants = _of_it((await session.exec(_OF_PRODUCT, name=product)).all())
    await database.lock(session, Variant, [variant.id for variant in variants])
    return await rate_all(session, variants, rate, by, begins=begins)


async def rate_all(
    session: Session, variants: Sequence[Variant], rate: int, by: Actor, *, begins: datetime | None = None
) -> TaxRates:
    """Do so of all variants of a product, which are locked; the first comes first."""
    now = clock.now()
    first, day = variants[0], clock.day_of(begins or now)
    before = first.rate_at(begins or now)
    for variant in variants:
        said = TaxRates.of(variant, now).with_rate(rate, begins)
        variant.tax_rate, variant.next_tax_rate, variant.next_tax_from = said
    about = (Subject.PRODUCT, first.product_id, RATED)
    await journal.record(session, *about, by, before=before, after=rate, begins=day.isoformat())
    return TaxRates.of(first, now)


def _of_it(variants: Sequence[Variant]) -> Sequence[Variant]:
    if not variants:
        raise ProductNotFound("We can't find this product.")
    return variants


def _beginning(rate: int, from_day: date | None, now: datetime) -> datetime | None:
    """Return the moment from which on a rate counts, None for at once; raises InvalidInput."""
    wrong: dict[str, str] = {}
    today = clock.day_of(now)
    if not 0 <= rate <= HIGHEST_RATE:
        wrong["rate"] = "From 0 to 100 %."
    if from_day is not None and not today <= from_day <= today + FURTHEST:
        wrong["from_day"] = "A rate begins today or on a day to come, within ten years: orders that exist keep theirs."
    if wrong:
        raise InvalidInput(wrong)
    return clock.beginning(from_day) if from_day is not None and from_day > today else None
