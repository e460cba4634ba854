"""The built pages and their files, served from the same port as the API."""

from pathlib import Path

from reflex.utils.exec import get_frontend_mount
from reflex.utils.prerequisites import get_web_dir
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_app.server.one_origin import is_backend_path

SHELL = "404.html"
"""What every path without a page of its own gets; in the browser it becomes the page the path asks for."""

_HASHED = "/assets/"
_FOREVER = b"public, max-age=31536000, immutable"
_REVALIDATE = b"no-cache"


def built_files() -> Path:
    """Return the folder the build leaves its pages in."""
    folder: Path = get_web_dir() / "build" / "client"
    return folder.resolve()


def page_of(root: Path, path: str) -> str:
    """Name the file, relative to `root`, that answers a page's path: its own or the shell."""
    page = f"{path.strip('/')}/index.html".lstrip("/")
    inside = (root / page).resolve().is_relative_to(root)
    return page if inside and (root / page).is_file() else SHELL


def serve_built_pages(app: ASGIApp) -> ASGIApp:
    """Answer everything outside the backend's paths with built files.

    Files with a hash in their name are cached for good; the rest is asked for again each time and answered with 304.
    """
    files = get_frontend_mount().app
    root = built_files()

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_backend_path(scope["path"]):
            await app(scope, receive, send)
            return
        path = scope["path"]
        if page_of(root, path) != SHELL and not path.endswith("/"):
            scope = {**scope, "path": f"{path}/"}  # spares the visitor a redirect to the same page

        async def send_with_cache(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = message["status"] in {200, 304}
                policy = _FOREVER if found and path.startswith(_HASHED) else _REVALIDATE
                message["headers"] = [*message["headers"], (b"cache-control", policy)]
            await send(message)

        await files(scope, receive, send_with_cache)

    return serve
