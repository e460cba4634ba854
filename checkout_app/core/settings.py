"""Every setting in one place: read from the environment and `.env`, checked once at start."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL

from checkout_app.core import addresses, made_up, rates, together, urls
from checkout_app.core.together import KEY_ID, LOCAL_HOSTS
from checkout_app.core.urls import HIGHEST_PORT

RAZORPAY_API = "https://api.razorpay.com"
RAZORPAY_SCRIPT = "https://checkout.razorpay.com/v1/checkout.js"
_SHOP_ID = re.compile(r"^[a-z0-9-]{4,32}$")
_MIN_SECRET = 32
_HARD_TO_GUESS = re.compile(r"^[!-~]{16,}$")
_MOST_WORKERS = 64
MOST_BACKUPS = 1000
"""How many backups may be kept."""


class SettingsError(SystemExit):
    """A setting that can't be used; its text says which one and what to do."""


class Settings(BaseSettings):
    """The settings by their fixed names; what is left empty is filled in for development."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", str_strip_whitespace=True)

    environment: Literal["development", "production"] = "development"
    port: int = Field(default=3000, ge=1, le=HIGHEST_PORT)
    bind: str = "127.0.0.1"
    trusted_proxies: str = "127.0.0.1, ::1"
    public_url: str = ""
    data_dir: Path = Path(".data")
    shop_id: str = ""
    database_url: str = Field(default="", repr=False)
    database_pool: int = Field(default=20, ge=1, le=1000)
    backups_kept: int = Field(default=14, ge=0, le=MOST_BACKUPS)
    redis_url: str = Field(default="", repr=False)
    web_workers: int = Field(default=1, ge=1, le=_MOST_WORKERS)
    rate_limits: str = ""
    jwt_secret: str = Field(default="", repr=False)
    jwt_secret_previous: str = Field(default="", repr=False)
    link_secret: str = Field(default="", repr=False)
    link_secret_previous: str = Field(default="", repr=False)
    razorpay_key_id: str = ""
    razorpay_key_secret: str = Field(default="", repr=False)
    razorpay_key_id_previous: str = ""
    razorpay_key_secret_previous: str = Field(default="", repr=False)
    razorpay_webhook_secret: str = Field(default="", repr=False)
    razorpay_webhook_secret_previous: str = Field(default="", repr=False)
    razorpay_api_url: str = ""
    razorpay_checkout_js_url: str = ""
    shop_name: str = "Mitti"
    accent: str = "#A8451F"
    log_format: str = ""
    metrics_token: str = Field(default="", repr=False)
    alert_webhook_url: str = Field(default="", repr=False)
    alert_webhook_secret: str = Field(default="", repr=False)
    smtp_url: str = Field(default="", repr=False)
    mail_from: str = ""
    sandboxed: bool = Field(default=False, init=False)
    _pgbouncer: bool = PrivateAttr(default=False)

    @field_validator("public_url", "razorpay_api_url")
    @classmethod
    def _without_trailing_slash(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in {"http", "https"}:
            raise ValueError("must begin with http:// or https://")
        return url.rstrip("/")

    @field_validator("shop_id")
    @classmethod
    def _is_a_shop_id(cls, shop_id: str) -> str:
        if shop_id and not _SHOP_ID.match(shop_id):
            raise ValueError("must have 4 to 32 small letters, digits or dashes")
        return shop_id

    @field_validator("bind")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        return addresses.listened_on(given)

    @field_validator("trusted_proxies")
    @classmethod
    def _names_networks(cls, given: str) -> str:
        addresses.networks(given)
        return given

    @field_validator("database_url")
    @classmethod
    def _names_a_database(cls, url: str) -> str:
        return urls.database_url(url) if url else ""

    @field_validator("redis_url")
    @classmethod
    def _names_a_redis(cls, url: str) -> str:
        return urls.redis_url(url) if url else ""

    @field_validator("rate_limits")
    @classmethod
    def _says_how_often(cls, given: str) -> str:
        rates.check(given)
        return given

    @field_validator("alert_webhook_url")
    @classmethod
    def _names_an_address(cls, url: str) -> str:
        return urls.web_url(url) if url else ""

    @field_validator("smtp_url")
    @classmethod
    def _names_a_mail_server(cls, url: str) -> str:
        return urls.smtp_url(url) if url else ""

    @field_validator("mail_from")
    @classmethod
    def _is_a_mailbox(cls, given: str) -> str:
        return addresses.mailbox(given) if given else ""

    @field_validator("metrics_token", "alert_webhook_secret")
    @classmethod
    def _is_hard_to_guess(cls, secret: str) -> str:
        if secret and not _HARD_TO_GUESS.match(secret):
            raise ValueError("must have at least 16 characters, letters, digits and signs without a space")
        return secret

    @field_validator("log_format")
    @classmethod
    def _is_a_log_format(cls, form: str) -> str:
        if form not in {"", "json", "text"}:
            raise ValueError("must be json or text")
        return form

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.sandboxed = self.environment == "development" and not (self.razorpay_key_id or self.razorpay_api_url)
        own = URL.create("sqlite", database=str(self.data_dir / "shop.db"))
        self._pgbouncer = bool(self.database_url) and urls.is_behind_pgbouncer(self.database_url)
        self.database_url = urls.without_pgbouncer(self.database_url or own.render_as_string())
        self.log_format = self.log_format or ("json" if self.environment == "production" else "text")
        if self.environment == "production":
            self._require_for_production()
        else:
            self.public_url = self.public_url or f"http://localhost:{self.port}"
            self._fill_for_development()
        self._check_secrets()
        self._check_gateway()
        together.check(self)
        self.mail_from = self.mail_from or "shop@localhost"  # nobody reads it: mails stay on this machine
        return self

    def _require_for_production(self) -> None:
        missing = [
            name.upper()
            for name in (
                *("public_url", "jwt_secret"),
                *("razorpay_key_id", "razorpay_key_secret", "razorpay_webhook_secret"),
            )
            if not getattr(self, name)
        ]
        if missing:
            raise ValueError(f"production needs {', '.join(missing)}")
        host = urlsplit(self.public_url).hostname
        if not self.public_url.startswith("https://") and host not in LOCAL_HOSTS:
            raise ValueError("PUBLIC_URL must begin with https:// in production")

    def _fill_for_development(self) -> None:
        kept = made_up.kept_in(self.data_dir)
        self.jwt_secret = self.jwt_secret or kept["jwt_secret"]
        self.link_secret = self.link_secret or kept.get("link_secret", "")
        self.shop_id = self.shop_id or kept.get("shop_id", "")
        if self.sandboxed:
            self.razorpay_key_id = kept["razorpay_key_id"]
            self.razorpay_key_secret = kept["razorpay_key_secret"]
            self.razorpay_webhook_secret = self.razorpay_webhook_secret or kept["razorpay_webhook_secret"]
            self.razorpay_api_url = f"{self.own_url}/sandbox"
            self.razorpay_checkout_js_url = self.razorpay_checkout_js_url or "/sandbox/v1/checkout.js"

    def _check_secrets(self) -> None:
        if not self.link_secret:  # links go where sign-ins go
            self.link_secret = self.jwt_secret
            self.link_secret_previous = self.link_secret_previous or self.jwt_secret_previous
        for name in ("jwt_secret", "link_secret"):
            present, previous = getattr(self, name), getattr(self, f"{name}_previous")
            if len(present) < _MIN_SECRET:
                raise ValueError(f"{name.upper()} must have at least {_MIN_SECRET} characters")
            if previous and len(previous) < _MIN_SECRET:
                raise ValueError(f"{name.upper()}_PREVIOUS must have at least {_MIN_SECRET} characters")
            if previous == present:
                words = "is the present secret: give the one that was in use before it"
                raise ValueError(f"{name.upper()}_PREVIOUS {words}")

    def _check_gateway(self) -> None:
        if not KEY_ID.match(self.razorpay_key_id):
            raise ValueError("RAZORPAY_KEY_ID must look like rzp_test_… or rzp_live_…, as Razorpay shows it")
        if not self.razorpay_key_secret:
            raise ValueError("RAZORPAY_KEY_SECRET is missing")
        self.razorpay_api_url = self.razorpay_api_url or RAZORPAY_API
        if self.mode == "rzp_live_" and self.environment == "development":
            raise ValueError("a live key takes real money: it needs ENVIRONMENT=production")
        if self.mode == "rzp_live_" and self.razorpay_api_url != RAZORPAY_API:
            raise ValueError("a live key is only ever sent to Razorpay: leave RAZORPAY_API_URL empty")
        if not self.razorpay_checkout_js_url:
            own = f"{self.razorpay_api_url}/v1/checkout.js"
            self.razorpay_checkout_js_url = RAZORPAY_SCRIPT if self.razorpay_api_url == RAZORPAY_API else own

    @property
    def mode(self) -> str:
        """How its keys begin: test mode and live mode know nothing of each other's orders."""
        return self.razorpay_key_id[: len("rzp_live_")]

    @property
    def keys(self) -> Mapping[str, str]:
        """The keys of its account and their secrets, the present one first."""
        present = {self.razorpay_key_id: self.razorpay_key_secret}
        previous = {self.razorpay_key_id_previous: self.razorpay_key_secret_previous}
        return present | (previous if self.razorpay_key_id_previous else {})

    @property
    def jwt_secrets(self) -> tuple[str, ...]:
        """The secrets by which a sign-in may be signed, the present one first."""
        return tuple(filter(None, (self.jwt_secret, self.jwt_secret_previous)))

    @property
    def link_secrets(self) -> tuple[str, ...]:
        """The secrets by which links and what is mailed may be signed, the present one first."""
        return tuple(filter(None, (self.link_secret, self.link_secret_previous)))

    @property
    def pgbouncer(self) -> bool:
        """True when PgBouncer stands in front of the database."""
        return self._pgbouncer

    @property
    def own_url(self) -> str:
        """Where this machine reaches the shop, whatever stands in front of it."""
        host = addresses.reached_at(self.bind)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def secure(self) -> bool:
        """True when people reach the shop over https."""
        return self.public_url.startswith("https://")

    @property
    def allowed_origins(self) -> list[str]:
        """Origins that may open the websocket and send cookies: the shop itself, and this machine in development.

        Not once it has an address on the web: what runs on a visitor's machine is not ours then.
        """
        if self.environment == "production" or self.secure:
            return [self.public_url]
        local = [f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in (self.port, 3000)]
        return list(dict.fromkeys([self.public_url, *local]))


@lru_cache
def settings() -> Settings:
    """Return the settings, read once."""
    return read()


def read() -> Settings:
    """Read the settings; a value that can't be used ends the program with a sentence about it."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"  {'.'.join(map(str, item['loc'])).upper() or 'settings'}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False)
        ]
        raise SettingsError("The settings can't be used:\n" + "\n".join(lines)) from None
