"""No secret passes into the log in any of the forms in which one was ever met, and nothing that a terminal obeys."""

import json
from collections.abc import Callable
from http import HTTPStatus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checkout_app.server.log_fence import BLANK, LONGEST, LONGEST_TRACE, Fence

MARK = "S3cr3t"
NAMES = (
    "password",
    "Password",
    "new_password",
    "passwd",
    "token",
    "access_token",
    "csrf-token",
    "ticket",
    "secret",
    "RAZORPAY_KEY_SECRET",
    "razorpay_signature",
    "X-Razorpay-Signature",
    "key",
    "link_key",
    "api_key",
    "apikey",
    "cookie",
    "Set-Cookie",
    "authorization",
)
names = st.sampled_from(NAMES)


def marked(parts: list[str]) -> str:
    """Return a secret that shows whichever part of it is seen."""
    return MARK + "".join(part + MARK for part in parts)


def secrets_of(alphabet: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(alphabet, max_size=3).map(marked)


anything = secrets_of(st.text(st.sampled_from("'\"\\ ,;:=&{}()[]\n\tx1€"), max_size=4))
plain = secrets_of(st.text(st.sampled_from("'\",;:={}()[]x1._~+/-"), max_size=4))
token = secrets_of(st.text(st.sampled_from("x1._~+/-="), max_size=4))

QUOTED: tuple[Callable[[str, str], str], ...] = (
    lambda name, secret: repr({"email": "a@b.in", name: secret, "host": "shop"}),
    lambda name, secret: json.dumps({"email": "a@b.in", name: secret, "host": "shop"}),
    lambda name, secret: json.dumps(json.dumps({name: secret, "host": "shop"})),
    lambda name, secret: repr(json.dumps({name: secret, "host": "shop"})),
    lambda name, secret: f"Event(payload={ {name: secret}!r}, router_data={ {'path': '/'}!r})",
    lambda name, secret: f"Form({name}={secret!r}, email='a@b.in')",
    lambda name, secret: repr([(name.encode(), secret.encode()), (b"host", b"shop")]),
    lambda name, secret: repr([(name, secret)]),
)


@pytest.mark.parametrize("form", QUOTED, ids=range(len(QUOTED)))
@given(name=names, secret=anything)
@example(name="password", secret=marked(["it's \"", "'"]))
@example(name="password", secret=marked(["\\", "\\'"]))
def test_a_secret_in_quotes_of_any_kind_is_blanked_out(form: Callable[[str, str], str], name: str, secret: str) -> None:
    kept = str(Fence().value("event", form(name, secret)))
    assert MARK not in kept
    assert BLANK in kept


@pytest.mark.parametrize(
    "form",
    [
        "{name}={secret}",
        "GET /orders/1?{name}={secret}&page=2 200",
        "email=a%40b.in&{name}={secret}&next=1",
        "{name}: {secret}",
        "{name} = {secret} used twice",
    ],
)
@given(name=names, secret=plain)
def test_a_secret_without_quotes_is_blanked_out(form: str, name: str, secret: str) -> None:
    assert MARK not in str(Fence().value("event", form.format(name=name, secret=secret)))


@pytest.mark.parametrize(
    "form",
    [
        "Authorization: Bearer {secret}\r\nHost: shop",
        "authorization=Basic {secret}",
        "sent Bearer {secret} to us",
        "token: Bearer {secret}",
        "curl -H 'Authorization: Bearer {secret}'",
    ],
)
@given(secret=token)
def test_a_bearers_token_is_blanked_out_with_and_without_its_header(form: str, secret: str) -> None:
    assert MARK not in str(Fence().value("event", form.format(secret=secret)))


@given(first=token, second=token)
def test_the_second_cookie_is_no_safer_than_the_first(first: str, second: str) -> None:
    for form in ("Cookie: theme={}; session={}", "cookie=a={}; b={}", "Set-Cookie: a={}; Path=/; b={}\r\nHost: shop"):
        assert MARK not in str(Fence().value("event", form.format(first, second)))


@pytest.mark.parametrize(
    "text",
    [
        f"connecting to postgresql://shop:{MARK}@db.example/shop failed",
        f"redis://:{MARK}@cache:6379/0",
        f"eyJhbGciOiJIUzI1NiJ9{MARK}.eyJzdWIiOiIxIn0{MARK}.{MARK}",
        f"/orders/01M8?k={MARK}&x={MARK}",
        f"POST https://api.example/v1/orders?anything={MARK}",
    ],
)
def test_what_has_no_name_is_known_by_its_form(text: str) -> None:
    assert MARK not in str(Fence().value("event", text))


def test_the_shops_own_secrets_are_known_wherever_they_stand() -> None:
    fence = Fence(["whsec_of_the_shop", "short"])
    assert fence.value("event", "odd thing: whsec_of_the_shop!") == f"odd thing: {BLANK}!"
    assert fence.value("event", "shortly before") == "shortly before"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_logged_under_the_name_of_a_secret_is_blanked_out(name: str) -> None:
    assert Fence().value(name.replace("-", "_"), MARK) == BLANK


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event", "Event(name='place_order', router_data={'path': '/checkout', 'headers': {'host': 'shop'}})"),
        ("event", "payment settled"),
        ("path", "/api/orders/{order_id}"),
        ("razorpay_key_id", "rzp_test_AAAAAAAAAAAAAA"),
        ("place", "/srv/shop/checkout_app/payments/settle.py:141"),
        ("amount", 48000),
        ("new", True),
        ("about", None),
        ("error", "KeyError: 'id'"),
    ],
)
def test_what_is_no_secret_stays(name: str, value: object) -> None:
    assert Fence().value(name, value) == value


def test_a_number_that_has_a_name_is_told_as_a_number() -> None:
    assert repr(Fence().value("status", HTTPStatus.OK)) == "200"


@given(st.text())
@example("\x1b[2J\x1b]0;owned\x07")
@example("done\n2026-01-01T00:00:00.000Z [info     ] payment settled")
@example("\x9b31m\u202egnp.exe\u2028\ud800\x7f\r")
def test_nothing_in_a_value_moves_a_cursor_ends_a_line_or_hides(text: str) -> None:
    assert str(Fence().value("event", text)).isprintable()


@given(st.text())
def test_a_trace_keeps_its_lines_and_nothing_else_that_a_terminal_obeys(text: str) -> None:
    assert all(line.isprintable() for line in Fence().trace(text).split("\n"))


def test_what_is_too_long_loses_its_middle() -> None:
    kept = str(Fence().value("event", "a" * 5000 + "b"))
    assert len(kept) < LONGEST + 50
    assert (kept[0], kept[-1], "4001 characters left out" in kept) == ("a", "b", True)
    assert len(Fence().trace("a\n" * 30_000)) < LONGEST_TRACE + 50


def test_a_secret_is_found_before_the_text_is_cut() -> None:
    for before in range(400, 600):
        kept = str(Fence().value("event", "x" * before + f" password='{MARK * 200}' " + "y" * 300))
        assert MARK not in kept
