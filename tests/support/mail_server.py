"""A mail server that takes mails, or does what servers do when they don't."""

import asyncio
import threading
from asyncio import BaseTransport, WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import AnyStr

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from typing_extensions import override

from tests.support.processes import free_port


class MailServer:
    """Takes mails. `trouble` is what happens to the next ones, first one first; after it all is well.

    Each names the step and what comes of it: an answer, such as `RCPT 550 no such mailbox`, or `stalls`, which says
    nothing. `DATA waits` takes the mail and answers once `goes_on` is set, `DATA dropped` hangs up before it has the
    mail, and `DATA lost` when it has it, so that its answer is lost.
    """

    def __init__(self) -> None:
        self.trouble: list[str] = []
        self.taken: list[Message] = []
        self.connections = 0
        self.logins: list[tuple[str, str]] = []
        self.waits, self.goes_on = threading.Event(), threading.Event()
        self.lines: list[BaseTransport] = []
        self.port = free_port()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self.port}"

    def _next(self, step: str) -> str:
        if not self.trouble or not self.trouble[0].startswith(f"{step} "):
            return ""
        return self.trouble.pop(0).removeprefix(f"{step} ")

    def hang_up(self) -> None:
        """End every connection, those that stall too: from Python 3.12 on a server waits for their ends."""
        for line in self.lines:
            assert isinstance(line, WriteTransport)
            line.abort()

    async def happens(self, step: str) -> str:
        """Return what happens in a step; nothing when all is well."""
        trouble = self._next(step)
        if trouble == "stalls":
            await asyncio.Event().wait()
        return trouble

    def log_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object) -> AuthResult:
        """Let in whoever comes, and know who came."""
        assert isinstance(given, LoginPassword)
        if trouble := self._next("AUTH"):
            return AuthResult(success=False, handled=False, message=trouble)
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=True)

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer who a mail is from."""
        if trouble := await self.happens("MAIL"):
            return trouble
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer who a mail is for."""
        if trouble := await self.happens("RCPT"):
            return trouble
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer a mail."""
        trouble = await self.happens("DATA")
        if trouble in {"", "waits", "lost"}:
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content, policy=default))
        if trouble in {"dropped", "lost"}:
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
        if trouble == "waits":
            self.waits.set()
            await asyncio.to_thread(self.goes_on.wait)
            return "250 OK"
        return trouble or "250 OK"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        """Answer who takes leave."""
        return await self.happens("QUIT") or "221 Bye"


class _Greeting(SMTP):
    """Says hello as the server wants."""

    @override
    def connection_made(self, transport: BaseTransport) -> None:
        assert isinstance(self.event_handler, MailServer)
        self.event_handler.lines.append(transport)
        super().connection_made(transport)

    @override
    async def push(self, status: AnyStr) -> None:
        server = self.event_handler
        assert isinstance(server, MailServer)
        if isinstance(status, str) and status.startswith("220 "):
            server.connections += 1
            if trouble := await server.happens("CONNECT"):
                await super().push(trouble)
                return
        await super().push(status)


class _Listening(Controller):
    @override
    def factory(self) -> SMTP:
        assert isinstance(self.handler, MailServer)
        return _Greeting(self.handler, authenticator=self.handler.log_in, auth_require_tls=False)


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """Run a mail server for the length of a block."""
    server = MailServer()
    controller = _Listening(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    server.connections = 0  # which the start itself has tried
    try:
        yield server
    finally:
        controller.loop.call_soon_threadsafe(server.hang_up)
        controller.stop()
