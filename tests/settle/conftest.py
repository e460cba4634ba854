"""What the proofs found out in figures, printed at the end of the run."""

import os

import pytest

_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def figures(request: pytest.FixtureRequest) -> list[str]:
    """Lines to print at the end."""
    return request.config.stash.setdefault(_FIGURES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print them."""
    for line in config.stash.get(_FIGURES, []):
        terminalreporter.write_line(line)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker of the long runs known."""
    config.addinivalue_line("markers", "nightly: takes long; runs with HYPOTHESIS_PROFILE=nightly")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long runs to the night."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "nightly":
        return
    long = [item for item in items if item.get_closest_marker("nightly")]
    items[:] = [item for item in items if item not in long]
    config.hook.pytest_deselected(items=long)
