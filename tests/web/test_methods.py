"""Every path says by which methods it can be asked, and HEAD is among them wherever GET is."""

import httpx
import pytest

from checkout_app.server.api import build_api
from checkout_app.server.methods import read_only
from tests.web.test_assemble import Reflex


def _asking(app: object) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop")  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/health/live", "/api/orders", "/api/none"])
async def test_head_is_answered_as_get_without_a_body(path: str) -> None:
    async with _asking(build_api()) as client:
        got, head = await client.get(path), await client.head(path)
    assert got.content
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {**head.headers} == {**got.headers}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "ANYTHING"])
async def test_another_method_is_refused_with_those_that_are_allowed(method: str) -> None:
    async with _asking(build_api()) as api, _asking(read_only(Reflex())) as pages:
        answers = [await api.request(method, "/api/orders"), await pages.request(method, "/product/cups")]
    assert [(answer.status_code, answer.headers["allow"]) for answer in answers] == [(405, "GET, HEAD")] * 2


async def test_what_belongs_to_python_below_the_pages_is_asked_by_any_method() -> None:
    reflex = Reflex()
    async with _asking(read_only(reflex)) as pages:
        answers = [await pages.post("/sandbox/v1/orders"), await pages.get("/"), await pages.head("/")]
    assert ([answer.status_code for answer in answers], len(reflex.seen)) == ([200] * 3, 3)
