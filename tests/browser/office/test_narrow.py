"""The back office on a narrow phone: nothing is cut, and nothing is found only by scrolling aside."""

import pytest
from playwright.sync_api import Page, ViewportSize

NARROW: ViewportSize = {"width": 360, "height": 780}
BEYOND = """() => {
  const wide = document.documentElement.clientWidth;
  const beyond = (element) => element.getBoundingClientRect().right > wide || element.scrollWidth > element.clientWidth;
  return [...document.querySelectorAll("nav, nav a, main")].filter(beyond).map((element) => element.textContent);
}"""
CUT = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const isCut = (input) => {
    const style = getComputedStyle(input);
    pen.font = style.font;
    const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return pen.measureText(input.placeholder).width > room;
  };
  return [...document.querySelectorAll("input")].filter(isCut).map((input) => input.placeholder);
}"""


BY_DAY = ("orders?view=all", "products", "categories", "shop/live", "audit")
BY_NIGHT = (
    *("", "needs", "needs/webhooks", "products/new", "products/import", "coupons", "delivery", "delivery/new"),
    *("shop", "shop/policies", "shop/complaints", "people"),
)


@pytest.mark.parametrize("path", [*BY_DAY, *(pytest.param(path, marks=pytest.mark.nightly) for path in BY_NIGHT)])
def test_tabs_and_words_in_fields_are_all_in_sight(office: Page, path: str) -> None:
    office.set_viewport_size(NARROW)
    office.goto(f"/merchant/{path}")
    office.get_by_role("heading", level=1).wait_for()
    assert (office.evaluate(BEYOND), office.evaluate(CUT)) == ([], [])
