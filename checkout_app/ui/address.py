"""The URL in the browser, for pages whose content must be about it: the server's answer for it comes a moment later."""

import reflex as rx

PATH = rx.Var("(globalThis.location?.pathname ?? '')").to(str)
QUERY = rx.Var("(globalThis.location?.search ?? '')").to(str)
"""With its `?`, or nothing."""
SIGN_IN = rx.cond(
    (PATH == "/login") | (PATH == "/continue"),
    "/login" + QUERY,
    "/login?next=" + rx.Var(f"encodeURIComponent({PATH + QUERY})").to(str),
)
"""The sign-in page, and back here afterwards."""
