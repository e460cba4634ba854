"""Money, ids, the words for time, and settings that can't be used."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checkout_app.core import clock, ids
from checkout_app.core.money import LARGEST_AMOUNT, format_amount, format_price, in_major_units, included_tax
from checkout_app.core.settings import RAZORPAY_API, RAZORPAY_SCRIPT, Settings, SettingsError, settings
from tests.support.processes import ROOT


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (249900, "INR", "₹2,499.00"),
        (12345600, "INR", "₹1,23,456.00"),
        (1, "INR", "₹0.01"),
        (0, "INR", "₹0.00"),
        (10**9 + 1, "INR", "₹1,00,00,000.01"),
        (500, "JPY", "JP¥500"),
        (1234, "KWD", "KWD1.234"),
    ],
)
def test_an_amount_is_written_as_indians_write_it_to_the_last_minor_unit(
    amount: int, currency: str, words: str
) -> None:
    assert format_amount(amount, currency) == words


@pytest.mark.parametrize(("currency", "figure"), [("INR", "2499.00"), ("JPY", "249900"), ("KWD", "249.900")])
def test_a_program_reads_an_amount_to_the_last_minor_unit_too(currency: str, figure: str) -> None:
    assert str(in_major_units(249_900, currency)) == figure


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (48000, "INR", "₹480"),
        (14999900, "INR", "₹1,49,999"),
        (34950, "INR", "₹349.50"),
        (500, "JPY", "JP¥500"),
        (2000, "KWD", "KWD2"),
    ],
)
def test_a_price_tag_has_no_minor_units_where_there_are_none(amount: int, currency: str, words: str) -> None:
    assert format_price(amount, currency) == words


@example(17, 300)  # as close under a half as it gets
@given(st.integers(0, LARGEST_AMOUNT), st.sampled_from([0, 25, 150, 300, 500, 1200, 1800, 2800, 4000]))
def test_the_tax_inside_an_amount_is_rounded_half_up_to_the_minor_unit(amount: int, rate: int) -> None:
    exact = Decimal(amount) * rate / (10_000 + rate)
    assert included_tax(amount, rate).total == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(st.integers(0, LARGEST_AMOUNT), st.integers(0, 10_000))
def test_tax_within_the_state_is_halved_to_the_minor_unit_and_nothing_of_it_is_lost(amount: int, rate: int) -> None:
    tax = included_tax(amount, rate)
    assert (tax.igst, tax.cgst + tax.sgst) == (0, tax.total)
    assert tax.sgst - tax.cgst in {0, 1}


def test_ids_are_unique_fit_their_column_and_sort_by_time() -> None:
    made = [ids.new_id() for _ in range(2000)]
    assert len(set(made)) == 2000
    assert {len(new) for new in made} == {ids.ID_LENGTH}
    assert made == sorted(made), "those of one millisecond as well"


def test_an_order_number_can_be_read_out_and_is_drawn_anew_each_time() -> None:
    drawn = [ids.new_number() for _ in range(1000)]
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", number) for number in drawn)
    assert len(set(drawn)) == 1000
    assert len(set("".join(drawn))) == 33, "every letter and the dash"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 22, 14, 12, tzinfo=UTC), "22 Nov 2026, 7:42 pm"),
        (datetime(2026, 11, 22, 18, 30, tzinfo=UTC), "23 Nov 2026, 12:00 am"),
        (datetime(2026, 11, 22, 6, 30, tzinfo=UTC), "22 Nov 2026, 12:00 pm"),
        (datetime(2026, 11, 22, 6, 29, 59, tzinfo=UTC), "22 Nov 2026, 11:59 am"),
        (datetime(2025, 12, 31, 18, 31, tzinfo=UTC), "1 Jan 2026, 12:01 am"),
    ],
)
def test_a_moment_is_said_in_indian_time(moment: datetime, words: str) -> None:
    assert clock.format_moment(moment) == words
    assert words.endswith(clock.format_time(moment))


def test_the_clock_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


PRODUCTION = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": "https://shop.example",
    "JWT_SECRET": "s" * 32,
    "RAZORPAY_KEY_ID": "rzp_live_AAAAAAAAAAAAAA",
    "RAZORPAY_KEY_SECRET": "secret",
    "RAZORPAY_WEBHOOK_SECRET": "secret",
}
PREVIOUS = {"RAZORPAY_KEY_ID_PREVIOUS": "rzp_live_BBBBBBBBBBBBBB", "RAZORPAY_KEY_SECRET_PREVIOUS": "previous"}
SANDBOX = {"RAZORPAY_KEY_ID": "", "RAZORPAY_API_URL": ""}
REDIS = {"REDIS_URL": "redis://127.0.0.1:6379/0"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)  # no .env there
    settings.cache_clear()
    return monkeypatch


def _read(environment: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        environment.setenv(name, value)
    settings.cache_clear()
    try:
        return settings()
    finally:
        settings.cache_clear()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"PORT": "0"}, "PORT"),
        ({"PORT": "99999"}, "PORT"),
        ({"PORT": "many"}, "PORT"),
        ({"BIND": "localhost"}, "BIND: must be an address of this machine"),
        ({"TRUSTED_PROXIES": "caddy"}, "TRUSTED_PROXIES: must be addresses or networks"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT: must be json or text"),
        ({"DATABASE_POOL": "0"}, "DATABASE_POOL: Input should be greater than or equal to 1"),
        ({"DATABASE_POOL": "many"}, "DATABASE_POOL: Input should be a valid integer"),
        ({"BACKUPS_KEPT": "-1"}, "BACKUPS_KEPT: Input should be greater than or equal to 0"),
        ({"BACKUPS_KEPT": "1001"}, "BACKUPS_KEPT: Input should be less than or equal to 1000"),
        ({"BACKUPS_KEPT": "all"}, "BACKUPS_KEPT: Input should be a valid integer"),
        ({"RATE_LIMITS": "off"}, "RATE_LIMITS: must be like login=10/minute"),
        ({"RATE_LIMITS": "login=0/minute"}, "RATE_LIMITS: must allow login at least once"),
        ({"WEB_WORKERS": "0"}, "WEB_WORKERS: Input should be greater than or equal to 1"),
        ({"WEB_WORKERS": "65"}, "WEB_WORKERS: Input should be less than or equal to 64"),
        ({"WEB_WORKERS": "two"}, "WEB_WORKERS: Input should be a valid integer"),
        ({"WEB_WORKERS": "2"}, "WEB_WORKERS above 1 needs REDIS_URL"),
        ({"WEB_WORKERS": "2", "PORT": "65535"} | REDIS, "WEB_WORKERS takes as many ports from PORT on"),
        ({"WEB_WORKERS": "2", "ENVIRONMENT": "development"} | SANDBOX | REDIS, "the sandbox lives in one process"),
        ({"PUBLIC_URL": ""}, "production needs PUBLIC_URL"),
        ({"PUBLIC_URL": "shop.example"}, "must begin with http:// or https://"),
        ({"PUBLIC_URL": "http://shop.example"}, "PUBLIC_URL must begin with https:// in production"),
        ({"RAZORPAY_API_URL": "ftp://gateway"}, "must begin with http:// or https://"),
        ({"JWT_SECRET": "short"}, "JWT_SECRET must have at least 32 characters"),
        ({"JWT_SECRET": ""}, "production needs JWT_SECRET"),
        ({"RAZORPAY_KEY_SECRET": " "}, "production needs RAZORPAY_KEY_SECRET"),
        ({"RAZORPAY_WEBHOOK_SECRET": ""}, "production needs RAZORPAY_WEBHOOK_SECRET"),
        ({"RAZORPAY_KEY_ID": "rzp_live_"}, "RAZORPAY_KEY_ID must look like"),
        ({"RAZORPAY_KEY_ID": "AAAAAAAAAAAAAA"}, "RAZORPAY_KEY_ID must look like"),
        ({"RAZORPAY_KEY_ID": "rzp_live_AAAAAAAAAAAAA\u0966"}, "RAZORPAY_KEY_ID must look like"),
        ({"JWT_SECRET_PREVIOUS": "short"}, "JWT_SECRET_PREVIOUS must have at least 32 characters"),
        ({"JWT_SECRET_PREVIOUS": "s" * 32}, "JWT_SECRET_PREVIOUS is the present secret"),
        ({"LINK_SECRET": "short"}, "LINK_SECRET must have at least 32 characters"),
        ({"LINK_SECRET_PREVIOUS": "short"}, "LINK_SECRET_PREVIOUS must have at least 32 characters"),
        ({"LINK_SECRET_PREVIOUS": "s" * 32}, "LINK_SECRET_PREVIOUS is the present secret"),
        ({"RAZORPAY_KEY_ID_PREVIOUS": "rzp_live_B"}, "go together: give both or none"),
        ({"RAZORPAY_KEY_SECRET_PREVIOUS": "secret"}, "go together: give both or none"),
        (PREVIOUS | {"RAZORPAY_KEY_ID_PREVIOUS": "B"}, "RAZORPAY_KEY_ID_PREVIOUS must look like"),
        (PREVIOUS | {"RAZORPAY_KEY_ID_PREVIOUS": "rzp_test_B"}, "RAZORPAY_KEY_ID_PREVIOUS must begin with rzp_live_"),
        (PREVIOUS | {"RAZORPAY_KEY_ID_PREVIOUS": "rzp_live_AAAAAAAAAAAAAA"}, "RAZORPAY_KEY_ID_PREVIOUS is the present"),
        ({"ENVIRONMENT": "development"}, "a live key takes real money: it needs ENVIRONMENT=production"),
        ({"RAZORPAY_API_URL": "http://127.0.0.1:9900"}, "a live key is only ever sent to Razorpay"),
        ({"RAZORPAY_API_URL": "https://api.razorpay.com.evil.example"}, "a live key is only ever sent to Razorpay"),
    ],
)
def test_a_setting_that_cant_be_used_ends_the_program_with_a_sentence(
    environment: pytest.MonkeyPatch, change: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        _read(environment, **PRODUCTION | change)
    assert sentence in str(refused.value)
    assert "s" * 32 not in str(refused.value)


def test_only_where_the_shop_has_no_address_on_the_web_may_pages_of_this_machine_speak_for_it(
    environment: pytest.MonkeyPatch,
) -> None:
    at_home = {"ENVIRONMENT": "development", "RAZORPAY_KEY_ID": "rzp_test_AAAAAAAAAAAAAA"}
    on_the_web = _read(environment, **PRODUCTION | at_home)
    assert on_the_web.allowed_origins == ["https://shop.example"]
    beside = _read(environment, **PRODUCTION | at_home | {"PUBLIC_URL": "http://192.168.1.4:3000"})
    assert {"http://192.168.1.4:3000", "http://localhost:3000"} < set(beside.allowed_origins)


def test_the_log_is_for_programs_in_production_and_for_people_in_development(environment: pytest.MonkeyPatch) -> None:
    assert _read(environment, ENVIRONMENT="development", LOG_FORMAT="").log_format == "text"
    assert _read(environment, LOG_FORMAT="json").log_format == "json"
    assert _read(environment, **PRODUCTION, LOG_FORMAT="").log_format == "json"
    assert _read(environment, LOG_FORMAT="text").log_format == "text"


def test_good_settings_are_taken_as_they_are(environment: pytest.MonkeyPatch) -> None:
    good = _read(environment, **PRODUCTION)
    assert (good.razorpay_api_url, good.razorpay_checkout_js_url) == (RAZORPAY_API, RAZORPAY_SCRIPT)
    assert (good.secure, good.sandboxed, good.allowed_origins) == (True, False, ["https://shop.example"])


def test_its_keys_are_the_present_one_and_before_it_the_previous_one(environment: pytest.MonkeyPatch) -> None:
    present = {"rzp_live_AAAAAAAAAAAAAA": "secret"}
    assert _read(environment, **PRODUCTION).keys == present
    rotated = _read(environment, **PRODUCTION | PREVIOUS)
    assert list(rotated.keys.items()) == [*present.items(), ("rzp_live_BBBBBBBBBBBBBB", "previous")]
    assert rotated.mode == "rzp_live_"


def test_links_have_secrets_of_their_own_or_those_of_sign_ins(environment: pytest.MonkeyPatch) -> None:
    def secrets(**given: str) -> tuple[str, ...]:
        return _read(environment, **PRODUCTION | given).link_secrets

    previous, own = {"JWT_SECRET_PREVIOUS": "S" * 32}, {"LINK_SECRET": "l" * 32, "LINK_SECRET_PREVIOUS": ""}
    assert secrets() == ("s" * 32,)
    assert secrets(**previous) == ("s" * 32, "S" * 32)
    assert secrets(**previous, **own) == ("l" * 32,)
    assert secrets(**own | {"LINK_SECRET_PREVIOUS": "L" * 32}) == ("l" * 32, "L" * 32)


@pytest.mark.parametrize(("port", "workers"), [("3000", "64"), ("65534", "2"), ("65535", "1")])
def test_several_processes_may_serve_where_redis_is_shared(
    environment: pytest.MonkeyPatch, port: str, workers: str
) -> None:
    assert _read(environment, **PRODUCTION, **REDIS, PORT=port, WEB_WORKERS=workers).web_workers == int(workers)


def test_secrets_that_were_made_up_before_links_had_one_are_kept_as_they_are(environment: pytest.MonkeyPatch) -> None:
    made_up, file = _read(environment), Path(".data", "secrets.json")
    assert made_up.link_secret != made_up.jwt_secret
    kept = json.loads(file.read_text())
    assert kept.pop("link_secret") == made_up.link_secret
    file.write_text(json.dumps(kept))
    earlier = _read(environment)
    assert earlier.link_secret == earlier.jwt_secret == made_up.jwt_secret


def test_a_test_key_may_go_to_another_gateway(environment: pytest.MonkeyPatch) -> None:
    change = {"RAZORPAY_KEY_ID": "rzp_test_AAAAAAAAAAAAAA", "RAZORPAY_API_URL": "http://127.0.0.1:9900/"}
    assert _read(environment, **PRODUCTION | change).razorpay_api_url == "http://127.0.0.1:9900"


def test_without_any_setting_the_sandbox_is_used_with_secrets_that_stay(environment: pytest.MonkeyPatch) -> None:
    first, second = _read(environment), _read(environment)
    assert first.sandboxed
    assert first.razorpay_api_url == "http://127.0.0.1:3000/sandbox"
    assert (first.jwt_secret, first.razorpay_key_secret) == (second.jwt_secret, second.razorpay_key_secret)
    assert (Path(".data") / "secrets.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("given", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"])
def test_a_database_url_written_the_usual_way_is_understood(environment: pytest.MonkeyPatch, given: str) -> None:
    assert _read(environment, DATABASE_URL=given).database_url == "postgresql+psycopg://h/d"


def test_secrets_are_not_shown(environment: pytest.MonkeyPatch) -> None:
    shown = repr(_read(environment, **PRODUCTION | {"DATABASE_URL": "postgresql://u:hidden@h/d"}))
    assert "hidden" not in shown
    assert "s" * 32 not in shown


def test_a_program_with_bad_settings_ends_with_status_1_and_no_trace(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from checkout_app.core.settings import settings; settings()"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORT": "0", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "PORT" in ended.stderr
    assert "Traceback" not in ended.stderr
