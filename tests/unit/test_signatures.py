"""Signatures: known vectors, and not one byte may differ."""

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import pytest
import razorpay

from checkout_app.auth.errors import InvalidToken
from checkout_app.core.settings import settings
from checkout_app.payments import webhooks
from tests.support.inside import settings_for

SECRET, PREVIOUS = "whsec_new", "whsec_old"
BODY = b'{"event":"payment.captured","payload":{"note":"\xe2\x82\xb9 1"}}'


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    with settings_for(monkeypatch, RAZORPAY_WEBHOOK_SECRET=SECRET, RAZORPAY_WEBHOOK_SECRET_PREVIOUS=PREVIOUS):
        yield


def _sign(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("secret", [SECRET, PREVIOUS])
def test_the_present_secret_and_the_previous_one_are_accepted(secret: str) -> None:
    webhooks.check_signature(BODY, _sign(BODY, secret))


def test_it_is_the_signature_that_the_official_sdk_accepts() -> None:
    signature = _sign(BODY, SECRET)
    webhooks.check_signature(BODY, signature)
    razorpay.Client(auth=("k", "s")).utility.verify_webhook_signature(BODY.decode(), signature, SECRET)


@pytest.mark.parametrize("place", range(len(BODY)))
def test_a_body_with_one_byte_changed_is_refused(place: int) -> None:
    changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
    with pytest.raises(InvalidToken, match=r"^The signature does not belong to this body\.$"):
        webhooks.check_signature(changed, _sign(BODY, SECRET))


@pytest.mark.parametrize("place", range(64))
def test_a_signature_with_one_character_changed_is_refused(place: int) -> None:
    signature = _sign(BODY, SECRET)
    changed = signature[:place] + ("1" if signature[place] == "0" else "0") + signature[place + 1 :]
    with pytest.raises(InvalidToken):
        webhooks.check_signature(BODY, changed)


@pytest.mark.parametrize("signature", ["", " ", "é", "\udcff", "0" * 64, "0" * 10_000])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(InvalidToken):
        webhooks.check_signature(BODY, signature)


def test_a_secret_that_is_not_set_signs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "razorpay_webhook_secret_previous", "")
    for secret in ("", PREVIOUS):
        with pytest.raises(InvalidToken):
            webhooks.check_signature(BODY, _sign(BODY, secret))


def test_a_known_vector_holds() -> None:
    assert _sign(b"{}", "secret") == "77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13"
