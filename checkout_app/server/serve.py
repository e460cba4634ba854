"""The built pages and their files, served from the same port as the API."""

from functools import lru_cache
from pathlib import Path

from reflex.utils.exec import get_frontend_mount
from reflex.utils.precompressed_staticfiles import PrecompressedStaticFiles
from reflex.utils.prerequisites import get_web_dir
from reflex_base.config import get_config
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_app.core.assets import version
from checkout_app.server import kept_assets
from checkout_app.server.builds import FILES
from checkout_app.server.one_origin import is_backend_path

SHELL = "404.html"
"""What every path without a page of its own gets; in the browser it becomes the page the path asks for."""

_HASHED = f"/{kept_assets.ASSETS}/"
_NO_CHARACTER = "\ufffd"
_LONGEST = 240
"""Bytes of a path that may be a file's: no name in it is too long then, what compression adds to it included."""
_FOREVER = b"public, max-age=31536000, immutable"
_REVALIDATE = b"no-cache"


def built_files() -> Path:
    """Return the folder the build leaves its pages in."""
    folder: Path = get_web_dir() / FILES
    return folder.resolve()


def page_of(root: Path, path: str) -> str:
    """Name the file, relative to `root`, that answers a page's path: its own or the shell."""
    page = _name(f"{path.strip('/')}/index.html".lstrip("/"))
    inside = (root / page).resolve().is_relative_to(root)
    return page if inside and (root / page).is_file() else SHELL


def _name(path: str) -> str:
    """Make a name of a path that can be looked for: as short as systems take it, without the character that ends it."""
    return path.replace("\0", _NO_CHARACTER) if len(path.encode()) <= _LONGEST else f"/{_NO_CHARACTER}"


def serve_built_pages(app: ASGIApp) -> ASGIApp:
    """Answer everything outside the backend's paths with built files.

    Files whose address says what is in them are cached for good: those of a build have a hash in their name, which are
    found for every build that was served lately, and others have it behind it. The rest is asked for again each time
    and answered with 304.
    """
    files = get_frontend_mount().app
    root = built_files()

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_backend_path(scope["path"]):
            await app(scope, receive, send)
            return
        path = _name(scope["path"])
        scope = {**scope, "path": path}
        if page_of(root, path) != SHELL and not path.endswith("/"):
            scope = {**scope, "path": f"{path}/"}  # spares the visitor a redirect to the same page

        async def send_with_cache(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = message["status"] in {200, 304}
                policy = _FOREVER if found and lasting else _REVALIDATE
                message["headers"] = [*message["headers"], (b"cache-control", policy)]
            await send(message)

        lasting = path.startswith(_HASHED) or _names_version(root, path, scope["query_string"])
        ours = not path.startswith(_HASHED) or (root / path[1:]).is_file()
        answer = files if ours else _of_another_build(path) or files
        await answer(scope, receive, send_with_cache)

    return serve


def _names_version(root: Path, path: str, query: bytes) -> bool:
    """Tell whether an address was made for what is in its file now."""
    if not query.startswith(b"v="):
        return False
    file = (root / path[1:]).resolve()
    return file.is_relative_to(root) and file.is_file() and query[2:] == version(file).encode()


def _of_another_build(path: str) -> ASGIApp | None:
    """Find who has an asset that we have not: a tab may be older than this server, or come from a newer one."""
    if "/" in path.removeprefix(_HASHED):
        return None
    there = (folder for folder in kept_assets.folders() if (folder / path[1:]).is_file())
    return next((_files(folder) for folder in there), None)


@lru_cache(maxsize=8)
def _files(folder: Path) -> ASGIApp:
    return PrecompressedStaticFiles(directory=folder, encodings=get_config().frontend_compression_formats)
