"""What the sandbox is started with: where it writes, which key pairs it knows, where webhooks go."""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

KEY_ID: Final = "rzp_test_Sandbox0000001"
KEY_SECRET: Final = "thisisnosecret0000000001"  # noqa: S105  # it opens nothing but a sandbox
WEBHOOK_SECRET: Final = "whsec_sandbox"  # noqa: S105  # as above
"""What a sandbox is started with when nobody says otherwise."""

_HOST: Final = re.compile(r"[0-9A-Za-z]([0-9A-Za-z._-]{0,251}[0-9A-Za-z])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")
_TOKEN: Final = re.compile(r"[!-~]{16,200}")


class ConfigError(ValueError):
    """A setting the sandbox refuses to start with; its text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """One API key and its secret. Every pair here is an account of its own and sees only its own entities."""

    id: str
    secret: str

    def __post_init__(self) -> None:
        if self.id.startswith("rzp_live_"):
            raise ConfigError("The sandbox works with test keys only; a key that begins with rzp_live_ is refused.")
        if not self.id.startswith("rzp_test_") or len(self.id) <= len("rzp_test_"):
            raise ConfigError(f"A sandbox key id begins with rzp_test_; {self.id!r} does not.")
        if not self.secret:
            raise ConfigError(f"The key {self.id} has no secret.")

    @classmethod
    def parse(cls, text: str) -> "KeyPair":
        """Read a pair written as ``id:secret``."""
        key_id, _, secret = text.partition(":")
        return cls(key_id.strip(), secret.strip())


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """Settings of one sandbox.

    ``data`` is the folder of its database. ``webhook_url`` is the endpoint that hears every event; more can be
    added while it runs. ``retry_factor`` scales the webhook retry ladder (1 = as measured at Razorpay, 0.01 = a
    hundred times faster). ``base_path`` is where it is mounted in another application.

    Test calls and the console are for this machine. Under one of ``allowed_hosts`` they are for whoever reaches the
    sandbox by that name, and with the ``token`` for whoever knows it.
    """

    data: Path
    keys: tuple[KeyPair, ...] = (KeyPair(KEY_ID, KEY_SECRET),)
    webhook_secret: str = WEBHOOK_SECRET
    webhook_url: str | None = None
    base_path: str = ""
    merchant_name: str = "Sandbox merchant"
    retry_factor: float = 1.0
    allowed_hosts: tuple[str, ...] = ()
    token: str | None = None

    def __post_init__(self) -> None:
        if not self.keys:
            raise ConfigError("The sandbox needs at least one key pair.")
        if len({pair.id for pair in self.keys}) != len(self.keys):
            raise ConfigError("Two key pairs of the sandbox have the same id.")
        if not self.webhook_secret:
            raise ConfigError("The sandbox needs a webhook secret; webhooks without a signature prove nothing.")
        if not 0 < self.retry_factor < math.inf:
            raise ConfigError("The factor of the webhook retry ladder must be a number above 0.")
        if self.webhook_url and not _is_web_address(self.webhook_url):
            raise ConfigError(
                f"Webhooks go to an address that begins with http:// or https://, not {self.webhook_url}."
            )
        for host in self.allowed_hosts:
            if not _HOST.fullmatch(host):
                raise ConfigError(f"An allowed host is a name such as sandbox, without a port; {host!r} is none.")
        if self.token is not None and not _TOKEN.fullmatch(self.token):
            raise ConfigError("A token has 16 to 200 characters, none of them a space or beyond ASCII.")


def _is_web_address(text: str) -> bool:
    try:
        address = urlsplit(text)
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        return False
