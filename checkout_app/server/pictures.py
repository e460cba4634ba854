"""Photographs of products, for everybody and for good: their addresses say what is in them."""

import re
from http import HTTPStatus
from typing import Final

from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_app.catalog.picture_names import FOLDER
from checkout_app.server.problems import problem

PATH: Final = f"/{FOLDER.name}"
_KEPT_FOR_GOOD: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_NAME: Final = re.compile(rf"{PATH}/([^/]+)")


def show_pictures(app: ASGIApp) -> ASGIApp:
    """Answer what is below the path of pictures, and pass everything else on."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["path"].startswith(f"{PATH}/")
        await (_answer(scope["method"], scope["path"]) if asked else app)(scope, receive, send)

    return serve


def _answer(method: str, path: str) -> Response:
    if method not in {"GET", "HEAD"}:
        headers = {"Allow": "GET, HEAD"}
        return problem(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "Method Not Allowed", headers=headers)
    found = _NAME.fullmatch(path)
    if found is None or not FOLDER.names.fullmatch(found[1]) or not FOLDER.path_of(found[1]).is_file():
        return problem(HTTPStatus.NOT_FOUND, "not_found", "Not Found", headers={"Cache-Control": "no-store"})
    kind = "image/jpeg" if found[1].endswith(".jpg") else "image/webp"
    return FileResponse(FOLDER.path_of(found[1]), media_type=kind, headers=_KEPT_FOR_GOOD)
