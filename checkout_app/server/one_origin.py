"""The browser meets one origin: pages, API, websocket and sandbox, in development as in production."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin
from reflex_base.config import get_config
from reflex_base.constants import Templates

from checkout_app.server.pictures import PATH as PICTURES
from checkout_app.ui.page import form_takers

BACKEND_PATHS = ("/api", "/sandbox", "/_event", "/_upload", "/_health", "/ping", "/metrics", "/dev/mail", PICTURES)
"""Everything below these paths is answered by Python; the rest are built pages and their files."""

_BELOW = tuple(f"{path}/" for path in BACKEND_PATHS)
_BACKEND_PORT = 8000
_STATE_JS = Templates.Dirs.WEB_TEMPLATE / "utils" / "state.js"
_HOSTNAME = "endpoint.hostname = frontend_hostname;\n"
_PORT = "    endpoint.port = window.location.port;\n"
_PORT_OF_HTTPS = '      endpoint.port = ""; // Assume websocket is on https port via load balancer.\n'
_SOCKET = 'import io from "socket.io-client";\n'
_LIVE = "utils/live.js"
_SERVER = "  server: {\n"


def is_backend_path(path: str) -> bool:
    """Tell whether a request path belongs to Python and not to the built pages."""
    return path in BACKEND_PATHS or path.startswith(_BELOW)


class OneOriginPlugin(Plugin):
    """Let the pages call the server they came from, whatever its port.

    Reflex writes the port of the websocket into the build, and has no other way to the server. With this a build serves
    any port and any host name, goes by plain HTTP where no websocket gets through, and the development server forwards
    what belongs to Python.
    """

    def pre_compile(self, **context: Any) -> None:
        """Register the changes to what Reflex generates, and what is put beside it.

        The text that it puts into a new folder stays there from build to build, with what we once made of it. So ours
        is made of the original each time.
        """
        context["add_modify_task"]("utils/state.js", lambda _: find_own_way(use_port_of_page(_STATE_JS.read_text())))
        context["add_save_task"](lambda: (_LIVE, Path(__file__).with_name("live.js").read_text()))
        context["add_modify_task"]("vite.config.js", forward_backend_paths)


def use_port_of_page(state_js: str) -> str:
    """Make the browser open the websocket on the port of the page it is on, also where that is an odd one for https."""
    return _replace(_replace(state_js, _HOSTNAME, _HOSTNAME + _PORT), _PORT_OF_HTTPS, "")


def find_own_way(state_js: str) -> str:
    """Make the browser connect by `live.js`, which finds a way where websockets are refused."""
    return _replace(state_js, _SOCKET, f'import io from "$/{_LIVE}";\n')


def forward_backend_paths(vite_config: str) -> str:
    """Make the development server forward the backend's paths, websocket included, and what is posted to pages."""
    target = f'target: "http://127.0.0.1:{get_config().backend_port or _BACKEND_PORT}", xfwd: true'
    backend = f'"{_one_of(BACKEND_PATHS)}(/|\\\\?|$)": {{ {target}, ws: true }}'
    posted = 'bypass: (request) => (request.method === "POST" ? undefined : request.url)'
    forms = f'"{_one_of(form_takers())}/?(\\\\?|$)": {{ {target}, {posted} }}'
    proxy = f"    proxy: {{ {backend}, {forms} }},\n"
    return _replace(vite_config, _SERVER, _SERVER + proxy)


def _one_of(paths: Iterable[str]) -> str:
    return f"^({'|'.join(re.escape(path) for path in paths)})"


def _replace(source: str, old: str, new: str) -> str:
    if old not in source:
        raise RuntimeError(f"Reflex generates another file than this plugin knows: {old.strip()!r} is not in it.")
    return source.replace(old, new, 1)
