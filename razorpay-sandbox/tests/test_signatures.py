"""Signatures, checked against vectors and against the official SDK."""

import hashlib
import hmac
from typing import Any

import pytest
import razorpay

from razorpay_sandbox import KeyPair, SandboxConfig
from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.webhooks.sender import sign
from tests.support import KEY_ID, KEY_SECRET, SandboxProcess

_BODY = (
    '{"entity":"event","account_id":"acc_AAAAAAAAAAAAAA","event":"payment.captured","contains":["payment"],'
    '"payload":{"payment":{"entity":{"id":"pay_BBBBBBBBBBBBBB","entity":"payment","amount":50000,"currency":"INR",'
    '"status":"captured","order_id":"order_AAAAAAAAAAAAAA"}}},"created_at":1760000000}'
)
_DOCUMENTED = "EnLs21M47BllR3X8PSFtjtbd"


@pytest.mark.parametrize(
    ("secret", "message", "signature"),
    [
        (
            "key_secret",
            "fake_order_id|fake_payment_id",
            "b2335e3b0801106b84a7faff035df56ecffde06918c9ddd1f0fafbb37a51cc89",
        ),
        (
            _DOCUMENTED,
            "order_IEIaMR65cu6nz3|pay_IH4NVgf4Dreq1l",
            "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f",
        ),
        (
            _DOCUMENTED,
            "pay_IDZNwZZFtnjyym|sub_ID6MOhgkcoHj9I",
            "601f383334975c714c91a7d97dd723eb56520318355863dcf3821c0d07a17693",
        ),
        (
            _DOCUMENTED,
            "plink_IH3cNucfVEgV68|TSsd1989|paid|pay_IH3d0ara9bSsjQ",
            "07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b",
        ),
        (
            KEY_SECRET,
            "order_AAAAAAAAAAAAAA|pay_BBBBBBBBBBBBBB",
            "d1667a486585292866cd20f584f1b65ff3e18b1b7cc572c5494211e689076400",
        ),
        (
            KEY_SECRET,
            "pay_BBBBBBBBBBBBBB|order_AAAAAAAAAAAAAA",
            "1f444ef1d596fb67d3e5aa0b2f4d911de4639006b7b42a40e5c94c649efd331f",
        ),
        (
            KEY_SECRET,
            "pay_BBBBBBBBBBBBBB|sub_DDDDDDDDDDDDDD",
            "f8c4efe91268925339115c48cb91fb1a60810c22fc1a780548f123ef4ac7cede",
        ),
        (
            KEY_SECRET,
            "plink_CCCCCCCCCCCCCC|ref-1|paid|pay_BBBBBBBBBBBBBB",
            "50a9fc75d35ab7395cd1d7ee79745d60b1bb1c9fa384bfcdcbbb01fa2ba59e05",
        ),
        (
            KEY_SECRET,
            "plink_CCCCCCCCCCCCCC||paid|pay_BBBBBBBBBBBBBB",
            "53e514722f4f12ffe9c8691429ad0a717569f49008cc7429bc7c42fec0258299",
        ),
    ],
)
def test_the_gateway_signs_as_razorpay_does(tmp_path: Any, secret: str, message: str, signature: str) -> None:
    config = SandboxConfig(data=tmp_path, keys=(KeyPair(KEY_ID, secret),), webhook_secret="w")
    assert Gateway(config).sign(KEY_ID, message) == signature


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (_BODY.encode(), "d04659ef49add40ad38fac006c7dfc5c3dd077568b73b1124b717b74f1460782"),
        (
            bytes.fromhex("7b226e6f7465223a22636166c3a920e282b9227d"),
            "068be6cb0e914d2abde4469f34c17f403c07b03aba93ed64ea0d1c24da43a1cb",
        ),
        (
            rb'{"note":"caf\u00e9 \u20b9"}',
            "3ec329e53eacfd78ad561a1d4e3f8fade0cc0c0b1febd5ff43df62cef54a7100",
        ),
    ],
)
def test_webhooks_are_signed_over_their_exact_bytes(body: bytes, signature: str) -> None:
    assert sign("whsec_Example_42", body) == signature


@pytest.mark.parametrize("method", ["card", "upi", "netbanking", "wallet"])
def test_what_the_handler_receives_satisfies_the_official_sdk(sandbox: SandboxProcess, sdk: Any, method: str) -> None:
    handed_over = sandbox.attempt(sandbox.order()["id"], method=method).json()
    assert set(handed_over) == {"razorpay_payment_id", "razorpay_order_id", "razorpay_signature"}
    assert sdk.utility.verify_payment_signature(handed_over) is True


def test_a_signature_of_another_order_is_refused(sandbox: SandboxProcess, sdk: Any) -> None:
    handed_over = sandbox.attempt(sandbox.order()["id"]).json()
    handed_over["razorpay_order_id"] = sandbox.order()["id"]
    with pytest.raises(razorpay.errors.SignatureVerificationError):
        sdk.utility.verify_payment_signature(handed_over)


def test_each_key_signs_with_its_own_secret(sandbox: SandboxProcess) -> None:
    handed_over = sandbox.attempt(sandbox.order()["id"]).json()
    message = f"{handed_over['razorpay_order_id']}|{handed_over['razorpay_payment_id']}"
    expected = hmac.new(KEY_SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()
    assert handed_over["razorpay_signature"] == expected
