"""Commands about the shop itself: its database, who runs it, what the seller says, and the demo."""

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from checkout_app.commands.words import add, refusing, tell
from checkout_app.core import database, migrations, shop_id
from checkout_app.core.settings import settings

_ROLES = ("owner", "shipper", "viewer")
_TAX_SCHEMES = ("regular", "composition", "unregistered")


def add_to(commands: Any) -> None:
    """Add these commands to those of the program."""
    add(commands, "migrate", "Bring the database to the newest revision.", lambda _: migrate())
    text = "Make a new, empty shop in place of one that was lost for good."
    add(commands, "new-shop", text, lambda _: begin_new_shop())
    text = "Invite somebody to be one of the people of the shop: print a link that makes them so, once."
    appointing = add(commands, "appoint", text, lambda given: appoint(given.email, given.role), on_a_shop=True)
    appointing.add_argument("email")
    appointing.add_argument("--role", choices=_ROLES, default="owner", help="what they may do (owner)")
    text = "Make somebody of the shop a customer again, signed out everywhere."
    add(commands, "dismiss", text, lambda given: dismiss(given.email), on_a_shop=True).add_argument("email")
    text = "Sign an account out wherever it is signed in."
    add(commands, "sign-out", text, lambda given: sign_out(given.email), on_a_shop=True).add_argument("email")
    text = "List the people of the shop."
    add(commands, "people", text, lambda _: people(), on_a_shop=True)
    text = "Say how the seller stands to GST; it counts for orders from now on."
    choosing = add(commands, "tax-scheme", text, lambda given: choose_tax_scheme(given.scheme), on_a_shop=True)
    choosing.add_argument("scheme", choices=_TAX_SCHEMES)
    text = "Say what buyers are promised about shipping and returns, or without options what that is now."
    promising = add(commands, "promise", text, lambda given: promise(given.shipping, given.returns), on_a_shop=True)
    promising.add_argument("--shipping", metavar="WORDS", help='how a parcel reaches them; "" ends the promise')
    promising.add_argument("--returns", metavar="WORDS", help="how they send it back, likewise")
    text = "Say how the shop presents itself, or without options how it does now; it counts at once."
    presenting = add(commands, "present", text, lambda given: present(vars(given)), on_a_shop=True)
    presenting.add_argument("--name", help="what it is called")
    presenting.add_argument("--sentence", help="what the home page says first")
    presenting.add_argument("--description", help="the shop in a sentence or two")
    presenting.add_argument("--logo", metavar="PATH", help="the path of its sign")
    presenting.add_argument("--accent", metavar="#RRGGBB", help="the colour of Razorpay's window")
    links = 'what is below every page: "Words /path", a line each; "" takes any of these back'
    presenting.add_argument("--links", metavar="LINES", help=links)
    text = "Say for how many days what nobody needs any more is kept, or without options for how many that is now."
    keeping = add(commands, "keep", text, lambda given: keep(vars(given)), on_a_shop=True)
    keeping.add_argument("--sign-ins", type=int, metavar="DAYS", help="who was signed in and when, once that has ended")
    keeping.add_argument("--guests", type=int, metavar="DAYS", help="guests who ordered nothing")
    keeping.add_argument("--messages", type=int, metavar="DAYS", help="the gateway's messages, word by word")
    text = (
        "Say how much of a payment goes back without a second factor shown lately, or without an amount what that is."
    )
    limiting = add(commands, "refund-limit", text, lambda given: limit_refunds(given.amount), on_a_shop=True)
    limiting.add_argument("amount", nargs="?", type=int, help="in minor units: 500000 paise are ₹5,000")
    text = "Say where to write to who finds a weakness, or without an address where that is now."
    reaching = add(commands, "security-contact", text, lambda given: reach(given.address), on_a_shop=True)
    reaching.add_argument("address", nargs="?", help='of a page or a mailbox; "" takes it back')
    text = "Load the demo catalogue and make the demo buyer (development only)."
    add(commands, "demo", text, lambda _: demo(), on_a_shop=True)
    text = "Open a Python shell with the shop at hand: settings, tables, services."
    add(commands, "shell", text, lambda _: shell(), on_a_shop=True, opens_issues=True)


def migrate() -> int:
    """Bring the database to the newest revision; where there is none, that makes a new, empty shop."""
    tell("Bringing the database up to date")
    migrations.upgrade(lambda: tell("Another program is at it; waiting for it"))
    _tell_which()
    return 0


def begin_new_shop() -> int:
    """Make a new, empty shop in place of one that is known and not to be had any more."""
    migrations.make(os.environ.get("SHOP_ID") or shop_id.new())
    _tell_which()
    return 0


def _tell_which() -> None:
    tell(f"This is the shop {settings().shop_id}")
    if not shop_id.is_kept():
        tell(f"Keep that outside of its database too: put SHOP_ID={settings().shop_id} into its environment")


@refusing
def appoint(email: str, role: str) -> int:
    """Invite somebody to be one of the people of the shop."""
    from checkout_app.accounts.people import invite
    from checkout_app.accounts.service import can_mail
    from checkout_app.auth.models import Role
    from checkout_app.journal.actors import OPERATOR

    link = asyncio.run(invite(email, Role[role.upper()], OPERATOR))
    mailed = ", which is mailed there too" if can_mail() else ""
    tell(f"Within 24 hours {email} can become {role} of the shop, once, by this link{mailed}:")
    tell(f"{settings().public_url}/accept?link={link}")
    return 0


