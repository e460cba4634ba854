"""A merchant's page on an origin of its own: it includes checkout.js, logs what happens, and takes form posts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_SHOP_SCRIPT = """
const events = ["ready", "render", "payment.submit", "payment.error", "payment.failed", "fault.close"];
window.note = (name, value, more) => {
  const item = document.createElement("li");
  item.dataset.event = name;
  item.dataset.value = JSON.stringify(value === undefined ? null : value);
  item.dataset.more = more === undefined ? "" : String(more);
  document.getElementById("log").append(item);
};
window.build = (options, unheard) => {
  const instance = new Razorpay({
    ...options,
    ...(unheard ? {} : { handler(fields) { window.note("handler", fields, this === instance); } }),
    modal: {
      ondismiss: (why) => window.note("dismiss", why, why === undefined),
      onhidden: () => window.note("hidden", document.querySelector(".razorpay-container").style.display),
      ...options.modal,
    },
  });
  for (const name of events) instance.on(name, (value) => window.note(name, value));
  return (window.instance = instance);
};
window.next = null;
document.getElementById("pay").addEventListener("click", () => window.build(...window.next).open());
"""
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A small shop</title>
<meta name="viewport" content="width=device-width"><meta name="theme-color" content="#a8451f">
<link rel="icon" href="data:,">{head}</head>
<body><h1>A small shop</h1><button id="pay">Pay</button><div id="place"></div><ol id="log"></ol>{body}
<script src="/shop.js"></script></body></html>"""
_POSTED = "<!doctype html><title>Posted</title><h1>Posted</h1>"


@dataclass
class Merchant:
    """The running page and what was posted to it: pairs of path with query, and the form's fields.

    Beside its own pages it serves `sample`, a page with inline scripts and hence without a content policy.
    """

    gateway_url: str
    url: str = ""
    sample: str = ""
    posted: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def script(self) -> str:
        """The tag that includes checkout."""
        return f'<script src="{self.gateway_url}/v1/checkout.js"></script>'

    @property
    def policy(self) -> str:
        """A strict content policy: no inline script, no eval; styles as Razorpay documents them."""
        return (
            f"default-src 'none'; script-src 'self' {self.gateway_url}; frame-src {self.gateway_url} {self.url};"
            " style-src 'unsafe-inline'; form-action 'self'; img-src data:"
        )

    def page(self, path: str) -> str:
        """Write the page for a path."""
        form = f'<form action="/paid" method="post">{self.script}</form>'
        attributes = path.partition("?")[2]
        pages = {
            "/": (self.script, ""),
            "/late": ("", self.script),
            "/twice": (self.script * 2, self.script),
            "/automatic": ("", form.replace("></script>", f" {_attributes(attributes)}></script>")),
            "/framed": (self.script, f'<iframe src="{self.url}/"></iframe>'),
        }
        head, body = pages[path.partition("?")[0]]
        return _PAGE.format(head=head, body=body)


def _attributes(query: str) -> str:
    return " ".join(f'data-{name}="{value}"' for name, value in parse_qsl(query))


@contextmanager
def running_merchant(gateway_url: str) -> Iterator[Merchant]:
    """Serve the merchant's page on another port than the gateway, hence another origin."""
    merchant = Merchant(gateway_url)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/shop.js":
                self._answer(_SHOP_SCRIPT, "text/javascript", merchant.policy)
            elif urlsplit(self.path).path == "/sample":
                self._answer(merchant.sample, "text/html")
            else:
                self._answer(merchant.page(self.path), "text/html", merchant.policy)

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            merchant.posted.append((self.path, dict(parse_qsl(raw, keep_blank_values=True))))
            self._answer(_POSTED, "text/html", merchant.policy)

        def _answer(self, body: str, media_type: str, policy: str = "") -> None:
            content = body.encode()
            self.send_response(200)
            self.send_header("Content-Type", f"{media_type}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    merchant.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield merchant
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
