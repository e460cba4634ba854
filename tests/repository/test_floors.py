"""The house keeps its floors: a module that breaks a rule of the import contracts is refused, whatever its name."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.processes import ROOT

PACKAGE = "checkout_app"
FLOORS = "The floors of the house"
ROOM = "Within a room"
FRAMEWORKS = "Web frameworks only where pages and HTTP are"
SHOP = "The shop knows Razorpay's API, not the sandbox"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program to put modules into."""
    folder = tmp_path_factory.mktemp("house")
    code = shutil.ignore_patterns("__pycache__", "static", "script", "*.jsx")
    shutil.copytree(ROOT / PACKAGE, folder / PACKAGE, ignore=code)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _lint(house: Path) -> tuple[int, str]:
    """Check the contracts; the exit status, and what was said in one line."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    return done.returncode, " ".join(done.stdout.split())


@contextmanager
def _added(house: Path, *modules: tuple[str, str]) -> Iterator[None]:
    """Put modules into the house for a block, each with a package around it if there is none."""
    new: list[Path] = []
    for module, code in modules:
        path = house / PACKAGE / module
        new.append(path)
        if not path.parent.exists():
            path.parent.mkdir()
            (path.parent / "__init__.py").write_text("")
            new.append(path.parent)
        path.write_text(code + "\n")
    try:
        yield
    finally:
        for path in new:
            path.unlink() if path.is_file() else shutil.rmtree(path)


def test_the_house_as_it_is_keeps_every_rule(house: Path) -> None:
    status, said = _lint(house)
    assert (status, "0 broken" in said) == (0, True), said


def test_new_modules_that_keep_the_rules_are_let_in(house: Path) -> None:
    page = ("orders/page.py", "import reflex\nimport checkout_app.orders.service")
    api = ("orders/api.py", "import fastapi\nimport checkout_app.orders.service")
    notices = ("payments/notices.py", "import checkout_app.orders.models\nimport checkout_app.journal.service")
    with _added(house, page, api, notices):
        status, said = _lint(house)
    assert (status, "0 broken" in said) == (0, True), said


@pytest.mark.parametrize(
    ("module", "code", "broken"),
    [
        ("loyalty/service.py", "", FLOORS),  # a package that stands on no floor
        ("core/shelf.py", "import checkout_app.catalog.models", FLOORS),
        ("payments/invoices.py", "import fastapi", FRAMEWORKS),
        ("merchant/service.py", "import checkout_app.merchant.api", ROOM),
        ("payments/refund_words.py", "import razorpay_sandbox.state.store", SHOP),
        *(
            pytest.param(*each, marks=pytest.mark.nightly)
            for each in (
                ("orders/invoices.py", "import checkout_app.payments.models", FLOORS),
                ("payments/notices.py", "import checkout_app.ui.kit", FLOORS),
                ("buyer/back_office.py", "import checkout_app.merchant.api", FLOORS),
                ("journal/mail.py", "import checkout_app.accounts.service", FLOORS),
                ("payments/invoices.py", "import reflex", FRAMEWORKS),
                ("orders/papers.py", "from starlette.responses import Response", FRAMEWORKS),
                ("checkout/service2.py", "import reflex_base", FRAMEWORKS),
                ("merchant/page.py", "import fastapi", FRAMEWORKS),
            )
        ),
    ],
)
def test_a_module_that_breaks_a_rule_is_refused(house: Path, module: str, code: str, broken: str) -> None:
    with _added(house, (module, code)):
        status, said = _lint(house)
    assert status == 1, said
    kept, _, _ = said.partition("Broken contracts")
    assert [name for name in (FLOORS, ROOM, FRAMEWORKS, SHOP) if _is_broken(kept, name)] == [broken]


def _is_broken(summary: str, name: str) -> bool:
    """Tell whether the contract of this name is reported as broken."""
    _, _, after = summary.partition(name)
    verdicts = [(after.find(verdict), verdict) for verdict in ("KEPT", "BROKEN") if verdict in after]
    return min(verdicts)[1] == "BROKEN"
