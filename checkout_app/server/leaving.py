"""A process that is about to be replaced says so in time, and whoever shares visitors out sends them to another."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from checkout_app.core.settings import settings
from checkout_app.server import instances


def say_when_leaving(app: ASGIApp) -> ASGIApp:
    """Answer whoever asks for a sign of life with 503 while this process is leaving; pass everything else on."""
    file = instances.leaving(settings().port)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        leaves = scope["path"] == instances.PING and file.exists()
        answer = PlainTextResponse("leaving", 503) if leaves else app
        await answer(scope, receive, send)

    return serve
