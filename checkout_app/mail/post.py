"""How mails leave: over one connection to a server, or into a folder where there is none."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from checkout_app.core import clock
from checkout_app.core.due import Outage
from checkout_app.core.outside import trust
from checkout_app.core.settings import settings
from checkout_app.core.together import LOCAL_HOSTS

SECONDS: Final = 10.0
"""How long the server may take for each of its answers."""
_ALL_SECONDS: Final = 40.0
"""How long all of one mail may take, within its lease."""
_FOR_GOOD: Final = 500
"""From which answer on a server means that it will never take this mail."""


class Undeliverable(Exception):
    """The server will never take this mail; its text says why, without the address."""


class Later(Exception):
    """The server does not take this mail now."""


class Way:
    """The way out of a round: one connection, opened with its first mail, which takes one mail after the other.

    A server that is away is away for the round: no other mail of it waits for what the first has waited for.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._server: aiosmtplib.SMTP | None = None
        self._away = ""

    async def send(self, mail_id: str, message: EmailMessage, until: datetime | None) -> None:
        """Hand a mail over before its lease ends; raises Undeliverable, Later, Outage.

        When the server's last answer is lost it may have taken the mail. It goes again then, a copy of the same id.
        """
        if not settings().smtp_url:
            await asyncio.to_thread(_put, folder(), mail_id, bytes(message))
            return
        async with self._turn:
            if until and until < clock.now() + timedelta(seconds=_ALL_SECONDS):
                self._away = self._away or "the mail server is slow"  # somebody else could begin the same mail
            if self._away:
                raise Outage(self._away)
            await self._send(message)

    async def _send(self, message: EmailMessage) -> None:
        try:
            async with asyncio.timeout(_ALL_SECONDS):
                await _deliver(await self._connected(), message)
        except (OSError, aiosmtplib.SMTPException) as error:
            self.cut()
            self._away = _why_away(error)
            raise Outage(self._away) from None

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._server is None or not self._server.is_connected:
            self._server = _server()
            await self._server.connect()
        return self._server

    async def end(self) -> None:
        """Take leave of the server."""
        if self._server and self._server.is_connected:
            with suppress(OSError, aiosmtplib.SMTPException):
                await self._server.quit()

    def cut(self) -> None:
        """Let go of the connection as it is."""
        if self._server:
            self._server.close()


@asynccontextmanager
async def way_out() -> AsyncIterator[Way]:
    """Give the mails of a round their way out."""
    way = Way()
    try:
        yield way
        await way.end()
    finally:
        way.cut()


async def try_out() -> None:
    """See whether the server takes mails from the shop, and send none; raises Outage."""
    server = _server()
    try:
        async with asyncio.timeout(_ALL_SECONDS):
            await server.connect()
            await server.mail(settings().mail_from)
            await server.rset()
            await server.quit()
    except (OSError, aiosmtplib.SMTPException) as error:
        raise Outage(_why_away(error)) from None
    finally:
        server.close()


def folder() -> Path:
    """Return where mails lie that no server takes, since none was named."""
    return settings().data_dir / "mail"


def _server() -> aiosmtplib.SMTP:
    """Return a connection to the server, to be opened; a password goes only where nobody reads it on the way."""
    url = urlsplit(settings().smtp_url)
    is_tls, is_local = url.scheme == "smtps", url.hostname in LOCAL_HOSTS
    return aiosmtplib.SMTP(
        hostname=url.hostname,
        port=url.port or (465 if is_tls else 587),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=is_tls,
        start_tls=None if is_tls or is_local or not url.username else True,
        tls_context=None if is_local else trust(),
        validate_certs=not is_local,  # this machine's own certificate is nobody's to vouch for
        timeout=SECONDS,
    )


async def _deliver(server: aiosmtplib.SMTP, message: EmailMessage) -> None:
    """Hand a mail to a server that listens; what it says of this mail alone is Undeliverable or Later."""
    try:
        await server.send_message(message)
    except aiosmtplib.SMTPNotSupported:
        raise Undeliverable("the mail server takes no address with such letters") from None
    except aiosmtplib.SMTPRecipientsRefused as refused:
        raise _refusal(refused.recipients[0].code) from None
    except aiosmtplib.SMTPDataError as refused:
        raise _refusal(refused.code) from None


def _refusal(code: int) -> Undeliverable | Later:
    return (Undeliverable if code >= _FOR_GOOD else Later)(f"the mail server answers {code}")


def _why_away(error: Exception) -> str:
    """Say why no mail leaves: what the server says of the shop, not of one mail. Its words may hold an address."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"the mail server refuses the shop: {error.code}"
    return f"the mail server does not answer: {type(error).__name__}"


def _put(place: Path, mail_id: str, content: bytes) -> None:
    """Write a mail down whole or not at all, for its owner's eyes; once more makes the same file."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file, part = place / f"{mail_id}.eml", place / f".{mail_id}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(content)
    part.replace(file)
