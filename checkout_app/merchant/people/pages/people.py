"""The people of the shop: who they are, inviting somebody, and what an owner can change about the others."""

from typing import Any, Final

import reflex as rx

from checkout_app.accounts.service import LONGEST_EMAIL
from checkout_app.merchant.people.views import PEOPLE, InvitedView, PeopleView, PersonView, SignInView
from checkout_app.ui import page_data
from checkout_app.ui.kit import button, field, form_notice, pill
from checkout_app.ui.native import ApiForm, NativeLink
from checkout_app.ui.office import office, office_page, part, sheet, sure

VIEW: Final[Any] = page_data.view(PeopleView)
_ROLES: Final = (
    ("owner", "Owner: does everything"),
    ("shipper", "Shipper: sends the parcels"),
    ("viewer", "Viewer: looks, changes nothing"),
)
_WORDS: Final = "You are invited to help run our shop. Open this link within a day: it works once.%0A"


@office_page(PEOPLE)
def people() -> rx.Component:
    """Build the page."""
    return office(
        PEOPLE,
        VIEW.desk,
        sheet("office-people"),
        rx.el.div(
            rx.el.h1("People"),
            NativeLink.create("Who did what", href="/merchant/audit", class_name="link"),
            class_name="office-head",
        ),
        rx.el.div(
            rx.el.div(
                part("Of the shop", rx.el.ul(rx.foreach(VIEW.people, _person), class_name="people-list")),
                class_name="office-column",
            ),
            rx.el.div(_invite(), _invitations(), _sign_ins(), class_name="office-column"),
            class_name="office-two",
        ),
    )


def _person(person: rx.Var[PersonView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(rx.el.bdi(person.name)),
            rx.el.p(person.email, class_name="small muted people-mail"),
            rx.el.p(person.about, class_name="small muted"),
        ),
        rx.el.p(
            rx.el.span(person.role, class_name="pill people-role"),
            rx.cond(
                person.has_factor,
                pill("Second factor", rx.Var.create("success")),
                pill("No second factor yet", rx.Var.create("warning")),
            ),
            class_name="office-pills",
        ),
        rx.cond(person.path, _changes(person)),
        key=person.id,
    )


def _changes(person: rx.Var[PersonView]) -> rx.Component:
    return rx.el.details(
        rx.el.summary("Change", rx.el.span(" ", person.email, class_name="visually-hidden"), class_name="link"),
        ApiForm.create(
            _role(f"{person.id}-", person.role),
            form_notice(f"role-{person.id}-", {}),
            button("Keep this role", type="submit", quiet=True),
            label="Role of " + person.email,
            action=person.path,
            method="PATCH",
        ),
        ApiForm.create(
            form_notice(f"out-{person.id}-", {}),
            button("Sign out everywhere", type="submit", quiet=True),
            label="Sign out " + person.email,
            action=person.path + "/sign-out",
        ),
        ApiForm.create(
            form_notice(f"go-{person.id}-", {}),
            button("Dismiss", type="submit", quiet=True),
            sure(
                "Confirm the dismissal",
                "Dismiss " + person.email + "?",
                rx.el.p("They are signed out everywhere at once and see nothing of the shop's any more."),
                does="Dismiss",
            ),
            label="Dismiss " + person.email,
            action=person.path,
            method="DELETE",
        ),
        class_name="office-more people-changes",
    )


def _role(prefix: str, chosen: Any) -> rx.Component:
    options = (rx.el.option(words, value=word) for word, words in _ROLES)
    return field("role", "What they may do", *options, wrong="", prefix=prefix, default_value=chosen)


def _invite() -> rx.Component:
    return part(
        "Invite somebody",
        ApiForm.create(
            field(
                "email",
                "Their e-mail",
                prefix="invite-",
                wrong="This is not an e-mail address.",
                type="email",
                max_length=LONGEST_EMAIL,
                required=True,
                auto_complete="off",
            ),
            _role("invite-", "shipper"),
            form_notice("invite-", {}),
            button("Make an invitation", type="submit", wide=True),
            _made(),
            label="Invite somebody",
            action="/api/merchant/people",
        ),
    )


def _made() -> rx.Component:
    """Show the link, once it is made, this once."""
    return rx.el.div(
        rx.el.h3("Pass this link on to ", rx.el.span(custom_attrs={"data-from": "email"})),
        rx.el.p(custom_attrs={"data-from": "link"}, class_name="people-link"),
        rx.el.p(
            "It works once, within a day, and is not shown again. Whoever opens it is let in: send it to nobody else."
        ),
        rx.cond(VIEW.mails, rx.el.p("It is mailed to them as well.", class_name="small muted")),
        rx.el.div(
            _way("https://wa.me/?text=" + _WORDS + "{link}", "message-circle", "WhatsApp"),
            _way("mailto:{email}?subject=Your%20invitation&body=" + _WORDS + "{link}", "mail", "E-mail"),
            class_name="office-ways",
        ),
        NativeLink.create("Done", href=PEOPLE, class_name="button button-quiet"),
        hidden=True,
        tab_index=-1,
        custom_attrs={"data-answer": ""},
        class_name="people-made",
    )


def _way(href: str, icon: str, name: str) -> rx.Component:
    return NativeLink.create(rx.icon(icon, size=16), name, custom_attrs={"data-href": href}, class_name="link")


def _invitations() -> rx.Component:
    return rx.cond(
        VIEW.invited.length() > 0,
        part("Invited", rx.el.ul(rx.foreach(VIEW.invited, _invited), class_name="office-lines")),
    )


def _invited(invited: rx.Var[InvitedView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.p(invited.email, class_name="people-mail"), rx.el.p(invited.about, class_name="small muted")),
        ApiForm.create(
            form_notice("uninvite-", {}),
            button("Take it back", type="submit", quiet=True),
            label="Take back the invitation of " + invited.email,
            action=invited.path,
            method="DELETE",
        ),
        key=invited.path,
    )


def _sign_ins() -> rx.Component:
    return part("Where you are signed in", rx.el.ul(rx.foreach(VIEW.sign_ins, _sign_in), class_name="office-lines"))


def _sign_in(each: rx.Var[SignInView]) -> rx.Component:
    return rx.el.li(
        rx.el.p(each.about),
        rx.cond(
            each.path,
            ApiForm.create(
                form_notice("end-", {}),
                button("End", type="submit", quiet=True),
                label="End: " + each.about,
                action=each.path,
                method="DELETE",
            ),
        ),
        key=each.about,
    )
