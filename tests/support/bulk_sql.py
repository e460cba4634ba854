"""SQL that makes rows out of numbers, on SQLite and on PostgreSQL alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two databases say differently; braces stand where what it is said of comes."""

    series: str
    """The numbers from 1 to the given one, as a common table `series (n)`."""
    moment: str
    """Milliseconds since 1970 as a moment."""
    seconds: str
    """A moment as whole seconds since 1970."""
    digest: str
    """The SHA-256 of a text, in hexadecimal figures."""
    json: str
    """A text as JSON."""
    at_the_end: Sequence[str]
    """What lets the database look at its new rows, outside any transaction."""


SQLITE = Dialect(
    series="RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {})",
    moment="strftime('%Y-%m-%d %H:%M:%f000', ({}) / 1000.0, 'unixepoch')",
    seconds="CAST(strftime('%s', {}) AS INTEGER)",
    digest="sha256({})",
    json="{}",
    at_the_end=("ANALYZE",),
)
POSTGRESQL = Dialect(
    series="series (n) AS (SELECT generate_series(1, CAST({} AS bigint)))",
    moment="to_timestamp(({}) / 1000.0)",
    seconds="CAST(floor(extract(epoch FROM {})) AS bigint)",
    digest="encode(sha256(convert_to({}, 'UTF8')), 'hex')",
    json="CAST({} AS json)",
    at_the_end=("VACUUM ANALYZE",),
)


def digits(number: str, alphabet: str, width: int) -> str:
    """Write the last so many digits that a number, which is not negative, has in an alphabet."""
    base = len(alphabet)
    places = (f"CAST(({number}) / {base**place} % {base} AS integer)" for place in reversed(range(width)))
    return " || ".join(f"substr('{alphabet}', {place} + 1, 1)" for place in places)


def scattered(number: str, factor: int, bits: int) -> str:
    """Make of each number another one of so many bits; by an odd factor, no two that have fewer become the same."""
    return f"({number}) * {factor} % {2**bits}"


def one_of(number: str, *choices: str) -> str:
    """Choose a text by a number, round and round."""
    cases = " ".join(f"WHEN {place} THEN '{choice}'" for place, choice in enumerate(choices))
    return f"CASE ({number}) % {len(choices)} {cases} END"


def case(column: str, choices: Mapping[str, str]) -> str:
    """Choose an expression by the text in a column."""
    cases = " ".join(f"WHEN '{text}' THEN {choice}" for text, choice in choices.items())
    return f"CASE {column} {cases} END"


def json_object(**fields: str) -> str:
    """Write the text of a JSON object of expressions; those that are texts have to be `quoted`."""
    pairs = " || ', ' || ".join(f"""'"{name}": ' || ({value})""" for name, value in fields.items())
    return f"'{{' || {pairs} || '}}'"


def quoted(text: str) -> str:
    """Write a text in which there is nothing to escape as JSON."""
    return f"""'"' || ({text}) || '"'"""


def insert_from(source: str, table: str, **columns: str) -> str:
    """Write the statement that makes a row of each row of a source; `columns` says what each column is made of."""
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {source}"  # noqa: S608 - our names
