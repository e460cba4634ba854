"""Pages, with what is for sale now and who sells it in their first byte: rendered as they are asked for.

What a page shows stands in it as data as well, so that its script begins with the same. When nobody renders pages in
time, the shell takes the place of the HTML: its script draws the page from those data.
"""

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qs

from prometheus_client import Counter
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_app.auth import guard
from checkout_app.auth.errors import FactorWanted, InvalidToken, NotPermitted
from checkout_app.cart.api import tell_browser
from checkout_app.catalog.window import slug_of
from checkout_app.core.errors import refusal
from checkout_app.core.metrics import REGISTRY
from checkout_app.merchant import content as office
from checkout_app.server import heads
from checkout_app.server.one_origin import is_backend_path
from checkout_app.server.renderer import renderer
from checkout_app.server.security import inline_hashes, page_policy
from checkout_app.server.serve import SHELL, built_files
from checkout_app.shopfront import service
from checkout_app.shopfront.cart import service as cart_page
from checkout_app.shopfront.cart.api import cart_shown
from checkout_app.shopfront.paths import shelf_path
from checkout_app.shopfront.policies import service as policies
from checkout_app.shopfront.service import Content
from checkout_app.ui.page import page_at

_MOST_KEPT: Final = 200
"""Pages that are kept as they were rendered, those that were asked for last: less than 10 MB."""
_HEAD_ENDS: Final = "</head>"
_SCRIPT: Final = 'rel="modulepreload"'
_WAITS: Final = ' fetchpriority="low"'
"""Scripts are asked for at once, and leave the line to what the page is painted with: styles, fonts, its picture."""
_EFFORT: Final = 6
_PAGES: Final = Counter("shop_pages", "Public pages by how they came about", ["by"], registry=REGISTRY)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it is sent."""

    body: bytes
    packed: bytes
    policy: str
    tag: str


class FirstByte:
    """Answers pages; passes everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._shell = (built_files() / SHELL).read_text(encoding="utf-8")
        self._kept: OrderedDict[Content, _Page] = OrderedDict()
        self._under_way: dict[Content, asyncio.Task[_Page]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        answer = await self._answer(scope) if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} else None
        await (answer or self._app)(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        path: str = scope["path"]
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        if path == "/" and "category" in asked:  # as categories were addressed before they had pages
            return RedirectResponse(shelf_path(slug_of(asked["category"][0])), 301)
        try:
            if path.rstrip("/") == cart_page.PATH:
                return await self._cart(scope, asked)
            if office.is_below(path):
                return await self._office(scope, asked)
            content = await _content(path, asked)
        except Exception as error:  # noqa: BLE001 - what is unforeseen is logged, and a page that says so is an answer
            refused = refusal(error, f"{scope['method']} {path}")
            wait = {} if refused.retry_after is None else {"retry-after": str(refused.retry_after)}
            return _sent(_page(self._shell), scope, refused.status, wait)
        return None if content is None else _sent(await self._page_of(content), scope, content.status)

    async def _cart(self, scope: Scope, asked: Mapping[str, Sequence[str]]) -> Response:
        """Answer with the cart of who asks, and let their browser know how much is in it."""
        cart, content = await cart_shown(Request(scope), asked)
        answer = _sent(await self._page_of(content), scope, HTTPStatus.OK, {"cache-control": "no-store"})
        tell_browser(answer, cart)
        return answer

    async def _office(self, scope: Scope, asked: Mapping[str, Sequence[str]]) -> Response:
        """Answer the people of the shop with a page of the back office; lead others to where they say who they are."""
        try:
            content = await office.content(scope["path"], asked, await guard.shop(Request(scope)))
        except (InvalidToken, FactorWanted) as unknown:
            return RedirectResponse(office.way_in(unknown, scope["path"], scope["query_string"].decode("latin-1")), 303)
        except NotPermitted:  # others need not know what there is
            content = await service.nothing("/-")
        return _sent(await self._page_of(content), scope, content.status, {"cache-control": "no-store"})

    async def _page_of(self, content: Content) -> _Page:
        """Return a page as it was rendered before, or is now; or a shell, until it is rendered."""
        if page := self._kept.get(content):
            self._kept.move_to_end(content)
            _PAGES.labels("kept").inc()
            return page
        if content not in self._under_way:  # many may ask for a page that has changed just now
            task = self._under_way[content] = asyncio.create_task(self._new_page(content))
            task.add_done_callback(lambda _: self._under_way.pop(content))
        return await asyncio.shield(self._under_way[content])

    async def _new_page(self, content: Content) -> _Page:
        rendered = await renderer().render(content.at, content.data)
        if rendered is None:
            _PAGES.labels("shell").inc()
            return _page(_with_data(self._shell, heads.of_shell(content.head), content, "data-shell"))
        _PAGES.labels("rendered").inc()
        page = _page(_with_data(rendered, heads.of_page(content.head), content))
        if content.own:
            return page
        self._kept[content] = page
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return page


async def _content(path: str, asked: Mapping[str, Sequence[str]]) -> Content | None:
    """Return what is on the page of a path, or around it; None when that is no page's."""
    if content := await policies.content(path, asked) or await service.content(path, asked):
        return content
    if is_backend_path(path) or "." in path.rpartition("/")[2]:
        return None
    if private := page_at(path):
        return await service.framed(private.at, private.title)
    return await service.nothing("/-")


def _with_data(html: str, head: str, content: Content, kind: str = "") -> str:
    """Put a head into a page, and what its script is told; `kind` marks a shell, which shows nothing of it yet."""
    block = f'<script type="application/json" id="page-data" {kind}>{content.data.decode()}</script>'
    return html.replace(_SCRIPT, f"{_SCRIPT}{_WAITS}").replace(_HEAD_ENDS, f"{head}{block}{_HEAD_ENDS}", 1)


def _page(html: str) -> _Page:
    body = html.encode()
    policy = page_policy(inline_hashes(html))
    return _Page(body, gzip.compress(body, _EFFORT), policy, f'W/"{hashlib.sha256(body).hexdigest()[:16]}"')


def _sent(page: _Page, scope: Scope, status: int, headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    """Answer with a page, packed for whoever unpacks it, or by saying that it is the one that somebody has."""
    said = Headers(scope=scope)
    about = {"content-security-policy": page.policy, "etag": page.tag, "cache-control": "no-cache", **headers}
    about["vary"] = "accept-encoding"
    if status == HTTPStatus.OK and page.tag in said.get("if-none-match", ""):
        return Response(status_code=304, headers=about)
    if "gzip" in said.get("accept-encoding", ""):
        return HTMLResponse(page.packed, status, {**about, "content-encoding": "gzip"})
    return HTMLResponse(page.body, status, about)
