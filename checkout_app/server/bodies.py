"""No request body is larger, or takes longer to come, than what it is for."""

import asyncio
import re
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checkout_app.catalog import files, pictures
from checkout_app.catalog.table import service as tables
from checkout_app.server.problems import problem

LARGEST: Final = 256 * 1024
"""Bytes. The largest thing we are sent is a webhook, a few kilobytes; but for files and photographs."""
_READ_ON: Final = 256 * 1024
"""Bytes beyond the largest that are still read, and thrown away: who is hung up on as they send may never read why."""
_LONGEST: Final = 10.0
"""Seconds until all of it has come. A server takes so many requests at a time, and who never ends one holds a place."""
_FILE: Final = re.compile("/api/merchant/products/[^/]+/file")
"""What takes files; only an owner's are read at all."""
_LONGEST_OF_FILE: Final = 600.0
_PICTURES: Final = ("/api/merchant/products/pictures", "/api/merchant/seller/logo")
"""What takes photographs, and the sign of the shop; likewise."""
_TABLE: Final = "/api/merchant/products/import"
"""What takes products as a table; likewise."""
_LONGEST_OF_PICTURE: Final = 60.0


def _of_uploads(path: str) -> tuple[int, float] | None:
    """Return how large what a path takes may be, and how long it may take; None where nothing is uploaded."""
    if _FILE.fullmatch(path):
        return files.LARGEST, _LONGEST_OF_FILE
    if path == _TABLE:
        return tables.LARGEST, _LONGEST_OF_PICTURE
    return (pictures.LARGEST, _LONGEST_OF_PICTURE) if path in _PICTURES else None


class Bodies:
    """Refuse large bodies by their announced length at once, otherwise once too much has come; and slow ones."""

    def __init__(self, app: ASGIApp, longest: float = _LONGEST) -> None:
        self._app = app
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a receive that counts and looks at the clock."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        largest, longest = _of_uploads(scope["path"]) or (LARGEST, self._longest)
        if not announced.isdigit() or int(announced) > largest:
            response = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "content_too_large", f"At most {largest} bytes.")
            await response(scope, receive, send)
            return
        until = asyncio.get_running_loop().time() + longest
        received, is_whole = 0, False

        async def counted() -> Message:
            nonlocal received, is_whole
            if is_whole:
                return await receive()  # what comes now is that they are gone
            while True:
                try:
                    async with asyncio.timeout_at(until):
                        message = await receive()
                except TimeoutError:
                    raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from None
                received, is_whole = received + len(message.get("body", b"")), not message.get("more_body", False)
                if received <= largest:
                    return message
                if is_whole or received > largest + _READ_ON:
                    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

        await self._app(scope, counted, send)
