"""Where somebody writes to who has found a weakness of the shop."""

import re
from typing import Final

from email_validator import EmailNotValidError, validate_email
from sqlmodel import func, select

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.statements import Statement
from checkout_app.journal.actors import OPERATOR
from checkout_app.seller.models import LONGEST_CONTACT, ONLY, Seller
from checkout_app.seller.service import change

_PAGE: Final = re.compile(r"https://[^\s<>\"]+", re.ASCII)
_SAID: Final = Statement[str](
    select(func.coalesce(select(Seller.security_contact).where(Seller.id == ONLY).scalar_subquery(), ""))
)


async def security_contact() -> str:
    """Return the URL of the page or mailbox to write to; empty when the shopkeeper has said none."""
    async with database.ask() as session:
        return (await session.exec(_SAID)).one()


async def be_reached_at(contact: str) -> str:
    """Say where to write to, by the address of a page or a mailbox; nothing takes it back. Raises InvalidInput."""
    url = fit_contact(contact.strip())
    async with database.write() as session:
        await change(session, OPERATOR, security_contact=url)
    return url


def fit_contact(contact: str) -> str:
    """Return the URL of what somebody can be reached at; raises InvalidInput."""
    if not contact or (_PAGE.fullmatch(contact) and len(contact) <= LONGEST_CONTACT):
        return contact
    try:
        mailbox = validate_email(contact.removeprefix("mailto:"), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise InvalidInput({"contact": "Give the address of a page, with https://, or of a mailbox."}) from error
    if mailbox.ascii_email is None or len(url := f"mailto:{mailbox.ascii_email}") > LONGEST_CONTACT:
        raise InvalidInput({"contact": f"Use at most {LONGEST_CONTACT} ordinary characters."})
    return url
