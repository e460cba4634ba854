"""`/dev/mail`: the mails that no server takes, to be read in development, where their links and codes are needed."""

import asyncio
import re
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Final

import htpy as h
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_app.core import clock
from checkout_app.core.settings import settings
from checkout_app.mail import post
from checkout_app.server.problems import problem
from checkout_app.server.security import data_policy

PATH: Final = "/dev/mail"
_MOST: Final = 100
_ONE: Final = re.compile(rf"{PATH}/([0-9A-Z]{{26}})(/page)?")
_ADDRESS: Final = re.compile(r"https?://\S+")
_POLICY: Final = f"{data_policy()}; frame-src 'self'"
_POLICY_OF_A_MAIL: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
_STYLE: Final = """
:root { color-scheme: light dark; --ground: #fbf7f1; --surface: #fff; --ink: #231a13; --muted: #6b5d51;
  --line: #e4d9cb; --primary: #a8451f }
@media (prefers-color-scheme: dark) { :root { --ground: #15110e; --surface: #1e1915; --ink: #f4ece3; --muted: #b6a799;
  --line: #3a3029; --primary: #f0986b } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 680px; margin: 0 auto; padding: 24px 16px 64px; overflow-wrap: anywhere }
h1 { font-size: 28px; line-height: 1.25; margin: 8px 0 16px }
a { color: var(--primary) }
a:focus-visible { outline: 2px solid var(--primary); outline-offset: 2px }
ul { list-style: none; margin: 0; padding: 0 }
li a { display: block; padding: 12px 0; border-top: 1px solid var(--line); text-decoration: none; color: inherit }
small, .muted { color: var(--muted); font-size: 15px }
iframe, pre { width: 100%; box-sizing: border-box; border: 1px solid var(--line); border-radius: 10px }
iframe { height: 480px; background: #fff }
pre { padding: 16px; background: var(--surface); font: 15px/1.5 ui-monospace, monospace; white-space: pre-wrap }
"""


def show_mails(app: ASGIApp) -> ASGIApp:
    """Answer the path and those below it in development; elsewhere there is no such path."""
    if settings().environment != "development":
        return app

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and (scope["path"].rstrip("/") == PATH or scope["path"].startswith(f"{PATH}/"))
        await (await _answer(scope["method"], scope["path"]) if asked else app)(scope, receive, send)

    return serve


async def _answer(method: str, path: str) -> Response:
    if method not in {"GET", "HEAD"}:
        return problem(405, "method_not_allowed", "Method Not Allowed", headers={"Allow": "GET, HEAD"})
    if path.rstrip("/") == PATH:
        return _page("Mails", _list(await asyncio.to_thread(_newest)))
    asked = _ONE.fullmatch(path)
    mail = await asyncio.to_thread(_read, asked[1]) if asked else None
    if asked is None or mail is None:
        return problem(404, "not_found", "Not Found")
    if asked[2]:
        return _html(_part(mail, "html"), _POLICY_OF_A_MAIL)
    return _page(str(mail["Subject"]), _one(asked[1], mail))


def _newest() -> list[tuple[str, EmailMessage]]:
    """Read the last mails, the newest first: their names are in the order in which they were begun."""
    names = sorted((file.stem for file in post.folder().glob("*.eml")), reverse=True)[:_MOST]
    return [(name, mail) for name in names if (mail := _read(name))]


def _read(name: str) -> EmailMessage | None:
    try:
        content = (post.folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    return BytesParser(EmailMessage, policy=default).parsebytes(content)


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""


def _list(mails: list[tuple[str, EmailMessage]]) -> h.Node:
    if not mails:
        where = "go to the server that SMTP_URL names" if settings().smtp_url else f"are put into {post.folder()}"
        return h.p(".muted")[f"There is none yet. Mails {where}."]
    return h.ul[
        (
            h.li[h.a(href=f"{PATH}/{name}")[mail["Subject"], h.br, h.small[_when(mail), " · ", mail["To"]]]]
            for name, mail in mails
        )
    ]


def _one(name: str, mail: EmailMessage) -> h.Node:
    text = _part(mail, "plain")
    return [
        h.p(".muted")[_when(mail), h.br, "From ", str(mail["From"]), h.br, "To ", str(mail["To"])],
        # Its own links stay shut in: a mail is shown as it is, and nothing in it may lead anybody out of the frame.
        (h.p[h.a(href=address)[address]] for address in dict.fromkeys(_ADDRESS.findall(text))),
        h.iframe(src=f"{PATH}/{name}/page", sandbox="", title="The mail"),
        h.pre[text],
        h.p[h.a(href=PATH)["All mails"]],
    ]


def _when(mail: EmailMessage) -> str:
    return clock.format_moment(mail["Date"].datetime)


def _page(title: str, content: h.Node) -> Response:
    page = h.html(lang="en-IN")[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.title[title],
            h.link(rel="icon", href="data:,"),
            h.style[_STYLE],
        ],
        h.body[h.main[h.h1[title], content]],
    ]
    return _html(str(page), _POLICY)


def _html(text: str, policy: str) -> Response:
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return HTMLResponse(text, headers=headers)
