"""The texts of the policies as they are made from the answers: a paragraph a line, and `## ` before a heading.

They say what this program does: how an order is kept, paid, opened by its link and sent, and what is forgotten when.
Who sells stands below each page by itself, so none of them has to be written anew for another phone number.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from checkout_app.core.text import sentence
from checkout_app.seller.models import Seller, TaxScheme
from checkout_app.seller.policies.models import Answers, Pays, PolicyKind
from checkout_app.seller.states import STATES

BANK_DAYS: Final = 10
"""How long a bank may take with money that was sent back."""
CART_DAYS: Final = 30
"""For how long the cart of a browser is kept in which nobody signed in."""
HEADING: Final = "## "

Lines = Iterator[str]


def text_of(kind: PolicyKind, answers: Answers, seller: Seller) -> str:
    """Return the text of a page as it follows from the answers, and from what the seller says of the shop."""
    return "\n\n".join(_TEXTS[kind](answers, seller))


def _about(answers: Answers, seller: Seller) -> Lines:
    if answers.story:
        yield answers.story
    if answers.makes:
        yield f"What we sell: {sentence(answers.makes)}"
    place = ", ".join(filter(None, (seller.town, STATES.get(seller.state, ""))))
    run = f"The shop is run by {seller.legal_name}" if seller.legal_name else "We run the shop ourselves"
    yield f"{run}{f' in {place}' if place else ''}. Who we are and how to reach us is below."


def _contact(_answers: Answers, _seller: Seller) -> Lines:
    yield (
        "Write to us or call us: the address, e-mail and phone are below. Say the number of your order if there is one."
    )
    yield (
        "Much can be done without us. The mail about your order has a link that opens it: there you see how it stands, "
        "and ask to cancel it or to return something."
    )
    yield "If something went wrong and stays so, complain on the page “Grievance”. A complaint gets a number."


def _terms(_answers: Answers, seller: Seller) -> Lines:
    yield f"{HEADING}Who you buy from"
    yield f"You buy from {seller.legal_name or 'us'}. Who that is and how to reach us is below."
    yield f"{HEADING}Orders"
    yield (
        "You can buy as a guest or with an account. What you order is kept for you while you pay, until the time that "
        "the checkout says. You have bought it once it is paid. If we can't send what you paid for, all of that money "
        "goes back to you."
    )
    yield f"{HEADING}Prices"
    taxed = ", with GST in them" if seller.tax_scheme == TaxScheme.REGULAR else ""
    yield (
        f"Prices are in Indian rupees{taxed}. What delivery costs is added before you pay. You pay what stands on the "
        "button, and nothing is added later."
    )
    yield f"{HEADING}Paying"
    yield "Razorpay takes the payment, by UPI, card, net banking or wallet. What you type there does not reach us."
    yield f"{HEADING}Delivery, cancelling and returns"
    yield (
        "The pages “Shipping” and “Refunds and cancellation” say how we send and what we take back. They are part of "
        "these terms."
    )
    yield f"{HEADING}If something goes wrong"
    yield (
        "The page “Grievance” says who answers and by when. These terms take nothing from the rights that the law "
        "gives you."
    )
    court = f", and the courts of {seller.town} decide where the law leaves that open" if seller.town else ""
    yield f"The law of India applies{court}."


def _privacy(_answers: Answers, seller: Seller) -> Lines:
    yield f"{HEADING}What we keep, and what for"
    yield (
        "To sell to you: your name, e-mail address and what you ordered; of a parcel also your phone number and "
        "postal address."
    )
    yield (
        "To take payments: what Razorpay tells us of them, such as amount, way of paying, and whether it went through."
    )
    yield "For an account: your password in a form from which nobody can read it, and when you signed in."
    yield "When you complain: what you write to us."
    yield f"{HEADING}For how long"
    yield "Orders that were paid are kept with whose they were, because the books and the law want it."
    yield (
        f"Who was signed in is forgotten {_days(seller.keep_sign_ins)} after that ended, guests who ordered "
        f"nothing after {_days(seller.keep_guests)}, a cart without a sign-in after {_days(CART_DAYS)}, and what "
        f"Razorpay tells us word by word, with the list of mails we sent, after {_days(seller.keep_messages)}."
    )
    yield f"{HEADING}Links in mails"
    yield (
        "The mail about an order has a link that opens it without signing in. Whoever has the link sees the order, so "
        "keep it to yourself. On the page of the order you can end it and get another."
    )
    yield f"{HEADING}Cookies"
    yield (
        "Ours are for your sign-in, your cart and your PIN. None follows you elsewhere. Razorpay sets its own while "
        "you pay."
    )
    yield f"{HEADING}Who else gets it"
    yield (
        "Razorpay gets what it needs to take your payment, and the courier your name, phone number and address. We "
        "sell nothing of it."
    )
    yield f"{HEADING}What you can ask for"
    yield (
        "With an account you get all that we keep of you as a file, and erase the account, on the page “Your "
        "account”. As a guest, write to us. Our grievance officer, who is named below, answers questions about "
        "this page."
    )


def _refunds(answers: Answers, _seller: Seller) -> Lines:
    yield f"{HEADING}Cancelling"
    yield "What is not paid is cancelled on the page of the order, or ends by itself."
    yield (
        "What is paid can be cancelled until it is shipped. Ask for it on the page of the order; all of the money "
        "goes back."
        if answers.cancels
        else "What is paid can't be cancelled, because we begin to make it at once. If we are late you may still ask."
    )
    yield f"{HEADING}Returning"
    if answers.return_days:
        pays = "We pay" if answers.return_paid_by == Pays.SELLER else "You pay"
        yield (
            f"You may return what you bought within {_days(answers.return_days)} of its arrival, unused and in its "
            f"packing. Ask for it on the page of the order, and we say where to send it. {pays} for the way back."
        )
    else:
        yield "We take back nothing that came as it was described."
    if answers.not_returned:
        yield f"Not taken back: {sentence(answers.not_returned)}"
    yield f"{HEADING}What came broken, wrong or not as described"
    yield (
        "Tell us as soon as you see it. We send it again or give the money back, whichever you like, and it costs you "
        "nothing."
    )
    yield f"{HEADING}How the money comes back"
    yield (
        f"We send it within {_days(answers.refund_days)} after you cancelled or the goods are back with us, the way it "
        f"came. Banks may take up to {_days(BANK_DAYS)} more. You get a mail when it was sent."
    )


def _shipping(answers: Answers, _seller: Seller) -> Lines:
    yield f"We ship to {sentence(answers.ships_to)} What that costs depends on your PIN, and is said before you pay."
    yield (
        f"A parcel leaves us within {_working_days(answers.dispatch_days)} after it was paid, and usually reaches "
        f"you within {_days(answers.transit_days)} after that. You get a mail when it leaves, with its courier and "
        "the number to follow it by, if there is one. The page of the order says the same."
    )
    yield "Files are there to download on the page of the order as soon as it is paid."
    yield "If a parcel does not arrive, write to us: we look for it, and send it again or give the money back."


def _grievance(_answers: Answers, seller: Seller) -> Lines:
    officer = ", ".join(filter(None, (seller.grievance_name, seller.grievance_designation)))
    yield (
        f"Our grievance officer is {officer or 'named below'}. Complain if something went wrong and we have not put it "
        "right."
    )
    yield (
        "Your complaint gets a number at once. You are answered within 48 hours, and it is settled within a month "
        "of the day on which it reached us."
    )


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _working_days(number: int) -> str:
    return "1 working day" if number == 1 else f"{number} working days"


_TEXTS: Final[Mapping[PolicyKind, Callable[[Answers, Seller], Lines]]] = {
    PolicyKind.ABOUT: _about,
    PolicyKind.CONTACT: _contact,
    PolicyKind.TERMS: _terms,
    PolicyKind.PRIVACY: _privacy,
    PolicyKind.REFUNDS: _refunds,
    PolicyKind.SHIPPING: _shipping,
    PolicyKind.GRIEVANCE: _grievance,
}
