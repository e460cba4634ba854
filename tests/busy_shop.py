"""A demo shop in which people have bought: orders in every state, something that waits, a coupon; and its owner."""

from typing import Any

import httpx

from checkout_app.demo.zones import DEMO_ZONES
from tests.browser.conftest import Shop
from tests.browser.office.people import at_work, bought
from tests.browser.steps import new_address
from tests.support.zones import ADDRESS

MOST_TOGETHER = 3


def begin(shop: Shop) -> tuple[str, dict[str, str]]:
    """Let a shop be busy; returns its owner's token, and by its name the address of each page of the back office."""
    token = at_work(shop)
    from tests.support.office import PAGES  # not sooner: it brings the app, and that command knew its settings by it

    for slugs, buyer in (
        (("brass-diya", "neem-comb"), "Lakshmi Venkataraghavan"),
        (("jute-market-tote",), "Ravi Menon"),
        (("kulhad-cups-set-of-six",), "Asha Rao"),
        (("sandalwood-soap", "neem-comb", "tellicherry-pepper-100-g"), "Imran Khan"),
    ):
        bought(shop, *slugs, name=buyer)
    with httpx.Client(base_url=f"{shop.url}/api", headers={"Authorization": f"Bearer {token}"}, timeout=60) as owner:
        _work(owner)
        _leave_unpaid(shop)
        _ask_to_cancel(shop)
        newest = [order["id"] for order in owner.get("/merchant/orders", params={"view": "all"}).json()["items"]]
        told = owner.get("/merchant/webhooks").json()["items"][0]["id"]
        payment = owner.get(f"/merchant/orders/{newest[-1]}").json()["payments"][0]["id"]
        product = owner.get("/merchant/products").json()["items"][0]["id"]
    ids = {"product_id": product, "webhook_id": told, "payment_id": payment, "zone_id": DEMO_ZONES[0].id}
    together = "&ids=".join(newest[-MOST_TOGETHER:])
    return token, {
        _name(page): page.format(order_id=together if "ids=" in page else newest[-1], **ids) for page in PAGES
    }


def _name(page: str) -> str:
    path = page.replace("?payment=", "/").partition("?")[0].replace("{", "").replace("_id}", "")
    return "office" + path.removeprefix("/merchant").replace("/", "-")


def _post(client: httpx.Client, path: str, **body: Any) -> Any:
    return client.post(path, json=body, headers={"Idempotency-Key": new_address()}).raise_for_status().json()


def _work(owner: httpx.Client) -> None:
    """Ship an order and a part of another one, give a unit back, note something, make a coupon and write policies."""
    parcel = {"carrier": "India Post", "tracking": "EM123456789IN"}
    last, *_, second, first = owner.get("/merchant/orders", params={"view": "all"}).json()["items"]
    _post(owner, f"/merchant/orders/{last['id']}/shipments", **parcel)
    [line, *_] = owner.get(f"/merchant/orders/{first['id']}/shipments").json()["lines"]
    one = [{"line_id": line["line_id"], "quantity": 1}]
    _post(owner, f"/merchant/orders/{first['id']}/shipments", lines=one, **parcel)
    [payment] = owner.get(f"/merchant/orders/{first['id']}").json()["payments"]
    _post(owner, "/merchant/refunds", payment_id=payment["id"], lines=one, reason="One of them had a crack.")
    _post(owner, f"/merchant/orders/{second['id']}/notes", note="Call before noon, the gate is locked.")
    _post(owner, "/merchant/coupons", code="DIWALI", kind="percent", value=1000, once=True)
    owner.put("/merchant/policies", json={"story": "We are potters from Mysuru."}).raise_for_status()


def _guest(shop: Shop) -> httpx.Client:
    guest = httpx.post(f"{shop.url}/api/auth/guest", json={"email": new_address(), "name": "Meera Shah"}, timeout=30)
    headers = {"Authorization": f"Bearer {guest.json()['access_token']}"}
    return httpx.Client(base_url=f"{shop.url}/api", headers=headers, timeout=60)


def _leave_unpaid(shop: Shop) -> None:
    with _guest(shop) as guest:
        _post(guest, "/checkout/order", product_id="brass-diya", address=ADDRESS)


def _ask_to_cancel(shop: Shop) -> None:
    with _guest(shop) as guest:
        made = _post(guest, "/checkout/order", product_id="recipe-book-twelve-dals-pdf")
        pay = {"order_id": made["razorpay_order_id"]}
        paid = httpx.post(f"{shop.url}/sandbox/_test/pay", json=pay, timeout=30).json()
        _post(guest, "/checkout/payment", **paid)
        _post(guest, f"/orders/{made['order_id']}/requests", kind="cancel", note="It was meant for my sister.")
