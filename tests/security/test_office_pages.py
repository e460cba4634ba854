"""Who may open which page of the back office: every one of them, asked for as a document by everybody there is.

A new page is asked for as soon as somebody has written down, in `PAGES`, at which address and for whom it is. Others
are led to where they say who they are, or told what is told of a page that is not there.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
from starlette.responses import PlainTextResponse

from checkout_app.server.first_byte import FirstByte
from checkout_app.server.serve import SHELL, built_files
from tests.support.house import WHO, House, everything_kept, furnish, token_of, tried
from tests.support.inside import Inside
from tests.support.office import PAGES, ROUTES, opened, route_of

pytestmark = pytest.mark.parametrize("everywhere", ["sqlite"], indirect=True, scope="module")
NOWHERE: Final = "/merchant/no-such-page"
_DATA: Final = re.compile(r'<script type="application/json" id="page-data"[^>]*>(.*?)</script>')


@pytest.fixture(scope="module")
async def house(everywhere: Inside) -> House:
    """The shop, furnished once for all who look."""
    return await furnish(everywhere)


@pytest.fixture(scope="module")
def first_byte(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstByte]:
    """What answers pages, with a shell as a build leaves it and nobody who renders."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("REFLEX_WEB_WORKDIR", str(tmp_path_factory.mktemp("web")))
        built_files().mkdir(parents=True)
        (built_files() / SHELL).write_text("<html><head></head><body></body></html>")
        yield FirstByte(PlainTextResponse("no page"))


async def _open(first_byte: FirstByte, address: str, token: str) -> httpx.Response:
    cookies = {"session": token} if token else {}
    transport = httpx.ASGITransport(first_byte)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", cookies=cookies) as client:
        return await client.get(address)


def _told(answer: httpx.Response) -> Any:
    """Return what a page tells its script."""
    found = _DATA.search(answer.text)
    assert found, answer.text
    return json.loads(found[1])


@pytest.mark.usefixtures("everywhere")
def test_every_page_of_the_back_office_is_written_down() -> None:
    assert {route_of(address) for address in PAGES} == ROUTES


@pytest.mark.parametrize("who", tried(WHO))
@pytest.mark.parametrize("address", PAGES)
async def test_a_page_is_shown_to_whom_it_is_for_and_nobody_changes_anything_by_looking(
    house: House, first_byte: FirstByte, address: str, who: str
) -> None:
    at, role, token = house.filled(address), WHO[who], await token_of(who)
    before = everything_kept()
    answer = await _open(first_byte, at, token)
    assert everything_kept() == before
    if role is None:
        assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={quote(at, safe='')}")
        return
    assert answer.headers["cache-control"] == "no-store"
    if PAGES[address].admits(role):
        told = _told(answer)
        assert (answer.status_code, told["status"]) == (200, 200)
        assert (told["view"]["desk"]["role"], told["waits"]) == (role.word, 1)
    else:
        assert (answer.status_code, answer.text) == (404, (await _open(first_byte, NOWHERE, token)).text)
        assert _told(answer)["view"] == {}


@pytest.mark.parametrize(
    "who", ["owner", *(pytest.param(who, marks=pytest.mark.nightly) for who in ("shipper", "viewer"))]
)
@pytest.mark.parametrize("address", PAGES)
async def test_a_password_alone_leads_to_the_second_factor(
    house: House, first_byte: FirstByte, address: str, who: str
) -> None:
    at, token, before = house.filled(address), await token_of(who, by_factor=False), everything_kept()
    answer = await _open(first_byte, at, token)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/second-factor?next={quote(at, safe='')}")
    assert everything_kept() == before


@pytest.mark.parametrize("address", PAGES)
async def test_a_page_that_was_made_for_somebody_is_kept_by_nobody(house: House, address: str) -> None:
    assert (await opened(house.filled(address))).own


@pytest.mark.parametrize("who", ["owner", "viewer"])
@pytest.mark.parametrize(
    "address",
    [NOWHERE, "/merchant/orders/unknown", "/merchant/orders/slips", "/merchant/delivery/unknown", "/merchant//orders"],
)
@pytest.mark.usefixtures("house")
async def test_what_is_not_there_is_404_for_the_people_of_the_shop_too(
    first_byte: FirstByte, address: str, who: str
) -> None:
    answer = await _open(first_byte, address, await token_of(who))
    assert (answer.status_code, answer.headers["cache-control"], _told(answer)["view"]) == (404, "no-store", {})
