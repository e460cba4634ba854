"""Looks at the settings: those of a shop that people buy from, and nothing that only works by itself."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from checkout_app.core import addresses
from checkout_app.core.settings import RAZORPAY_API, settings
from checkout_app.core.together import LOCAL_HOSTS
from checkout_app.server.doctor.verdicts import Verdict, green, red, yellow

_FEWEST_CHARACTERS: Final = 16
_FEWEST_DIFFERENT: Final = 8
_MAKE_ONE_UP: Final = "let a program make up another, such as `openssl rand -hex 32`"


def environment() -> Verdict:
    """Look whether the shop is meant to be live."""
    if settings().environment == "development":
        return red("ENVIRONMENT is development, with an account that everybody knows. Say ENVIRONMENT=production.")
    return green("ENVIRONMENT is production.")


def address() -> Verdict:
    """Look whether people can be sent to the shop's address."""
    url = settings().public_url
    if not settings().secure:
        return red(f"PUBLIC_URL is {url}: people buy over https alone. Say PUBLIC_URL=https://… as they type it.")
    if urlsplit(url).hostname in LOCAL_HOSTS:
        return red(f"PUBLIC_URL is {url}, which only this machine opens. Say PUBLIC_URL=https://… as people type it.")
    return green(f"PUBLIC_URL is {url}.")


def key() -> Verdict:
    """Look whether money is going to move."""
    shop = settings()
    if shop.razorpay_api_url != RAZORPAY_API:
        return red(f"Payments go to {shop.razorpay_api_url}, not to Razorpay. Leave RAZORPAY_API_URL empty.")
    if not shop.razorpay_key_id.startswith("rzp_live_"):
        return red(
            "RAZORPAY_KEY_ID is of test mode, in which everybody buys without money. Put in a live one and its secret."
        )
    return green("RAZORPAY_KEY_ID is a live key.")


def secrets() -> Verdict:
    """Look whether the secrets that are made up for the shop can be guessed."""
    shop = settings()
    links = {} if shop.link_secret == shop.jwt_secret else {"LINK_SECRET": shop.link_secret}  # as it is when left empty
    others = {"METRICS_TOKEN": shop.metrics_token, "ALERT_WEBHOOK_SECRET": shop.alert_webhook_secret}
    needed = {"JWT_SECRET": shop.jwt_secret, "RAZORPAY_WEBHOOK_SECRET": shop.razorpay_webhook_secret, **links}
    made_up = needed | {name: secret for name, secret in others.items() if secret}
    # A previous one may well be another's now, but what can be guessed signs anybody in, or opens every order.
    previous = {"JWT_SECRET_PREVIOUS": shop.jwt_secret_previous}
    if shop.link_secret_previous != shop.jwt_secret_previous:
        previous["LINK_SECRET_PREVIOUS"] = shop.link_secret_previous
    weak = [name for name, secret in (made_up | previous).items() if secret and _can_be_guessed(secret)]
    if weak:
        return red(f"{' and '.join(weak)} can be guessed: {_MAKE_ONE_UP}.")
    if len(set(made_up.values())) < len(made_up):
        return red(f"Two of {', '.join(made_up)} are the same, and others know some of them: {_MAKE_ONE_UP}.")
    return green(f"{' and '.join(made_up)} can't be guessed.")


def _can_be_guessed(secret: str) -> bool:
    return len(secret) < _FEWEST_CHARACTERS or len(set(secret)) < _FEWEST_DIFFERENT


def proxies() -> Verdict:
    """Look whether what stands in front of the shop is believed: it alone knows who calls."""
    shop = settings()
    place, believed = f"The shop listens on {shop.bind}", addresses.networks(shop.trusted_proxies)
    if not believed:
        return yellow(f"{place} and believes no proxy: who comes through one counts as one. See TRUSTED_PROXIES.")
    if ipaddress.ip_address(shop.bind).is_loopback:
        return green(f"{place}, for this machine alone, and believes {shop.trusted_proxies}.")
    if all(network.is_loopback for network in believed):
        return yellow(
            f"{place} and believes no proxy elsewhere: who comes through one counts as one. Name it in "
            "TRUSTED_PROXIES, or say BIND=127.0.0.1 when it is on this machine."
        )
    return green(f"{place} and believes {shop.trusted_proxies}. Let nothing but these reach port {shop.port}.")
