"""The only clock. Times are UTC and aware; people read them in Indian time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """Return the day that it is in India at a moment."""
    return moment.astimezone(INDIA).date()


def beginning(day: date) -> datetime:
    """Return the moment in which a day begins in India."""
    return datetime.combine(day, time(), INDIA).astimezone(UTC)


def format_time(moment: datetime) -> str:
    """Write the time of day as people say it: `7:42 pm`."""
    local = moment.astimezone(INDIA)
    return f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon


def format_moment(moment: datetime) -> str:
    """Write a moment as people read it: `22 Nov 2026, 7:42 pm`."""
    return f"{format_date(moment)}, {format_time(moment)}"


def format_date(moment: datetime) -> str:
    """Write a day as people read it: `22 Nov 2026`."""
    local = moment.astimezone(INDIA)
    return f"{local.day} {local:%b %Y}"


def format_ago(moment: datetime, at: datetime) -> str:
    """Write how long ago a moment was, seen from another: `just now`, `2 min ago`, `3 h ago`, or when it was."""
    gone = at - moment
    if gone < _MINUTE:
        return "just now"
    if gone < _HOUR:
        return f"{gone // _MINUTE} min ago"
    return f"{gone // _HOUR} h ago" if gone < _DAY else f"on {format_moment(moment)}"
