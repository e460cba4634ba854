"""The pytest plugin: one fixture, ``razorpay_sandbox``, a Razorpay of one's own for each test."""

from collections.abc import Iterator

import pytest

from razorpay_sandbox.testing import SandboxServer


@pytest.fixture(scope="session")
def _razorpay_sandbox_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    server = SandboxServer(tmp_path_factory.mktemp("razorpay-sandbox"))
    yield server
    server.stop()


@pytest.fixture
def razorpay_sandbox(_razorpay_sandbox_server: SandboxServer) -> SandboxServer:
    """Give a test the sandbox without any past: one process for all tests, started when the first one asks.

    One that an earlier test ended is started again. Under pytest-xdist each worker has its own.
    """
    if not _razorpay_sandbox_server.is_running:
        _razorpay_sandbox_server.start()
    _razorpay_sandbox_server.clear()
    return _razorpay_sandbox_server
