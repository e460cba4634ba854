"""Which settings go together, and which don't: each may be right by itself. `settings.py` reads them."""

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from checkout_app.core.urls import HIGHEST_PORT

if TYPE_CHECKING:
    from checkout_app.core.settings import Settings

KEY_ID: Final = re.compile(r"^rzp_(test|live)_\w{1,30}$", re.ASCII)
LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def check(given: "Settings") -> None:
    """Refuse settings that can't work together; raises ValueError, in words."""
    _check_previous_key(given)
    if given.alert_webhook_url:
        _check_alerts(given)
    if given.web_workers > 1:
        _check_workers(given)
    if given.smtp_url and not given.mail_from:
        raise ValueError("SMTP_URL needs MAIL_FROM, the address that mails come from")


def _check_previous_key(given: "Settings") -> None:
    """Refuse a previous key that can't be one of the present key's account, which it has to be to be of any use."""
    key_id, secret = given.razorpay_key_id_previous, given.razorpay_key_secret_previous
    if bool(key_id) != bool(secret):
        raise ValueError("RAZORPAY_KEY_ID_PREVIOUS and RAZORPAY_KEY_SECRET_PREVIOUS go together: give both or none")
    if key_id and not KEY_ID.match(key_id):
        raise ValueError("RAZORPAY_KEY_ID_PREVIOUS must look like rzp_test_… or rzp_live_…, as Razorpay shows it")
    if key_id == given.razorpay_key_id:
        raise ValueError("RAZORPAY_KEY_ID_PREVIOUS is the present key: give the one that was in use before it")
    if key_id and not key_id.startswith(given.mode):
        raise ValueError(
            f"RAZORPAY_KEY_ID_PREVIOUS must begin with {given.mode} as RAZORPAY_KEY_ID does: a key of another mode "
            "knows none of its orders (go-live closes what was ordered in test mode)"
        )


def _check_alerts(given: "Settings") -> None:
    if not given.alert_webhook_secret:
        raise ValueError("ALERT_WEBHOOK_URL needs ALERT_WEBHOOK_SECRET, by which the receiver knows who wrote")
    url = urlsplit(given.alert_webhook_url)
    if given.environment == "production" and url.scheme != "https" and url.hostname not in LOCAL_HOSTS:
        raise ValueError("ALERT_WEBHOOK_URL must begin with https:// in production")


def _check_workers(given: "Settings") -> None:
    """Refuse several processes where each would have to itself what they need in common."""
    if not given.redis_url:
        raise ValueError("WEB_WORKERS above 1 needs REDIS_URL: visitors' state and rate limits are shared there")
    if given.sandboxed:
        raise ValueError(
            "WEB_WORKERS above 1 needs a gateway outside the shop, in RAZORPAY_API_URL or by a key of Razorpay's: "
            "the sandbox lives in one process"
        )
    if given.port + given.web_workers - 1 > HIGHEST_PORT:
        raise ValueError(f"WEB_WORKERS takes as many ports from PORT on, and the highest is {HIGHEST_PORT}")
