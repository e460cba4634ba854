"""What is on the pages of what Razorpay told, by their addresses."""

from dataclasses import asdict

from checkout_app.auth.tokens import Identity
from checkout_app.merchant.desk import Asked, first
from checkout_app.merchant.webhooks.views import WEBHOOKS, messages_view, one_message_view
from checkout_app.payments import received
from checkout_app.seller.presentation import presentation
from checkout_app.shopfront.service import Content, own_page


async def webhooks(path: str, asked: Asked, person: Identity) -> Content | None:
    """Return the list of messages or one of them; None for the path of anything else.

    Raises WebhookNotFound, and InvalidInput for an address that none of them leads to.
    """
    if path == WEBHOOKS:
        cursor, payment = first(asked, "cursor"), first(asked, "payment")
        if payment:
            page = await received.messages_about(payment, cursor=cursor or None)
        else:
            page = await received.messages(cursor=cursor or None)
        shown = messages_view(person, payment, cursor, page)
        return own_page(WEBHOOKS, "What Razorpay told", asdict(shown), await presentation())
    folder, _, name = path.rpartition("/")
    if folder == WEBHOOKS:
        row = await received.message(name)
        return own_page(f"{WEBHOOKS}/-", row.event, asdict(one_message_view(person, row)), await presentation())
    return None
