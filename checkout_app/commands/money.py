"""Commands about the money: whether the books are right, what they lost, and what was ordered in test mode."""

import argparse
import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from checkout_app.commands.words import NOTHING_KNOWN, WRONG_USAGE, Progress, add, tell
from checkout_app.core import database, migrations
from checkout_app.core.migrations import Standing
from checkout_app.core.settings import settings

if TYPE_CHECKING:
    from checkout_app.payments.checks.report import Report

_PATIENCE = 150
"""Seconds: a payment that nobody tells of is in the books within two minutes."""
_DAY = 86_400


def add_to(commands: Any) -> None:
    """Add these commands to those of the program."""
    text = "Look over the books and compare them with the gateway, paisa by paisa."
    checking = add(
        commands, "check", text, lambda given: check(as_json=given.json, patience=given.patience), on_a_shop=True
    )
    checking.add_argument("--json", action="store_true", help="say it to a program")
    text = "how many seconds to read again what differs, as it may be seconds old (default: %(default)s)"
    checking.add_argument("--patience", type=_seconds, default=_PATIENCE, metavar="SECONDS", help=text)
    text = "Make orders again that Razorpay has money for and the books lost; without --yes it only says which."
    recovering = add(
        commands,
        "recover",
        text,
        lambda given: recover(given.shop, really=given.yes, refund=given.refund),
        opens_issues=True,
    )
    recovering.add_argument("--yes", action="store_true", help="do it")
    recovering.add_argument("--refund", action="store_true", help="send back what pays no order, too")
    recovering.add_argument("--shop", default="", metavar="ID", help="which shop this is, when nobody knows any more")
    text = "Close what was ordered in test mode, once the live key is in the settings; without --yes, say what that is."
    going_live = add(commands, "go-live", text, lambda given: go_live(sure=given.yes), on_a_shop=True)
    going_live.add_argument("--yes", action="store_true", help="do it")


def _seconds(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > _DAY:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no number of seconds from 0 to {_DAY}")
    return int(text)


def check(*, as_json: bool, patience: int) -> int:
    """Look over the books, compare them with the gateway, and say where the money is.

    Returns 1 when anything does not hold, and else 3 when the gateway could not be asked.
    """
    report = asyncio.run(_check(timedelta(seconds=patience)))
    tell(report.json() if as_json else "\n".join(report.lines()))
    return 1 if report.violations else NOTHING_KNOWN if report.untold else 0


async def _check(patience: timedelta) -> "Report":
    from checkout_app.payments.checks import report
    from checkout_app.payments.gateway.client import gateway

    try:
        return await report.check(patience, Progress().tell)
    finally:
        await gateway().aclose()
        await database.dispose()


def recover(shop: str, *, really: bool, refund: bool) -> int:
    """Look for orders that the books lost, and make them again if told to; returns 1 when some can't be."""
    known = settings().shop_id
    if shop and known and shop != known:
        tell(f"This is the shop {known}, and not {shop}.")
        return WRONG_USAGE
    there = migrations.require(Standing.ABSENT, Standing.CURRENT) is Standing.CURRENT
    ours = known or shop
    if really and not ours:
        tell(
            "Say which shop this is: `recover` lists those it finds, and `recover --shop ID --yes` is for one of them."
        )
        return WRONG_USAGE
    if really and not there:
        migrations.make(ours)
        there = True
    return asyncio.run(_recover(ours, books=there, really=really, refund=refund))


async def _recover(shop: str, *, books: bool, really: bool, refund: bool) -> int:
    from checkout_app.payments.gateway.client import gateway
    from checkout_app.payments.gateway.errors import RazorpayError
    from checkout_app.payments.recovery.service import Recovery

    try:
        found = await Recovery(shop, Progress().tell, books=books, really=really, refund=refund).run()
    except RazorpayError as failure:
        tell(f"{settings().razorpay_api_url} does not tell: {failure}. What is done is done; begin again.")
        return NOTHING_KNOWN
    finally:
        await gateway().aclose()
        await database.dispose()
    for line in found.lines(shop):
        tell(line)
    tell("Made again. Look over the books now: `check`" if really else "Nothing was changed: `recover --yes` does it")
    return 1 if found.impossible else 0


def go_live(*, sure: bool) -> int:
    """Close what was ordered in test mode, or only say what that is."""
    from checkout_app.payments import go_live

    tell("\n".join(asyncio.run(go_live.go_live(Progress().tell, sure=sure))))
    return 0
