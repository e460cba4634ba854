"""In what the variants of a new product differ, as the rows of a table say it."""

from collections.abc import Sequence
from typing import NamedTuple

from checkout_app.catalog.options import Option, fit_options
from checkout_app.catalog.table.columns import OPTIONS, SLUG
from checkout_app.catalog.table.planned import Problem
from checkout_app.core.spreadsheet_files import Row


class Choices(NamedTuple):
    """The options of a product, which value of each its rows have, and what is wrong with that."""

    options: list[str]
    values: list[list[str]]
    problems: list[Problem]


def choices(rows: Sequence[Row]) -> Choices:
    """Read them of all rows of a product: the first says in what they differ, and each what it has of it."""
    names = [rows[0].cells.get(option, "") for option, _ in OPTIONS]
    chosen = [(name, *columns) for name, columns in zip(names, OPTIONS, strict=True) if name]
    problems = [problem for row in rows for problem in _strange(row, names)]
    said = [[row.cells.get(value, "") for _, _, value in chosen] for row in rows]
    distinct = [list(dict.fromkeys(row[place] for row in said)) for place in range(len(chosen))]
    options, wrong = fit_options([Option(each[0], has) for each, has in zip(chosen, distinct, strict=True)])
    for name, sentence in wrong.items():
        place, _, of = name.removeprefix("options").removeprefix(".").partition(".")
        column = chosen[int(place or 0)][2 if of == "values" else 1]
        problems.append(Problem(rows[0].number, column, sentence))
    fitting = [dict(zip(raw, option.values, strict=True)) for raw, option in zip(distinct, options, strict=True)]
    values = [[fit[each] for fit, each in zip(fitting, row, strict=True)] for row in said]
    return Choices([option.name for option in options], values, problems + _twice(rows, values))


def _strange(row: Row, names: Sequence[str]) -> list[Problem]:
    """Tell what a row says of options that its product does not have."""
    problems = []
    for name, (option, value) in zip(names, OPTIONS, strict=True):
        if row.cells.get(option, "") not in {"", name}:
            problems.append(Problem(row.number, option, "The first row of this product says something else."))
        elif row.cells.get(value, "") and not name:
            problems.append(
                Problem(row.number, option, "Say what this is, such as Colour, in the product's first row.")
            )
    return problems


def _twice(rows: Sequence[Row], values: Sequence[Sequence[str]]) -> list[Problem]:
    met: dict[tuple[str, ...], int] = {}
    return [
        Problem(row.number, SLUG, f"Row {first} is the same one.")
        for row, has in zip(rows, values, strict=True)
        if (first := met.setdefault(tuple(has), row.number)) != row.number
    ]
