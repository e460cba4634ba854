"""Files of digital products: kept below the shop's own data, where nothing is served from, each named by its content.

A name that somebody gave is only told, never a path. The same content is one file, and none is ever removed or written
over: so a backup has whatever its database speaks of, and what was replaced by mistake can be put back.
"""

import asyncio
import re
from collections.abc import AsyncIterable
from pathlib import Path
from typing import Final, NamedTuple

from sqlmodel import bindparam, col, select

from checkout_app.catalog.errors import FileTooLarge, ProductNotFound
from checkout_app.catalog.folders import DIGEST, Draft, Folder
from checkout_app.catalog.models import Product, ProductFile
from checkout_app.catalog.service import NAMED
from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import Subject

FILED: Final = "filed"
"""What the journal calls it that a product has another file."""
LARGEST: Final = 100 * 1024 * 1024
LONGEST_NAME: Final = 100
CHUNK: Final = 256 * 1024
"""Bytes of a file that are in memory at a time."""
FOLDER: Final = Folder("files", DIGEST)


class Kind(NamedTuple):
    """A kind of file that is sold: what browsers call it, and how its content begins."""

    media_type: str
    begins: re.Pattern[bytes]


KINDS: Final = {
    ".pdf": Kind("application/pdf", re.compile(rb"%PDF-")),
    ".epub": Kind("application/epub+zip", re.compile(rb"PK\x03\x04.{26}mimetypeapplication/epub\+zip", re.DOTALL)),
    ".zip": Kind("application/zip", re.compile(rb"PK\x03\x04")),
}
"""By how its name ends. None of them is shown by a browser as a page of the shop."""
_NOT_IN_NAMES: Final = frozenset('/\\:*?"<>|')
"""What some system takes for more than a name."""

_NAMED: Final = Statement[Product](select(Product).where(NAMED))
_NEWEST: Final = Statement[ProductFile](
    select(ProductFile)
    .where(ProductFile.product_id == bindparam("product"))
    .order_by(col(ProductFile.id).desc())
    .limit(1)
)


async def put(product: str, name: str, content: AsyncIterable[bytes], by: Actor) -> ProductFile:
    """Let a content be the file of a digital product, given by its id or slug; from now on its buyers get that.

    It goes to the disk as it comes. The same again answers the same row. Raises ProductNotFound, FileTooLarge, and
    InvalidInput for a product that is sent, a name that can't be a file's, or another kind than the shop sells.
    """
    product_id, (name, kind) = await _digital(product), _named(name)
    size, digest = await _keep(content, kind)
    async with database.write() as session:
        await database.lock(session, Product, [product_id])
        present = await newest(session, product_id)
        if present is not None and (present.name, present.digest) == (name, digest):
            return present
        file = ProductFile(product_id=product_id, name=name, media_type=kind.media_type, size=size, digest=digest)
        session.add(file)
        await journal.record(session, Subject.PRODUCT, product_id, FILED, by, name=name, digest=digest)
        return file


async def newest(session: Session, product_id: str) -> ProductFile | None:
    """Return the file that a product's buyers get, None where there is none."""
    return (await session.exec(_NEWEST, product=product_id)).first()


async def _digital(named: str) -> str:
    """Return the id of a product that is downloaded."""
    async with database.ask() as session:
        product = (await session.exec(_NAMED, name=named)).one_or_none()
    if product is None:
        raise ProductNotFound("We can't find this product.")
    if not product.digital:
        raise InvalidInput({"product": f"{product.name} is sent to its buyers: only a digital product has a file."})
    return product.id


def _named(given: str) -> tuple[str, Kind]:
    """Return a file's name as it is kept, and the kind that it names."""
    try:
        name = one_line(given, LONGEST_NAME)
    except Unfit:
        name = ""
    if not name or name.startswith(".") or _NOT_IN_NAMES & set(name):
        words = f"A file's name has at most {LONGEST_NAME} ordinary characters, without a path."
        raise InvalidInput({"name": words})
    kind = KINDS.get(Path(name).suffix.lower())
    if kind is None:
        words = f"A file's name ends with one of {', '.join(KINDS)}: what is of another kind goes into a ZIP."
        raise InvalidInput({"name": words})
    return name, kind


async def _keep(content: AsyncIterable[bytes], kind: Kind) -> tuple[int, str]:
    """Write a content to the disk under its digest; returns its size and that. What is refused leaves nothing."""
    draft = await asyncio.to_thread(Draft, FOLDER)
    try:
        async for part in content:
            if draft.size + len(part) > LARGEST:
                raise FileTooLarge(f"A file has at most {LARGEST // 1024**2} MB.")
            await asyncio.to_thread(draft.add, part)
        if not kind.begins.match(draft.head):
            raise InvalidInput({"file": "This is not what its name says: the content is of another kind."})
        return draft.size, await asyncio.to_thread(draft.keep)
    finally:
        await asyncio.to_thread(draft.drop)
