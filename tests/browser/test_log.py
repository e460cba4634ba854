"""The log of the shop that people meet: its pages, its events, and a stranger who would like to fill it."""

import json
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Shop
from tests.support.waiting import until

FLOOD = """async (times) => {
  const server = location.origin.replace("http", "ws");
  const socket = new WebSocket(`${server}/_event/?EIO=4&transport=websocket&token=${crypto.randomUUID()}`);
  const send = (...message) => socket.send("42/_event," + JSON.stringify(message));
  const heard = (beginning) => new Promise((resolve) => {
    socket.addEventListener("message", ({ data }) => { if (data.startsWith(beginning)) resolve(); });
  });
  socket.addEventListener("message", ({ data }) => { if (data === "2") socket.send("3"); });
  await heard("0");
  socket.send("40/_event,");
  await heard("40/_event");
  const info = "TypeError: x\\n" + '{"time": "forged"}' + "\\u001b[2J\\u001b]0;owned\\u0007" + "A".repeat(20000);
  const name = "reflex___state____state.reflex___state____frontend_event_exception_state.handle_frontend_exception";
  const event = (payload) => ({ name, payload, router_data: { pathname: "/" } });
  for (let time = 0; time < times; time++) {
    send("event", event({ info, component_stack: "" }));
    send("event", event({ wrong: info }));
    send("event", { name: info, payload: {}, router_data: {} });
    send("event", "no event\\n" + info);
    send("client_error", { error_type: "\\u001b[2J", message: info });
  }
  send("ping");
  await heard('42/_event,["ping"');
  socket.close();
}"""


def _lines(shop: Shop) -> list[dict[str, Any]]:
    """Return the shop's log, without what tools of the build wrote before it: every line is one JSON object."""
    text = shop.log.read_text()
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    whole, _, _ = text.rpartition("\n")  # not one that is being written
    return [json.loads(line) for line in whole.splitlines()]


def test_a_stranger_at_the_websocket_writes_few_short_lines_and_forges_none(page: Page, shop: Shop) -> None:
    before = shop.log.stat().st_size
    page.goto("/")
    page.evaluate(FLOOD, 300)
    until(lambda: [line for line in _lines(shop) if line["event"] == "event failed"], "the events that fail")
    lines = _lines(shop)
    assert all({"time", "level", "logger", "event"} <= line.keys() for line in lines)
    assert not [line for line in lines if line["time"] == "forged"]
    assert {"browser error", "event failed"} <= {line["event"] for line in lines}
    assert shop.log.stat().st_size - before < 500_000


def test_a_page_is_told_in_one_line_and_its_files_in_none(page: Page, shop: Shop) -> None:
    with page.expect_response("**/orders?key=s3cret") as answered:
        page.goto("/orders?key=s3cret")
    request_id = answered.value.header_value("x-request-id")
    [line] = until(lambda: [line for line in _lines(shop) if line.get("request_id") == request_id], "the page's line")
    assert (line["logger"], line["method"], line["path"]) == ("checkout_app.server.request_log", "GET", "/orders")
    assert not [line for line in _lines(shop) if str(line.get("path", "")).startswith("/assets/")]
    assert "s3cret" not in shop.log.read_text()
