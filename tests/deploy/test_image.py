"""The image that deploy/Dockerfile describes: what it is made of, and that a shop made so serves as nobody special."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from checkout_app.core.settings import Settings
from tests.support.dockerfile import Image, build, environment_without, ignored, steps
from tests.support.processes import ROOT, free_port
from tests.support.shops import KEY_ID, KEY_SECRET, WEBHOOK_SECRET
from tests.support.waiting import until

TEXT = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
STEPS = list(steps(TEXT))
SECRETS = (
    ".env",
    "deploy/.env",
    ".data/secrets.json",
    "checkout_app/.env",
    "checkout_app/server/.env",
    "alembic/x/.key",
)
"""Files that may lie where an image is built and must not get into it."""


def _rests(word: str) -> list[str]:
    return [step.rest for step in STEPS if step.word == word]


def _copied() -> list[str]:
    return [source for rest in _rests("COPY") if "--from" not in rest for source in rest.split()[:-1]]


def test_every_base_is_pinned_to_its_whole_version() -> None:
    assert _rests("FROM")
    for base in _rests("FROM"):
        assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+( AS [a-z]+)?", base), base


def test_it_serves_as_nobody_in_particular_and_says_so_before_anything_runs() -> None:
    words = [step.word for step in STEPS]
    [user] = _rests("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert words.index("USER") < words.index("CMD")
    assert "RUN" not in words[words.index("USER") :]


def test_packages_come_by_their_hashes_alone() -> None:
    installs = [part for rest in _rests("RUN") for part in rest.split("&&") if "pip install" in part]
    assert len(installs) == 2
    for install in installs:
        assert "--no-deps" in install
        assert "--require-hashes -r requirements.txt" in install or install.endswith(" ./razorpay-sandbox")


def test_it_needs_no_program_that_the_base_lacks_but_those_that_back_its_postgresql_up() -> None:
    assert not re.search(r"\b(curl|wget|apk)\b", TEXT)
    [version] = re.findall(r"apt-get install .* postgresql-client-(\d+) ", TEXT)
    assert f"image: postgres:{version}." in (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")


def test_what_it_says_in_the_environment_are_settings() -> None:
    named = re.findall(r"\b([A-Z_]+)=", " ".join((*_rests("ENV"), *_rests("ARG"))))
    of_python = {"HOME", "PYTHONDONTWRITEBYTECODE"}
    assert {name.lower() for name in set(named) - of_python} <= set(Settings.model_fields)


def test_nothing_is_copied_but_what_is_there_and_what_is_secret_stays_out() -> None:
    left_out = ignored((ROOT / ".dockerignore").read_text(encoding="utf-8"))
    assert [source for source in _copied() if left_out(source) or not (ROOT / source).exists()] == []
    assert [path for path in (*SECRETS, ".git", "tests", "shop.db", ".venv") if not left_out(path)] == []


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """The image, made in a clean folder of what a context has, secrets that lie about included."""
    names = [name.upper() for name in Settings.model_fields]
    with tempfile.TemporaryDirectory(prefix="image") as place:
        folder = Path(place)
        folder.chmod(0o755)  # another user has to get in
        context = folder / "context"
        context.mkdir()
        for name in (".dockerignore", *_copied()):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, context / name)
        for name in SECRETS:
            (context / name).parent.mkdir(exist_ok=True)
            (context / name).write_text("planted")
        user = "10001:10001" if os.geteuid() == 0 else f"{os.getuid()}:{os.getgid()}"
        text = TEXT.replace("10001:10001", user).replace("-o 10001 -g 10001", "-o {} -g {}".format(*user.split(":")))
        environment = environment_without([*names, "PYTHONPATH", "VIRTUAL_ENV"])
        yield build(text, context, folder, environment, _python())


def _python() -> Path:
    """Return a Python that can make virtual environments, and that whoever serves may run too."""
    own = getattr(sys, "_base_executable", sys.executable)
    for found in (shutil.which("python3", path="/usr/local/bin:/usr/bin") or own, own):
        able = subprocess.run([found, "-c", "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"], check=False)
        if able.returncode == 0:
            return Path(found)
    raise AssertionError("no Python here can make virtual environments")


def _start(image: Image, settings: Mapping[str, str], *command: str, healthy: bool = False) -> subprocess.Popen[bytes]:
    """Start what the image runs, as whom it names."""
    user, group = map(int, image.user.split(":"))
    own = {} if os.geteuid() else {"user": user, "group": group, "extra_groups": []}
    words = image.command("HEALTHCHECK") if healthy else [*image.command("ENTRYPOINT"), *command]
    environment = {"PATH": f"{image.root / 'bin'}:/usr/bin:/bin", **image.environment, **settings}
    return subprocess.Popen(words, cwd=image.at(image.folder), env=environment, **own)  # type: ignore[call-overload,no-any-return]


def _run(image: Image, settings: Mapping[str, str], *command: str, healthy: bool = False) -> int:
    return _start(image, settings, *command, healthy=healthy).wait(120)


@pytest.mark.nightly
def test_no_secret_and_nothing_of_the_build_is_in_the_image(image: Image) -> None:
    files = [path for path in image.root.rglob("*") if path.is_file()]
    assert len(files) > 1000
    assert [path for path in files if path.name in {".env", ".key", "secrets.json"}] == []
    assert [path for path in files if "node_modules" in path.parts or path.name in {"npm", "npx"}] == []
    size = sum(path.stat().st_size for path in files) / 1e6
    assert size < 530, f"{size:.0f} MB"


@pytest.mark.nightly
def test_a_shop_made_so_sells_and_whoever_serves_can_change_nothing_but_the_data(image: Image) -> None:
    port = str(free_port())
    settings = {
        "PORT": port,
        "BIND": "127.0.0.1",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "JWT_SECRET": "s" * 32,
        "RAZORPAY_API_URL": "http://127.0.0.1:9",
        "RAZORPAY_KEY_ID": KEY_ID,
        "RAZORPAY_KEY_SECRET": KEY_SECRET,
        "RAZORPAY_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
    before = _changes(image)
    assert _run(image, settings, *image.command("CMD")) == 3, "there is no shop yet"
    assert _run(image, settings, healthy=True) != 0
    assert _run(image, settings, "migrate") == 0
    serving = _start(image, settings, *image.command("CMD"))
    try:
        until(lambda: _run(image, settings, healthy=True) == 0, "the image to be healthy")
        page = httpx.get(f"http://127.0.0.1:{port}/", timeout=30)
        assert (page.status_code, "<title>Mitti" in page.text, "<h1>" in page.text) == (200, True, True)
        assert httpx.get(f"http://127.0.0.1:{port}/api/products", timeout=30).status_code == 200
    finally:
        serving.terminate()
    assert serving.wait(60) == 0
    assert _run(image, settings, healthy=True) != 0
    assert _changes(image) == before
    assert Path(image.at("/data/shop.db")).exists()


def _changes(image: Image) -> dict[str, int]:
    program = Path(image.at("/shop"))
    return {str(path): path.lstat().st_mtime_ns for path in program.rglob("*") if not path.is_dir()}
