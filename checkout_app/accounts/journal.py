"""Write down what is done to accounts, by whoever has them unless somebody else is told."""

from checkout_app.accounts.events import NOBODY, AccountEvent
from checkout_app.core.session import Session
from checkout_app.journal import service as journal
from checkout_app.journal.actors import Actor
from checkout_app.journal.models import ActorKind, Subject


async def record(
    session: Session, user_id: str, event: AccountEvent, actor: Actor | None = None, **data: str | int
) -> None:
    """Write down what was done to an account, in the transaction in which it is done."""
    by = actor or Actor(ActorKind.BUYER, None if user_id == NOBODY else user_id)
    await journal.record(session, Subject.ACCOUNT, user_id, event, by, **data)
