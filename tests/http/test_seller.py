"""What the shopkeeper says of the shop, over HTTP."""

import io

import httpx
import pytest
from PIL import Image

from checkout_app.server.bodies import LARGEST
from tests.support.buying import make_merchant
from tests.support.shops import Shop


@pytest.fixture
def merchant(shop: Shop) -> httpx.Client:
    """A client signed in as the shopkeeper."""
    return make_merchant(shop, shop.buyer())


def test_what_is_said_counts_at_once_and_the_pin_says_the_rest_of_where_it_is(
    shop: Shop, merchant: httpx.Client
) -> None:
    where = {"legal_name": "Meera Iyer", "address_line1": "14 Fort Road", "pin": "570 001", "town": "", "state": ""}
    said = merchant.patch("/merchant/seller", json=where).raise_for_status().json()
    assert (said["pin"], said["town"], said["state"]) == ("570001", "Mysuru", "29")
    told = merchant.get("/merchant/seller").raise_for_status().json()
    assert told == said
    assert told["shop_id"]
    named = "SELECT actor FROM events WHERE subject = 'seller' AND CAST(data AS TEXT) LIKE '%legal_name%'"
    assert {event["actor"] for event in shop.rows(named)} == {"merchant"}


def test_every_problem_is_told_with_its_field(merchant: httpx.Client) -> None:
    wrong = {"pin": "999999", "care_email": "nobody", "refund_limit": -1}
    answer = merchant.patch("/merchant/seller", json=wrong)
    assert (answer.status_code, set(answer.json()["fields"])) == (422, set(wrong))
    assert answer.json()["fields"]["pin"] == "No post office has this PIN. It has six digits."
    unknown = merchant.patch("/merchant/seller", json={"shop_id": "mine"})
    assert (unknown.status_code, set(unknown.json()["fields"])) == (422, {"shop_id"})


def test_a_picture_is_the_sign_of_the_shop_at_once_until_it_is_taken_back(shop: Shop, merchant: httpx.Client) -> None:
    told = io.BytesIO()
    Image.effect_noise((900, 900), 80).convert("RGB").save(told, "PNG")
    assert len(told.getvalue()) > LARGEST
    sent = merchant.post("/merchant/seller/logo", content=told.getvalue()).raise_for_status().json()
    assert merchant.get("/merchant/seller").json()["logo"] == sent["logo"] == f"/pictures/{sent['id']}-256.webp"
    assert _told_logo(shop) == sent["logo"]
    refused = merchant.post("/merchant/seller/logo", content=b"<svg/>")
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"picture"})
    assert _told_logo(shop) == sent["logo"]
    merchant.patch("/merchant/seller", json={"logo": ""}).raise_for_status()
    assert _told_logo(shop).startswith("/brand/mark.svg")


def _told_logo(shop: Shop) -> str:
    told = httpx.get(f"{shop.url}/api/pages/data", params={"path": "/"}).json()
    logo: str = told["/"]["shop"]["logo"]
    return logo
