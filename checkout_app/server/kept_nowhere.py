"""What the API tells somebody is for them: no browser, and nothing on the way to it, keeps it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOWHERE = (b"cache-control", b"no-store")


class KeptNowhere:
    """Says so with every answer but those that say themselves how long they are good: they are everybody's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def send_with_word(message: Message) -> None:
            if message["type"] == "http.response.start" and all(name != _NOWHERE[0] for name, _ in message["headers"]):
                message["headers"] = [*message["headers"], _NOWHERE]
            await send(message)

        await self._app(scope, receive, send_with_word)
