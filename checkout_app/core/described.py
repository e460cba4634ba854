"""What the API's description says of refusals; `server/problems.py` makes them."""

from typing import Any

Answers = dict[int | str, dict[str, Any]]

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "What was refused; it stays the same, whatever the sentence."},
        "detail": {"type": "string", "description": "A sentence for people."},
    },
}


def refusal(description: str) -> dict[str, Any]:
    """Describe an answer that is a problem document (RFC 9457)."""
    return {"description": description, "content": {"application/problem+json": {"schema": _PROBLEM}}}


ANY_REFUSAL: Answers = {"default": refusal("Any other refusal, by its `code`.")}
TOO_MANY: Answers = {429: refusal("Too many tries: `Retry-After` says when again.")}
