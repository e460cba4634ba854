"""Lint and type-check our own JavaScript: the shop's components, the sandbox's modules, its checkout.js as served.

eslint, tsc and what the tests of pages need are those that tools/js/package-lock.json names.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from razorpay_sandbox.checkout.assets import script
from tools.packages import BIN, ROOT, install

_TOOLS = Path("tools/js")
_CACHE = Path(".cache/js")
_LINTED = (
    "assets",
    "checkout_app",
    "razorpay-sandbox/src/razorpay_sandbox",
    "razorpay-sandbox/tests/node",
    f"{_CACHE}/checkout.js",
)
_PROJECTS = ("tsconfig.json", "sandbox.json")
_FINDING = re.compile(r"(?P<file>\S+)\(\d+,\d+\): error TS\d+: .*")

NOT_TYPED_YET = {
    f"{_CACHE}/checkout.js": "its constructor is a function, and its own element may be an SVG's for all tsc knows",
}
"""Files whose types are not asked for yet, each with the reason; a file that passes has to leave."""


def main() -> int:
    """Check everything, say what was found, and return the exit status."""
    os.chdir(ROOT)
    install(ROOT / _TOOLS, "js")
    (_CACHE / "checkout.js").write_bytes(script().body)
    linted = _node("eslint/bin/eslint.js", "--config", f"{_TOOLS}/eslint.config.cjs", "--max-warnings", "0", *_LINTED)
    wrong = [*linted.stdout.splitlines(), *linted.stderr.splitlines(), *_wrong_types()]
    print("\n".join(wrong) or "JavaScript: nothing wrong")
    return 1 if wrong else 0


def _node(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    modules = ROOT / _CACHE / "node_modules"
    environment = {**os.environ, "NODE_PATH": str(modules)}
    command = [str(BIN / "node"), str(modules / program), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _wrong_types() -> Iterator[str]:
    """Name what tsc finds outside the files that are not typed yet, and of those whichever has nothing left to find."""
    excused: set[str] = set()
    for project in _PROJECTS:
        done = _node("typescript/bin/tsc", "--project", f"{_TOOLS}/{project}", "--pretty", "false")
        for line in (*done.stdout.splitlines(), *done.stderr.splitlines()):
            finding = _FINDING.fullmatch(line)
            if finding and finding["file"] in NOT_TYPED_YET:
                excused.add(finding["file"])
            elif not line.startswith(" "):  # what is indented explains the line before
                yield line
    yield from (f"{file}: passes, and has to leave NOT_TYPED_YET" for file in NOT_TYPED_YET.keys() - excused)


if __name__ == "__main__":
    raise SystemExit(main())
