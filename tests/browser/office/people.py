"""The people of the shop as they come to work, and the orders that wait for them."""

import httpx

from tests.browser.conftest import Shop
from tests.browser.steps import new_address
from tests.support import factors
from tests.support.processes import operate
from tests.support.zones import ADDRESS

PASSWORD = "kulhad-chai-third"


def joined(shop: Shop, role: str = "owner") -> str:
    """Return the token of one of the people of the shop, who has no second factor yet."""
    own = {"ENVIRONMENT": "development", "DATA_DIR": str(shop.database.parent), "PORT": shop.url.rpartition(":")[2]}
    email = new_address()
    invited = operate(own, "appoint", email, "--role", role).stdout
    accepted = {"link": invited.split("link=")[-1].strip(), "password": PASSWORD, "name": "Meera Iyer"}
    httpx.post(f"{shop.url}/api/auth/accept", json=accepted, timeout=30).raise_for_status()
    account = {"email": email, "password": PASSWORD}
    token: str = httpx.post(f"{shop.url}/api/auth/login", json=account, timeout=30).json()["access_token"]
    return token


def at_work(shop: Shop, role: str = "owner") -> str:
    """Return the token of one of them who has just set their second factor up."""
    token = joined(shop, role)
    with httpx.Client(base_url=f"{shop.url}/api", headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        factors.set_up(client)
    return token


def bought(shop: Shop, *slugs: str, name: str = "Asha Rao") -> str:
    """Buy two of each as a guest who had them sent to Mysuru, and return the order's number."""
    guest = httpx.post(f"{shop.url}/api/auth/guest", json={"email": new_address(), "name": name}, timeout=30).json()
    headers = {"Authorization": f"Bearer {guest['access_token']}", "Idempotency-Key": new_address()}
    with httpx.Client(base_url=shop.url, headers=headers, timeout=60) as client:
        known = {
            each["slug"]: each["id"] for each in client.get("/api/products", params={"limit": 100}).json()["items"]
        }
        items = [{"product_id": known[slug], "quantity": 2} for slug in slugs]
        order = client.post("/api/checkout/order", json={"items": items, "address": ADDRESS}).raise_for_status().json()
        paid = client.post("/sandbox/_test/pay", json={"order_id": order["razorpay_order_id"]}).json()
        client.post("/api/checkout/payment", json=paid).raise_for_status()
        number: str = client.get(f"/api/orders/{order['order_id']}").json()["number"]
    return number
