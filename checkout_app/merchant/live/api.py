"""What going live needs over HTTP, for the people of the shop."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.merchant.live.findings import Light, findings

router = APIRouter(prefix="/api/merchant/live", tags=["merchant"])


class FindingBody(BaseModel):
    """One thing, how it stands, and what to do about it; what is `red` keeps the shop from going live."""

    model_config = ConfigDict(from_attributes=True)

    check: str
    light: Light
    message: str


class LiveBody(BaseModel):
    """Everything that going live needs, what keeps the shop from it first."""

    ready: bool
    findings: list[FindingBody]


@router.get("", **guard.open_to(Caller.SHOP))
async def look() -> LiveBody:
    """Look at everything that going live needs, as the command `doctor` does, within a few seconds."""
    found = [FindingBody.model_validate(finding) for finding in await findings()]
    return LiveBody(ready=all(finding.light is not Light.RED for finding in found), findings=found)
