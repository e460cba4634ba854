"""`doctor`: each thing that going live needs is seen green and red, and one that is wrong hides no other."""

import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text
from sqlmodel import col

from checkout_app.core import clock, database
from checkout_app.journal.actors import OPERATOR
from checkout_app.payments import webhooks
from checkout_app.seller import profile
from checkout_app.seller.policies.models import Policy, PolicyKind
from checkout_app.server.doctor import machine, services
from tests.conftest import new_database
from tests.support.going_live import CLOSED, World, going_live, lights
from tests.support.inside import put_on_shelf
from tests.support.mail_server import running_mail_server
from tests.support.serving import put_up
from tests.support.zones import make_zones

NOBODY = "http://127.0.0.1:9"
SAME = secrets.token_hex(32)
FROM = "shop@mitti.example"


@pytest.fixture(params=["sqlite"])
async def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """A shop that may go live."""
    async with going_live(tmp_path, new_database(request.param, request, tmp_path), monkeypatch) as running:
        yield running


@pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)
async def test_a_shop_that_may_go_live_has_no_red_and_what_only_a_person_can_test_is_yellow(world: World) -> None:
    told = await world.look()
    judged = {check for check, (light, _) in told.items() if light != "green"}
    assert judged == {"backups", "webhooks", "mail", "prices", "invoice", "door"}, told
    assert lights(told) == {"green", "yellow"}
    for _, message in told.values():
        assert message[0].isupper() or message.startswith(("https://", "/")), message
        assert message.endswith("."), message


TEST_KEY = {"RAZORPAY_KEY_ID": "rzp_test_TestKey0000001"}
Break = Callable[[World], Mapping[str, str] | Awaitable[None] | None]


def _set(**changed: str) -> Break:
    return lambda _: changed


def _trouble(*troubles: str | None) -> Break:
    def line(world: World) -> None:
        world.line.troubles = list(troubles)

    return line


def _clock(hours: int) -> Break:
    def wrong(world: World) -> None:
        world.monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=hours))

    return wrong


def _on(kind: str) -> Break:
    return lambda world: world.keep_on(kind)


def _room(free: int) -> Break:
    class Usage:
        def __init__(self, _folder: Path) -> None:
            self.free = free

    return lambda world: world.monkeypatch.setattr("shutil.disk_usage", Usage)


def _env(mode: int) -> Break:
    def write(world: World) -> None:
        (world.folder / ".env").write_text("SHOP_NAME=Mitti\n")
        (world.folder / ".env").chmod(mode)

    return write


def _backup(hours: int) -> Break:
    def make(world: World) -> None:
        own = world.folder / "data" / "backups"
        own.mkdir()
        for older in (0, 24):
            file = own / f"shop-{older}.tar.gz"
            file.touch()
            os.utime(file, (at := time.time() - (hours + older) * 3600, at))

    return make


def _locked(lines: str) -> Break:
    def lock(world: World) -> None:
        (world.folder / "lock").write_text(lines)
        world.monkeypatch.setattr(machine, "_LOCK", world.folder / "lock")

    return lock


def _not_built(world: World) -> None:
    (world.pages / "current").unlink()


def _without_node(world: World) -> None:
    (world.pages / "current").unlink()
    world.monkeypatch.setattr(sys, "executable", "/nowhere/python")
    world.monkeypatch.setenv("PATH", "")


async def _at_revision(revision: str) -> None:
    with database.blocking() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


async def _sell_a_parcel(_: World) -> None:
    await put_on_shelf(1)


def _say(**said: str) -> Break:
    async def say(_: World) -> None:
        await profile.say(OPERATOR, said)

    return say


async def _unwritten(_: World) -> None:
    async with database.write() as session:
        await session.exec(delete(Policy).where(col(Policy.kind) == PolicyKind.TERMS))


async def _hear_a_webhook(_: World) -> None:
    await webhooks.receive(b'{"event": "order.paid", "payload": {}}', "event_1")


