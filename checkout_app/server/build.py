"""Build the pages when something they are made of has changed, and only then."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from checkout_app.catalog.service import offers
from checkout_app.core.early import at_import
from checkout_app.core.session import Session
from checkout_app.core.settings import settings

ROOT = Path(__file__).resolve().parents[2]
_KEY = ROOT / ".web" / "build" / "key"
_LOCK = ROOT / "reflex.lock"
_SOURCES = ("checkout_app/**/*", "assets/**/*", "rxconfig.py", "requirements.txt")
_NOT_BUILT = ("assets/external/",)
_GENERATED = "__pycache__"
_MOST_PRODUCTS = 1000
_NOT_ON_PAGES = {"id", "product_id", "on_hand", "held", "created_at"}


class BuildError(RuntimeError):
    """The pages could not be built; what the builder printed says why."""


def is_built() -> bool:
    """Tell whether there are pages to serve."""
    return (Path(os.environ.get("REFLEX_WEB_WORKDIR") or ROOT / ".web") / "build" / "client" / "404.html").is_file()


def is_current() -> bool:
    """Tell whether the pages were built from what they would be built from now."""
    return _KEY.is_file() and _KEY.read_text() == _sources() + _lock()


def build() -> None:
    """Build the pages; raises BuildError."""
    sources = _sources()
    _KEY.unlink(missing_ok=True)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    if subprocess.run(command, cwd=ROOT, env=build_environment(), check=False).returncode != 0:
        raise BuildError("The pages could not be built. The lines above say why.")
    # The lock is read after the build, which may complete it; the sources before, since they may change meanwhile.
    _KEY.write_text(sources + _lock())


def build_environment() -> dict[str, str]:
    """Return the environment in which Reflex installs packages: npm decides where from, not a race between mirrors."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }
    if "NPM_CONFIG_REGISTRY" not in environment:
        command = ["npm", "config", "get", "registry"]
        asked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        environment["NPM_CONFIG_REGISTRY"] = asked.stdout.strip()
    return environment


def _sources() -> str:
    return _digest(_source_files()) + _text_digest(_settings_on_pages(), *_products_on_pages())


def _lock() -> str:
    return _digest(_LOCK.glob("*"))


def _source_files() -> Iterable[Path]:
    files = {path for pattern in _SOURCES for path in ROOT.glob(pattern) if path.is_file()}
    return (path for path in files if _is_source(path.relative_to(ROOT).as_posix()))


def _is_source(name: str) -> bool:
    return not name.startswith(_NOT_BUILT) and _GENERATED not in name


def _settings_on_pages() -> str:
    return settings().model_dump_json(include={"shop_name", "accent", "razorpay_checkout_js_url", "sandboxed"})


def _products_on_pages() -> list[str]:
    """Stand for the products as pages show them; how many are left is asked for when a page is opened."""

    async def describe(session: Session) -> list[str]:
        shown_in_full = await offers(session, limit=_MOST_PRODUCTS)
        rows = (row for offer in shown_in_full for row in (offer.product, offer.variant))
        shown = (row.model_dump(mode="json", exclude=_NOT_ON_PAGES) for row in rows)
        return [json.dumps(fields, sort_keys=True) for fields in shown]

    return at_import(describe, [])


def _text_digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