def first_owner() -> str | None:
    """Return where somebody becomes the first owner of the shop, once; None where somebody owns it."""
    from checkout_app.accounts.people import invite_first

    async def ask() -> str | None:
        link = await invite_first()
        await database.dispose()
        return link

    link = asyncio.run(ask())
    return link and f"{settings().public_url}/begin?link={link}"


@refusing
def dismiss(email: str) -> int:
    """Make somebody of the shop a customer again."""
    from checkout_app.accounts import people as shop
    from checkout_app.journal.actors import OPERATOR

    dismissed = asyncio.run(shop.dismiss(email, OPERATOR))
    if dismissed:
        tell(f"{email} is a customer now, and signed out everywhere")
        return 0
    tell(f"Nobody of the shop has the address {email}. An invitation that was sent there is void.")
    return 1


@refusing
def sign_out(email: str) -> int:
    """Sign an account out wherever it is signed in."""
    from checkout_app.accounts import people as shop
    from checkout_app.journal.actors import OPERATOR

    ended = asyncio.run(shop.sign_out(email, OPERATOR))
    tell(f"{email} is signed out everywhere" if ended else f"No account has the address {email}")
    return 0 if ended else 1


def people() -> int:
    """List the people of the shop."""
    from checkout_app.accounts import people as shop
    from checkout_app.auth.models import Role

    for user in asyncio.run(shop.people()):
        tell(f"{user.email}  {Role(user.role).word}  {user.name}".rstrip())
    return 0


def choose_tax_scheme(scheme: str) -> int:
    """Say how the seller stands to GST."""
    from checkout_app.seller import service
    from checkout_app.seller.models import TaxScheme

    asyncio.run(service.choose_tax_scheme(TaxScheme(scheme)))
    tell(f"Orders from now on are those of a seller whose scheme is {scheme}")
    return 0


@refusing
def promise(shipping: str | None, returns: str | None) -> int:
    """Say what buyers are promised, and from now on what is given."""
    from checkout_app.seller import service

    seller = asyncio.run(service.promise(shipping=shipping, returns=returns))
    tell(f"Shipping: {seller.shipping_promise or 'nothing is promised'}")
    tell(f"Returns: {seller.returns_promise or 'nothing is promised'}")
    return 0


@refusing
def present(given: Mapping[str, Any]) -> int:
    """Say how the shop presents itself, and from now on as is given."""
    from checkout_app.seller import presentation

    said = {name: given[name] for name in ("name", "sentence", "description", "logo", "accent", "links")}
    shop = asyncio.run(presentation.present(**said))
    for name in ("name", "sentence", "description", "logo", "accent"):
        tell(f"{name.capitalize()}: {getattr(shop, name) or 'none'}")
    for link in shop.links:
        tell(f"Link: {link.words} {link.href}")
    return 0


@refusing
def keep(given: Mapping[str, Any]) -> int:
    """Say for how many days what nobody needs any more is kept, and from now on what is given."""
    from checkout_app.seller import keeping

    days = asyncio.run(keeping.keep(**{name: given[name] for name in keeping.Keeping._fields}))
    tell(f"Who was signed in: {days.sign_ins} days")
    tell(f"Guests who ordered nothing: {days.guests} days")
    tell(f"The gateway's messages, word by word: {days.messages} days")
    return 0


@refusing
def limit_refunds(amount: int | None) -> int:
    """Say how much of a payment goes back without a second factor shown lately, and from now on as is given."""
    from checkout_app.core.money import format_amount
    from checkout_app.seller import refund_limit

    limit = asyncio.run(refund_limit.limit() if amount is None else refund_limit.set_limit(amount))
    tell(f"Beyond {format_amount(limit, 'INR')} of a payment, who gives it back has to show their second factor")
    return 0


@refusing
def reach(address: str | None) -> int:
    """Say where to write to who finds a weakness of the shop, and from now on as is given."""
    from checkout_app.seller import contact

    said = asyncio.run(contact.security_contact() if address is None else contact.be_reached_at(address))
    tell(f"Who finds a weakness writes to {said}" if said else "Nobody is told where to write to")
    return 0


def demo() -> int:
    """Load the demo catalogue and make the demo buyer; what is there already stays as it is."""
    if settings().environment != "development":
        tell("The demo has a password that everybody knows, so it is for development only.")
        return 1
    asyncio.run(_load_demo())
    return 0


async def _load_demo() -> None:
    from checkout_app.demo.buyer import DEMO_EMAIL
    from checkout_app.demo.load import load_demo

    new_products, new_buyer = await load_demo()
    if new_products:
        tell(f"Put {new_products} demo products on the shelves")
    if new_buyer:
        tell(f"Made the demo buyer {DEMO_EMAIL}")
    await database.dispose()


def shell() -> int:
    """Open a Python shell with the shop at hand."""
    from checkout_app.shell import open_shell

    open_shell()
    return 0