@pytest.mark.parametrize(
    ("check", "light", "broken", "words"),
    [
        ("environment", "red", _set(ENVIRONMENT="development", **TEST_KEY), "Say ENVIRONMENT=production."),
        ("address", "red", _set(PUBLIC_URL="http://localhost:3000"), "people buy over https alone"),
        ("address", "red", _set(PUBLIC_URL="https://localhost"), "which only this machine opens"),
        ("key", "red", _set(**TEST_KEY), "everybody buys without money"),
        ("key", "red", _set(RAZORPAY_KEY_ID="rzp_test_A", RAZORPAY_API_URL=NOBODY), f"Payments go to {NOBODY}"),
        ("secrets", "red", _set(JWT_SECRET="s" * 64), "JWT_SECRET can be guessed"),
        ("secrets", "red", _set(JWT_SECRET_PREVIOUS="p" * 64), "JWT_SECRET_PREVIOUS can be guessed"),
        ("secrets", "red", _set(LINK_SECRET="l" * 64), "LINK_SECRET can be guessed"),
        ("secrets", "red", _set(LINK_SECRET_PREVIOUS="p" * 64), "LINK_SECRET_PREVIOUS can be guessed"),
        ("secrets", "red", _set(METRICS_TOKEN="m" * 32), "METRICS_TOKEN can be guessed"),
        ("secrets", "red", _set(LINK_SECRET=SAME, METRICS_TOKEN=SAME), "are the same"),
        ("secrets", "red", _set(RAZORPAY_WEBHOOK_SECRET="kulhad-chai"), "RAZORPAY_WEBHOOK_SECRET can be guessed"),
        ("secrets", "red", _set(JWT_SECRET=SAME, RAZORPAY_WEBHOOK_SECRET=SAME), "are the same"),
        ("proxies", "yellow", _set(TRUSTED_PROXIES=""), "believes no proxy"),
        ("proxies", "yellow", _set(BIND="0.0.0.0"), "believes no proxy elsewhere"),  # noqa: S104 - nothing listens
        ("proxies", "green", _set(BIND="0.0.0.0", TRUSTED_PROXIES="10.0.0.0/24"), "Let nothing but these reach port"),  # noqa: S104
        (".env", "green", _env(0o600), "is its owner's alone"),
        (".env", "red", _env(0o640), "Run `chmod 600 "),
        (".env", "red", _env(0o604), "Run `chmod 600 "),
        ("folder", "red", _set(DATA_DIR="/nowhere/at/all"), "There is no folder /nowhere/at/all"),
        ("folder", "red", _set(DATA_DIR="/proc"), "Nothing can be written into /proc"),
        ("folder", "red", lambda world: (world.folder / "data").chmod(0o750), "Run `chmod 700 "),
        ("disk", "red", _on("nfs4"), "is on nfs4, over which SQLite can't lock"),
        ("disk", "red", _on("fuse.sshfs"), "over which SQLite can't lock"),
        ("disk", "red", _on("tmpfs"), "goes with this machine or container"),
        ("disk", "red", _on("overlay"), "goes with this machine or container"),
        ("disk", "red", _room(10**8), "too little for the shop and a copy of it"),
        ("disk", "yellow", _room(10**9), "which is soon too little"),
        (
            "packages",
            "red",
            _locked("reflex==0.0.1 \\\n    --hash=x\n"),
            "reflex 0.10.1 for 0.0.1. Run",
        ),
        ("packages", "red", _locked("no-such-package==1.0 \\\n"), "no-such-package is missing"),
        ("packages", "green", _locked("no-such-package==1.0 ; sys_platform == 'win32' \\\n"), "Python 3."),
        ("packages", "green", _locked("nodejs-wheel-of-nobody==1.0 \\\n"), "Python 3."),
        (
            "pages",
            "yellow",
            lambda world: put_up(world.pages, "another"),
            "from another program or other settings",
        ),
        ("pages", "red", _not_built, "The pages are not built. Run `python -m checkout_app.cli build`."),
        ("pages", "red", _without_node, "Node.js is missing for that"),
        ("identity", "red", lambda world: world.monkeypatch.delenv("SHOP_ID"), "into .env, and keep it"),
        ("database", "red", _set(SHOP_ID="another"), "One of the two is another shop's"),
        ("backups", "yellow", _set(), "where one is made every night. Run `python -m checkout_app.cli backup`"),
        ("backups", "yellow", _set(BACKUPS_KEPT="0"), "where one is made by nobody"),
        ("backups", "green", _backup(20), "is 20 hours old"),
        ("backups", "red", _backup(60), "is 60 hours old. See why no other was made."),
        ("redis", "red", _set(REDIS_URL="redis://:hidden@127.0.0.1:9/0"), "Redis does not answer"),
        ("gateway", "red", _trouble("401 Authentication failed"), "does not accept RAZORPAY_KEY_ID with its secret"),
        ("gateway", "red", _trouble("reset", "reset", "reset"), "does not answer: ConnectionResetError"),
        ("gateway", "red", _trouble("html", "html", "html"), "does not answer: HTTP 502 without JSON"),
        ("clock", "yellow", _trouble("reset", "reset", "reset"), "The clock can't be compared"),
        ("clock", "red", _clock(2), "s ahead. Run `timedatectl set-ntp true`."),
        ("clock", "red", _clock(-2), "s behind"),
        ("webhooks", "green", _hear_a_webhook, "The last webhook came on "),
        ("webhooks", "yellow", _set(), f"add {CLOSED}/api/webhooks/razorpay with RAZORPAY_WEBHOOK_SECRET"),
        ("mail", "yellow", _set(), "/data/mail. See SMTP_URL and MAIL_FROM."),
        ("mail", "red", _set(SMTP_URL="smtp://127.0.0.1:9", MAIL_FROM=FROM), "does not answer: SMTPConnectError. See"),
        ("parcels", "green", _set(), "Nothing is sent."),
        ("parcels", "yellow", _sell_a_parcel, "Say by `zone` where the shop sends."),
        ("parcels", "green", lambda _: make_zones(), "The shop has said where it sends: 4 zones."),
        ("seller", "green", _set(), "Meera Iyer sells, and is reached at help@mitti.example"),
        ("seller", "red", _say(care_phone="", pin=""), "who sells: PIN, customer care's phone. Say it at"),
        ("grievance", "yellow", _say(grievance_name=""), "a grievance officer named: name. Say it at"),
        ("policies", "green", _set(), f"Give Razorpay these pages: {CLOSED}/about, "),
        ("policies", "red", _unwritten, "without pages that are not written: Terms. Answer"),
        ("prices", "yellow", _set(), "Nothing is for sale"),
        ("prices", "green", _sell_a_parcel, "1 products are for sale."),
        ("invoice", "yellow", _set(), "open its receipt, and print it"),
        ("door", "yellow", _set(), "The shop is not running here"),
    ],
)
async def test_what_is_not_right_is_said_with_what_to_do(
    world: World, check: str, light: str, broken: Break, words: str
) -> None:
    changed = broken(world)
    if isinstance(changed, Awaitable):
        await changed
    told = await world.look(**changed if isinstance(changed, Mapping) else {})
    assert (told[check][0], words in told[check][1]) == (light, True), told[check]
    if light == "red":
        assert lights(told) >= {"red", "green"}, "one thing that is wrong hides no other"


