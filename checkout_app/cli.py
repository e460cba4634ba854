"""The operator's commands, put together: which there are, and what ends them.

Usage: `python -m checkout_app.cli run` (or `make run`); every setting comes from the environment and `.env`.
Exit status: 0 all right; 1 something is wrong, for `check` the books, for `doctor` what going live needs; 2 the command
or a setting can't be used; 3 the database, or for `check` the gateway, can't be asked, so nothing is known.
"""

import argparse
import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress

from checkout_app import __version__
from checkout_app.commands import backups, delivery, doctor, money, pricing, products, serving, shop, tables
from checkout_app.commands.words import NOTHING_KNOWN, WRONG_USAGE, tell
from checkout_app.core import database, migrations, urls
from checkout_app.core.database import DatabaseAway
from checkout_app.core.migrations import Standing
from checkout_app.core.settings import SettingsError, settings
from checkout_app.server import logs
from checkout_app.server.builds import ROOT, BuildError

_OTHERS = 0o077
"""What a file lets its group and everybody else do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    given = _parser().parse_args(arguments)
    os.chdir(ROOT)
    if given.bears_anything:  # it says itself what is wrong with the settings or the database
        return int(given.carry_out(given))
    try:
        with database.in_words():
            logs.configure()
            if given.command != "build":  # pages are for others to serve as well, as in an image
                _keep_private()
            return _carry_out(given)
    except BuildError as error:
        tell(str(error))
        return 1
    except SettingsError as error:
        return _refuse(error, WRONG_USAGE)
    except DatabaseAway as error:
        return _refuse(error, NOTHING_KNOWN)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="checkout_app", description="Run the shop and look after it.")
    parser.add_argument("--version", action="version", version=f"checkout_app {__version__}")
    # on_a_shop: it needs a shop of this program's revision, and makes none
    parser.set_defaults(on_a_shop=False, opens_issues=False, bears_anything=False)
    commands = parser.add_subparsers(dest="command", required=True)
    for room in (serving, shop, products, tables, pricing, delivery, money, backups, doctor):
        room.add_to(commands)
    return parser


def _keep_private() -> None:
    """Let nobody else on this machine read what the shop keeps, what is there from before included."""
    os.umask(_OTHERS)
    folder, file = settings().data_dir, urls.sqlite_file(settings().database_url)
    with suppress(OSError):  # not there, or not ours to change: who needs it says what is wrong
        if not folder.stat().st_mode & stat.S_ISVTX:  # which is for what everybody may write to
            folder.chmod(folder.stat().st_mode & ~_OTHERS)
        if file and file.is_file():
            file.chmod(file.stat().st_mode & ~_OTHERS)


def _carry_out(given: argparse.Namespace) -> int:
    if given.on_a_shop:
        migrations.require(Standing.CURRENT)
    if given.opens_issues:
        _let_them_be_told()
    return int(given.carry_out(given))


def _let_them_be_told() -> None:
    """Let the servers tell of what a command does, as they tell of what they do."""
    from checkout_app.server import alerts, mails  # which take their time

    alerts.register()
    mails.register()


def _refuse(error: SystemExit, status: int) -> int:
    print(error, file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
