"""Signed links: each opens one order, and goes on opening it as long as one of the secrets that may sign it stays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checkout_app.core import signing
from checkout_app.orders import links
from checkout_app.orders.models import Order
from tests.support.inside import settings_for

JWT, OTHER_JWT = "j" * 32, "J" * 32
LINK, OTHER_LINK = "l" * 32, "L" * 32


PRODUCTION = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://shop.example",
    "JWT_SECRET": JWT,
    "LINK_SECRET": "",
    "RAZORPAY_KEY_ID": "rzp_live_AAAAAAAAAAAAAA",
    "RAZORPAY_KEY_SECRET": "secret",
    "RAZORPAY_WEBHOOK_SECRET": "secret",
}


@pytest.fixture(autouse=True)
def _production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)  # no .env there
    with settings_for(monkeypatch, **PRODUCTION):
        yield


def _order(*, ended: int = 0, order_id: str = "ORDER") -> Order:
    known: dict[str, Any] = {"id": order_id, "links_ended": ended}
    return Order(**known)


def _opens(monkeypatch: pytest.MonkeyPatch, key: str, *, jwt: str, link: str = "", ended: int = 0) -> bool:
    with settings_for(monkeypatch, JWT_SECRET=jwt, LINK_SECRET=link):
        return links.opens(_order(ended=ended), key)


def _key(monkeypatch: pytest.MonkeyPatch, *, jwt: str, link: str = "", ended: int = 0) -> str:
    with settings_for(monkeypatch, JWT_SECRET=jwt, LINK_SECRET=link):
        return links.key_for(_order(ended=ended))


def test_a_link_from_before_there_was_a_secret_for_links_opens_its_order_when_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _opens(monkeypatch, _key(monkeypatch, jwt=JWT), jwt=JWT, link=LINK)


def test_a_link_outlasts_the_secret_of_sign_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _opens(monkeypatch, _key(monkeypatch, jwt=JWT, link=LINK), jwt=OTHER_JWT, link=LINK)


def test_the_secret_of_sign_ins_may_go_on_as_that_of_links(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _opens(monkeypatch, _key(monkeypatch, jwt=JWT), jwt=OTHER_JWT, link=JWT)


def test_another_secret_ends_every_link_that_was_signed_with_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not _opens(monkeypatch, _key(monkeypatch, jwt=JWT, link=LINK), jwt=JWT, link=OTHER_LINK)
    assert not _opens(monkeypatch, _key(monkeypatch, jwt=JWT), jwt=OTHER_JWT)


@pytest.mark.parametrize("key", ["", "é", "\udcff", "0" * 32, "0" * 10_000])
def test_a_made_up_key_opens_nothing(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    assert not _opens(monkeypatch, key, jwt=JWT, link=LINK)
    assert not links.opens(_order(), links.key_for(_order(order_id="ANOTHER")))


@pytest.mark.parametrize("key", ["3ad66603b4a181a04414fea61ee4be01", "110515da-57d385007e8a7d01f6e9c0de0433826f"])
def test_known_vectors_open_their_order_so_that_links_survive_an_upgrade_until_its_buyer_ends_them(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """The first is of a link from before links said which key had signed them."""
    assert _opens(monkeypatch, key, jwt=JWT)
    assert _opens(monkeypatch, key, jwt=OTHER_JWT, link=JWT)
    assert not _opens(monkeypatch, key, jwt=OTHER_JWT)
    assert not _opens(monkeypatch, key, jwt=JWT, ended=1)


def test_each_time_that_the_links_of_an_order_are_ended_others_are_good(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [_key(monkeypatch, jwt=JWT, ended=ended) for ended in range(3)]
    for ended in range(3):
        good = [_opens(monkeypatch, key, jwt=JWT, ended=ended) for key in keys]
        assert good == [place == ended for place in range(3)]


def test_links_outlast_a_change_of_the_secret_of_sign_ins_that_has_signed_them(monkeypatch: pytest.MonkeyPatch) -> None:
    key = _key(monkeypatch, jwt=JWT)
    monkeypatch.setenv("JWT_SECRET_PREVIOUS", JWT)
    assert _opens(monkeypatch, key, jwt=OTHER_JWT, link=LINK)


def test_links_outlast_a_change_of_their_own_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for ended in (0, 1):
        key = _key(monkeypatch, jwt=JWT, link=LINK, ended=ended)
        monkeypatch.setenv("LINK_SECRET_PREVIOUS", LINK)
        assert _opens(monkeypatch, key, jwt=JWT, link=OTHER_LINK, ended=ended)
        monkeypatch.delenv("LINK_SECRET_PREVIOUS")
        assert not _opens(monkeypatch, key, jwt=JWT, link=OTHER_LINK, ended=ended)


def test_what_signs_a_sign_in_or_a_mark_signs_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    for purpose in set(signing.Purpose) - {signing.Purpose.ORDER_LINK}:
        key = signing.key_for(purpose, JWT)
        signature = signing.sign(key, b"ORDER")[:32]
        for made_up in (signature, f"{signing.id_of(key)}-{signature}"):
            assert not _opens(monkeypatch, made_up, jwt=JWT)