@pytest.mark.parametrize(
    ("trouble", "light", "words"),
    [
        ([], "green", f"The mail server takes mails from {FROM}."),
        (["CONNECT 554 no"], "red", "No mail leaves: the mail server refuses the shop: 554."),
        (["AUTH 535 no"] * 2, "red", "No mail leaves: the mail server refuses the shop: 535."),
        (["MAIL 553 no"], "red", "No mail leaves: the mail server refuses the shop: 553."),
    ],
)
async def test_a_mail_server_is_asked_for_all_but_a_mail(
    world: World, trouble: list[str], light: str, words: str
) -> None:
    with running_mail_server() as server:
        server.trouble = trouble
        told = await world.look(SMTP_URL=f"smtp://shop:hidden@127.0.0.1:{server.port}", MAIL_FROM=FROM)
    assert (told["mail"][0], words in told["mail"][1]) == (light, True), told["mail"]
    assert (server.trouble, server.taken) == ([], [])


async def test_redis_that_answers_is_green(world: World, redis_url: str) -> None:
    assert (await world.look(REDIS_URL=redis_url))["redis"] == ("green", "Redis answers.")


@pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)
async def test_a_database_of_another_revision_or_none_is_red_and_hides_nothing_else(world: World) -> None:
    for revision, words in (("0001", "is older than this program"), ("9999", "This program is older")):
        await _at_revision(revision)
        told = await world.look()
        assert (told["database"][0], words in told["database"][1]) == ("red", True), told["database"]
        assert told["gateway"][0] == "green"
    away = "postgresql://clerk:hidden@127.0.0.1:9/shop"
    told = await world.look(DATABASE_URL=away)
    assert told["database"] == ("red", told["database"][1])
    assert told["database"][1].startswith("Nothing can be asked of the database postgresql://clerk@127.0.0.1:9/shop: ")
    for check, words in (("connections", "without the database"), ("parcels", "without the database")):
        assert (told[check][0], words in told[check][1]) == ("yellow", True), told[check]
    assert (await world.look(DATABASE_URL=away, SHOP_ID=""))["identity"][0] == "yellow"


@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
async def test_more_connections_than_postgresql_allows_are_red_and_an_old_one_yellow(world: World) -> None:
    told = await world.look(DATABASE_POOL="1000")
    assert told["connections"][0] == "red"
    assert "times DATABASE_POOL (1000) is 1000 connections, and" in told["connections"][1]
    world.monkeypatch.setattr(services, "_OLDEST_POSTGRESQL", 99)
    told = await world.look()
    assert (told["connections"][0], "99 is the oldest" in told["connections"][1]) == ("yellow", True), told[
        "connections"
    ]


async def test_what_breaks_a_look_is_said_and_the_others_go_on(world: World) -> None:
    world.monkeypatch.setattr(machine, "_LOCK", world.folder / "no such file")
    told = await world.look()
    assert told["packages"][0] == "red"
    assert told["packages"][1].startswith("This can't be looked at: FileNotFoundError: ")
    assert told["database"][0] == "green"
