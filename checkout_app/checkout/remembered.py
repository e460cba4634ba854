"""Quotes as rows: what somebody was told, so that they order it by its id and are charged exactly that.

A quote is a memory and no promise: placing prices the same again. Its id is made of all that is in it, by a key that
nobody else has. So the same question of the same asker with the same answer is one row, however many ask at once, and
no id can be guessed.
"""

import json
import re
from datetime import timedelta
from typing import Any, Final

from sqlmodel import bindparam, col, select, update

from checkout_app.auth.tokens import Claims
from checkout_app.checkout.quote import Item, Quote
from checkout_app.checkout.shown import figures_of
from checkout_app.core import clock, database, signing
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement
from checkout_app.delivery.address import Destination
from checkout_app.pricing.models import NOBODY, QUOTE_ID_LENGTH, KeptQuote

LASTS: Final = timedelta(minutes=15)
"""How long a quote is worth showing."""
KEPT_FOR: Final = timedelta(days=1)
"""How long one is kept after that which nobody has ordered by."""
_ID: Final = re.compile(rf"[0-9a-f]{{{QUOTE_ID_LENGTH}}}", re.ASCII)
_FIND: Final = Statement[KeptQuote](
    select(KeptQuote).where(
        col(KeptQuote.id) == bindparam("quote"), col(KeptQuote.asker).in_(bindparam("askers", expanding=True))
    )
)
_RENEW: Final = Statement[None](
    update(KeptQuote).where(col(KeptQuote.id) == bindparam("quote")).values(expires_at=bindparam("until"))
)


async def keep(asker: str, priced: Quote, to: Destination | None) -> KeptQuote:
    """Keep what somebody is told; what they were told before to the same paisa is the same row, and lasts longer."""
    kept = _row(asker, priced, to)
    async with database.change() as session:
        session.add_unless_known(kept)
        session.change_any(KeptQuote, _RENEW, quote=kept.id, until=kept.expires_at)
    return kept


async def find(asking: Claims, browser: str, quote_id: str) -> KeptQuote | None:
    """Find a quote of who asks: of their account, or the guest they were, of their browser's cart, or of nobody."""
    if not _ID.fullmatch(quote_id):
        return None
    askers = [NOBODY, *asking.known_as, browser]
    async with database.ask() as session:
        return (await session.exec(_FIND, quote=quote_id, askers=askers)).one_or_none()


def items_of(kept: KeptQuote) -> list[Item]:
    """Return what a quote was asked for, as it was asked."""
    return [Item(name, units) for name, units in kept.wanted.items()]


def _row(asker: str, priced: Quote, said: Destination | None) -> KeptQuote:
    to = said if priced.sends else None
    content: dict[str, Any] = {
        "asker": asker,
        "wanted": {line.offer.id: line.quantity for line in priced.lines},
        "coupon": priced.coupon.code if priced.coupon else None,
        "pin": to.pin if to else None,
        "state": to.state if to else None,
        "figures": figures_of(priced),
        "currency": priced.currency,
    }
    key = signing.key_for(signing.Purpose.QUOTE, settings().link_secret)
    quote_id = signing.sign(key, json.dumps(content).encode())[:QUOTE_ID_LENGTH]
    return KeptQuote(id=quote_id, expires_at=clock.now() + LASTS, **content)
