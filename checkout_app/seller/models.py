"""The table of who sells; it has one row."""

from enum import StrEnum

from sqlmodel import Field

from checkout_app.core.orm import Base

ONLY = "seller"
"""The id of the only row."""
LONGEST_PROMISE = 200
LONGEST_NAME, LONGEST_SENTENCE, LONGEST_DESCRIPTION = 60, 120, 300
LONGEST_LOGO, LONGEST_LINKS = 120, 1_000
LONGEST_CATEGORIES = 4_100
LONGEST_CONTACT = 200
LONGEST_GSTIN = 15
LONGEST_PERSON, LONGEST_LINE, LONGEST_TOWN, LONGEST_PIN = 80, 120, 60, 6
LONGEST_EMAIL, LONGEST_PHONE = 254, 20
SHORTEST_KEPT, LONGEST_KEPT = 7, 3_650
"""Days: before a week has gone by, somebody may be in the middle of it."""


class TaxScheme(StrEnum):
    """How the seller stands to GST, which decides whether a sale carries tax."""

    REGULAR = "regular"
    COMPOSITION = "composition"
    UNREGISTERED = "unregistered"


class Seller(Base, table=True):
    """What the shopkeeper says of themselves; an order freezes what it needs of it."""

    __tablename__ = "sellers"

    id: str = Field(default=ONLY, primary_key=True, max_length=6)
    shop_id: str = Field(default="", max_length=32)
    """Which shop this is, among all that may share an account at the gateway."""
    tax_scheme: str = Field(default=TaxScheme.REGULAR, max_length=12)
    state: str = Field(default="", max_length=2)
    """Where they are, by the two digits of `states.STATES`; empty as long as nobody has said it."""
    gstin: str = Field(default="", max_length=LONGEST_GSTIN)
    """Their number with GST, which begins with the State; empty for who has none."""
    handicraft: bool = False
    """Whether they make handicrafts, which may go to other States without being registered."""
    shipping_promise: str = Field(default="", max_length=LONGEST_PROMISE)
    """What buyers are told of how a parcel reaches them; empty when nothing is promised."""
    returns_promise: str = Field(default="", max_length=LONGEST_PROMISE)
    """What buyers are told of sending it back, likewise."""
    name: str = Field(default="", max_length=LONGEST_NAME)
    """What the shop is called; empty for SHOP_NAME, as long as nobody has said it otherwise."""
    sentence: str = Field(default="", max_length=LONGEST_SENTENCE)
    """What the home page says first; empty for the name."""
    description: str = Field(default="", max_length=LONGEST_DESCRIPTION)
    """The shop in a sentence or two, below that and in search results."""
    logo: str = Field(default="", max_length=LONGEST_LOGO)
    """The path of its sign; empty for the one that comes with the program."""
    accent: str = Field(default="", max_length=7)
    """The colour of Razorpay's window; empty for ACCENT."""
    links: str = Field(default="", max_length=LONGEST_LINKS)
    """What is below every page: a line for each link, its words and then where it leads."""
    categories: str = Field(default="", max_length=LONGEST_CATEGORIES)
    """In what order the categories are shown, a line for each; those that it doesn't name come after them."""
    keep_sign_ins: int = 365
    """For how many days it is kept who was signed in and when, once that has ended."""
    keep_guests: int = 30
    """For how many days a guest who ordered nothing is kept."""
    keep_messages: int = 180
    """For how many days the gateway's messages are kept word by word, which name people."""
    refund_limit: int = 500_000
    """How much of a payment goes back without a second factor shown lately, in minor units of its currency."""
    security_contact: str = Field(default="", max_length=LONGEST_CONTACT)
    """Where to write to who finds a weakness: the URL of a page or a mailbox; empty as long as nobody has said it."""
    legal_name: str = Field(default="", max_length=LONGEST_LINE)
    """Who sells, as the law knows them; empty as long as nobody has said it, as is all that follows."""
    address_line1: str = Field(default="", max_length=LONGEST_LINE)
    address_line2: str = Field(default="", max_length=LONGEST_LINE)
    town: str = Field(default="", max_length=LONGEST_TOWN)
    pin: str = Field(default="", max_length=LONGEST_PIN)
    """Where they are to be found; the State is `state`."""
    care_email: str = Field(default="", max_length=LONGEST_EMAIL)
    care_phone: str = Field(default="", max_length=LONGEST_PHONE)
    """Who answers buyers."""
    grievance_name: str = Field(default="", max_length=LONGEST_PERSON)
    grievance_designation: str = Field(default="", max_length=LONGEST_PERSON)
    grievance_email: str = Field(default="", max_length=LONGEST_EMAIL)
    grievance_phone: str = Field(default="", max_length=LONGEST_PHONE)
    """The grievance officer, whom the law wants named."""
