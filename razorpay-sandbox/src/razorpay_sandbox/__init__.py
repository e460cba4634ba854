"""Razorpay on your machine: a stateful, durable gateway that speaks Razorpay's API, checkout and webhooks.

It knows nothing of the shop. It is mounted in another application (``Sandbox.app``) or runs alone
(``razorpay-sandbox``).
"""

from razorpay_sandbox.core.config import ConfigError, KeyPair, SandboxConfig
from razorpay_sandbox.sandbox import Sandbox

__version__ = "0.1.0"

__all__ = ["ConfigError", "KeyPair", "Sandbox", "SandboxConfig", "__version__"]
