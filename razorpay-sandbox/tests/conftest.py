"""One sandbox process for this folder, emptied before each test."""

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from httpx._transports import default as httpx_transport
from hypothesis import HealthCheck, settings

from tests.support import Receiver, SandboxProcess, sandbox_process

# httpx reads the world's certificates for each client, and anew for each `httpx.get`: 24 ms of work. Once will do.
httpx_transport.create_ssl_context = cache(httpx_transport.create_ssl_context)  # type: ignore[attr-defined]
settings.register_profile(
    "quick", max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile(
    "nightly", max_examples=400, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker of what multiplies known."""
    config.addinivalue_line("markers", "nightly: one more of many; runs with HYPOTHESIS_PROFILE=nightly")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what multiplies to the night."""
    if os.environ.get("HYPOTHESIS_PROFILE") == "nightly":
        return
    many = [item for item in items if item.get_closest_marker("nightly")]
    items[:] = [item for item in items if item not in many]
    config.hook.pytest_deselected(items=many)


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """The process."""
    with sandbox_process(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def sandbox(sandbox_server: SandboxProcess) -> SandboxProcess:
    """The sandbox without any past."""
    sandbox_server.clear()
    return sandbox_server


@pytest.fixture
def sdk(sandbox: SandboxProcess) -> Any:
    """The official Python SDK with the sandbox's first key."""
    return sandbox.sdk()


@pytest.fixture(scope="session")
def receiver_server() -> Iterator[Receiver]:
    """A webhook endpoint."""
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()


@pytest.fixture
def receiver(sandbox: SandboxProcess, receiver_server: Receiver) -> Receiver:
    """A webhook endpoint that the sandbox reports to."""
    receiver_server.reset()
    sandbox.put("webhooks", {"endpoint": receiver_server.url})
    return receiver_server
