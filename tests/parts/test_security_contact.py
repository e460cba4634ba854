"""Who finds a weakness of the shop is told where to write to, once the shopkeeper has said it."""

import re
from datetime import datetime, timedelta

import httpx
import pytest
from starlette.responses import PlainTextResponse

from checkout_app.core import clock
from checkout_app.core.errors import InvalidInput
from checkout_app.seller import contact
from checkout_app.server.crawlers import guide_crawlers
from tests.support.inside import Inside

PATH = "/.well-known/security.txt"


async def _told() -> httpx.Response:
    way = guide_crawlers(PlainTextResponse("nobody knows", 404))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(way), base_url="http://shop") as client:
        return await client.get(PATH)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("security@example.in", "mailto:security@example.in"),
        ("mailto:security@example.in", "mailto:security@example.in"),
        ("https://example.in/report", "https://example.in/report"),
    ],
)
async def test_what_the_shopkeeper_says_is_told_for_a_while(inside: Inside, address: str, url: str) -> None:
    assert inside
    assert (await _told()).status_code == 404
    await contact.be_reached_at(address)
    answer = await _told()
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith(f"Contact: {url}\nExpires: ")
    [until] = re.findall(r"^Expires: (.+)$", answer.text, re.MULTILINE)
    assert clock.now() < datetime.fromisoformat(until) < clock.now() + timedelta(days=365)
    assert answer.text.endswith(f"{PATH}\n")
    await contact.be_reached_at("")
    assert (await _told()).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "somebody",
        "http://example.in/report",
        "https://example.in/\nContact: mailto:evil@example.in",
        "a@example.in\nX: y",
        "https://example.in/" + "x" * 200,
    ],
)
async def test_what_is_no_address_is_refused(inside: Inside, address: str) -> None:
    assert inside
    with pytest.raises(InvalidInput):
        await contact.be_reached_at(address)
    assert await contact.security_contact() == ""
