"""The address book of an account: what it orders with when it does not say where to."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import bindparam, col, delete, select

from checkout_app.core import database, ids
from checkout_app.core.errors import InvalidInput
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement
from checkout_app.delivery.address import PostalAddress
from checkout_app.delivery.errors import AddressNotFound
from checkout_app.delivery.models import Address

MOST: Final = 10
_OWN: Final = Statement[Address](
    select(Address).where(Address.user_id == bindparam("user")).order_by(col(Address.id).desc())
)
_FORGET_ALL: Final = Statement[None](delete(Address).where(col(Address.user_id) == bindparam("user")))


async def addresses(user_id: str) -> Sequence[Address]:
    """Return what somebody has kept, the newest first, which is their default one."""
    async with database.ask() as session:
        return await own(session, user_id)


async def own(session: Session, user_id: str) -> Sequence[Address]:
    """Return the same for who is about to do more."""
    return (await session.exec(_OWN, user=user_id)).all()


async def default(user_id: str) -> PostalAddress | None:
    """Return where parcels go of who does not say it; None when they have kept nothing."""
    found = await addresses(user_id)
    return PostalAddress.of(found[0].address) if found else None


async def keep(user_id: str, address: PostalAddress) -> Address:
    """Keep an address as somebody's default one, once however often they do; raises InvalidInput."""
    row = Address(id=ids.new_id(), user_id=user_id, address=address.as_kept())
    async with database.write() as session:
        known = await own(session, user_id)
        same = [other.id for other in known if other.address == row.address]
        if len(known) - len(same) >= MOST:
            raise InvalidInput({"address": f"An address book has at most {MOST} addresses: remove one first."})
        await session.exec(delete(Address).where(col(Address.id).in_(same)))
        session.add(row)
    return row


async def remove(user_id: str, address_id: str) -> None:
    """Remove an address of one's own; raises AddressNotFound."""
    async with database.write() as session:
        gone = delete(Address).where(col(Address.id) == address_id, col(Address.user_id) == user_id)
        if (await session.exec(gone)).rowcount == 0:
            raise AddressNotFound


async def forget(session: Session, user_id: str) -> None:
    """Forget what somebody has kept, within what erases them."""
    await session.exec(_FORGET_ALL, user=user_id)
