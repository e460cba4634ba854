"""Runs the sandbox on its own: ``python -m checkout_app.sandbox --port 9900 --data DIR --key-id … --key-secret …``."""

import argparse
import sys
from pathlib import Path

import uvicorn

from checkout_app.sandbox import ConfigError, KeyPair, Sandbox, SandboxConfig

_IDLE = 75  # seconds an idle connection is kept: longer than clients do, so that none is closed under a call
_FAREWELL = 3  # seconds for calls under way; those that hang on purpose would never end


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m checkout_app.sandbox", description="Razorpay on your machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=9900)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of the database")
    parser.add_argument("--key-id", required=True, help="API key id; begins with rzp_test_")
    parser.add_argument("--key-secret", required=True)
    parser.add_argument("--key", action="append", default=[], metavar="ID:SECRET", help="a further key pair")
    parser.add_argument("--webhook-secret", required=True)
    parser.add_argument("--webhook-url", help="endpoint that receives every event")
    parser.add_argument("--retry-factor", type=float, default=1.0, help="scales the waits between webhook retries")
    parser.add_argument("--name", default="Sandbox merchant", help="name shown to buyers")
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


if __name__ == "__main__":
    main()
