"""A stranger at the websocket writes few and short lines into the log, and forges none, however much they send."""

import json
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from tests.support.databases import empty_sqlite, settle
from tests.support.processes import free_port
from tests.support.serving import ORIGIN, running_servers, settings_of_servers

TIMES = 1000
FORGED = 'TypeError: x\n{"time": "forged"}\x1b[2J\x1b]0;owned\x07' + "A" * 20_000
BROWSER_ERROR = "reflex___state____state.reflex___state____frontend_event_exception_state.handle_frontend_exception"


@pytest.mark.nightly
async def test_a_thousand_bad_events_and_reports_write_few_short_lines(tmp_path: Path, redis_url: str) -> None:
    settings = {**settings_of_servers(tmp_path, redis_url), "WEB_WORKERS": "1", "PORT": str(free_port())}
    settings["RATE_LIMITS"] = "events=1000000/second"  # what holds here is not that
    settle(empty_sqlite(tmp_path))
    with running_servers(settings) as server:
        quiet = len(server.log)
        await _flood(f"http://127.0.0.1:{server.ports[0]}")
        written = server.log[quiet:]
    assert written.isascii()
    assert written.replace("\n", "").isprintable()
    lines = [json.loads(line) for line in written.splitlines()]
    assert not [line for line in lines if line["time"] == "forged"]
    assert 0 < len(written) < 500_000


async def _flood(url: str) -> None:
    """Send bad events and reports of errors until the server has read all of them."""
    given = {"name": BROWSER_ERROR, "router_data": {"pathname": "/"}}
    bad = [
        ["event", {**given, "payload": {"info": FORGED, "component_stack": ""}}],
        ["event", {**given, "payload": {"wrong": FORGED}}],
        ["event", {"name": FORGED, "payload": {}, "router_data": {}}],
        ["client_error", {"error_type": "\x1b[2J", "message": FORGED}],
    ]
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{url}/_event/?token={uuid4()}&EIO=4&transport=websocket", headers={"Origin": ORIGIN}
        ) as tab,
    ):
        await tab.send_str("40/_event,")
        for number in range(TIMES):
            await tab.send_str(f"42/_event,{json.dumps(bad[number % len(bad)])}")
        await tab.send_str('42/_event,["ping"]')
        async for message in tab:
            if str(message.data).startswith('42/_event,["ping"'):
                return
    raise AssertionError("the server has closed the websocket")
