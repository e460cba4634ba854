"""What going live needs, as the shop's people see it: the same list as doctor's, from within the shop that runs."""

from tests.support.buying import make_merchant
from tests.support.shops import Shop


def test_the_shop_looks_at_itself_and_says_what_keeps_it_from_going_live(shop: Shop) -> None:
    merchant = make_merchant(shop, shop.buyer())
    told = merchant.get("/merchant/live").raise_for_status().json()
    lights = [finding["light"] for finding in told["findings"]]
    assert lights == sorted(lights, key=["red", "yellow", "green"].index)
    found = {finding["check"]: finding["light"] for finding in told["findings"]}
    assert told["ready"] is False
    assert (found["policies"], found["seller"], found["database"], found["gateway"]) == ("red", "red", "green", "green")
    merchant.put("/merchant/policies", json={}).raise_for_status()  # the gateway and the books go on as they were
    found = {each["check"]: each["light"] for each in merchant.get("/merchant/live").json()["findings"]}
    assert (found["policies"], found["seller"], found["gateway"]) == ("green", "red", "green")
