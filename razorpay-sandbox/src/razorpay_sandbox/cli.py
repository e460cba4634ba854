"""Runs the sandbox on its own: ``razorpay-sandbox``, or ``python -m razorpay_sandbox``."""

import argparse
import sys
from pathlib import Path

import uvicorn

from razorpay_sandbox import ConfigError, KeyPair, Sandbox, SandboxConfig, __version__
from razorpay_sandbox.core.config import KEY_ID, KEY_SECRET, WEBHOOK_SECRET

DATA = Path(".razorpay-sandbox")
_IDLE = 75  # seconds an idle connection is kept: longer than clients do, so that none is closed under a call
_FAREWELL = 3  # seconds for calls under way; those that hang on purpose would never end


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="razorpay-sandbox", description="Razorpay on your machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=9900)
    parser.add_argument(
        "--data", type=Path, default=DATA, metavar="DIR", help=f"where it keeps its state (default: {DATA})"
    )
    parser.add_argument("--key-id", default=KEY_ID, help=f"API key id; begins with rzp_test_ (default: {KEY_ID})")
    parser.add_argument("--key-secret", default=KEY_SECRET, help=f"its secret (default: {KEY_SECRET})")
    parser.add_argument("--key", action="append", default=[], metavar="ID:SECRET", help="a further key pair")
    parser.add_argument("--webhook-secret", default=WEBHOOK_SECRET, help=f"signs webhooks (default: {WEBHOOK_SECRET})")
    parser.add_argument("--webhook-url", help="endpoint that receives every event")
    parser.add_argument("--retry-factor", type=float, default=1.0, help="scales the waits between webhook retries")
    parser.add_argument("--name", default="Sandbox merchant", help="name shown to buyers")
    parser.add_argument("--version", action="version", version=f"razorpay-sandbox {__version__}")
    return parser.parse_args()


def main() -> None:
    """Start the sandbox; a setting it refuses ends the program with a sentence."""
    given = _arguments()
    try:
        config = SandboxConfig(
            data=given.data,
            keys=(KeyPair(given.key_id, given.key_secret), *map(KeyPair.parse, given.key)),
            webhook_secret=given.webhook_secret,
            webhook_url=given.webhook_url,
            merchant_name=given.name,
            retry_factor=given.retry_factor,
        )
    except ConfigError as error:
        sys.exit(str(error))
    sandbox = Sandbox(config)
    sys.stdout.write(f"The sandbox is at http://{given.host}:{given.port} (Test Mode)\n")
    sys.stdout.flush()
    uvicorn.run(
        sandbox.app,
        host=given.host,
        port=given.port,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_FAREWELL,
    )
