"""The pages reach the server they came from."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checkout_app.buyer.login.pages import entrance  # noqa: F401 - registers its pages
from checkout_app.server.one_origin import OneOriginPlugin, forward_backend_paths, is_backend_path

FUNCTION = re.compile(r"export (const getBackendURL = .*?^};)", re.DOTALL | re.MULTILINE)
AT = """
const SAME_DOMAIN_HOSTNAMES = ["localhost"];
const window = { location: new URL(process.argv[1]) };
%s
console.log(getBackendURL("ws://localhost:8000/_event").href);
"""


@pytest.mark.parametrize("path", ["/api", "/api/products", "/_event/", "/ping", "/sandbox/v1/orders", "/metrics"])
def test_what_python_answers(path: str) -> None:
    assert is_backend_path(path)


@pytest.mark.parametrize("path", ["/", "/apiary", "/orders/1", "/pingpong", "/metricsphere", "/assets/api/x.js"])
def test_what_the_built_pages_answer(path: str) -> None:
    assert not is_backend_path(path)


def _state_js(found: str) -> str:
    """Return what becomes of the file that is found where Reflex builds."""
    changes: dict[str, Any] = {}
    OneOriginPlugin().pre_compile(add_modify_task=changes.__setitem__, add_save_task=lambda _: None)
    changed: str = changes["utils/state.js"](found)
    return changed


@pytest.mark.parametrize(
    ("address", "socket"),
    [
        ("https://shop.example/product/cups", "wss://shop.example/_event"),
        ("https://shop.example:8443/", "wss://shop.example:8443/_event"),
        ("https://localhost:3443/", "wss://localhost:3443/_event"),
        ("http://localhost:3100/orders", "ws://localhost:3100/_event"),
        ("http://shop.example/", "ws://shop.example/_event"),
    ],
)
def test_a_page_opens_its_socket_where_it_came_from(address: str, socket: str) -> None:
    [function] = FUNCTION.findall(_state_js(""))
    node = Path(sys.executable).parent / "node"
    done = subprocess.run([node, "-e", AT % function, address], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == socket


def test_a_page_connects_by_what_is_put_beside_it() -> None:
    written: dict[str, str] = {}
    OneOriginPlugin().pre_compile(add_modify_task=lambda *_: None, add_save_task=lambda task: written.update([task()]))
    [name] = written
    assert f'import io from "$/{name}";' in _state_js("")
    assert 'from "socket.io-client"' in written[name]
    assert 'from "socket.io-client"' not in _state_js("")


def test_what_an_older_version_has_made_of_the_file_does_not_matter() -> None:
    assert _state_js("whatever") == _state_js(_state_js(""))


def test_in_development_what_is_posted_to_a_page_goes_where_its_forms_are_taken() -> None:
    config = forward_backend_paths("export default {\n  server: {\n  }\n}")
    [pattern] = re.findall(r'"(\^\([^"]*login[^"]*)"', config)
    taken = re.compile(pattern.replace(r"\\", "\\"))
    assert [bool(taken.search(path)) for path in ("/login", "/continue?next=/", "/login/", "/logins", "/")] == [
        *[True] * 3,
        *[False] * 2,
    ]
    assert 'bypass: (request) => (request.method === "POST" ? undefined : request.url)' in config


def test_another_reflex_than_the_one_we_know_stops_the_build() -> None:
    with pytest.raises(RuntimeError, match="generates another file"):
        forward_backend_paths("export default {}")
