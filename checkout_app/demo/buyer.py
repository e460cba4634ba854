"""The demo buyer, whose password everybody knows: for development only."""

from checkout_app.accounts import service
from checkout_app.accounts.errors import EmailTaken
from checkout_app.core.settings import settings

DEMO_EMAIL = "asha@example.in"
DEMO_PASSWORD = "kulhad-chai"  # noqa: S105 - printed at every start
DEMO_NAME = "Asha Rao"


async def make_demo_buyer() -> bool:
    """Make the demo buyer; returns False when there is one already, or the shop has an address on the web."""
    if settings().secure:
        return False
    try:
        await service.register(DEMO_EMAIL, DEMO_PASSWORD, DEMO_NAME)
    except EmailTaken:
        return False
    return True
