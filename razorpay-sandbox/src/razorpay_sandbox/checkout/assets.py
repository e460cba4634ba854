"""Files of checkout: the script joined from its parts, and the frame's pages, styles and modules.

Everything is read once. Script and pages carry an entity tag, so that a browser asks again but rarely downloads again.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_HERE: Final = Path(__file__).parent
_STATIC: Final = _HERE / "frame"
_SCRIPT_PARTS: Final = (
    "place",
    "currencies",
    "emitter",
    "options",
    "refusals",
    "message",
    "stage",
    "line",
    "outcome",
    "razorpay",
    "automatic",
)
_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    body: bytes
    media_type: str
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "etag", f'"{hashlib.sha256(self.body).hexdigest()[:24]}"')

    def answer(self, request: Request, headers: dict[str, str]) -> Response:
        """Answer the file, or 304 when the browser holds this version already."""
        every = {"ETag": self.etag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", **headers}
        if request.headers.get("if-none-match") == self.etag:
            return Response(status_code=304, headers=every)
        return Response(self.body, media_type=self.media_type, headers=every)


def script() -> Asset:
    """Join the parts of checkout.js inside one function, so that only ``window.Razorpay`` becomes global."""
    parts = [(_HERE / "script" / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPT_PARTS]
    whole = '(function () {\n"use strict";\n\n' + "\n".join(parts) + "})();\n"
    return Asset(whole.encode(), _TYPES[".js"])


def files() -> dict[str, Asset]:
    """Read the frame's files, by their path below the static folder.

    Pages name styles and modules below a folder called after their content, so that browsers may keep them for good.
    """
    found = {
        path.relative_to(_STATIC).as_posix(): Asset(path.read_bytes(), _TYPES[path.suffix])
        for path in sorted(_STATIC.rglob("*"))
        if path.suffix in _TYPES
    }
    version = hashlib.sha256("".join(asset.etag for asset in found.values()).encode()).hexdigest()[:12]
    modules = "".join(
        f'    <link rel="modulepreload" href="static/{name}">\n'
        for name in found
        if name.endswith(".js") and name != "bank.js"
    )
    for name, more in (("frame.html", modules), ("bank.html", "")):
        page = found[name].body.decode().replace("  </head>", f"{more}  </head>")
        found[name] = Asset(page.replace("static/", f"static/{version}/").encode(), _TYPES[".html"])
    return found
