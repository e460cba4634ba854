"""What a line of the log looks like, whoever writes it, and how many of them strangers and outages may make."""

import json
import logging
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from checkout_app.core import urls
from checkout_app.core.errors import OUTAGES
from checkout_app.core.settings import Settings, settings
from checkout_app.server import logs
from checkout_app.server.log_bounds import FLOODS, FROM_VISITORS, MOST, REFUSALS, FewFromOutside, TraceOnce
from checkout_app.server.log_fence import BLANK
from tests.support.inside import settings_for

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def _fail(error: Exception) -> None:
    raise error


def line_of(caplog: pytest.LogCaptureFixture, form: str) -> str:
    """Write down the only line that was logged, as a server does."""
    [record] = caplog.records
    return logs.formatter(form).format(record)


@pytest.fixture(autouse=True)
def _everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def test_a_line_of_ours_says_when_how_grave_who_what_and_about_what(caplog: pytest.LogCaptureFixture) -> None:
    with bound_contextvars(request_id="r1", order_id="01M8"):
        structlog.stdlib.get_logger("checkout_app.payments").info("payment settled", payment_id="pay_1", amount=48000)
    line: dict[str, Any] = json.loads(line_of(caplog, "json"))
    assert re.fullmatch(TIME, line.pop("time"))
    assert list(line.items()) == [
        ("level", "info"),
        ("logger", "checkout_app.payments"),
        ("event", "payment settled"),
        ("request_id", "r1"),
        ("order_id", "01M8"),
        ("payment_id", "pay_1"),
        ("amount", 48000),
    ]


def test_no_line_ever_has_a_secret_of_the_settings_in_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [name for name, field in Settings.model_fields.items() if not field.repr and not name.endswith("_url")]
    assert len(names) >= 6
    given = {name.upper(): f"{name}-{'x' * 32}" for name in names}
    keys = {"RAZORPAY_KEY_ID": "rzp_test_A", "RAZORPAY_KEY_ID_PREVIOUS": "rzp_test_B"}
    with settings_for(monkeypatch, **given, **keys):
        logging.getLogger("razorpay").warning(" and ".join(given.values()))
        line = json.loads(logs.formatter("json", logs.secrets_of(settings())).format(caplog.records[0]))
    assert line["event"] == " and ".join([BLANK] * len(given))


def test_a_librarys_line_has_the_same_form_and_the_same_ids(caplog: pytest.LogCaptureFixture) -> None:
    with bound_contextvars(request_id="r1"):
        logging.getLogger("uvicorn.error").warning("Odd request from %s", "somewhere")
        line = json.loads(line_of(caplog, "json"))
    assert re.fullmatch(TIME, line.pop("time"))
    assert line == {
        "level": "warning",
        "logger": "uvicorn.error",
        "event": "Odd request from somewhere",
        "request_id": "r1",
    }


def test_the_text_says_the_same(caplog: pytest.LogCaptureFixture) -> None:
    structlog.stdlib.get_logger("checkout_app.payments").info("payment settled", order_id="01M8", note="two words")
    pattern = rf"{TIME} \[info +\] payment settled \[checkout_app\.payments\] order_id=01M8 note='two words'"
    assert re.fullmatch(pattern, line_of(caplog, "text"))


@pytest.mark.parametrize("form", ["json", "text"])
def test_what_reflex_says_of_an_event_is_fenced(caplog: pytest.LogCaptureFixture, form: str) -> None:
    logger = logging.getLogger("somebody.elses.event_processor")
    logger.error("No handler for %s\x1b[2J", {"headers": {"cookie": "session=s3cret"}})
    line = line_of(caplog, form)
    assert "No handler for" in line
    assert "s3cret" not in line
    assert line.isprintable()


