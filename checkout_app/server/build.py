"""Build the pages when something they are made of has changed, and only then."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from checkout_app.core.settings import settings
from checkout_app.core.turns import turn
from checkout_app.server import builds
from checkout_app.server.builds import RENDERER, ROOT, WEB_FOLDER, WORKSHOP, BuildError

_LOCK = ROOT / "reflex.lock"
_SOURCES = ("checkout_app/**/*", "assets/**/*", "rxconfig.py", "requirements.txt")
_NOT_BUILT = ("assets/external/",)
_GENERATED = "__pycache__"
_SERVED = ("build/client", f"build/{RENDERER}", "backend", "routes.json")
"""What a server reads of all that Reflex makes."""
_WHOLE = "whole"
"""The file in the workshop that says that whoever worked there last came to an end."""


def is_built() -> bool:
    """Tell whether there are pages to serve."""
    return builds.current() is not None


def is_current() -> bool:
    """Tell whether the pages were built from what they would be built from now."""
    build = builds.current()
    return build is not None and build.name == _name(_sources())


def build(tell: Callable[[str], object]) -> bool:
    """Make pages current that are built from what there is now, and tell what takes long; raises BuildError.

    Programs that do so at once take turns. Returns whether anything had to be built.
    """
    builds.home().mkdir(parents=True, exist_ok=True)
    with turn(builds.home(), lambda: tell("Another program builds pages; waiting for it")) as lock:
        sources = _sources()
        built = builds.home() / _name(sources)
        if built.is_dir():
            builds.make_current(built)
            return False
        tell("Building the pages (about a minute the first time)")
        _export(builds.home() / WORKSHOP, lock)
        # The lock is read after the build, which may complete it; the sources before, since they may change meanwhile.
        builds.make_current(_put_up(builds.home() / WORKSHOP, _name(sources)))
        return True


def _export(workshop: Path, lock: int) -> None:
    """Let Reflex build in the workshop; where it was interrupted there, or failed, it begins from nothing.

    It has the lock as well, so that nobody else begins if it outlives us.
    """
    if workshop.exists() and not (workshop / _WHOLE).exists():
        shutil.rmtree(workshop)
    (workshop / _WHOLE).unlink(missing_ok=True)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    environment = {**build_environment(), WEB_FOLDER: str(workshop.absolute())}
    if subprocess.run(command, cwd=ROOT, env=environment, pass_fds=[lock], check=False).returncode != 0:
        raise BuildError("The pages could not be built. The lines above say why.")


def _put_up(workshop: Path, name: str) -> Path:
    """Put what Reflex has made among the builds, all of it or nothing, and return where."""
    made = workshop / "made"
    for part in _SERVED:
        (made / part).parent.mkdir(parents=True, exist_ok=True)
        (workshop / part).rename(made / part)
    os.sync()  # a power cut right after may not leave empty files under a name that says that they are right
    built = builds.home() / name
    if built.exists():  # the packages turned out to be those that were locked for it
        shutil.rmtree(made)
    else:
        made.rename(built)
    (workshop / _WHOLE).touch()
    return built


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


def _name(sources: str) -> str:
    """Name the build that is made of these sources and the packages that are locked now."""
    return _text_digest(sources, _digest(_LOCK.glob("*")))[:16]


def _sources() -> str:
    return _digest(_source_files()) + _text_digest(_settings_on_pages())


def _source_files() -> Iterable[Path]:
    files = {path for pattern in _SOURCES for path in ROOT.glob(pattern) if path.is_file()}
    return (path for path in files if _is_source(path.relative_to(ROOT).as_posix()))


def _is_source(name: str) -> bool:
    return not name.startswith(_NOT_BUILT) and _GENERATED not in name


def _settings_on_pages() -> str:
    return settings().model_dump_json(include={"razorpay_checkout_js_url", "sandboxed"})


def _text_digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
