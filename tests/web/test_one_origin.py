"""The pages reach the server they came from."""

from pathlib import Path

import pytest
import reflex_base

from checkout_app.server.one_origin import forward_backend_paths, is_backend_path, use_port_of_page

STATE_JS = Path(reflex_base.__file__).parent / ".templates" / "web" / "utils" / "state.js"


@pytest.mark.parametrize("path", ["/api", "/api/products", "/_event/", "/ping", "/sandbox/v1/orders", "/metrics"])
def test_what_python_answers(path: str) -> None:
    assert is_backend_path(path)


@pytest.mark.parametrize("path", ["/", "/apiary", "/orders/1", "/pingpong", "/metricsphere", "/assets/api/x.js"])
def test_what_the_built_pages_answer(path: str) -> None:
    assert not is_backend_path(path)


def test_reflex_still_generates_what_the_plugin_changes_and_it_is_changed_once() -> None:
    changed = use_port_of_page(STATE_JS.read_text())
    assert changed.count("endpoint.port = window.location.port;") == 1
    assert use_port_of_page(changed) == changed


def test_another_reflex_than_the_one_we_know_stops_the_build() -> None:
    with pytest.raises(RuntimeError, match="generates another file"):
        forward_backend_paths("export default {}")
