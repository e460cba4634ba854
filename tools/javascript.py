"""Lint and type-check our own JavaScript: the shop's components, the sandbox's modules, its checkout.js as served.

eslint, tsc and what the tests of pages need are installed once into .cache/js, by what tools/js/package-lock.json says.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from checkout_app.core.turns import turn
from razorpay_sandbox.checkout.assets import script

ROOT = Path(__file__).resolve().parent.parent
_TOOLS = Path("tools/js")
_CACHE = Path(".cache/js")
_BIN = Path(sys.executable).parent
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
    install()
    (_CACHE / "checkout.js").write_bytes(script().body)
    linted = _node("eslint/bin/eslint.js", "--config", f"{_TOOLS}/eslint.config.cjs", "--max-warnings", "0", *_LINTED)
    wrong = [*linted.stdout.splitlines(), *linted.stderr.splitlines(), *_wrong_types()]
    print("\n".join(wrong) or "JavaScript: nothing wrong")
    return 1 if wrong else 0


def install() -> Path:
    """Install what this lock names unless it is there, and return the folder of the packages."""
    cache, tools = ROOT / _CACHE, ROOT / _TOOLS
    lock = (tools / "package-lock.json").read_bytes()
    cache.parent.mkdir(exist_ok=True)
    with turn(cache.parent, lambda: None):
        installed = cache / "installed-lock.json"
        if not installed.exists() or installed.read_bytes() != lock:
            shutil.rmtree(cache, ignore_errors=True)
            cache.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(tools / name, cache)
            command = [str(_BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
            if subprocess.run(command, cwd=cache, stdout=subprocess.DEVNULL, check=False).returncode:
                sys.exit(f"npm could not install what {_TOOLS}/package-lock.json names")
            installed.write_bytes(lock)
    return cache / "node_modules"


def _node(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    modules = ROOT / _CACHE / "node_modules"
    environment = {**os.environ, "NODE_PATH": str(modules)}
    command = [str(_BIN / "node"), str(modules / program), *arguments]
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
