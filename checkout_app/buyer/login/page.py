"""The sign-in page: an e-mail address is enough; an account is the quiet alternative."""

import reflex as rx

from checkout_app.buyer.login.state import LoginState
from checkout_app.ui.frame import frame
from checkout_app.ui.kit import button, field, notice, spinner
from checkout_app.ui.page import page
from checkout_app.ui.session_bridge import SessionBridge


@page(
    "/login",
    title="Continue",
    description="Continue with your e-mail, or sign in.",
    load=LoginState.load,
)
def login() -> rx.Component:
    """Build the page people come to before they can buy."""
    return frame(
        rx.el.section(
            rx.el.div(
                rx.el.h1("Continue with your e-mail"),
                rx.el.p("Your receipt carries it. No account is needed.", class_name="muted"),
                class_name="login-head",
            ),
            notice(LoginState.notice, tone="danger", icon="circle-alert"),
            _guest(),
            rx.el.div(
                _disclosure("Sign in to your account", _sign_in()),
                _disclosure("Create an account", _register()),
            ),
            SessionBridge.create(ticket=LoginState.ticket, next=LoginState.next, on_failed=LoginState.exchange_failed),
            class_name="login",
            on_mount=LoginState.forget,
        ),
    )


def _guest() -> rx.Component:
    return rx.el.form(
        _email("guest", "The address for your receipt"),
        field(
            "name",
            "Name",
            prefix="guest-",
            hint="Optional. We use it on the receipt.",
            error=_error("guest-name"),
            type="text",
            auto_complete="name",
            max_length=80,
        ),
        _submit("guest", "Continue"),
        on_submit=LoginState.continue_as_guest,
        no_validate=True,
        aria_label="Continue as a guest",
    )


def _sign_in() -> rx.Component:
    return rx.el.form(
        _email("login", ""),
        _password("login", "current-password"),
        _submit("login", "Sign in"),
        on_submit=LoginState.sign_in,
        no_validate=True,
        aria_label="Sign in",
    )


def _register() -> rx.Component:
    return rx.el.form(
        field(
            "name",
            "Name",
            prefix="register-",
            error=_error("register-name"),
            type="text",
            auto_complete="name",
            required=True,
            max_length=80,
        ),
        _email("register", ""),
        _password("register", "new-password"),
        _submit("register", "Create account"),
        on_submit=LoginState.sign_up,
        no_validate=True,
        aria_label="Create an account",
    )


def _email(form: str, hint: str) -> rx.Component:
    return field(
        "email",
        "E-mail",
        prefix=f"{form}-",
        hint=hint,
        error=_error(f"{form}-email"),
        type="email",
        auto_complete="email",
        input_mode="email",
        required=True,
        max_length=254,
    )


def _password(form: str, auto_complete: str) -> rx.Component:
    return field(
        "password",
        "Password",
        prefix=f"{form}-",
        error=_error(f"{form}-password"),
        type="password",
        auto_complete=auto_complete,
        required=True,
    )


def _error(key: str) -> rx.Var[str]:
    return rx.cond(LoginState.errors.contains(key), LoginState.errors[key], "").to(str)


def _submit(form: str, label: str) -> rx.Component:
    working = LoginState.working == form
    return button(
        rx.cond(working, spinner(), rx.fragment()),
        label,
        type="submit",
        wide=True,
        disabled=LoginState.working != "",
    )


def _disclosure(title: str, content: rx.Component) -> rx.Component:
    return rx.el.details(
        rx.el.summary(title, rx.icon("chevron-down", size=18), class_name="disclosure-line"),
        rx.el.div(content, class_name="disclosure-body"),
        class_name="disclosure",
    )
