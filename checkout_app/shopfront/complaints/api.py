"""What the form of a complaint is sent to, with scripts and without, and the same for programs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Self
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.core import limits
from checkout_app.core.described import TOO_MANY
from checkout_app.core.errors import InvalidInput, refusal
from checkout_app.seller.complaints import service
from checkout_app.seller.complaints.models import LONGEST_WORDS, Complaint
from checkout_app.seller.complaints.service import Clocks
from checkout_app.seller.policies.models import PolicyKind

router = APIRouter(prefix="/api/complaints", tags=["complaints"], **guard.open_to(Caller.ANYBODY))

FORM: Final = "/api/complaints/form"
_PAGE: Final = f"/{PolicyKind.GRIEVANCE}"
_FIELDS: Final = ("name", "email", "order_number", "words")
_LONGEST_TEXT: Final = 2 * LONGEST_WORDS
"""Characters of a field that are looked at; lines may end in two of them."""


class ComplaintRequest(BaseModel):
    """What is wrong, who says so, and where they are to be answered."""

    model_config = ConfigDict(strict=True, extra="forbid")

    name: str
    email: str
    order_number: str = ""
    words: str


class ComplaintBody(BaseModel):
    """The number of a complaint, by when it is answered, and by when settled."""

    number: str
    made_at: datetime
    answer_by: datetime
    settle_by: datetime

    @classmethod
    def of(cls, complaint: Complaint) -> Self:
        """Describe one."""
        due = Clocks.of(complaint.created_at)
        return cls(
            number=complaint.number, made_at=complaint.created_at, answer_by=due.answer_by, settle_by=due.settle_by
        )


@router.post("", status_code=201, responses=TOO_MANY)
async def complain(body: ComplaintRequest, request: Request) -> ComplaintBody:
    """Complain. The same words of the same mailbox are one complaint; its number is mailed there."""
    await limits.hit("complaint", guard.household_of(request))
    return ComplaintBody.of(await service.complain(body.model_dump()))


@router.post("/form", include_in_schema=False)
async def take_form(request: Request) -> Response:
    """Take the form of a complaint and lead back to its page, which says the number, or what is wrong."""
    scripted = "application/json" in request.headers.get("accept", "")
    try:
        guard.require_own_page(request)
        await limits.hit("complaint", guard.household_of(request))
        complaint = await service.complain(await _given(request))
    except Exception as error:  # noqa: BLE001 - a person is told what may be told of it; what is unforeseen is logged
        refused = refusal(error, "a complaint")
        fields = refused.fields if isinstance(refused, InvalidInput) else {}
        if scripted:
            return JSONResponse({"detail": refused.detail, "fields": fields})
        place = f"{next(iter(fields))}-wrong" if fields else refused.code
        return RedirectResponse(f"{_PAGE}#complaint-{place}", status_code=303)
    page = f"{_PAGE}?complaint={quote(complaint.number)}"
    return JSONResponse({"next": page}) if scripted else RedirectResponse(page, status_code=303)


async def _given(request: Request) -> Mapping[str, str]:
    """Read the fields of the form, whatever was sent; longer texts are cut, and one that is missing is empty."""
    sent = await request.form()
    given = {name: sent.get(name) for name in _FIELDS}
    return {name: text[:_LONGEST_TEXT] if isinstance(text, str) else "" for name, text in given.items()}
