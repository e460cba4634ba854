"""What somebody does with their hands in the shop's own pages: how often they tap, and into which fields they type."""

from playwright.sync_api import Locator, Page

_WATCH = """
if (window === window.top) {
  const note = (kind, what) => {
    const noted = JSON.parse(sessionStorage.getItem(kind) ?? "[]");
    sessionStorage.setItem(kind, JSON.stringify([...noted, what]));
  };
  window.addEventListener("pointerdown", ({ target }) => note("taps", target.outerHTML.slice(0, 80)), true);
  window.addEventListener("input", ({ target }) => note("typed", target.name), true);
}
"""
"""Notes both in the tab, which keeps them from page to page. The payment window is a frame, and Razorpay's."""
_NOTED = "(kind) => JSON.parse(sessionStorage.getItem(kind) ?? '[]')"


def watch(page: Page) -> None:
    """Begin to count, before the first page is opened."""
    page.add_init_script(_WATCH)


def taps(page: Page) -> int:
    """Return how often the shop's pages were tapped."""
    return len(page.evaluate(_NOTED, "taps"))


def typed(page: Page) -> list[str]:
    """Name the fields of the shop's pages that were typed into, each once."""
    return list(dict.fromkeys(page.evaluate(_NOTED, "typed")))


def type_into(field: Locator, text: str) -> None:
    """Type into a field as on a phone: it is tapped first, unless it has the focus already."""
    if not field.evaluate("(field) => field === document.activeElement"):
        field.tap()
    field.fill(text)
