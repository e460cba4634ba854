"""The plan of a bulk-loaded shop: a row for each order, with everything that is decided about it."""

from datetime import datetime
from typing import Final

from tests.support.bulk_sql import BASE32, BASE62, Dialect, digits, scattered

HELD: Final = 36
"""How many of the orders, the newest, are open while their units are held."""
REGULAR_EVERY: Final = 40
"""One order in so many is the first buyer's, who has a long list."""
PRODUCTS: Final = 250
"""How many there are unless it is said, each in two variants."""

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000  # milliseconds, as all moments of the plan
YEARS: Final = 3 * 365 * DAY
_SETTLED: Final = 11 * DAY
"""How old an order is when everything that is to happen to it has happened."""
_2014: Final = 1_388_534_400_000  # where Razorpay's ids begin to count

GOODS: Final = """
    CREATE TEMP TABLE goods AS
    SELECT row_number() OVER (ORDER BY variants.id) AS number, variants.id, product_id, sku, slug, name, image, amount,
        tax_rate, hsn
    FROM variants JOIN products ON products.id = variants.product_id
"""
"""Numbers the variants that are there."""


def milliseconds(moment: datetime) -> int:
    """Return a moment as the plan has it."""
    return int(moment.timestamp() * 1000)


def buyers(orders: int) -> int:
    """Return how many people bought that much."""
    return orders // 5 + 2


def tax(amount: str, rate: str) -> str:
    """Return the tax inside an amount, as `core.money.included_tax` does."""
    return f"(2 * ({amount}) * {rate} + 10000 + {rate}) / (2 * (10000 + {rate}))"


def plan(sql: Dialect, orders: int, products: int, until: datetime) -> str:
    """Decide about so many orders of so many products up to a moment: when, who, what, and what became of it.

    `stem` and `bare` are all but the last characters of the ids that the shop and the gateway give to what belongs to
    an order. They sort by time, and so do the rows, as a shop writes them: what is new lies together.
    """
    held = min(HELD, orders // 10)
    others, now = orders - held, milliseconds(until)
    return f"""
        CREATE TEMP TABLE plan AS
        WITH {sql.series.format(orders)},
        moments AS (
            SELECT n, n * 7919 % 1000 AS lot,
                CASE WHEN n <= {others} THEN {now - YEARS} + n * {(YEARS - 20 * MINUTE) // others}
                    ELSE {now} - ({orders} + 1 - n) * {10 * SECOND} END AS made
            FROM series
        ),
        outcomes AS (
            SELECT n, lot, made,
                CASE WHEN n > {others} THEN 'held' WHEN lot < 80 THEN 'expired' WHEN lot < 100 THEN 'cancelled'
                    WHEN lot < 105 THEN 'twice' WHEN made > {now - _SETTLED} THEN 'paid'
                    WHEN lot < 135 THEN 'partly' WHEN lot < 165 THEN 'wholly' ELSE 'paid' END AS outcome,
                made + {MINUTE} + lot * 60 AS paid, made + {16 * MINUTE} AS ended,
                made + (1 + lot % 9) * {DAY} AS later,
                {digits("made", BASE32, 10)} || {digits(scattered("n", 25_214_903_917, 35), BASE32, 7)}
                    || {digits(scattered("n", 723_451_239_871, 35), BASE32, 7)} AS stem,
                {digits(f"(made - {_2014}) * 1000000 + lot", BASE62, 10)}
                    || {digits(scattered("n", 22_695_477, 17), BASE62, 3)} AS bare
            FROM moments
        ),
        ends AS (
            SELECT outcomes.*,
                CASE WHEN outcome IN ('paid', 'partly', 'wholly', 'twice') THEN 1 ELSE 0 END AS sold,
                CASE WHEN outcome = 'expired' OR outcome = 'paid' AND n % 10 = 3 THEN 1 ELSE 0 END AS failed,
                CASE outcome WHEN 'held' THEN made WHEN 'expired' THEN ended WHEN 'cancelled' THEN ended
                    WHEN 'partly' THEN later WHEN 'wholly' THEN later ELSE paid END AS updated,
                CASE WHEN n % {REGULAR_EVERY} = 0 THEN 1 ELSE 2 + n * 16807 % {buyers(orders) - 1} END AS buyer
            FROM outcomes
        )
        SELECT ends.*, stem || 'R1' AS id, one.number AS one, two.number AS two, 1 + n % 2 AS quantity,
            one.amount * (1 + n % 2) + coalesce(two.amount, 0) AS amount,
            {tax("one.amount * (1 + n % 2)", "one.tax_rate")}
                + coalesce({tax("two.amount", "two.tax_rate")}, 0) AS tax
        FROM ends JOIN goods AS one ON one.number = 1 + n * 31 % {2 * products}
        LEFT JOIN goods AS two ON n % 3 = 0 AND two.number = 1 + (n * 31 + 250) % {2 * products}
        ORDER BY n
    """  # noqa: S608 - our figures
