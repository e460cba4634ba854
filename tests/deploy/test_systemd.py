"""The services of deploy/systemd: systemd takes them, they may do little, and what they run begins and ends."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path

import httpx
import pytest

from tests.support.databases import empty_sqlite, settle
from tests.support.processes import ROOT, free_port, inherited, operate
from tests.support.serving import children, settings_of_servers
from tests.support.waiting import until

UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
HOME = "/opt/checkout"
MOST_EXPOSED = 20
"""Tenths of what systemd calls the exposure of a service, of which a bare one has 96."""
ANALYZE = shutil.which("systemd-analyze")
with_systemd = pytest.mark.skipif(ANALYZE is None, reason="there is no systemd here")


def _service(name: str) -> Mapping[str, str]:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as systemd does, which tells cases apart
    parser.read(ROOT / "deploy" / "systemd" / name)
    return parser["Service"]


@pytest.fixture
def here(tmp_path: Path) -> list[str]:
    """The units, for a shop that lies in this folder and not where they expect it."""
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace(HOME, str(ROOT)))
    return [str(tmp_path / unit.name) for unit in UNITS]


@with_systemd
def test_systemd_finds_nothing_wrong_with_them(here: list[str]) -> None:
    done = subprocess.run([str(ANALYZE), "verify", "--man=no", *here], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@with_systemd
def test_they_may_do_little_more_than_serve(here: list[str]) -> None:
    for unit in (name for name in here if name.endswith(".service")):
        command = [str(ANALYZE), "security", "--offline=true", f"--threshold={MOST_EXPOSED}", unit]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr


def test_a_shop_that_ends_comes_back_unless_its_settings_cant_be_used() -> None:
    service = _service("checkout.service")
    assert (service["Restart"], service["RestartPreventExitStatus"], service["KillMode"]) == ("always", "2", "mixed")
    assert operate({"PORT": "0"}, "serve").returncode == 2


def test_what_it_runs_serves_is_replaced_and_ends_as_the_service_says(tmp_path: Path, redis_url: str) -> None:
    service, port = _service("checkout.service"), free_port()
    settings = {**settings_of_servers(tmp_path, redis_url), "PORT": str(port), "WEB_WORKERS": "1"}
    settle(empty_sqlite(tmp_path))
    interpreter, *arguments = service["ExecStart"].replace(f"{HOME}/.venv/bin/python", sys.executable).split()
    with subprocess.Popen([interpreter, *arguments], cwd=ROOT, env={**inherited(), **settings}) as process:
        try:
            until(lambda: _answers(port), "the shop")
            [first] = children(process.pid)
            subprocess.run(service["ExecReload"].replace("$MAINPID", str(process.pid)).split(), check=True)
            until(lambda: first not in children(process.pid) and _answers(port), "the next server")
        finally:
            process.terminate()
        assert process.wait(int(service["TimeoutStopSec"])) == 0
    assert not _answers(port)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/products", timeout=30).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def test_without_pages_it_says_what_to_do_and_builds_none(tmp_path: Path, redis_url: str) -> None:
    settings = {**settings_of_servers(tmp_path, redis_url), "PORT": str(free_port()), "WEB_WORKERS": "1"}
    settle(empty_sqlite(tmp_path))
    shutil.rmtree(settings["REFLEX_WEB_WORKDIR"])
    refused = operate(settings, "serve")
    assert (refused.returncode, "cli build`" in refused.stdout) == (1, True)
    assert not Path(settings["REFLEX_WEB_WORKDIR"]).exists()
