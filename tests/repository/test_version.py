"""The shop has one version, and everybody who names it names the same."""

import re

from checkout_app import __version__
from checkout_app.server.api import build_api
from tests.support.processes import ROOT, operate


def test_the_newest_version_of_the_changelog_is_the_shops() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest, *_ = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", changelog, re.MULTILINE)
    assert newest == __version__


def test_the_command_says_its_version() -> None:
    done = operate({}, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"checkout_app {__version__}\n", "")


def test_the_apis_document_says_the_version() -> None:
    assert build_api().openapi()["info"]["version"] == __version__
