"""Headers that keep other people's scripts, frames and pages away from the shop."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_app.core.settings import RAZORPAY_API, settings
from checkout_app.server.one_origin import is_backend_path
from checkout_app.server.serve import SHELL, built_files, page_of

_SANDBOX = "/sandbox/"
_API_DOCS = "/api/docs"
_WORKER = "/sw.js"
_RAZORPAY = "https://*.razorpay.com"  # a wildcard because Razorpay keeps no complete list of its hosts
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\s(?:src=|type=\"application/))[^>]*>(.*?)</script>", re.DOTALL)
"""A script that is written into a page, and no data, which need no permission."""
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    # Not same-origin: a bank's page opens in a window of its own and reports back to the shop's.
    "cross-origin-opener-policy": "same-origin-allow-popups",
    "permissions-policy": (
        'payment=(self "https://api.razorpay.com"), otp-credentials=(self "https://api.razorpay.com"), '
        "camera=(), microphone=(), geolocation=()"
    ),
}
_HSTS = "max-age=31536000"


class SecurityHeaders:
    """Adds the headers to every answer but those of a sandbox in the shop, whose frame has to open inside it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._root = built_files()
        pages = self._root.rglob("*.html")
        self._hashes = {
            page.relative_to(self._root).as_posix(): inline_hashes(page.read_text("utf-8")) for page in pages
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or (settings().sandboxed and scope["path"].startswith(_SANDBOX)):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message["headers"]
                said = {name for name, _ in given}
                ours = _headers(self._policy(scope["path"], message["status"]), secure=settings().secure)
                message["headers"] = [*given, *(header for header in ours if header[0] not in said)]
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _policy(self, path: str, status: int) -> str:
        if path.startswith(_API_DOCS):
            return docs_policy()
        if path == _WORKER:
            return f"{data_policy()}; connect-src 'self'"  # it asks for pages, in place of the browser
        if is_backend_path(path):
            return data_policy()
        if status == HTTPStatus.NOT_FOUND:
            return page_policy(self._hashes[SHELL])
        return data_policy() if "." in path.rpartition("/")[2] else page_policy(self._hashes[page_of(self._root, path)])


@lru_cache
def _headers(policy: str, *, secure: bool) -> Sequence[tuple[bytes, bytes]]:
    """Return the headers as they are sent; an answer that says one of them itself keeps its own."""
    named = {**_HEADERS, "content-security-policy": policy, **({"strict-transport-security": _HSTS} if secure else {})}
    return [(name.encode(), value.encode()) for name, value in named.items()]


def inline_hashes(page: str) -> str:
    """Return the sources that allow exactly the scripts written into this page, separated by spaces."""
    scripts = _INLINE_SCRIPT.findall(page)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(sorted({f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}))


def page_policy(hashes: str) -> str:
    """Return the policy of a page: scripts of our own, those hashed, and the payment's; no eval, no frame around us.

    Styles may be inline because Reflex and checkout.js both write them into the page.
    """
    gateway = "".join(f" {source}" for source in gateway_sources())
    websocket = re.sub("^http", "ws", settings().public_url)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}{gateway}",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data:{gateway}",
            f"connect-src 'self' {websocket}{gateway}",
            f"frame-src 'self'{gateway}",
            f"form-action 'self'{gateway}",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def gateway_sources() -> list[str]:
    """Return where the payment's script, frame and calls come from, besides the shop itself."""
    if settings().sandboxed:
        return []  # it is mounted below the shop
    if settings().razorpay_api_url == RAZORPAY_API:
        return [_RAZORPAY]
    urls = [urlsplit(url) for url in (settings().razorpay_api_url, settings().razorpay_checkout_js_url)]
    return sorted({f"{url.scheme}://{url.netloc}" for url in urls if url.netloc})


def data_policy() -> str:
    """Return the policy of an answer that is no page: nothing in it may load or run."""
    return "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def docs_policy() -> str:
    """Return the policy of the API's documentation, whose page starts itself with a script written into it."""
    return (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
    )
