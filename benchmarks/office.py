"""What the pages of the back office cost in a shop that is young, and in one that has sold a hundred thousand times.

Run by `make bench`, or as `.venv/bin/python -m benchmarks.office`. Writes `benchmarks/office.md`. Measured is what a
page asks the database and makes of the answer; drawing it takes as long in every shop, since its size has a bound.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.growth import new_database, row, tell_progress
from checkout_app.core import memory
from checkout_app.delivery import zones
from checkout_app.journal.actors import OPERATOR
from checkout_app.seller.policies import service as policies
from tests.support.bulk import fill_shop
from tests.support.bulk_rest import fill_the_rest
from tests.support.databases import blocking_engine, running_postgresql
from tests.support.inside import running_inside
from tests.support.office import addresses, opened
from tests.support.processes import ROOT
from tests.support.zones import HOME

RESULTS: Final = ROOT / "benchmarks" / "office.md"
SIZES: Final = (1_000, 100_000)
PRODUCTS: Final = 5_000
TOGETHER: Final = 20
"""How many orders are chosen on the pages that are about several."""
TIMES: Final = 5
"""How often a page is opened; the least counts, since whatever else a machine does only adds to it."""
_ASKS_OTHERS: Final = "/merchant/shop/live"
"""The page that asks Razorpay, the mail server and everything else whether they are there: its time is theirs."""
_HEAD: Final = f"""# What the pages of the back office cost

`make bench` writes this: milliseconds until what is on a page is known, and the KB of it, in a shop of {PRODUCTS:,}
products that has sold so many times. Compare only within one table.
"""


def main() -> None:
    """Measure each page in shops of every size on both databases, and write down what was found."""
    tell_progress()
    with running_postgresql() as server:
        shops = [(kind, orders) for kind in ("sqlite", "postgresql") for orders in SIZES]
        found = {shop: asyncio.run(_measure(*shop, server)) for shop in shops}
    headings = ["page", *(f"{kind}, {orders:,} orders" for kind, orders in shops), "KB"]
    lines = [row(headings), row(["---", *["--:"] * (len(shops) + 1)])]
    for page in next(iter(found.values())):
        figures = [found[shop][page] for shop in shops]
        kilobytes = max(size for _, size in figures) / 1024
        lines.append(row([f"`{page}`", *(f"{1000 * seconds:.1f}" for seconds, _ in figures), f"{kilobytes:.0f}"]))
    RESULTS.write_text("\n".join([_HEAD, *lines]) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


async def _measure(kind: str, orders: int, server: str) -> Mapping[str, tuple[float, int]]:
    """Fill a shop and open its pages; returns the seconds and the bytes of each."""
    with tempfile.TemporaryDirectory() as name:
        url = new_database(kind, Path(name), server)
        async with running_inside(Path(name), url):
            tell_progress()  # migrations have just said otherwise
            fill_shop(url, orders, PRODUCTS)
            engine = blocking_engine(url)
            fill_the_rest(engine)
            await zones.put(HOME)
            await policies.answer({}, OPERATOR)
            memory.leave_program_alone()  # as a server does that has started
            pages = {page: at for page, at in addresses(engine, TOGETHER).items() if page != _ASKS_OTHERS}
            found = {page: await _page(at) for page, at in pages.items()}
            engine.dispose()
    return found


async def _page(address: str) -> tuple[float, int]:
    """Open a page a few times; returns the least of the seconds, and its bytes."""
    taken = []
    for _ in range(TIMES):
        began = time.monotonic()
        told = await opened(address)
        taken.append(time.monotonic() - began)
    return min(taken), len(told.data)


if __name__ == "__main__":
    main()
