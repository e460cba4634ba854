"""What keeps one of the shop's orders in order: a note, where it goes, mails to its buyer, and giving it up unpaid.

Each form is sent to the API, which decides; the page only offers what may be done.
"""

from typing import Any, Final

import reflex as rx

from checkout_app.delivery.address import LONGEST
from checkout_app.merchant.orders.mails_view import MailView
from checkout_app.merchant.orders.one_view import OneOrderView
from checkout_app.orders.by_shop import LONGEST_NOTE
from checkout_app.seller.states import STATES
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, field, form_notice
from checkout_app.ui.native import ApiForm
from checkout_app.ui.office import part

VIEW: Final[Any] = page_data.view(OneOrderView)
_LONGEST_PIN, _LONGEST_PHONE = 9, 20
_API: Final = "/api/merchant/orders/" + VIEW.id


def note() -> rx.Component:
    """Let something be written down that the buyer never reads."""
    return ApiForm.create(
        field(
            "note",
            "Note, for the shop alone",
            wrong="",
            prefix="order-",
            rows="2",
            max_length=LONGEST_NOTE,
            required=True,
        ),
        form_notice("note-", {}),
        button("Note it", type="submit", quiet=True),
        label="Note",
        action=_API + "/notes",
    )


def address() -> rx.Component:
    """Let the parcel go elsewhere."""
    return rx.el.details(
        rx.el.summary("Change the address", class_name="link"),
        ApiForm.create(
            _part_of_it("name", "Name", LONGEST["name"]),
            _part_of_it("phone", "Mobile number", _LONGEST_PHONE, type="tel"),
            _part_of_it("pin", "PIN code", _LONGEST_PIN, input_mode="numeric"),
            _part_of_it("line1", "House, street, area", LONGEST["line1"]),
            _part_of_it("line2", "The rest of it (optional)", LONGEST["line2"]),
            _part_of_it("landmark", "Landmark (optional)", LONGEST["landmark"]),
            _part_of_it("town", "Town or city; empty for the PIN's", LONGEST["town"]),
            field(
                "state",
                "State",
                rx.el.option("By the PIN", value=""),
                *(rx.el.option(name, value=code) for code, name in STATES.items()),
                wrong="",
                prefix="goes-to-",
                default_value=VIEW.goes_to.state,
            ),
            rx.el.p("What it came to stays; its page tells the buyer of the new address.", class_name="small muted"),
            form_notice("address-", {}),
            button("Send it there", type="submit", wide=True, quiet=True),
            label="Address",
            action=_API + "/address",
            method="PUT",
        ),
        class_name="office-more",
    )


def _part_of_it(name: str, label: str, longest: int, **props: Any) -> rx.Component:
    now = getattr(VIEW.goes_to, name)
    return field(name, label, wrong="", prefix="goes-to-", default_value=now, max_length=longest, **props)


def mails() -> rx.Component:
    """Show what the buyer was told by mail, and let it be sent once more."""
    return rx.cond(
        VIEW.mails.length() > 0,
        part("Mails", rx.el.ul(rx.foreach(VIEW.mails, _mail), class_name="office-lines")),
    )


def _mail(mail: rx.Var[MailView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.p(mail.about), rx.el.p(mail.state, class_name="small muted")),
        rx.cond(
            mail.may_repeat,
            ApiForm.create(
                form_notice("mail-", {}),
                button("Send again", type="submit", quiet=True, aria_label="Send again: " + mail.about),
                action=_API + "/mails",
                fixed={"event_id": mail.event_id},
            ),
        ),
    )


def cancel() -> rx.Component:
    """Let it be given up, once somebody has read what that means."""
    return part(
        "Not paid",
        rx.el.details(
            rx.el.summary("Cancel this order", class_name="link"),
            ApiForm.create(
                rx.el.p(
                    "Its items go back on the shelf, and it can't be paid any more. Money that comes for it all the "
                    "same goes back to the buyer. Its page tells them; no mail does."
                ),
                form_notice("cancel-", {}),
                button("Yes, cancel it", type="submit", wide=True, quiet=True),
                label="Cancel",
                action=_API + "/cancel",
            ),
            class_name="office-more",
        ),
    )
