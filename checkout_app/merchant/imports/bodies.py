"""What the API says about a table of products that comes in."""

from typing import Final, Self

from pydantic import BaseModel, ConfigDict

from checkout_app.catalog.table.planned import Difference, Plan

_LONGEST: Final = 200
"""Characters of a cell that are told: it stands in the file."""


class DifferenceBody(BaseModel):
    """What a cell says beside what is so; `was` is empty for a new product, and long texts are cut."""

    column: str
    was: str
    becomes: str

    @classmethod
    def of(cls, difference: Difference) -> Self:
        """Describe one."""
        return cls(column=difference.column, was=_cut(difference.was), becomes=_cut(difference.becomes))


class ChangeBody(BaseModel):
    """What becomes of the product, or the variant, of a row, which is the number that a spreadsheet shows beside it."""

    row: int
    name: str
    is_new: bool
    differences: list[DifferenceBody]


class ProblemBody(BaseModel):
    """What is wrong with a cell; row 1 has the headings."""

    model_config = ConfigDict(from_attributes=True)

    row: int
    column: str
    sentence: str


class ImportBody(BaseModel):
    """What a table changes, or has `applied`; `new`, `changed` and `unchanged` count products.

    While there are `problems` nothing of it can be applied. The `digest` names exactly this, made of that file.
    """

    applied: bool
    digest: str
    new: int
    changed: int
    unchanged: int
    changes: list[ChangeBody]
    problems: list[ProblemBody]

    @classmethod
    def of(cls, plan: Plan, digest: str, *, applied: bool) -> Self:
        """Describe it."""
        changes = [
            ChangeBody(
                row=change.row,
                name=change.name,
                is_new=change.is_new,
                differences=[DifferenceBody.of(difference) for difference in change.differences],
            )
            for change in plan.changes
        ]
        problems = [ProblemBody.model_validate(problem) for problem in plan.problems]
        counts = {"new": plan.new, "changed": plan.changed, "unchanged": plan.unchanged}
        return cls(applied=applied, digest=digest, changes=changes, problems=problems, **counts)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
