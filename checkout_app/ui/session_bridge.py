"""The browser's half of signing in: ticket in, cookie out, next page."""

import reflex as rx


class SessionBridge(rx.NoSSRComponent):
    """Exchanges `ticket` as soon as there is one, then leaves for `next`, a path of this shop."""

    library = rx.asset("session_bridge.jsx", shared=True).importable_path
    tag = "SessionBridge"
    ticket: rx.Var[str]
    next: rx.Var[str]
    on_failed: rx.EventHandler[rx.event.no_args_event_spec]
