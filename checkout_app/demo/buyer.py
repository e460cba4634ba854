"""The demo buyer, whose password everybody knows: for development only."""

from checkout_app.accounts import service
from checkout_app.accounts.errors import EmailTaken
from checkout_app.core import database
from checkout_app.core.settings import settings

DEMO_EMAIL = "asha@example.in"
DEMO_PASSWORD = "kulhad-chai"  # noqa: S105 - printed at every start
DEMO_NAME = "Asha Rao"


async def make_demo_buyer() -> bool:
    """Make the demo buyer; returns False when there is one already, or the shop has an address on the web."""
    if settings().secure or await _is_there():
        return False
    try:
        await service.register(DEMO_EMAIL, DEMO_PASSWORD, DEMO_NAME)
    except EmailTaken:  # another process was quicker
        return False
    return True


async def _is_there() -> bool:
    """Look first: whose address somebody else wants is mailed of it."""
    async with database.ask() as session:
        return await service.account_at(session, DEMO_EMAIL) is not None
