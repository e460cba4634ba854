"""The examples of docs/sandbox.md, run as they are written, on a port of their own."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.support import until
from tests.sandbox.test_node_sdk import node_modules
from tests.support.processes import ROOT, Process, free_port, start

__all__ = ["node_modules"]  # a fixture

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(language: str) -> list[str]:
    """Read the examples of one language."""
    text = (ROOT / "docs" / "sandbox.md").read_text()
    return [body for found, body in _BLOCK.findall(text) if found == language]


class Documented:
    """The sandbox started by its documented command."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        words = examples("bash")[0].replace("\\\n", " ").split()[1:]
        words[words.index("--port") + 1] = str(self.port)
        words[words.index("--data") + 1] = str(data)
        url = f"http://127.0.0.1:{self.port}"
        self.process: Process = start(words, url=url, ready="/_test/clock", log=data / "log.txt", environment={})

    def here(self, example: str) -> str:
        """Write an example with this port."""
        return example.replace("9900", str(self.port))


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documented]:
    """The documented sandbox."""
    running = Documented(tmp_path_factory.mktemp("documented"))
    yield running
    running.process.stop()


def run(*command: str, folder: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_python_example_makes_an_order(documented: Documented) -> None:
    assert re.fullmatch(r"order_\w{14} created\n", run(sys.executable, "-c", documented.here(examples("python")[0])))


def test_the_node_example_makes_an_order(documented: Documented, node_modules: Path) -> None:  # a fixture
    node = str(Path(sys.executable).parent / "node")
    said = run(node, "-e", documented.here(examples("js")[0]), folder=node_modules)
    assert re.fullmatch(r"order_\w{14} created\n", said)


def test_the_curl_example_pays_an_order(documented: Documented) -> None:
    said = run("bash", "-euc", documented.here(examples("bash")[1]))
    assert '"razorpay_signature":' in said
    assert '"status":"paid"' in said


def test_the_examples_of_trouble_are_accepted(documented: Documented) -> None:
    said = run("bash", "-euc", documented.here(examples("bash")[2]))
    assert '"error"' not in said
    assert said.endswith(json.dumps({"forgotten": True}, separators=(",", ":")))


def test_the_fixture_serves_another_projects_tests(tmp_path: Path) -> None:
    port = str(free_port())
    (tmp_path / "conftest.py").write_text(examples("python")[1].replace("9900", port))
    (tmp_path / "test_it.py").write_text(
        "import httpx\n\n\ndef test_it(sandbox):\n"
        "    assert httpx.get(f'{sandbox}/_test/ledger').json()['orders'] == []\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    assert "1 passed" in run(*command, "--rootdir", str(tmp_path), "-c", "/dev/null")


def test_every_test_call_is_documented(documented: Documented) -> None:
    assert until(lambda: documented.process.popen.poll() is None)
    text = (ROOT / "docs" / "sandbox.md").read_text()
    calls = (ROOT / "checkout_app" / "sandbox" / "testing.py").read_text()
    for path in re.findall(r'\("(?:GET|PUT|POST|DELETE)", "([a-z/]+)",', calls):
        assert path.removesuffix("/resolve") in text, path
