"""How somebody comes to run a shop that is served."""

import httpx

from tests.support import factors
from tests.support.processes import operate
from tests.support.shops import Shop


def appoint(shop: Shop, email: str, password: str, role: str = "owner") -> None:
    """Invite somebody to be one of the people of the shop, and accept for them."""
    invited = operate(shop.environment, "appoint", email, "--role", role)
    assert invited.returncode == 0, invited.stdout
    accepted = {"link": invited.stdout.split("link=")[-1].strip(), "password": password, "name": "Shopkeeper"}
    httpx.post(f"{shop.url}/api/auth/accept", json=accepted, timeout=30).raise_for_status()


def at_work(shop: Shop, email: str, password: str) -> httpx.Client:
    """Return a client of the API of one of the people of the shop, who has just set their second factor up."""
    account = {"email": email, "password": password}
    made = httpx.post(f"{shop.url}/api/auth/login", json=account, timeout=30).raise_for_status().json()
    headers = {"Authorization": f"Bearer {made['access_token']}"}
    with httpx.Client(base_url=f"{shop.url}/api", headers=headers, timeout=60) as client:
        factors.set_up(client)
    return httpx.Client(base_url=f"{shop.url}/api", headers=headers, timeout=60)
