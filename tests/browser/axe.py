"""What axe finds wrong with a page for people who don't see it, or not well, or use no mouse."""

from functools import cache
from typing import Any, Final, Literal

from playwright.sync_api import Page

from tools.packages import ROOT, install

Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")

_RUN = "() => axe.run(document, { resultTypes: ['violations'] })"
_AT_REST = "*, ::before, ::after { transition: none !important; animation: none !important }"
_HAS_ITS_COLOURS = """(scheme) => {
  const { classList } = document.documentElement;
  return !classList.length || classList.contains(scheme);
}"""


def show_in(page: Page, scheme: Scheme) -> None:
    """Let a page have its colours for the light or the dark, all of them: one on its way to another is neither."""
    page.add_style_tag(content=_AT_REST)
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(_HAS_ITS_COLOURS, arg=scheme)


def violations(page: Page) -> list[str]:
    """Name what is wrong and where, in the light and in the dark."""
    found: list[str] = []
    page.evaluate(_axe())
    for scheme in SCHEMES:
        show_in(page, scheme)
        result: dict[str, Any] = page.evaluate(_RUN)
        for violation in result["violations"]:
            places = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])
            found.append(f"{scheme}: {violation['id']}: {places}")
    page.emulate_media(color_scheme="light")
    return found


@cache
def _axe() -> str:
    return (install(ROOT / "tools" / "js", "js") / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
