"""Razorpay on your machine: a stateful, durable gateway that speaks Razorpay's API, checkout and webhooks.

It knows nothing of the shop. It is mounted in another application (``Sandbox.app``) or runs alone
(``python -m checkout_app.sandbox``).
"""

from checkout_app.sandbox.config import ConfigError, KeyPair, SandboxConfig
from checkout_app.sandbox.sandbox import Sandbox

__all__ = ["ConfigError", "KeyPair", "Sandbox", "SandboxConfig"]
