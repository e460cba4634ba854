"""The shop's server with places to die at, and a supervisor that starts it again as an operator's would.

The places are before and after every commit and every call of the gateway. In the folder `POINTS` the file `arm` names
the one at which the server kills itself, once, or a call that the gateway then hears twice; the file `passed` lists the
places it came by. The supervisor imports the program and forks: what is killed is a whole process with all its memory,
and the next one is there in a moment.
"""

import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from checkout_app.core import database, migrations
from checkout_app.core.session import Session
from checkout_app.payments import gateway_orders
from checkout_app.payments.gateway import client, line
from checkout_app.payments.gateway.errors import RazorpayError
from checkout_app.payments.gateway.line import Request
from tests.support import api_server, weak_server

POINTS = Path(os.environ["POINTS"])
Opening = Callable[[], AbstractAsyncContextManager[Session]]
PATIENCE_SECONDS = 0.7
"""How long this shop waits for the gateway's answer, so that the tests need not wait longer."""


def reach(point: str) -> None:
    """Come by a place; die there when it is armed."""
    with (POINTS / "passed").open("a") as passed:
        passed.write(point + "\n")
    if disarm(point):
        os.kill(os.getpid(), signal.SIGKILL)


def disarm(point: str) -> bool:
    """Tell whether a place is armed, and let it be so no more."""
    armed = POINTS / "arm"
    if not armed.exists() or armed.read_text() != point:
        return False
    armed.unlink()
    return True


def install() -> None:
    """Put a place before and after every commit and every call."""
    writing, changing, send = database.write, database.change, client.Razorpay._send  # noqa: SLF001

    def placed(opened: Opening) -> Opening:
        def open_session() -> AbstractAsyncContextManager[Session]:
            frame = sys._getframe(1)  # noqa: SLF001 - a place is named after the function that writes there
            table = frame.f_locals.get("table")  # and after the table, where one function serves several
            name = f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_qualname}"
            return transaction(opened, f"{name} of {table.__tablename__}" if table else name)

        return open_session

    @asynccontextmanager
    async def transaction(opened: Opening, where: str) -> AsyncIterator[Session]:
        async with opened() as session:
            yield session
            # What is changed in one statement has nothing between that and the commit.
            if opened is writing and session._wire.begun:  # noqa: SLF001
                await session.flush()
            reach(f"before the commit in {where}")
        reach(f"after the commit in {where}")

    async def call(self: client.Razorpay, request: Request) -> Any:
        path = re.sub(r"(order|pay|rfnd)_[A-Za-z0-9]+", r"{\1}", request.path)
        name = f"{request.method} {path}"
        reach(f"before {name}")
        if disarm(f"twice {name}"):  # as when something on the way repeats it: only one answer comes back
            with suppress(RazorpayError):
                await send(self, request)
        answer = await send(self, request)
        reach(f"after {name}")
        return answer

    database.write, database.change = placed(writing), placed(changing)
    client.Razorpay._send = call  # type: ignore[method-assign]  # noqa: SLF001
    line.READ_SECONDS = PATIENCE_SECONDS
    gateway_orders._LOOKS = 10  # noqa: SLF001 - nor for a copy of a request that died


def supervise() -> None:
    """Serve in a child, and in the next one when that was killed."""
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            api_server.serve()
            os._exit(0)

        def stop(_number: int, _frame: FrameType | None, child: int = child) -> None:
            os.kill(child, signal.SIGKILL)
            os._exit(0)

        signal.signal(signal.SIGTERM, stop)
        os.waitpid(child, 0)


if __name__ == "__main__":
    migrations.upgrade()
    migrations.upgrade = lambda waiting=print: None  # noqa: ARG005 - once is enough
    if guard := os.environ.get("WITHOUT"):
        weak_server.GUARDS[guard]()
    install()
    supervise()
