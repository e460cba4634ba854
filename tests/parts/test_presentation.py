"""How the shop presents itself is what its seller says, at once and on every page; the settings speak until then."""

import json

import pytest

from checkout_app.core.assets import versioned
from checkout_app.core.errors import InvalidInput
from checkout_app.core.settings import settings
from checkout_app.seller.presentation import present, presentation
from checkout_app.shopfront import service as shopfront
from checkout_app.shopfront.service import Content
from tests.support.inside import Inside, put_on_shelf

NAME, SENTENCE, ABOUT = "Kāgaz", "Paper, made by hand.", "Notebooks from Sanganer."


@pytest.fixture(autouse=True)
async def _open(inside: Inside) -> None:
    assert inside
    await put_on_shelf(10)


async def test_until_its_seller_says_otherwise_the_shop_is_what_the_settings_call_it() -> None:
    shop = await presentation()
    assert (shop.name, shop.sentence, shop.description, shop.links) == ((settings().shop_name,) * 2 + ("", ()))
    assert (shop.logo, shop.accent) == ("/brand/mark.svg", settings().accent)


@pytest.mark.parametrize("path", ["/", "/product/cups", "/category/table", "/product/none"])
async def test_what_is_said_is_on_every_page_at_once_and_can_be_taken_back(path: str) -> None:
    before = await _told(path)
    links = "Returns /returns\nWho we are https://example.in/about"
    await present(
        name=NAME, sentence=SENTENCE, description=ABOUT, logo="/brand/hero.svg", accent="#123456", links=links
    )
    told = await _told(path)
    shop = json.loads(told.data)["shop"]
    assert (shop["name"], shop["logo"]) == (NAME, versioned("/brand/hero.svg"))
    assert [(link["words"], link["href"]) for link in shop["links"]] == [
        ("Returns", "/returns"),
        ("Who we are", "https://example.in/about"),
    ]
    assert NAME in told.head.title
    assert told.head.shop == NAME
    assert (await presentation()).accent == "#123456"
    await present(name="", sentence="", description="", logo="", accent="", links="")
    assert await _told(path) == before


async def test_search_engines_are_told_its_sign() -> None:
    await present(logo="/brand/hero.svg")
    assert f'"logo": "{settings().public_url}/brand/hero.svg"' in (await _told("/")).head.linked.replace('":"', '": "')


async def test_what_is_not_said_stays() -> None:
    await present(name=NAME)
    shop = await present(sentence=SENTENCE)
    assert (shop.name, shop.sentence) == (NAME, SENTENCE)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "x" * 61},
        {"sentence": "a\x00b"},
        {"description": "x" * 301},
        {"accent": "red"},
        {"accent": "#A8451F;"},
        {"logo": "https://elsewhere.example/x.png"},
        {"logo": "//elsewhere.example/x.png"},
        {"logo": "/a b"},
        {"links": "Words"},
        {"links": "\u200b /path"},
        {"links": "Words javascript:alert(1)"},
        {"links": "Words //elsewhere.example"},
        {"links": "Words http://example.in"},
        {"links": "\n".join(["Words /path"] * 9)},
    ],
)
async def test_what_can_not_stand_on_a_page_is_refused_and_nothing_changes(said: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        await present(**said)
    assert (await presentation()).name == settings().shop_name


async def _told(path: str) -> Content:
    content = await shopfront.content(path)
    assert content
    return content
