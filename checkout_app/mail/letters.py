"""What a mail says: a few blocks, from which its text and its HTML are both made."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final, NamedTuple

import htpy as h

from checkout_app.core.settings import settings

_LONGEST_SUBJECT: Final = 150
_FONT: Final = "font-family: system-ui, -apple-system, 'Segoe UI', sans-serif; color: #1c1917; line-height: 1.5"
_BUTTON: Final = "display: inline-block; padding: 12px 20px; border-radius: 8px; color: #ffffff; text-decoration: none"
_CODE: Final = "font-size: 32px; letter-spacing: 6px; font-weight: 600; margin: 24px 0"
_SMALL: Final = "color: #57534e; font-size: 14px"
_TABLE: Final = "width: 100%; border-collapse: collapse; margin: 24px 0"
_CELL: Final = "padding: 8px 0; border-bottom: 1px solid #e7e5e4; vertical-align: top"
_TERM: Final = f"{_CELL}; text-align: left"
_AMOUNT: Final = f"{_CELL}; text-align: right; padding-left: 24px; white-space: nowrap"


class Row(NamedTuple):
    """One row of a letter's table: for what an amount is; a `total` is what the rows above come to."""

    term: str
    amount: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail says. `link` is a path of the shop, behind the words of `button`; `code` is to be typed.

    `rows` stand below the paragraphs, and `closing` below those.
    """

    subject: str
    paragraphs: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    closing: tuple[str, ...] = ()
    button: str = ""
    link: str = ""
    code: str = ""

    @property
    def url(self) -> str:
        """Where the button leads."""
        return f"{settings().public_url}{self.link}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Which mail it is: the same each time that it is written, so that a copy can be told."""

    mail_id: str
    to: str
    begun_at: datetime


def message(letter: Letter, envelope: Envelope, *, sender: str, shop: str, accent: str) -> EmailMessage:
    """Write a letter down as a mail from the shop."""
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(_line(shop), addr_spec=sender)
    made["To"] = envelope.to
    made["Date"] = envelope.begun_at
    made["Subject"] = _line(letter.subject)[:_LONGEST_SUBJECT]
    made["Message-ID"] = f"<{envelope.mail_id.lower()}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text(letter, shop))
    made.add_alternative(html(letter, shop, accent), subtype="html")
    return made


def text(letter: Letter, shop: str) -> str:
    """Return what the letter says as plain text."""
    blocks = [letter.subject, *letter.paragraphs]
    if letter.code:
        blocks.insert(1, letter.code)
    if letter.rows:
        blocks.append("\n".join(f"{row.term}: {row.amount}" for row in letter.rows))
    blocks += letter.closing
    if letter.button:
        blocks.append(f"{letter.button}:\n{letter.url}")
    return "\n\n".join([*blocks, f"-- \n{shop}\n{settings().public_url}"]) + "\n"


def html(letter: Letter, shop: str, accent: str) -> str:
    """Return the same as a page, which loads nothing."""
    page = h.html[
        h.body(style=f"{_FONT}; margin: 0; padding: 24px")[
            h.div(style="max-width: 560px; margin: 0 auto; overflow-wrap: anywhere")[
                h.h1(style="font-size: 22px; line-height: 1.3")[letter.subject],
                letter.code and h.p(style=_CODE)[letter.code],
                (h.p[paragraph] for paragraph in letter.paragraphs),
                letter.rows and h.table(style=_TABLE)[(_row(row) for row in letter.rows)],
                (h.p[paragraph] for paragraph in letter.closing),
                letter.button and h.p[h.a(href=letter.url, style=f"{_BUTTON}; background: {accent}")[letter.button]],
                h.p(style=_SMALL)[shop, h.br, h.a(href=settings().public_url, style=_SMALL)[settings().public_url]],
            ]
        ]
    ]
    return str(page)


def _row(row: Row) -> h.Node:
    weight = f"font-weight: {600 if row.total else 400}"
    return h.tr[
        h.th(scope="row", dir="auto", style=f"{_TERM}; {weight}")[row.term],
        h.td(style=f"{_AMOUNT}; {weight}")[row.amount],
    ]


def _line(words: str) -> str:
    """Return words as one line: a header has no other."""
    return " ".join(words.split())
