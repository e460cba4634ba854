"""The page of one's own account: its address and password, where it is signed in, and what the shop knows."""

import reflex as rx

from checkout_app.accounts.errors import InvalidCredentials
from checkout_app.accounts.own.errors import SessionNotFound
from checkout_app.accounts.passwords import SHORTEST
from checkout_app.buyer.account.api import EVERYWHERE, OWN
from checkout_app.buyer.account.pages.keep import keep_form
from checkout_app.buyer.account.state import AccountState, AddressView, SignInView
from checkout_app.buyer.login.pages.parts import disclosure, email_field, password_field, submit
from checkout_app.buyer.own_data.errors import OfTheShop, OrderUnderWay
from checkout_app.delivery.errors import AddressNotFound
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, form_notice, link, notice, pill, skeleton
from checkout_app.ui.native import NativeLink, PostForm
from checkout_app.ui.page import page
from checkout_app.ui.taking_long import taking_long


@page("/account", title="Your account", description="Your account.", load=AccountState.load, forms=OWN)
def account() -> rx.Component:
    """Build the page."""
    return frame(
        rx.el.div(
            rx.el.div(
                rx.el.h1("Your account"),
                notice(AccountState.done, tone="success", icon="check", role="status"),
                class_name="account-head",
            ),
            rx.cond(AccountState.loaded, rx.cond(AccountState.guest, _none_yet(), _account()), _skeleton()),
            class_name="account-page",
        ),
    )


def _account() -> rx.Component:
    return rx.fragment(_who(), _ways_in(), rx.cond(AccountState.addresses, _addresses()), _sign_ins(), _data())


def _none_yet() -> rx.Component:
    return rx.el.section(
        rx.el.h2("You are buying as a guest"),
        rx.el.p(
            "With a password, what you bought is kept for you on any device, in an account of ", AccountState.email, "."
        ),
        keep_form(),
        rx.el.p("Or ", link("sign in to an account", "/login?next=/account"), " that you have."),
        class_name="account-part",
    )


def _who() -> rx.Component:
    return rx.el.section(
        rx.el.h2("You"),
        rx.el.p(rx.el.bdi(AccountState.name)),
        rx.el.p(
            AccountState.email,
            " ",
            rx.cond(AccountState.verified, pill("Confirmed", rx.Var.create("success"))),
        ),
        rx.cond(
            AccountState.verified,
            rx.fragment(),
            PostForm.create(
                rx.el.p("Confirm that this address is yours, and your account can be found again by it."),
                submit("send-verification", "Mail me a link"),
                label="Confirm your address",
            ),
        ),
        rx.cond(
            AccountState.of_the_shop,
            rx.el.p(
                link("To the back office", "/merchant", reload_document=True),
                " · ",
                link("Your second factor", "/second-factor?next=/account"),
            ),
        ),
        class_name="account-part",
    )


def _ways_in() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Password and address"),
        rx.cond(
            AccountState.has_password,
            rx.el.div(
                disclosure("Choose another password", _change_password()),
                disclosure("Change your address", _change_email()),
            ),
            rx.el.p("You sign in with a mailed code. ", link("Choose a password", "/forgot"), " if you want one."),
        ),
        class_name="account-part",
    )


def _change_password() -> rx.Component:
    return PostForm.create(
        password_field("change-password", "current-password", label="Your password until now"),
        password_field(
            "change-password",
            "new-password",
            name="new_password",
            label="Your password from now on",
            min_length=SHORTEST,
        ),
        submit("change-password", "Keep this password", InvalidCredentials),
        label="Choose another password",
    )


def _change_email() -> rx.Component:
    return PostForm.create(
        email_field("change-email"),
        password_field("change-email", "current-password"),
        submit("change-email", "Mail a link there", InvalidCredentials),
        label="Change your address",
    )


def _addresses() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Where your parcels go"),
        rx.el.p("To the first of these, unless you say otherwise as you order.", class_name="small muted"),
        PostForm.create(
            rx.el.input(type="hidden", name="form", value="remove-address", read_only=True),
            rx.el.ul(rx.foreach(AccountState.addresses, _address), class_name="sign-ins"),
            form_notice("remove-address-", {AddressNotFound.code: AddressNotFound.sentence}),
            label="Remove an address",
        ),
        class_name="account-part",
    )


def _address(kept: rx.Var[AddressView]) -> rx.Component:
    remove = button("Remove", type="submit", name="address", value=kept.id, quiet=True)
    return rx.el.li(rx.el.p(rx.el.bdi(kept.line)), remove, key=kept.id)


def _sign_ins() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Where you are signed in"),
        PostForm.create(
            rx.el.input(type="hidden", name="form", value="end-session", read_only=True),
            rx.el.ul(rx.foreach(AccountState.sign_ins, _sign_in), class_name="sign-ins"),
            form_notice("end-session-", {SessionNotFound.code: SessionNotFound.sentence}),
            _sign_out("Sign out everywhere", EVERYWHERE),
            label="Sign out",
        ),
        class_name="account-part",
    )


def _sign_in(known: rx.Var[SignInView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.cond(known.current, "This browser", "Since " + known.since)),
            rx.el.p(rx.cond(known.current, "Since " + known.since, known.seen), class_name="small muted"),
        ),
        rx.cond(known.current, rx.fragment(), _sign_out("Sign out", known.id)),
        key=known.id,
    )


def _sign_out(label: str, session: str | rx.Var[str]) -> rx.Component:
    return button(label, type="submit", name="session", value=session, quiet=True)


def _data() -> rx.Component:
    return rx.el.section(
        rx.el.h2("What the shop knows of you"),
        rx.el.p(
            "Your account, your addresses, your orders and where you are signed in. ",
            NativeLink.create(
                "Download all of it",
                href="/api/auth/export",
                class_name="link",
                custom_attrs={"download": "my-data.json"},
            ),
            ".",
        ),
        rx.cond(
            AccountState.of_the_shop,
            rx.fragment(),
            disclosure("Erase your account", _erase()),
        ),
        class_name="account-part",
    )


def _erase() -> rx.Component:
    return rx.cond(
        AccountState.has_password,
        PostForm.create(
            rx.el.p(
                "Your account and your addresses are gone for good, and with them your name on orders that were never "
                "paid. Paid orders stay in the books, as the law wants it.",
                class_name="muted",
            ),
            password_field("erase", "current-password"),
            submit("erase", "Erase my account", InvalidCredentials, OrderUnderWay, OfTheShop),
            label="Erase your account",
        ),
        rx.el.p("First ", link("choose a password", "/forgot"), ", which shows that it is you who asks."),
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        taking_long("Your account"),
        skeleton("100%", "6rem"),
        skeleton("100%", "6rem"),
        skeleton("100%", "10rem"),
        class_name="stack",
        aria_busy="true",
    )
