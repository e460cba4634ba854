"""All that the shopkeeper says of the shop, said together: what is wrong with any of it is told at once."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from sqlmodel import select

from checkout_app.core import database
from checkout_app.core.errors import InvalidInput
from checkout_app.core.statements import Statement
from checkout_app.core.text import Unfit, one_line
from checkout_app.journal.actors import Actor
from checkout_app.seller import contact, keeping, presentation, refund_limit, registration, service
from checkout_app.seller.models import (
    LONGEST_EMAIL,
    LONGEST_LINE,
    LONGEST_PERSON,
    LONGEST_PHONE,
    LONGEST_TOWN,
    Seller,
    TaxScheme,
)

_PIN: Final = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{4,}[0-9]", re.ASCII)
_SELLER: Final = Statement[Seller](select(Seller))


async def profile() -> Seller:
    """Return all that the shopkeeper has said, and what holds for what they have not."""
    async with database.ask() as session:
        return (await session.exec(_SELLER)).first() or Seller()


async def say(by: Actor, said: Mapping[str, Any], wrong: Mapping[str, str] = MappingProxyType({})) -> Seller:
    """Say things of the shop anew, by the names of the seller's columns; texts without words take back what they said.

    Nothing of it is kept when any of it can't be. Raises InvalidInput with every problem, `wrong` among them.
    """
    fit, problems = _fitting(said)
    problems |= wrong
    async with database.write() as session:
        seller = await service.change(session, by)
        try:
            fit = registration.placed(seller, fit)
        except InvalidInput as error:
            problems |= error.fields
        if problems:
            raise InvalidInput(problems)
        return await service.change(session, by, **fit)


def _fitting(said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what may be kept of what was said, and what is wrong with the rest."""
    fit, wrong = {}, {}
    for name, given in said.items():
        try:
            fit[name] = _FIT[name](given)
        except InvalidInput as error:
            wrong[name] = error.detail
    return fit, wrong


def _line(name: str, longest: int, words: str) -> str:
    try:
        return one_line(words, longest)
    except Unfit as unfit:
        raise InvalidInput({name: f"Use at most {longest} ordinary characters."}) from unfit


def _pin(words: str) -> str:
    pin = "".join(words.split())
    if pin and not _PIN.fullmatch(pin):
        raise InvalidInput({"pin": "A PIN has six digits."})
    return pin


def _phone(words: str) -> str:
    phone = " ".join(words.split())
    if phone and (not _PHONE.fullmatch(phone) or len(phone) > LONGEST_PHONE):
        raise InvalidInput({"phone": "Give the number with its code, like +91 98450 12345 or 0821 244 1234."})
    return phone


def _email(words: str) -> str:
    if not words.strip():
        return ""
    try:
        mailbox = validate_email(words.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise InvalidInput({"email": "This is no e-mail address."}) from error
    if len(mailbox) > LONGEST_EMAIL:
        raise InvalidInput({"email": f"Use at most {LONGEST_EMAIL} characters."})
    return mailbox


_LINES: Final[Mapping[str, int]] = {
    **dict.fromkeys(("legal_name", "address_line1", "address_line2"), LONGEST_LINE),
    **dict.fromkeys(("grievance_name", "grievance_designation"), LONGEST_PERSON),
    "town": LONGEST_TOWN,
}
_FIT: Final[Mapping[str, Callable[[Any], Any]]] = {
    **{name: partial(presentation.fit, name) for name in presentation.NAMES},
    **{name: partial(_line, name, longest) for name, longest in _LINES.items()},
    **{name: partial(service.fit_promise, name) for name in ("shipping_promise", "returns_promise")},
    **dict.fromkeys(("care_email", "grievance_email"), _email),
    **dict.fromkeys(("care_phone", "grievance_phone"), _phone),
    **{column: partial(keeping.fit_days, column) for column in keeping.COLUMNS.values()},
    "pin": _pin,
    "tax_scheme": TaxScheme,
    "state": registration.fit_state,
    "gstin": registration.fit_number,
    "handicraft": bool,
    "refund_limit": partial(refund_limit.fit_limit, "refund_limit"),
    "security_contact": contact.fit_contact,
}
"""What may be said, and what is made of it; each raises InvalidInput."""
