"""Photographs of products are everybody's and kept for good; nothing else of the shop's data is at their path."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from checkout_app.catalog.picture_names import CARD, FOLDER, SIGN, name_of
from checkout_app.server.api import build_api
from checkout_app.server.assemble import in_front_of
from checkout_app.server.one_origin import is_backend_path
from tests.support.inside import settings_for
from tests.web.test_assemble import Reflex

PICTURE = "a" * 64


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path)):
        yield


async def _ask(path: str, method: str = "GET") -> httpx.Response:
    app = in_front_of(Reflex(), build_api())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as browser:
        return await browser.request(method, f"/pictures/{path}")


@pytest.mark.parametrize(("width", "kind"), [(640, "image/webp"), (SIGN, "image/webp"), (CARD, "image/jpeg")])
async def test_a_picture_is_kept_for_good_by_whoever_asks(width: int, kind: str) -> None:
    FOLDER.put([b"content"], name_of(PICTURE, width))
    answer = await _ask(name_of(PICTURE, width))
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"content", kind)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await _ask(name_of(PICTURE, width), "HEAD")).headers["content-length"] == "7"
    assert (await _ask(name_of(PICTURE, width), "POST")).status_code == 405


@pytest.mark.parametrize(
    "path",
    ["", "x-640.webp", f"{PICTURE}-641.webp", f"{PICTURE}-640.webp/", "..%2Fnotes.txt", f"..%2Ffiles%2F{PICTURE}"],
)
async def test_nothing_else_is_there(tmp_path: Path, path: str) -> None:
    FOLDER.put([b"content"], name_of(PICTURE, 320))
    for other in ("notes.txt", f"files/{PICTURE}"):
        (tmp_path / other).parent.mkdir(exist_ok=True)
        (tmp_path / other).write_bytes(b"secret")
    answer = await _ask(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert is_backend_path(f"/pictures/{path}")
