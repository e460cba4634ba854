"""The examples of the README, run as they are written, on a port of their own."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from razorpay_sandbox.testing import SandboxServer
from tests.support import ROOT
from tests.test_node_sdk import node_modules

__all__ = ["node_modules"]  # a fixture

by_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(language: str) -> list[str]:
    """Read the examples of one language."""
    text = (ROOT / "README.md").read_text()
    return [body for found, body in _BLOCK.findall(text) if found == language]


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """The documented sandbox: no option but the port and the folder."""
    running = SandboxServer(tmp_path_factory.mktemp("documented"))
    yield running
    running.stop()


def here(running: SandboxServer, example: str) -> str:
    """Write an example with this port."""
    return example.replace("9900", str(running.port))


def run(*command: str, folder: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_python_example_makes_an_order(documented: SandboxServer) -> None:
    assert re.fullmatch(r"order_\w{14} created\n", run(sys.executable, "-c", here(documented, examples("python")[0])))


def test_the_node_example_makes_an_order(documented: SandboxServer, node_modules: Path) -> None:  # a fixture
    node = str(Path(sys.executable).parent / "node")
    said = run(node, "-e", here(documented, examples("js")[0]), folder=node_modules)
    assert re.fullmatch(r"order_\w{14} created\n", said)


@by_curl
def test_the_curl_example_pays_an_order(documented: SandboxServer) -> None:
    said = run("bash", "-euc", here(documented, examples("bash")[1]))
    assert '"razorpay_signature":' in said
    assert '"status":"paid"' in said


@by_curl
def test_the_curl_example_of_other_amounts_pays_less(documented: SandboxServer) -> None:
    said = run("bash", "-euc", here(documented, examples("bash")[2]))
    assert '"amount":38000' in said
    assert '"fee_bearer":"customer"' in said
    assert '"error"' not in said


@by_curl
def test_the_examples_of_trouble_are_accepted(documented: SandboxServer) -> None:
    said = run("bash", "-euc", here(documented, examples("bash")[3]))
    assert '"error"' not in said
    assert said.endswith(json.dumps({"forgotten": True}, separators=(",", ":")))


def test_the_fixture_serves_another_projects_tests(tmp_path: Path) -> None:
    (tmp_path / "test_shop.py").write_text(examples("python")[2])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    assert "2 passed" in run(*command, "--rootdir", str(tmp_path), "-c", "/dev/null")


def test_every_test_call_is_documented() -> None:
    text = (ROOT / "README.md").read_text()
    calls = (ROOT / "src" / "razorpay_sandbox" / "test_api" / "routes.py").read_text()
    for path in re.findall(r'\("(?:GET|PUT|POST|DELETE)", "([a-z/]+)",', calls):
        assert path.removesuffix("/resolve") in text, path
