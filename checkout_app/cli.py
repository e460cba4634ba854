"""The operator's commands: run the shop, build its pages, migrate its database, fill it with the demo.

Usage: `python -m checkout_app.cli run` (or `make run`); every setting comes from the environment and `.env`.
Exit status: 0 all right; 1 something is wrong, for `check` the books, for `doctor` what going live needs; 2 the command
or a setting can't be used; 3 the database, or for `check` the gateway, can't be asked, so nothing is known.
"""

import argparse
import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from checkout_app import __version__
from checkout_app.core import database, migrations, room, shop_id
from checkout_app.core.database import DatabaseAway
from checkout_app.core.migrations import Standing
from checkout_app.core.settings import SettingsError, settings
from checkout_app.server import instances, logs
from checkout_app.server.backups import commands as backups
from checkout_app.server.build import build, build_environment, is_built, is_current
from checkout_app.server.builds import ROOT, BuildError

if TYPE_CHECKING:
    from checkout_app.payments.checks.report import Report

_TAX_SCHEMES = ("regular", "composition", "unregistered")
_PATIENCE = 150
"""Seconds: a payment that nobody tells of is in the books within two minutes."""
_DAY = 86_400
_PROGRESS_SECONDS = 3.0
_ON_A_SHOP = ("appoint", "tax-scheme", "check", "go-live", "demo", "shell")
"""Commands that need a shop of this program's revision, and make none."""
_OPENS_ISSUES = ("recover", "shell")
_WRONG_USAGE = 2
_NOTHING_KNOWN = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    parser = argparse.ArgumentParser(prog="checkout_app", description="Run the shop and look after it.")
    parser.add_argument("--version", action="version", version=f"checkout_app {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (command, text) in _COMMANDS.items():
        commands.add_parser(name, help=text, description=text).set_defaults(carry_out=_plainly(command))
    _add_commands_with_arguments(commands)
    backups.add_to(commands)
    given = parser.parse_args(arguments)
    os.chdir(ROOT)
    if given.command == "doctor":  # which says itself what is wrong with the settings or the database
        return doctor(as_json=given.json)
    try:
        with database.in_words():
            logs.configure()
            return _carry_out(given)
    except BuildError as error:
        _tell(str(error))
        return 1
    except SettingsError as error:
        return _refuse(error, _WRONG_USAGE)
    except DatabaseAway as error:
        return _refuse(error, _NOTHING_KNOWN)


def _add_commands_with_arguments(commands: Any) -> None:
    text = "Let the account with this e-mail address refund: it is the shopkeeper's."
    appointing = commands.add_parser("appoint", help=text, description=text)
    appointing.add_argument("email")
    appointing.set_defaults(carry_out=lambda given: appoint(given.email))
    text = "Say how the seller stands to GST; it counts for orders from now on."
    choosing = commands.add_parser("tax-scheme", help=text, description=text)
    choosing.add_argument("scheme", choices=_TAX_SCHEMES)
    choosing.set_defaults(carry_out=lambda given: choose_tax_scheme(given.scheme))
    text = "Look over the books and compare them with the gateway, paisa by paisa."
    checking = commands.add_parser("check", help=text, description=text)
    checking.add_argument("--json", action="store_true", help="say it to a program")
    text = "how many seconds to read again what differs, as it may be seconds old (default: %(default)s)"
    checking.add_argument("--patience", type=_seconds, default=_PATIENCE, metavar="SECONDS", help=text)
    checking.set_defaults(carry_out=lambda given: check(as_json=given.json, patience=given.patience))
    text = "Make orders again that Razorpay has money for and the books lost; without --yes it only says which."
    recovering = commands.add_parser("recover", help=text, description=text)
    recovering.add_argument("--yes", action="store_true", help="do it")
    recovering.add_argument("--refund", action="store_true", help="send back what pays no order, too")
    recovering.add_argument("--shop", default="", metavar="ID", help="which shop this is, when nobody knows any more")
    recovering.set_defaults(carry_out=lambda given: recover(given.shop, really=given.yes, refund=given.refund))
    text = "Close what was ordered in test mode, once the live key is in the settings; without --yes, say what that is."
    going_live = commands.add_parser("go-live", help=text, description=text)
    going_live.add_argument("--yes", action="store_true", help="do it")
    going_live.set_defaults(carry_out=lambda given: go_live(sure=given.yes))
    text = "Look over everything that going live needs, and say what to do about what is not right."
    looking = commands.add_parser("doctor", help=text, description=text)
    looking.add_argument("--json", action="store_true", help="say it to a program")


def _plainly(command: Callable[[], int]) -> Callable[[argparse.Namespace], int]:
    return lambda _: command()


def _seconds(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > _DAY:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no number of seconds from 0 to {_DAY}")
    return int(text)


def _carry_out(given: argparse.Namespace) -> int:
    if given.command in _ON_A_SHOP:
        migrations.require(Standing.CURRENT)
    if given.command in _OPENS_ISSUES:
        _let_them_be_told()
    return int(given.carry_out(given))


def _let_them_be_told() -> None:
    """Let the servers send the issues that a command opens, as they send their own."""
    from checkout_app.server import alerts  # takes its time

    alerts.register()


def _refuse(error: SystemExit, status: int) -> int:
    print(error, file=sys.stderr, flush=True)
    return status


def run() -> int:
    """Migrate, build what has changed, then serve until told to stop; in production only a shop that is there."""
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # until it serves, the newest release is what it begins with
    if not _ports_are_free():
        return 1
    room.require_room()
    if settings().environment != "development":
        _update()
    elif settings().web_workers > 1 or not is_current():
        migrate()  # one server prepares its own database, but not several at once, and pages are built with the demo
        demo()
    if not is_current():
        build_pages()
        if not _ports_are_free():  # any more: building takes its time
            return 1
    return _serve()


def serve() -> int:
    """Serve what is built until told to stop: neither migrate nor build, so nothing but the data is written to."""
    migrations.require(Standing.CURRENT)
    if not _ports_are_free():
        return 1
    if not is_built():
        raise BuildError("The pages are not built. Run `python -m checkout_app.cli build`.")
    return _serve()


def _serve() -> int:
    _tell("Starting the server" if settings().web_workers == 1 else f"Starting {settings().web_workers} servers")
    status = instances.serve(_tell_where)
    _tell("Stopped")
    return status


def develop() -> NoReturn:
    """Migrate, then serve with hot reload: a change in the code shows within seconds."""
    _update()
    demo()
    command = [sys.executable, "-m", "reflex", "run", "--frontend-port", str(settings().port)]
    command += ["--backend-host", "127.0.0.1"]  # whatever BIND says: only the development server talks to it
    os.execve(sys.executable, command, build_environment())  # noqa: S606 - Ctrl-C then reaches Reflex alone


def build_pages() -> int:
    """Build the pages if what they are made of has changed."""
    if is_current():
        _tell("The pages are up to date")
        return 0
    began = time.monotonic()
    if build(_tell):
        _tell(f"Built the pages in {time.monotonic() - began:.0f} s")
    else:
        _tell("The pages are up to date")
    return 0


def release() -> int:
    """Migrate and build what has changed, while servers of the version before go on."""
    _update()
    return build_pages()


def migrate() -> int:
    """Bring the database to the newest revision; where there is none, that makes a new, empty shop."""
    _tell("Bringing the database up to date")
    migrations.upgrade(lambda: _tell("Another program is at it; waiting for it"))
    _tell_shop()
    return 0


def _tell_shop() -> None:
    _tell(f"This is the shop {settings().shop_id}")
    if not shop_id.is_kept():
        _tell(f"Keep that outside of its database too: put SHOP_ID={settings().shop_id} into its environment")


def begin_new_shop() -> int:
    """Make a new, empty shop in place of one that is known and not to be had any more."""
    migrations.make(os.environ.get("SHOP_ID") or shop_id.new())
    _tell_shop()
    return 0


def _update() -> None:
    """Bring the shop's database to the newest revision; a lost one is not a new shop, except in development."""
    if settings().environment != "development":
        migrations.require(Standing.OLDER, Standing.CURRENT)
    migrate()


def appoint(email: str) -> int:
    """Make an account the shopkeeper's."""
    from checkout_app.accounts.service import appoint_merchant

    if asyncio.run(appoint_merchant(email)):
        _tell(f"{email} is a shopkeeper now")
        return 0
    _tell(f"There is no account with the address {email}. Create it in the shop first.")
    return 1


def choose_tax_scheme(scheme: str) -> int:
    """Say how the seller stands to GST."""
    from checkout_app.seller import service
    from checkout_app.seller.models import TaxScheme

    asyncio.run(service.choose_tax_scheme(TaxScheme(scheme)))
    _tell(f"Orders from now on are those of a seller whose scheme is {scheme}")
    return 0


def demo() -> int:
    """Load the demo catalogue and make the demo buyer; what is there already stays as it is."""
    if settings().environment != "development":
        _tell("The demo has a password that everybody knows, so it is for development only.")
        return 1
    asyncio.run(_load_demo())
    return 0


async def _load_demo() -> None:
    from checkout_app.demo.buyer import DEMO_EMAIL
    from checkout_app.demo.load import load_demo

    new_products, new_buyer = await load_demo()
    if new_products:
        _tell(f"Put {new_products} demo products on the shelves")
    if new_buyer:
        _tell(f"Made the demo buyer {DEMO_EMAIL}")
    await database.dispose()


def shell() -> int:
    """Open a Python shell with the shop at hand."""
    from checkout_app.shell import open_shell

    open_shell()
    return 0


def check(*, as_json: bool, patience: int) -> int:
    """Look over the books, compare them with the gateway, and say where the money is.

    Returns 1 when anything does not hold, and else 3 when the gateway could not be asked.
    """
    report = asyncio.run(_check(timedelta(seconds=patience)))
    _tell(report.json() if as_json else "\n".join(report.lines()))
    return 1 if report.violations else _NOTHING_KNOWN if report.untold else 0


async def _check(patience: timedelta) -> "Report":
    from checkout_app.payments.checks import report
    from checkout_app.payments.gateway.client import gateway

    try:
        return await report.check(patience, _Progress().tell)
    finally:
        await gateway().aclose()
        await database.dispose()


def recover(shop: str, *, really: bool, refund: bool) -> int:
    """Look for orders that the books lost, and make them again if told to; returns 1 when some can't be."""
    known = settings().shop_id
    if shop and known and shop != known:
        _tell(f"This is the shop {known}, and not {shop}.")
        return _WRONG_USAGE
    there = migrations.require(Standing.ABSENT, Standing.CURRENT) is Standing.CURRENT
    ours = known or shop
    if really and not ours:
        _tell(
            "Say which shop this is: `recover` lists those it finds, and `recover --shop ID --yes` is for one of them."
        )
        return _WRONG_USAGE
    if really and not there:
        migrations.make(ours)
        there = True
    return asyncio.run(_recover(ours, books=there, really=really, refund=refund))


async def _recover(shop: str, *, books: bool, really: bool, refund: bool) -> int:
    from checkout_app.payments.gateway.client import gateway
    from checkout_app.payments.gateway.errors import RazorpayError
    from checkout_app.payments.recovery.service import Recovery

    try:
        found = await Recovery(shop, _Progress().tell, books=books, really=really, refund=refund).run()
    except RazorpayError as failure:
        _tell(f"{settings().razorpay_api_url} does not tell: {failure}. What is done is done; begin again.")
        return _NOTHING_KNOWN
    finally:
        await gateway().aclose()
        await database.dispose()
    for line in found.lines(shop):
        _tell(line)
    _tell("Made again. Look over the books now: `check`" if really else "Nothing was changed: `recover --yes` does it")
    return 1 if found.impossible else 0


def doctor(*, as_json: bool) -> int:
    """Look over everything that going live needs, and say what to do; returns 1 when anything is red."""
    from checkout_app.server.doctor import report

    return asyncio.run(report.doctor(_tell, as_json=as_json))


def go_live(*, sure: bool) -> int:
    """Close what was ordered in test mode, or only say what that is."""
    from checkout_app.payments import go_live

    _tell("\n".join(asyncio.run(go_live.go_live(_Progress().tell, sure=sure))))
    return 0


class _Progress:
    """Says on stderr, every few seconds, how far something long has come; something short says nothing."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _PROGRESS_SECONDS

    def tell(self, text: str) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _PROGRESS_SECONDS
            print(text, file=sys.stderr, flush=True)


def _tell_where() -> None:
    from checkout_app.demo.buyer import DEMO_EMAIL, DEMO_PASSWORD

    _tell("")
    _tell(f"The shop is open:  {settings().public_url}")
    if settings().web_workers > 1:
        first, *_, last = instances.ports()
        _tell(f"Its servers:       ports {first} to {last}; a proxy in front has to keep a visitor with one of them")
    if settings().environment == "development":
        _tell(f"Demo buyer:        {DEMO_EMAIL}  password  {DEMO_PASSWORD}")
    if settings().sandboxed:
        _tell("Payments:          the sandbox on this machine; no money moves")
    _tell("Stop it with Ctrl-C.")


def _ports_are_free() -> bool:
    taken = instances.taken_port()
    if taken:
        _tell(f"Port {taken} is in use. Stop what uses it, or choose another: PORT=3100 make run")
    return taken is None


def _tell(text: str) -> None:
    print(text, flush=True)


_COMMANDS = {
    "run": (run, "Migrate, build what has changed, and serve the shop."),
    "serve": (serve, "Serve what is built, and write to nothing but the data: for containers and services."),
    "release": (release, "Migrate and build what has changed, while the version before goes on serving."),
    "dev": (develop, "Serve with hot reload while you change the code."),
    "build": (build_pages, "Build the pages if what they are made of has changed."),
    "migrate": (migrate, "Bring the database to the newest revision."),
    "new-shop": (begin_new_shop, "Make a new, empty shop in place of one that was lost for good."),
    "demo": (demo, "Load the demo catalogue and make the demo buyer (development only)."),
    "shell": (shell, "Open a Python shell with the shop at hand: settings, tables, services."),
}

if __name__ == "__main__":
    raise SystemExit(main())
