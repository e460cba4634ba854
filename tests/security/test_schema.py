"""Thousands of made-up requests, as the API's own document allows and forbids them: each is answered as it says there.

What is not told in the document is a problem (`default` in `core/described.py`), so an answer of any other shape is one
that the document does not know. What would end the sign-in in use is left to the stranger.
"""

import re
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.conftest import new_database
from tests.support import factors
from tests.support.people import appoint
from tests.support.shops import UNHURRIED, Gateway, Shop, running_shop
from tools.packages import BIN

pytestmark = pytest.mark.nightly

PASSWORD = "kulhad-chai-first"
EXAMPLES, SEED, LONGEST = 60, 20261127, 180
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance"),
)
NO_LIMITS = f"{UNHURRIED}, " + ", ".join(
    f"{name}=1000000/second" for name in ("login", "wrong", "account", "enter", "mail", "quote")
)
ENDS_THE_SIGN_IN = "^(POST /api/auth/(register|login|guest|enter-code)|DELETE /api/auth/sessions)$"
PATHS = {"a stranger": "/api/products", "a customer": "/api/auth/sessions", "the owner": "/api/merchant/audit"}
"""What each may see, also in the end."""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("who", PATHS)
def test_the_api_answers_whatever_it_is_asked_as_its_document_says(
    request: pytest.FixtureRequest, tmp_path: Path, gateway: Gateway, figures: list[str], kind: str, who: str
) -> None:
    url = new_database(kind, request, tmp_path)
    with running_shop(tmp_path, gateway, url, RATE_LIMITS=NO_LIMITS) as shop:
        shop.product()
        headers = {} if who == "a stranger" else _sign_in(shop, is_owner=who == "the owner")
        told = _ask_everything(shop.url, headers, tmp_path)
        assert httpx.get(f"{shop.url}{PATHS[who]}", headers=headers, timeout=30).status_code == 200
    figures.append(f"made-up requests of {who} on {kind}: {told}, each answered as the document says")


def _sign_in(shop: Shop, *, is_owner: bool) -> dict[str, str]:
    """Return the headers of somebody who has just come with an account."""
    account = {"email": "meera@example.in", "password": PASSWORD, "name": "Meera"}
    httpx.post(f"{shop.url}/api/auth/register", json=account, timeout=30).raise_for_status()
    if is_owner:
        appoint(shop, account["email"], PASSWORD)
    entered = httpx.post(f"{shop.url}/api/auth/login", json=account, timeout=30).raise_for_status()
    headers = {"Authorization": f"Bearer {entered.json()['access_token']}"}
    if is_owner:
        with httpx.Client(base_url=f"{shop.url}/api", headers=headers, timeout=30) as client:
            factors.set_up(client)
    return headers


def _ask_everything(url: str, headers: dict[str, str], folder: Path) -> str:
    """Make requests up by the document and send them; returns how many there were."""
    command: list[str | Path] = [BIN / "schemathesis", "run", f"{url}/api/openapi.json"]
    command += ["--phases", "examples,coverage,fuzzing", "--checks", ",".join(CHECKS), "--warnings", "off"]
    command += ["--max-examples", str(EXAMPLES), "--seed", str(SEED), "--generation-deterministic"]
    command += ["--request-timeout", "20"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}", "--exclude-name-regex", ENDS_THE_SIGN_IN]
    done = subprocess.run(command, cwd=folder, timeout=LONGEST, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    [count] = re.findall(r"(\d+) generated", done.stdout)
    return str(count)
