"""How often somebody may try: what the setting says holds, and what it can't mean is refused in words."""

from pathlib import Path

import pytest

from checkout_app.core import limits
from checkout_app.core.errors import RateLimited
from checkout_app.core.ids import new_id
from checkout_app.core.rates import DEFAULTS, check, most, rates
from tests.support.inside import settings_for

NAMES = (
    "login, wrong, account, passwords, enter, taken, mail, events, order, quote, kept, cart, complaint, link, "
    "requests, tabs, unpaid"
)
REST = {
    "wrong": "50 per 1 day",
    "account": "100 per 1 hour",
    "passwords": "100 per 1 hour",
    "enter": "300 per 1 minute",
    "taken": "20 per 1 hour",
    "mail": "6 per 1 hour",
    "events": "10 per 1 second",
    "quote": "300 per 1 minute",
    "kept": "300 per 1 hour",
    "cart": "300 per 1 minute",
    "complaint": "6 per 1 hour",
    "link": "20 per 1 hour",
}


def _said(given: str) -> dict[str, str]:
    return {name: str(rate) for name, rate in rates(given).items()}


@pytest.mark.parametrize("given", ["", "  "])
def test_without_the_setting_a_shop_has_limits_for_people(given: str) -> None:
    assert rates(given) == DEFAULTS
    assert _said(given) == {"login": "10 per 1 minute", "order": "20 per 1 minute", **REST}


@pytest.mark.parametrize(
    "given", ["login=5/hour,order=2/second", " order = 2 / second ,login=5/hour ", "order=2/second,\n  login=5/hour"]
)
def test_what_is_named_holds_and_the_rest_stays(given: str) -> None:
    assert _said(given) == {"login": "5 per 1 hour", "order": "2 per 1 second", **REST}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("off", "must be like login=10/minute, order=100/hour, which 'off' is not"),
        ("login", "which 'login' is not"),
        ("login=", "which 'login=' is not"),
        ("login=10", "which 'login=10' is not"),
        ("login=10/", "which 'login=10/' is not"),
        ("login=10/fortnight", "which 'login=10/fortnight' is not"),
        ("login=10/minutes", "which 'login=10/minutes' is not"),
        ("login=10/2 minute", "which 'login=10/2 minute' is not"),
        ("login=10 per minute", "which 'login=10 per minute' is not"),
        ("login=ten/minute", "which 'login=ten/minute' is not"),
        ("login=-1/minute", "which 'login=-1/minute' is not"),
        ("login=1.5/minute", "which 'login=1.5/minute' is not"),
        ("login=1e3/minute", "which 'login=1e3/minute' is not"),
        ("login=\u0967\u0966/minute", "which 'login=\u0967\u0966/minute' is not"),
        ("login=12345678/minute", "which 'login=12345678/minut' is not"),
        ("login=10/minute;order=1/minute", "which 'login=10/minute;orde' is not"),
        ("login=10/minute order=1/minute", "which 'login=10/minute orde' is not"),
        ("login=10/minute=10/minute", "which 'login=10/minute=10/m' is not"),
        ("login=10/minute,", "which '' is not"),
        (",", "which '' is not"),
        ("=", "which '=' is not"),
        ("login=0/minute", "must allow login at least once"),
        ("order=0000000/day", "must allow order at least once"),
        ("=10/minute", f"must name {NAMES}, and not ''"),
        (
            "refund=10/minute",
            f"must name {NAMES}, and not 'refund'",
        ),
        (
            "LOGIN=10/minute",
            f"must name {NAMES}, and not 'LOGIN'",
        ),
        (f"{'x' * 90}=10/minute", f"and not '{'x' * 20}'"),
        ("login=1/minute,login=2/minute", "must name login once"),
        (",".join(["login=10/minute"] * 26), "must have at most 400 characters"),
        ("unpaid=-1", "which 'unpaid=-1' is not"),
        ("unpaid=many", "which 'unpaid=many' is not"),
        (
            "unpaid=10/minute",
            f"must name {NAMES}, and not 'unpaid'",
        ),
        ("unpaid=0", "must allow unpaid at least once"),
        ("unpaid=1, unpaid = off", "must name unpaid once"),
        ("9" * 100_000, "must have at most 400 characters"),
    ],
)
def test_what_cant_be_meant_is_refused_in_a_short_sentence(given: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"^must ") as refused:
        check(given)
    assert words in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("given", "unpaid"),
    [("", 10), ("order=2/second", 10), ("unpaid=3", 3), (" unpaid = off , order=2/second", None)],
)
def test_how_many_orders_may_be_unpaid_is_said_beside_how_often(given: str, unpaid: int | None) -> None:
    assert (most("unpaid", given), _said(given)["login"]) == (unpaid, "10 per 1 minute")


MANY = 10


async def _tries(what: str, who: str) -> int:
    """Try many times, and return how often that was let through."""
    return sum([await _may(what, who) for _ in range(MANY)])


async def _may(what: str, who: str) -> bool:
    try:
        await limits.hit(what, who)
    except RateLimited:
        return False
    return True


async def test_so_many_tries_are_let_through_and_each_person_has_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asha, ravi = new_id(), new_id()
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path), RATE_LIMITS="login=3/day, order=5/day"):
        assert [await _tries("login", asha), await _tries("order", asha)] == [3, 5]
        assert [await _tries("login", ravi), await _tries("login", asha)] == [3, 0]
    with settings_for(monkeypatch, DATA_DIR=str(tmp_path), RATE_LIMITS="login=4/day"):
        assert await _tries("login", new_id()) == 4
