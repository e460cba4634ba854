"""Runs the sandbox on its own: ``razorpay-sandbox``, or ``python -m razorpay_sandbox``."""

import argparse
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvicorn

from razorpay_sandbox import ConfigError, KeyPair, Sandbox, SandboxConfig, __version__
from razorpay_sandbox.core.config import KEY_ID, KEY_SECRET, WEBHOOK_SECRET
from razorpay_sandbox.server import logs

_DATA: Final = Path(".razorpay-sandbox")
_HIGHEST_PORT: Final = 65_535
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  # what they stand for on this machine
_QUEUE: Final = 2048  # connections that may wait while all hands are busy
_IDLE: Final = 75  # seconds an idle connection is kept: longer than clients do, so that none is closed under a call
_FAREWELL: Final = 3  # seconds for calls under way; those that hang on purpose would never end


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {_HIGHEST_PORT}, not {text}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="razorpay-sandbox",
        description="Razorpay on your machine: API, checkout and webhooks. No money moves.",
        epilog="Without options it is ready to use.",
    )
    parser.add_argument("--version", action="version", version=f"razorpay-sandbox {__version__}")

    place = parser.add_argument_group("where it is")
    place.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, this machine)")
    place.add_argument("--port", type=_port, default=9900, help="port; 0 takes a free one (default: %(default)s)")
    place.add_argument(
        "--data", type=Path, default=_DATA, metavar="DIR", help="where it keeps its state (default: %(default)s)"
    )

    account = parser.add_argument_group("the merchant")
    account.add_argument("--key-id", default=KEY_ID, metavar="ID", help="begins with rzp_test_ (default: %(default)s)")
    account.add_argument("--key-secret", default=KEY_SECRET, metavar="SECRET", help="its secret (default: %(default)s)")
    account.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="ID:SECRET",
        help="a further key pair, an account of its own; may be repeated",
    )
    account.add_argument(
        "--name", default="Sandbox merchant", help="the name buyers see in checkout (default: %(default)s)"
    )

    webhooks = parser.add_argument_group("webhooks")
    webhooks.add_argument("--webhook-url", metavar="URL", help="endpoint that hears every event (default: none)")
    webhooks.add_argument(
        "--webhook-secret", default=WEBHOOK_SECRET, metavar="SECRET", help="signs them (default: %(default)s)"
    )
    webhooks.add_argument(
        "--retry-factor",
        type=float,
        default=1.0,
        metavar="FACTOR",
        help="scales the waits between retries (default: %(default)s)",
    )

    access = parser.add_argument_group("who may see the console and do test calls, besides this machine")
    access.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="whoever reaches the sandbox by this name, such as its service name in compose; may be repeated",
    )
    access.add_argument("--token", metavar="SECRET", help="whoever sends this as X-Sandbox-Token")

    log = parser.add_argument_group("the log, on stderr")
    log.add_argument("--log-format", default="text", choices=logs.FORMS, help="of a line (default: %(default)s)")
    return parser


def _config(given: argparse.Namespace) -> SandboxConfig:
    return SandboxConfig(
        data=given.data,
        keys=(KeyPair(given.key_id, given.key_secret), *map(KeyPair.parse, given.key)),
        webhook_secret=given.webhook_secret,
        webhook_url=given.webhook_url,
        merchant_name=given.name,
        retry_factor=given.retry_factor,
        allowed_hosts=tuple(given.allow_host),
        token=given.token,
    )


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is written, so that a second sandbox leaves the first one's state alone."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=_QUEUE)
    except UnicodeError:
        raise ConfigError(f"The sandbox cannot listen on {host!r}, which is no name of a host.") from None
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        raise ConfigError(f"The sandbox cannot listen on {host}, port {port}: {reason}.") from None


def _greeting(config: SandboxConfig, host: str, port: int) -> str:
    """Say where everything is. A secret is shown only when it is the one that everybody knows."""
    name = _EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)
    address = f"http://{name}:{port}"
    key = config.keys[0]
    lines = [
        f"Razorpay sandbox {__version__} (Test Mode)",
        "",
        f"  Console   {address}/",
        f"  API       {address}",
        f"  Script    {address}/v1/checkout.js",
        f"  Key       {key.id}",
        f"  Secret    {key.secret if key.secret == KEY_SECRET else 'the one you gave it'}",
        f"  Webhooks  {config.webhook_url or 'go where the console or --webhook-url says'}",
        f"  State     {config.data.resolve()}",
        "",
        "Ctrl-C ends it; the state stays.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Start the sandbox; a setting it refuses ends the program with a sentence."""
    given = _parser().parse_args()
    try:
        config = _config(given)
        line = _listen(given.host, given.port)
        logs.configure(given.log_format)
        sandbox = Sandbox(config)
    except ConfigError as error:
        sys.exit(str(error))
    sys.stdout.write(_greeting(config, given.host, line.getsockname()[1]))
    sys.stdout.flush()
    server = uvicorn.Server(
        uvicorn.Config(
            sandbox.app,
            log_config=None,
            log_level="warning",
            server_header=False,
            date_header=False,  # answers of the API tell the sandbox's own time
            proxy_headers=False,  # the guard wants to know the peer itself, whatever it claims
            timeout_keep_alive=_IDLE,
            timeout_graceful_shutdown=_FAREWELL,
        )
    )
    with suppress(KeyboardInterrupt):  # raised again once everything has ended
        server.run(sockets=[line])
