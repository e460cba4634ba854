"""Commands about what is for sale."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkout_app.commands.words import WRONG_USAGE, add, tell

if TYPE_CHECKING:
    from checkout_app.catalog.models import ProductFile


def add_to(commands: Any) -> None:
    """Add these commands to those of the program."""
    text = "Give a digital product its file; who has bought it gets that too."
    filing = add(commands, "product-file", text, _put_file, on_a_shop=True)
    filing.add_argument("product", help="its slug, the end of its page's address, or its id")
    filing.add_argument("file", type=_path, help="a PDF, an EPUB or a ZIP")
    filing.add_argument("--name", default="", help="under which name buyers get it (default: the file's own)")


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
