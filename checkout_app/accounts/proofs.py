"""Proofs that a mailbox is somebody's: a link or a code that was sent there comes back, in time and once.

Nothing that proves anything is kept. What is sent is made of the row's id by a key of the shop's, when the mail is
written; what comes back is compared with it, and with what the secret before the present one made.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import Integer
from sqlmodel import bindparam, col, or_, select, update

from checkout_app.accounts.errors import CodeRefused, LinkRefused
from checkout_app.accounts.models import Proof, Purpose
from checkout_app.auth.models import User
from checkout_app.core import clock, database, ids, signing
from checkout_app.core.session import Session
from checkout_app.core.settings import settings
from checkout_app.core.statements import Statement

LASTS: Final[Mapping[Purpose, timedelta]] = {
    Purpose.VERIFY: timedelta(days=3),
    Purpose.RESET: timedelta(hours=1),
    Purpose.CODE: timedelta(minutes=10),
    Purpose.INVITE: timedelta(hours=24),
    Purpose.UNDO: timedelta(days=7),
}
"""How long each is good."""
MOST_TRIES: Final = 5
"""How many wrong codes a code outlasts: it has a million siblings."""
_AT_ONCE: Final = 3
"""How many codes of a mailbox are good at once: who asks again may get the first mail last."""
_DIGITS: Final = 6
_SIGNATURE: Final = 32

_CODES: Final = Statement[Proof](
    select(Proof)
    .where(
        Proof.email == bindparam("email"),
        Proof.purpose == Purpose.CODE,
        col(Proof.used_at).is_(None),
        Proof.expires_at > bindparam("now"),
        Proof.tries < MOST_TRIES,
    )
    .order_by(col(Proof.id).desc())
    .limit(bindparam("most", type_=Integer))
    .with_for_update()
)
_END: Final = Statement[None](
    update(Proof)
    .where(
        or_(col(Proof.user_id) == bindparam("user"), col(Proof.email) == bindparam("email")),
        col(Proof.used_at).is_(None),
        col(Proof.purpose) != bindparam("but"),
    )
    .values(used_at=bindparam("now"))
)
_UNDO: Final = Statement[str](
    select(Proof.id)
    .where(
        or_(col(Proof.user_id) == bindparam("user"), col(Proof.email) == bindparam("email")),
        Proof.purpose == Purpose.UNDO,
        col(Proof.used_at).is_(None),
        Proof.expires_at > bindparam("now"),
    )
    .limit(1)
)


def begin(session: Session, user: User, purpose: Purpose, email: str, *, role: str | None = None) -> Proof:
    """Let somebody prove that a mailbox is theirs; the caller's transaction keeps it, and tells of it."""
    expires_at = clock.now() + LASTS[purpose]
    proof = Proof(user_id=user.id, purpose=purpose, email=email, expires_at=expires_at, role=role)
    session.add(proof)
    return proof


async def end_all(session: Session, user_id: str, email: str, *, but: Purpose | None = None) -> None:
    """Let no link and no code be good any more that an account began, or that was sent to its address.

    Those for one purpose may be left out.
    """
    await session.exec(_END, user=user_id, email=email, but=but or "", now=clock.now())


async def can_undo(session: Session, *, user_id: str = "", email: str = "") -> bool:
    """Tell whether an account may be taken back to the address it had, or to this address some account."""
    return (await session.exec(_UNDO, user=user_id, email=email, now=clock.now())).first() is not None


def link_of(proof: Proof) -> str:
    """Return what a mailed link carries: the proof's id, a dash, and a signature of both and of what it is for."""
    return f"{proof.id}-{_signature(proof.id, proof.purpose, settings().link_secret)}"


def code_of(proof: Proof) -> str:
    """Return the digits that are mailed."""
    return _code(proof.id, settings().link_secret)


async def by_link(session: Session, link: str, *purposes: Purpose) -> Proof:
    """Use the proof whose link came back; raises LinkRefused when it is forged, used, too old or for something else."""
    proof_id, _, signature = link[: ids.ID_LENGTH + 1 + _SIGNATURE].partition("-")
    good = [_signature(proof_id, purpose, secret) for purpose in purposes for secret in settings().link_secrets]
    if not any(signing.same(ours, signature) for ours in good):
        raise LinkRefused
    for proof in await database.lock(session, Proof, [proof_id]):
        if proof.used_at is None and proof.expires_at > clock.now():
            proof.used_at = clock.now()
            return proof
    raise LinkRefused


async def by_code(email: str, code: str) -> Proof:
    """Use the proof whose code came back from who says that the mailbox is theirs; raises CodeRefused.

    A wrong one counts against all that are good.
    """
    async with database.write() as session:
        now = clock.now()
        good = (await session.exec(_CODES, email=email, now=now, most=_AT_ONCE)).all()
        used = next((proof for proof in good if _is_of(proof, code)), None)
        for proof in good:
            if used is None:
                proof.tries += 1
            else:
                proof.used_at = now
    if used is None:
        raise CodeRefused
    return used


def _is_of(proof: Proof, code: str) -> bool:
    return any(signing.same(_code(proof.id, secret), code) for secret in settings().link_secrets)


def _signature(proof_id: str, purpose: str, secret: str) -> str:
    key = signing.key_for(signing.Purpose.MAILED_LINK, secret)
    return signing.sign(key, f"{purpose} {proof_id}".encode())[:_SIGNATURE]


def _code(proof_id: str, secret: str) -> str:
    drawn = signing.sign(signing.key_for(signing.Purpose.MAILED_CODE, secret), proof_id.encode())
    return f"{int(drawn, 16) % 10**_DIGITS:0{_DIGITS}}"
