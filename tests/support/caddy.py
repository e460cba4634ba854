"""Caddy with the Caddyfile of deploy/, as a process of its own that touches nothing of this machine."""

import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.processes import ROOT, free_port
from tests.support.serving import is_open
from tests.support.waiting import until

CADDYFILE = ROOT / "deploy" / "Caddyfile"
CADDY = shutil.which("caddy")


@dataclass
class Caddy:
    """A proxy that runs."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        """What people type."""
        return f"https://localhost:{self.port}"

    @property
    def authority(self) -> Path:
        """The certificate by which its own are to be believed."""
        return self.folder / "pki" / "authorities" / "local" / "root.crt"

    @property
    def trust(self) -> ssl.SSLContext:
        """What believes them."""
        return ssl.create_default_context(cafile=self.authority)

    @property
    def has_its_certificate(self) -> bool:
        """Whether it listens, and has made the certificate that it answers with."""
        if not (is_open(self.port) and self.authority.exists()):
            return False
        with socket.create_connection(("localhost", self.port)) as connection, suppress(OSError):
            self.trust.wrap_socket(connection, server_hostname="localhost").close()
            return True
        return False

    @property
    def log(self) -> str:
        """What it has written so far."""
        return (self.folder / "log").read_text()

    def client(self, **how: Any) -> httpx.Client:
        """Return a browser, as far as cookies go."""
        return httpx.Client(base_url=self.url, verify=self.trust, timeout=60, **how)


def adapted(site: str, upstreams: Sequence[int] = ()) -> Any:
    """Return what Caddy makes of the Caddyfile for a site, and for processes on ports of this machine, if any."""
    named = {"SHOP_UPSTREAMS": " ".join(f"127.0.0.1:{port}" for port in upstreams)} if upstreams else {}
    said = {"SHOP_SITE": site, **named}
    command = [CADDY or "", "adapt", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    return json.loads(subprocess.run(command, env=said, capture_output=True, text=True, check=True).stdout)


@contextmanager
def running_caddy(folder: Path, port: int, upstreams: Sequence[int]) -> Iterator[Caddy]:
    """Run it for the length of a block, with certificates of its own."""
    caddy = Caddy(port, folder)
    config = adapted(caddy.url, upstreams)
    config |= {"admin": {"disabled": True}, "storage": {"module": "file_system", "root": str(folder)}}
    config["apps"]["http"] |= {"http_port": free_port()}
    config["apps"]["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
    (folder / "caddy.json").write_text(json.dumps(config))
    command = [CADDY or "", "run", "--config", str(folder / "caddy.json")]
    with (folder / "log").open("w") as log, subprocess.Popen(command, env={"HOME": str(folder)}, stderr=log) as process:
        try:
            until(lambda: caddy.has_its_certificate, "Caddy and its certificate")
            yield caddy
        finally:
            process.terminate()
