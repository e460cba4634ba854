"""Every public method of a state can be called by any browser, so each has to be on this list on purpose.

Each of ours says for whom it is there; what that keeps away, `tests/security/test_handlers.py` tries.
"""

import pytest
from reflex_base.registry import RegistrationContext

import checkout_app.checkout_app  # noqa: F401 - registers every state
from checkout_app.auth.callers import Caller
from checkout_app.ui.visitor import DECLARED, open_to

OURS = {
    "Visitor": {"load": Caller.ANYBODY},
    "LoginState": {"load": Caller.ANYBODY},
    "ProductState": {"load": Caller.ANYBODY},
    "CheckoutState": {
        "load": Caller.SIGNED_IN,
        "leave_checkout": Caller.ANYBODY,
        "place_order": Caller.SIGNED_IN,
        "pay_again": Caller.SIGNED_IN,
        "look_up_pin": Caller.SIGNED_IN,
        "choose_state": Caller.SIGNED_IN,
        "check_address": Caller.SIGNED_IN,
        "use_coupon": Caller.SIGNED_IN,
        "look_up_gstin": Caller.SIGNED_IN,
        "payment_succeeded": Caller.ANYBODY,
        "payment_failed": Caller.ANYBODY,
        "payment_dismissed": Caller.ANYBODY,
        "payment_unreachable": Caller.ANYBODY,
    },
    "AccountState": {"load": Caller.SIGNED_IN},
    "FactorState": {"load": Caller.SIGNED_IN, "set_up_another": Caller.SIGNED_IN},
    "OrdersState": {"load": Caller.SIGNED_IN, "show_older": Caller.SIGNED_IN},
    "OrderState": {
        "load": Caller.LINK_HOLDER,
        "watch": Caller.LINK_HOLDER,
        "cancel_order": Caller.SIGNED_IN,
        "renew_link": Caller.SIGNED_IN,
    },
}
"""For whom each is there. What the payment window says is for anybody: who has paid is led to their order anyway."""
FRAMEWORK = {
    "State": {
        "hydrate": "tells a tab its own state, in which nothing is that it was not told",
        "hydrate_and_load": "the same for a tab that is opened; what its page loads is a handler of ours",
        "set_is_hydrated": "sets whether the tab was told yet: who does it to their own tab is told again",
    },
    "OnLoadInternalState": {
        "on_load_internal": "goes to a page of the tab; what that loads is a handler of ours",
        "set_is_hydrated": "inherited, as above",
    },
    "UpdateVarsInternalState": {
        "update_vars_internal": "sets what a browser keeps of a state; ours keep nothing there"
    },
    "FrontendEventExceptionState": {"handle_frontend_exception": "writes one line in the log, short and counted"},
}
"""Reflex's own, which declare nothing, and why anybody may call each. All of it is about the caller's own tab."""


def _callable_by_browsers() -> set[tuple[str, str]]:
    """Name every handler with its state; `setvar` is everywhere and only reaches methods called `set_…`, listed too."""
    names = (name.split(".")[-2:] for name in RegistrationContext.get().event_handlers)
    return {(_class(state), handler) for state, handler in names if handler != "setvar"}


def _class(full_name: str) -> str:
    return "".join(word.capitalize() for word in full_name.rpartition("____")[2].split("_")) or full_name


def test_browsers_can_call_exactly_the_listed_event_handlers() -> None:
    listed = {(state, handler) for state, names in OURS.items() for handler in names}
    listed |= {(state, handler) for state, reasons in FRAMEWORK.items() for handler in reasons}
    assert _callable_by_browsers() == listed


def test_every_handler_of_ours_says_for_whom_it_is_there() -> None:
    undeclared = {
        (_class(state), handler)
        for name, registered in RegistrationContext.get().event_handlers.items()
        for state, handler in [name.split(".")[-2:]]
        if handler != "setvar" and not hasattr(registered.handler.fn, DECLARED)
    }
    assert undeclared == {(state, handler) for state, reasons in FRAMEWORK.items() for handler in reasons}


@pytest.mark.parametrize("caller", [Caller.SHOP, Caller.GATEWAY])
def test_a_handler_can_not_be_for_those_whom_nothing_would_tell_apart(caller: Caller) -> None:
    with pytest.raises(ValueError, match="No handler can be for"):
        open_to(caller)
