"""What several routes of the shopkeeper's API are asked for."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from checkout_app.cart.models import MAX_LINES, MAX_QUANTITY
from checkout_app.core import ids

UPLOAD: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""How a route is described whose body is a file as it is."""


class LineUnits(BaseModel):
    """So many units of a line of the order."""

    model_config = ConfigDict(strict=True)

    line_id: Annotated[str, Field(min_length=1, max_length=ids.ID_LENGTH)]
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)]


Lines = Annotated[list[LineUnits], Field(min_length=1, max_length=MAX_LINES)]


def units_of(lines: Sequence[LineUnits]) -> dict[str, int]:
    """Return how many units of which line are asked for; raises ValueError when one is named twice."""
    units = {line.line_id: line.quantity for line in lines}
    if len(units) < len(lines):
        raise ValueError("name each line once")
    return units
