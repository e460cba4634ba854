"""What somebody did as a guest is theirs once they have proved that the mailbox they gave is theirs.

Their account only looks at it: whoever came as that guest, and may have mistyped the address, goes on as before.
"""

from typing import Any, Final

from sqlalchemy.orm import aliased
from sqlmodel import bindparam, col, select, union_all

from checkout_app.auth.models import Role, User
from checkout_app.core.orm import spelled_out
from checkout_app.core.session import Session
from checkout_app.core.statements import Statement

_me, _guest = aliased(User), aliased(User)
GUESTS: Final = (
    select(_guest.id)
    .join(_me, col(_me.email) == col(_guest.email))
    .where(
        col(_me.id) == bindparam("user"),
        col(_me.verified_at).is_not(None),
        col(_guest.role) == spelled_out(Role.GUEST),
    )
)
"""The ids under which somebody, by their id as `user`, came as a guest, for a statement that is about more."""
THEIRS: Final[Any] = union_all(select(bindparam("user")), GUESTS)
"""The same, and their own."""
_MADE: Final = Statement[str](GUESTS.where(col(_guest.id) == bindparam("guest")))


async def made(session: Session, guest_id: str, *, user_id: str) -> bool:
    """Tell whether a guest's visit was somebody's, by what they have proved."""
    return bool((await session.exec(_MADE, user=user_id, guest=guest_id)).first())
