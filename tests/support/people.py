"""How somebody comes to run a shop that is served."""

import httpx

from tests.support.processes import operate
from tests.support.shops import Shop


def appoint(shop: Shop, email: str, password: str, role: str = "owner") -> None:
    """Invite somebody to be one of the people of the shop, and accept for them."""
    invited = operate(shop.environment, "appoint", email, "--role", role)
    assert invited.returncode == 0, invited.stdout
    accepted = {"link": invited.stdout.split()[-1], "password": password, "name": "Shopkeeper"}
    httpx.post(f"{shop.url}/api/auth/accept", json=accepted, timeout=30).raise_for_status()
