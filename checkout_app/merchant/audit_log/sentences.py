"""The sentences of the audit log, made when they are read."""

from collections.abc import Mapping
from typing import Final

from checkout_app.accounts.events import AccountEvent
from checkout_app.catalog.categories import JOINED, MOVED, RENAMED
from checkout_app.catalog.corrections import CORRECTED
from checkout_app.catalog.files import FILED
from checkout_app.catalog.products import EDITED, HIDDEN, MADE, PRICED, SHOWN
from checkout_app.catalog.taxes import RATED
from checkout_app.catalog.variants import VARIED
from checkout_app.core.money import format_amount
from checkout_app.journal.issues import RESOLVED
from checkout_app.journal.models import Event
from checkout_app.orders.moves import OrderEvent
from checkout_app.payments.received import AGAIN
from checkout_app.payments.recovery import one as recovery
from checkout_app.payments.service import ASKED
from checkout_app.pricing.service import CREATED, ENDED
from checkout_app.seller.policies.service import WRITTEN
from checkout_app.seller.service import CHANGED

_SENTENCES: Final[Mapping[str, str]] = {
    AccountEvent.REGISTERED: "An account was made.",
    AccountEvent.SIGNED_IN: "Somebody signed in.",
    AccountEvent.SIGN_IN_REFUSED: "A sign-in was refused.",
    AccountEvent.SIGNED_OUT: "Somebody signed out.",
    AccountEvent.EMAIL_WANTED: "Somebody wanted to sign up with the address of an account.",
    AccountEvent.INVITED: "Somebody was invited to be {role} of the shop.",
    AccountEvent.UNINVITED: "An invitation to the people of the shop was taken back.",
    AccountEvent.APPOINTED: "An account that was {before} is {after} now.",
    AccountEvent.DISMISSED: "An account that was {before} is {after} again.",
    AccountEvent.FACTOR_SET: "Somebody set a second factor up.",
    AccountEvent.FACTOR_SHOWN: "Somebody showed their second factor.",
    AccountEvent.FACTOR_REFUSED: "What somebody showed as their second factor was refused.",
    AccountEvent.RECOVERY_CODE_USED: "Somebody used a code for when their app is lost; {codes_left} are left.",
    ASKED: "{amount} is to go back.",
    WRITTEN: "The page {page} of the shop's policies has another text, its version {version}.",
    CHANGED: "{what} was “{before}” and is “{after}” now.",
    MADE: "{name} was made, at {amount}.",
    EDITED: "{name} was changed: {what}.",
    PRICED: "The price of {name} was {before} and is {after} now.",
    SHOWN: "{name} was put on sale.",
    HIDDEN: "{name} was taken off sale.",
    VARIED: "From now on {name} comes as {how}.",
    CORRECTED: "Of {name} there are {after} now, {before} before: {why}.",
    FILED: "Buyers of a product get another file from now on.",
    RATED: "From {begins} on a product is taxed by {after} basis points; it would have been {before}.",
    MOVED: "The category {name} is number {place} now.",
    RENAMED: "The category {before} is called {after} now.",
    JOINED: "The category {before} has become one with {after}.",
    CREATED: "The coupon {code} was made.",
    ENDED: "The coupon {code} was ended.",
    OrderEvent.OUTSIDE: "{amount} of an order went back outside Razorpay.",
    OrderEvent.PARTLY_SHIPPED: "A part of an order was shipped by {carrier}.",
    OrderEvent.SHIPPED: "An order was shipped by {carrier}.",
    OrderEvent.PARTLY_DELIVERED: "A parcel was said to have arrived.",
    OrderEvent.DELIVERED: "An order was said to have arrived.",
    OrderEvent.PARTLY_CAME_BACK: "A part of what was shipped came back.",
    OrderEvent.CAME_BACK: "What was shipped of an order came back.",
    OrderEvent.CANCELLED: "An unpaid order was cancelled.",
    OrderEvent.READDRESSED: "An order goes to another address now.",
    OrderEvent.MAILED: "A mail to the buyer of an order is sent once more.",
    OrderEvent.NOTED: "Somebody noted of an order: {note}",
    AGAIN: "Razorpay's message {event} is to be handled again.",
    recovery.ASKED: "An order is to be made again from what Razorpay keeps.",
    RESOLVED: "Something that waited for a person was dealt with.",
}
_AMOUNTS: Final = ("amount", "before", "after")
"""What is in minor units where there is a currency."""

_ZONE: Final = "zone "
"""How the name of a zone's row begins, of which all is said in one; its figures are in the entry."""


def message(event: Event) -> str:
    """Say what was done; of what has no sentence of its own, what it is called."""
    said = dict(event.data)
    if event.kind == CHANGED and str(said["what"]).startswith(_ZONE):
        return f"Where parcels go, and what that costs, is another in the zone {str(said['what']).removeprefix(_ZONE)}."
    if "currency" in said:
        amounts = {name: int(said[name]) for name in _AMOUNTS if name in said}
        said |= {name: format_amount(amount, str(said["currency"])) for name, amount in amounts.items()}
    words = _SENTENCES.get(event.kind, event.kind).format_map(said).replace("_", " ")
    return words[:1].upper() + words[1:]
