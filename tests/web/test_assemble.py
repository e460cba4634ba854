"""Requests pass through the shop's web parts, and what is not about HTTP goes past them."""

from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from checkout_app.core.settings import settings
from checkout_app.server.api import build_api
from checkout_app.server.assemble import in_front_of


class Reflex:
    """Stands for Reflex: notes what comes to it, and answers requests."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Note what came."""
        self.seen.append(scope["type"])
        if scope["type"] == "http":
            await PlainTextResponse("Reflex")(scope, receive, send)


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
async def test_what_is_not_about_http_goes_straight_to_reflex(kind: str) -> None:
    reflex = Reflex()
    way: Any = in_front_of(reflex, build_api())
    await way({"type": kind}, None, None)
    assert reflex.seen == [kind]


@pytest.mark.parametrize(("environment", "status"), [("development", 200), ("production", 404)])
async def test_the_pages_of_the_api_are_for_developers_and_its_document_for_everybody(
    monkeypatch: pytest.MonkeyPatch, environment: str, status: int
) -> None:
    monkeypatch.setattr(settings(), "environment", environment)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(build_api()), base_url="http://shop") as client:
        pages, document = await client.get("/api/docs"), await client.get("/api/openapi.json")
    assert (pages.status_code, document.status_code) == (status, 200)


async def test_the_api_answers_below_its_path_whatever_is_asked_and_reflex_elsewhere() -> None:
    reflex = Reflex()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(in_front_of(reflex, build_api())), base_url="http://shop"
    ) as client:
        unknown, other = await client.get("/api/unknown"), await client.get("/ping")
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "application/problem+json")
    assert (other.text, reflex.seen) == ("Reflex", ["http"])
    assert unknown.headers["x-request-id"] != other.headers["x-request-id"]
