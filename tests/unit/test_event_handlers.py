"""Every public method of a state can be called by any browser, so each has to be on this list on purpose."""

from reflex_base.registry import RegistrationContext

import checkout_app.checkout_app  # noqa: F401 - registers every state

OURS = {
    "Visitor": {"load"},
    "LoginState": {"load"},
    "ProductState": {"load"},
    "CheckoutState": {
        "load",
        "leave_checkout",
        "place_order",
        "pay_again",
        "payment_succeeded",
        "payment_failed",
        "payment_dismissed",
        "payment_unreachable",
    },
    "OrdersState": {"load", "show_older"},
    "OrderState": {"load", "watch", "cancel_order"},
}
FRAMEWORK = {
    "State": {"hydrate", "hydrate_and_load", "set_is_hydrated"},
    "OnLoadInternalState": {"on_load_internal", "set_is_hydrated"},
    "UpdateVarsInternalState": {"update_vars_internal"},
    "FrontendEventExceptionState": {"handle_frontend_exception"},
}


def _callable_by_browsers() -> set[tuple[str, str]]:
    """Name every handler with its state; `setvar` is everywhere and only reaches methods called `set_…`, listed too."""
    names = (name.split(".")[-2:] for name in RegistrationContext.get().event_handlers)
    return {(_class(state), handler) for state, handler in names if handler != "setvar"}


def _class(full_name: str) -> str:
    return "".join(word.capitalize() for word in full_name.rpartition("____")[2].split("_")) or full_name


def test_browsers_can_call_exactly_the_listed_event_handlers() -> None:
    listed = {(state, handler) for states in (OURS, FRAMEWORK) for state, names in states.items() for handler in names}
    assert _callable_by_browsers() == listed
