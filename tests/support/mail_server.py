"""A mail server that takes mails, or does what servers do when they don't."""

from asyncio import WriteTransport
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.processes import free_port


class MailServer:
    """Takes mails. `trouble` is what happens to the next ones, first one first; after it all is well.

    `recipient` refuses to whom it goes for good, `busy` refuses the mail for now, `spam` for good, `dropped` hangs up
    before it has the mail, and `lost` when it has it, so that its answer is lost.
    """

    def __init__(self) -> None:
        self.trouble: list[str] = []
        self.taken: list[Message] = []
        self.url = ""

    def _is_next(self, *troubles: str) -> str:
        return self.trouble.pop(0) if self.trouble and self.trouble[0] in troubles else ""

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer who a mail is for."""
        if self._is_next("recipient"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer a mail."""
        trouble = self._is_next("busy", "spam", "dropped", "lost")
        if trouble in {"", "lost"}:
            assert isinstance(envelope.content, bytes)
            self.taken.append(message_from_bytes(envelope.content, policy=default))
        if trouble in {"dropped", "lost"}:
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
        return {"busy": "451 4.3.0 come again", "spam": "554 5.7.1 no"}.get(trouble, "250 OK")


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """Run a mail server for the length of a block."""
    server = MailServer()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    server.url = f"smtp://127.0.0.1:{port}"
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
