"""Looks at what the shop talks to: its database, Redis, the gateway, and the mail server."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, exists, func, select

from checkout_app.catalog.models import Product
from checkout_app.core import clock, database, migrations, room, shop_id
from checkout_app.core.database import DatabaseAway
from checkout_app.core.due import Outage
from checkout_app.core.migrations import Standing
from checkout_app.core.redis import patient
from checkout_app.core.settings import settings
from checkout_app.delivery.zones import ZONES, zones_in
from checkout_app.mail import post
from checkout_app.payments import sweep
from checkout_app.payments.gateway.client import gateway
from checkout_app.payments.gateway.errors import Misconfigured, RazorpayError
from checkout_app.payments.models import WebhookEvent
from checkout_app.server.doctor.verdicts import Verdict, green, red, yellow

_OLDEST_POSTGRESQL: Final = 14
"""The oldest that still gets corrections."""
_PARCELS: Final = select(ZONES, exists().where(col(Product.on_sale), col(Product.digital).is_(False)).label("parcels"))
"""Where the shop sends, and whether it sells anything that is sent."""
_VERSION: Final = text("SELECT current_setting('server_version_num')::int / 10000")


def books() -> Verdict:
    """Look whether the database answers and was made for this program; raises DatabaseAway."""
    migrations.require(Standing.CURRENT)
    return green(f"There is a shop of this program's revision in {database.place()}.")


def identity() -> Verdict:
    """Look whether it is known which shop this is when the database is lost."""
    known = settings().shop_id
    if not known:
        return yellow("Which shop this is can't be told without its database.")
    if not shop_id.is_kept():
        return red(
            f"Only the database knows that this is the shop {known}. Put SHOP_ID={known} into .env, and keep it."
        )
    return green(f"This is the shop {known}, and SHOP_ID says so too.")


def connections() -> Verdict:
    """Look whether the database lets all processes in, and is one that is looked after; raises SettingsError."""
    shop = settings()
    if shop.database_url.startswith("sqlite"):
        return green("SQLite takes as many as there are.")
    try:
        room.require_room()
        with database.in_words(), database.blocking() as connection:
            version = connection.execute(_VERSION).scalar_one()
    except DatabaseAway:
        return yellow("How many connections there may be can't be told without the database.")
    if version < _OLDEST_POSTGRESQL:
        return yellow(
            f"PostgreSQL {version} gets no corrections any more: {_OLDEST_POSTGRESQL} is the oldest that does."
        )
    return green(f"PostgreSQL {version} has room for {shop.web_workers * shop.database_pool} connections.")


async def redis() -> Verdict:
    """Look whether Redis answers, where it is used."""
    from redis.asyncio import Redis  # takes its time, and few shops need it
    from redis.exceptions import RedisError

    if not settings().redis_url:
        return green("Redis is not used: one process needs nothing to share.")
    try:
        async with Redis.from_url(settings().redis_url, **patient()) as client:
            await client.execute_command("PING")  # type: ignore[no-untyped-call]
    except (RedisError, OSError) as error:
        return red(f"Redis does not answer: {error}. Start it, or see REDIS_URL.")
    return green("Redis answers.")


async def gateway_answers() -> Verdict:
    """Look whether the gateway takes the keys, in one call that costs nothing."""
    try:
        await gateway().order.all({"count": 1})
    except Misconfigured:
        return red(
            f"{settings().razorpay_api_url} does not accept RAZORPAY_KEY_ID with its secret. Copy both anew from its "
            "dashboard: Account & Settings → API keys."
        )
    except RazorpayError as error:
        return red(f"{settings().razorpay_api_url} does not answer: {error}. Let this machine reach it.")
    return green(f"{settings().razorpay_api_url} accepts the keys.")


def clocks() -> Verdict:
    """Look whether this machine's clock is right, by the gateway's last answer."""
    if not gateway().has_told_time:
        return yellow("The clock can't be compared: the gateway has not said what time it is.")
    ahead = round(gateway().ahead.total_seconds())
    if abs(gateway().ahead) > sweep.FARTHEST:
        return red(f"The clock is {abs(ahead)} s {'ahead' if ahead > 0 else 'behind'}. Run `timedatectl set-ntp true`.")
    return green(f"The clock is within {abs(ahead)} s of the gateway's.")


async def webhooks() -> Verdict:
    """Look whether Razorpay's webhooks come; until one has, only a person can find out."""
    url = f"{settings().public_url}/api/webhooks/razorpay"
    try:
        async with database.ask(long=True) as session:
            last = (await session.exec(select(func.max(WebhookEvent.created_at)))).one()
    except SQLAlchemyError:
        return yellow("Whether webhooks come can't be told without the database.")
    if last is None:
        return yellow(
            "No webhook has come yet, and from here nobody can test whether one would. In Razorpay's dashboard, under "
            f"Account & Settings → Webhooks, add {url} with RAZORPAY_WEBHOOK_SECRET and the events of the README, then "
            "buy something small: this turns green."
        )
    return green(f"The last webhook came on {clock.format_moment(last)} (IST).")


async def mail() -> Verdict:
    """Look whether the mail server takes mails from the shop, without sending one."""
    shop = settings()
    if not shop.smtp_url:
        return yellow(
            f"Nobody is sent a mail: all are put into {post.folder().absolute()}. See SMTP_URL and MAIL_FROM."
        )
    try:
        await post.try_out()
    except Outage as away:
        return red(f"No mail leaves: {away}. See SMTP_URL and MAIL_FROM.")
    return green(f"The mail server takes mails from {shop.mail_from}.")


async def parcels() -> Verdict:
    """Look whether it is asked where a parcel goes."""
    try:
        async with database.ask(long=True) as session:
            zones, sells_parcels = (await session.exec(_PARCELS)).one()
    except SQLAlchemyError:
        return yellow("Where parcels go can't be told without the database.")
    if sells_parcels and not zones:
        return yellow("Parcels are sold without an address, and sent for nothing. Say by `zone` where the shop sends.")
    return green(f"The shop has said where it sends: {len(zones_in(zones))} zones." if zones else "Nothing is sent.")
