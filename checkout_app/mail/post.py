"""How a mail leaves: by a server, or into a folder where there is none."""

import asyncio
import os
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from checkout_app.core.due import Outage
from checkout_app.core.outside import trust
from checkout_app.core.settings import settings
from checkout_app.core.together import LOCAL_HOSTS

SECONDS: Final = 10.0
"""How long the server may take for each of its answers."""
_ALL_SECONDS: Final = 40.0
"""How long all of it may take, within the lease of a mail."""
_FOR_GOOD: Final = 500
"""From which answer on a server means that it will never take this mail."""


class Undeliverable(Exception):
    """The server will never take this mail; its text says why, without the address."""


class Later(Exception):
    """The server does not take this mail now."""


def folder() -> Path:
    """Return where mails lie that no server takes, since none was named."""
    return settings().data_dir / "mail"


async def send(mail_id: str, message: EmailMessage) -> None:
    """Hand a mail to the server, or put it into the folder; raises Undeliverable, Later, Outage.

    When the server's last answer is lost it may have taken the mail, which goes again then, as a copy of the same id.
    """
    if settings().smtp_url:
        await _to_server(message)
    else:
        await asyncio.to_thread(_put, folder(), mail_id, bytes(message))


async def _to_server(message: EmailMessage) -> None:
    try:
        async with asyncio.timeout(_ALL_SECONDS), server() as client:
            await client.send_message(message)
    except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPResponseException) as refusal:
        code = _code(refusal)
        if isinstance(refusal, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPSenderRefused):
            raise Outage(f"the mail server refuses the shop: {code}") from None  # which is not about this mail
        raise (Undeliverable if code >= _FOR_GOOD else Later)(f"the mail server answers {code}") from None
    except (OSError, aiosmtplib.SMTPException) as error:
        raise Outage(f"the mail server does not answer: {type(error).__name__}") from None


def server() -> aiosmtplib.SMTP:
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
        tls_context=trust(),
        timeout=SECONDS,
    )


def _code(refusal: aiosmtplib.SMTPException) -> int:
    """Return the answer of a server that refuses, to the only recipient of a mail."""
    while isinstance(refusal, aiosmtplib.SMTPRecipientsRefused):
        refusal = refusal.recipients[0]
    return int(getattr(refusal, "code", _FOR_GOOD))


def _put(place: Path, mail_id: str, content: bytes) -> None:
    """Write a mail down whole or not at all, for its owner's eyes; once more makes the same file."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    file, part = place / f"{mail_id}.eml", place / f".{mail_id}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(content)
    part.replace(file)
