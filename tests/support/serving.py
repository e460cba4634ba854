"""The shop's servers as `run` starts them, with two empty pages in place of the built ones."""

import logging
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import ROOT, Process, free_port, running
from tests.support.shops import KEY_ID, KEY_SECRET, WEBHOOK_SECRET
from tests.support.waiting import until

COMMAND = ["-m", "tests.support.serving"]
OPENED = "every server answers"
ORIGIN = "https://shop.example"
_PAGE = "<!doctype html><html><head><title>{}</title></head><body></body></html>\n"
_RENDERER = """
process.stdin.on("end", () => process.exit()).on("data", () => console.log('{"error": "no page"}'))
console.log("{}")
"""
"""Is there, and renders nothing."""


def settings_of_servers(folder: Path, redis_url: str) -> Mapping[str, str]:
    """Return the settings of two servers in production, with a folder for their books and their page."""
    put_up(folder / "pages", "only")
    return {
        "ENVIRONMENT": "production",
        "PUBLIC_URL": ORIGIN,
        "WEB_WORKERS": "2",
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder),
        "JWT_SECRET": "s" * 32,
        "RAZORPAY_API_URL": "http://127.0.0.1:9",  # nobody is there, and nobody pays
        "RAZORPAY_KEY_ID": KEY_ID,
        "RAZORPAY_KEY_SECRET": KEY_SECRET,
        "RAZORPAY_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "REFLEX_WEB_WORKDIR": str(folder / "pages"),
        "GRANIAN_WORKERS": "3",  # whatever the environment says, a server has one
    }


def put_up(home: Path, name: str) -> None:
    """Put a build among the others and make it current, as a command does: pages that name it, and an asset.

    Nobody renders its pages, so public ones are shells.
    """
    files = home / name / "build" / "client"
    (files / "assets").mkdir(parents=True)
    for page in ("index.html", "404.html"):
        (files / page).write_text(_PAGE.format(name))
    (files / "assets" / f"{name}.js").write_text(name)
    (home / name / "build" / "renderer.mjs").write_text(_RENDERER)
    (home / "next").symlink_to(name)
    (home / "next").replace(home / "current")


@dataclass
class Servers:
    """Some servers on ports that follow each other, and the process that keeps them."""

    process: Process
    ports: range

    @property
    def log(self) -> str:
        """What they have written so far."""
        return self.process.log.read_text()

    def workers(self, port: int) -> list[int]:
        """Return the processes that answer on a port."""
        return children(self.server(port))

    @property
    def everybody(self) -> list[int]:
        """Return every process that there is for them."""
        return _with_children(self.process.pid)

    def server(self, port: int) -> int:
        """Return the process that was begun for a port; 0 while there is none."""
        found = [child for child in children(self.process.pid) if str(port) in _command_line(child)]
        return found[0] if found else 0


@contextmanager
def running_servers(settings: Mapping[str, str], *, folder: Path = ROOT) -> Iterator[Servers]:
    """Run the servers of the program in a folder for the length of a block, in which all have answered."""
    first = int(settings["PORT"])
    ports = range(first, first + int(settings["WEB_WORKERS"]))
    url = f"http://{settings.get('BIND', '127.0.0.1')}:{ports[-1]}"
    log = Path(settings["DATA_DIR"]) / f"{first}.log"
    with running(
        COMMAND, url=url, ready="/ping", log=log, environment=settings, forked=False, folder=folder
    ) as process:
        servers = Servers(process, ports)
        until(lambda: OPENED in servers.log, OPENED)
        yield servers


def free_ports() -> int:
    """Return the first of two free ports that follow each other."""
    return until(_first_of_two, "two free ports side by side")


def is_open(port: int, address: str = "127.0.0.1") -> bool:
    """Tell whether something listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


def _first_of_two() -> int:
    first = free_port()
    return 0 if is_open(first + 1) else first


def children(process: int) -> list[int]:
    """Return the processes that a process has begun and that have not ended."""
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _with_children(process: int) -> list[int]:
    return [process, *(each for child in children(process) for each in _with_children(child))]


def _command_line(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def serve() -> int:
    """Serve as `run` does, and say so once all answer."""
    from checkout_app.server import instances, logs

    logs.configure()
    log = logging.getLogger(__name__)
    return instances.serve(lambda: log.info(OPENED))


if __name__ == "__main__":
    raise SystemExit(serve())