def test_no_line_of_a_trace_can_pass_for_a_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    try:
        _fail(ValueError("bad\n2026-01-01T00:00:00.000Z [info     ] payment settled\x1b[31m"))
    except ValueError:
        structlog.stdlib.get_logger("checkout_app").exception("unforeseen error")
        first, *trace = line_of(caplog, "text").split("\n")
    assert "error='ValueError: bad\\\\n2026" in first
    assert all(line.startswith("    ") and line.isprintable() for line in trace)
    assert any("test_logs.py" in line for line in trace)


def test_a_line_of_ours_cannot_change_who_wrote_it(caplog: pytest.LogCaptureFixture) -> None:
    structlog.stdlib.get_logger("checkout_app").info("request", time="never", level="high", logger="other")
    line = json.loads(line_of(caplog, "json"))
    assert (line["level"], line["logger"]) == ("info", "checkout_app")
    assert re.fullmatch(TIME, line["time"])


def _record(name: str) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, __file__, 1, "Odd message", (), None)


@pytest.mark.parametrize(
    ("name", "most"),
    [("reflex.app", 30), ("asyncio", 30), (FROM_VISITORS, 30), (FLOODS, 30), (REFUSALS, 300), (OUTAGES, 10)],
)
def test_strangers_and_outages_make_few_lines_a_minute_and_the_next_one_says_how_many_were_left_out(
    name: str, most: int
) -> None:
    now = 0.0
    few = FewFromOutside(lambda: now)
    assert [few.filter(_record(name)) for _ in range(most + 7)].count(True) == most
    assert few.filter(_record("another.library"))
    now = 61.0
    first, second = _record(name), _record(name)
    assert few.filter(first)
    assert few.filter(second)
    lines = [json.loads(logs.formatter("json").format(record)) for record in (first, second)]
    assert [line.get("left_out") for line in lines] == [7, None]


def test_a_line_that_would_be_left_out_need_not_be_made_and_counts() -> None:
    now = 0.0
    few = FewFromOutside(lambda: now)
    assert not few.leaves_out(FLOODS)
    for _ in range(MOST):
        assert not few.leaves_out(FLOODS)
        few.filter(_record(FLOODS))
    assert few.leaves_out(FLOODS)
    assert not few.filter(_record(FLOODS))
    assert not few.leaves_out(REFUSALS)
    now = 61.0
    assert not few.leaves_out(FLOODS)
    first = _record(FLOODS)
    assert few.filter(first)
    assert json.loads(logs.formatter("json").format(first))["left_out"] == 2


def test_none_of_our_own_lines_is_left_out() -> None:
    few = FewFromOutside(lambda: 0.0)
    assert all(few.filter(_record("checkout_app.payments.settle")) for _ in range(10 * MOST))


def test_what_breaks_in_a_library_is_named_by_our_line_that_called_it() -> None:
    try:
        json.loads("no JSON")
    except ValueError as error:
        line = TraceOnce()(None, "", {"event": "odd", "exc_info": error})
    assert line["place"].startswith(f"{__file__}:")
    assert line["error"].startswith("JSONDecodeError: ")


def test_what_breaks_in_what_all_rooms_share_is_named_by_the_line_that_called_it() -> None:
    try:
        urls.database_url("nothing of the kind")
    except ValueError as error:
        line = TraceOnce()(None, "", {"event": "odd", "exc_info": error})
    assert line["place"].startswith(f"{__file__}:")


def _broken(words: str) -> dict[str, Any]:
    try:
        _fail(ConnectionError(words))
    except ConnectionError:
        return {"event": "work failed", "exc_info": sys.exc_info()}
    return {}


def test_the_same_error_is_traced_once_and_then_only_named() -> None:
    now = 0.0
    traces = TraceOnce(lambda: now)
    lines = [traces(None, "", _broken(f"refused {time}")) for time in range(3)]
    assert ["exception" in line for line in lines] == [True, False, False]
    assert [line["error"] for line in lines] == [f"ConnectionError: refused {time}" for time in range(3)]
    assert len({line["place"] for line in lines}) == 1
    assert lines[0]["place"].startswith(f"{__file__}:")
    now = 3601.0
    assert "exception" in traces(None, "", _broken("refused again"))
