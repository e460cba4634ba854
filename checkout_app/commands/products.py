"""Commands about what is for sale."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkout_app.commands.words import WRONG_USAGE, add, percent, tell

if TYPE_CHECKING:
    from checkout_app.catalog.models import ProductFile
    from checkout_app.catalog.taxes import TaxRates


def add_to(commands: Any) -> None:
    """Add these commands to those of the program."""
    text = "Give a digital product its file; who has bought it gets that too."
    filing = add(commands, "product-file", text, _put_file, on_a_shop=True)
    filing.add_argument("product", help="its slug, the end of its page's address, or its id")
    filing.add_argument("file", type=_path, help="a PDF, an EPUB or a ZIP")
    filing.add_argument("--name", default="", help="under which name buyers get it (default: the file's own)")
    text = "Say by what a product is taxed, at once or from a day on, or without a rate by what it is now."
    rating = add(commands, "tax-rate", text, _set_rate, on_a_shop=True)
    rating.add_argument("product", help="its slug, or its id")
    rating.add_argument("rate", nargs="?", type=percent, metavar="PERCENT", help="of GST, as 5 or 0.25")
    ahead = "the day on which it begins, in India, as 2027-04-01 (at once); the present rate takes back what was said"
    rating.add_argument("--from", dest="from_day", type=_day, metavar="DAY", help=ahead)


def _path(text: str) -> Path:
    return Path(text).absolute()  # before the program goes to its own folder


def _put_file(given: argparse.Namespace) -> int:
    from checkout_app.catalog.errors import FileTooLarge, ProductNotFound
    from checkout_app.core.errors import InvalidInput

    try:
        kept = asyncio.run(_put(given.product, given.name or given.file.name, given.file))
    except OSError as error:
        tell(f"{given.file} can't be read, or the shop has no room for it: {error.strerror}.")
        return WRONG_USAGE
    except (FileTooLarge, InvalidInput, ProductNotFound) as unfit:
        tell(unfit.detail)
        return WRONG_USAGE
    tell(f"Buyers of {given.product} get {kept.name} from now on, {kept.size:,} bytes")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day like 2027-04-01") from error


def _set_rate(given: argparse.Namespace) -> int:
    from checkout_app.catalog import taxes
    from checkout_app.catalog.errors import ProductNotFound
    from checkout_app.core.errors import InvalidInput
    from checkout_app.journal.actors import OPERATOR

    if given.rate is None and given.from_day:
        tell("Say the rate that begins then.")
        return WRONG_USAGE
    if given.rate is None:
        asked = taxes.rates(given.product)
    else:
        asked = taxes.set_rate(given.product, given.rate, OPERATOR, from_day=given.from_day)
    try:
        tell(f"{given.product}: {_said_of(asyncio.run(asked))}")
    except (InvalidInput, ProductNotFound) as unfit:
        tell(unfit.detail)
        return WRONG_USAGE
    return 0


def _said_of(rates: "TaxRates") -> str:
    from checkout_app.core.clock import format_date
    from checkout_app.core.money import format_rate

    now = f"{format_rate(rates.now)} now"
    if rates.then is None or rates.begins is None:
        return now
    return f"{now}, {format_rate(rates.then)} from {format_date(rates.begins)} on"


async def _put(product: str, name: str, file: Path) -> "ProductFile":
    from checkout_app.catalog import files
    from checkout_app.core import database
    from checkout_app.journal.actors import OPERATOR

    async def content() -> AsyncIterator[bytes]:
        with file.open("rb") as opened:
            while part := opened.read(files.CHUNK):
                yield part

    try:
        return await files.put(product, name, content(), OPERATOR)
    finally:
        await database.dispose()
