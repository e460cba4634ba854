"""The sandbox inside another application, as the shop carries it."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import razorpay
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from razorpay_sandbox import KeyPair, Sandbox, SandboxConfig
from razorpay_sandbox.testing import free_port
from tests.support import KEY_ID, KEY_SECRET, WEBHOOK_SECRET, Receiver, until


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An application that mounts the sandbox at /sandbox; its address."""
    data: Path = tmp_path_factory.mktemp("mounted")
    config = SandboxConfig(
        data=data, keys=(KeyPair(KEY_ID, KEY_SECRET),), webhook_secret=WEBHOOK_SECRET, base_path="/sandbox"
    )
    sandbox = Sandbox(config)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with sandbox.running():
            yield

    app = Starlette(routes=[Mount("/sandbox", sandbox.app)], lifespan=lifespan)
    server = uvicorn.Server(uvicorn.Config(app, port=free_port(), log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{server.config.port}"
    server.should_exit = True
    thread.join()


def test_the_sdk_works_below_the_mount_point(host: str) -> None:
    sdk = razorpay.Client(auth=(KEY_ID, KEY_SECRET), base_url=f"{host}/sandbox")
    order = sdk.order.create({"amount": 500, "currency": "INR"})
    paid = httpx.post(f"{host}/sandbox/_test/pay", json={"order_id": order["id"]}).json()
    assert sdk.utility.verify_payment_signature(paid)
    assert sdk.payment.fetchPaymentMethods()["entity"] == "methods"


def test_webhooks_go_out_from_the_hosts_event_loop(host: str, receiver_server: Receiver) -> None:
    receiver_server.reset()
    httpx.put(f"{host}/sandbox/_test/webhooks", json={"endpoint": receiver_server.url}).raise_for_status()
    sdk = razorpay.Client(auth=(KEY_ID, KEY_SECRET), base_url=f"{host}/sandbox")
    order = sdk.order.create({"amount": 500, "currency": "INR"})
    httpx.post(f"{host}/sandbox/_test/pay", json={"order_id": order["id"]}).raise_for_status()
    assert receiver_server.next().headers["x-razorpay-signature"]


@pytest.mark.parametrize("path", ["/v1/orders", "/v1/orders/"])
def test_faults_and_trailing_slashes_know_the_mount_point(host: str, path: str) -> None:
    url = f"{host}/sandbox{path}"
    auth = (KEY_ID, KEY_SECRET)
    assert httpx.get(url, auth=auth).status_code == 200
    httpx.put(f"{host}/sandbox/_test/faults", json=[{"kind": "reset", "path": "/v1/orders", "count": 1}])
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        httpx.get(url, auth=auth)
    assert httpx.get(url, auth=auth).status_code == 200


def test_the_console_links_below_the_mount_point(host: str) -> None:
    page = httpx.get(f"{host}/sandbox/").text
    assert 'href="/sandbox/console/payments"' in page
    assert httpx.get(f"{host}/sandbox/console/console.js").status_code == 200


def test_nothing_outside_the_mount_point_is_served(host: str) -> None:
    assert httpx.get(f"{host}/v1/orders", auth=(KEY_ID, KEY_SECRET)).status_code == 404
