"""What is done with mails in tests: somebody signs up, what has happened is followed, and what is due is sent."""

from email.message import EmailMessage

from sqlmodel import col, update

from checkout_app.accounts import service as accounts
from checkout_app.auth import tokens
from checkout_app.auth.models import Role
from checkout_app.auth.tokens import Identity
from checkout_app.core import clock, database
from checkout_app.journal import followers
from checkout_app.mail import service
from checkout_app.mail.models import Mail

EMAIL, PASSWORD, NEW = "meera@example.in", "kulhad-chai-first", "kulhad-chai-second"
FROM = "shop@mitti.example"


async def signed_up(role: Role = Role.CUSTOMER, email: str = EMAIL) -> Identity:
    user = await accounts.register(email, PASSWORD, "Meera Iyer", role)
    return await tokens.validate(await accounts.sign_in(user, before=None))


async def send() -> int:
    """Follow what has happened, and send what is due, as the shop does."""
    await followers.follow_due(service._follower())  # noqa: SLF001 - nobody else needs it
    return await service.send_due()


async def let_be_due() -> None:
    async with database.write() as session:
        await session.exec(update(Mail).where(col(Mail.due_at).is_not(None)).values(due_at=clock.now()))


def said(message: EmailMessage) -> str:
    text = message.get_body(("plain",))
    assert text is not None
    return str(text.get_content()).replace("\r\n", "\n")
