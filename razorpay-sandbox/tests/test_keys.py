"""Another key for the same account: what the old one still does, and for how long."""

import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest

from tests.support import KEY_ID, KEY_SECRET, OTHER_KEY_ID, SandboxProcess, sandbox_process
from tests.test_orders import error_of

_DAY = 86_400


def _works(sandbox: SandboxProcess, pair: dict[str, str]) -> bool:
    status: int = sandbox.client.get("/v1/orders", auth=(pair["id"], pair["secret"])).status_code
    assert status in {200, 401}
    return status == 200


def _regenerate(sandbox: SandboxProcess, **how: Any) -> dict[str, str]:
    made: dict[str, str] = sandbox.call("POST", "keys", how)
    return made


def _is_signed_with(handed_over: dict[str, str], secret: str) -> bool:
    message = f"{handed_over['razorpay_order_id']}|{handed_over['razorpay_payment_id']}"
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest() == handed_over["razorpay_signature"]


OLD = {"id": KEY_ID, "secret": KEY_SECRET}


def test_both_keys_see_the_same_orders_until_a_day_has_passed(sandbox: SandboxProcess) -> None:
    before = sandbox.order()
    new = _regenerate(sandbox)
    assert new["id"].startswith("rzp_test_")
    after = sandbox.order()  # made with the old key
    sdk = sandbox.sdk(new["id"], new["secret"])
    assert [order["id"] for order in sdk.order.all()["items"]] == [after["id"], before["id"]]
    sandbox.set_clock(_DAY - 60)
    assert (_works(sandbox, OLD), _works(sandbox, new)) == (True, True)
    sandbox.set_clock(_DAY)
    assert (_works(sandbox, OLD), _works(sandbox, new)) == (False, True)


def test_a_key_may_end_at_once_and_be_followed_by_others(sandbox: SandboxProcess) -> None:
    second = _regenerate(sandbox, grace=0)
    third = _regenerate(sandbox, grace=0, key_id=second["id"])
    assert [_works(sandbox, pair) for pair in (OLD, second, third)] == [False, False, True]


def test_what_the_modal_hands_over_is_signed_with_the_key_it_was_opened_with(sandbox: SandboxProcess) -> None:
    orders = [sandbox.order()["id"] for _ in range(2)]
    new = _regenerate(sandbox)
    assert _is_signed_with(sandbox.pay(orders[0], key_id=KEY_ID), KEY_SECRET)
    assert _is_signed_with(sandbox.pay(orders[1]), new["secret"])
    for pair in (OLD, new):
        assert sandbox.sdk(pair["id"], pair["secret"]).payment.all()["count"] == 2


def test_a_modal_does_not_open_with_a_key_that_has_ended_but_one_that_is_open_goes_on(sandbox: SandboxProcess) -> None:
    open_order, other = (sandbox.order()["id"] for _ in range(2))
    wallet = {"key_id": KEY_ID, "order_id": open_order, "method": "wallet"}
    payment_id = sandbox.client.post("/v1/checkout/payments", json=wallet).raise_for_status().json()["id"]
    _regenerate(sandbox, grace=0)
    assert sandbox.attempt(other, key_id=KEY_ID).status_code == 401
    assert _is_signed_with(sandbox.call("POST", "conclude", {"payment_id": payment_id}), KEY_SECRET)


def test_another_account_keeps_its_key_and_sees_nothing(sandbox: SandboxProcess) -> None:
    order = sandbox.order()
    mine, theirs = _regenerate(sandbox), _regenerate(sandbox, key_id=OTHER_KEY_ID)
    assert sandbox.sdk(theirs["id"], theirs["secret"]).order.all()["items"] == []
    assert [each["id"] for each in sandbox.sdk(mine["id"], mine["secret"]).order.all()["items"]] == [order["id"]]


def test_keys_outlast_a_power_cut_and_a_clean_slate_ends_them(tmp_path: Path) -> None:
    with sandbox_process(tmp_path) as sandbox:
        new = _regenerate(sandbox, grace=0)
        sandbox.kill()
        sandbox.start()
        assert (_works(sandbox, OLD), _works(sandbox, new)) == (False, True)
        sandbox.call("DELETE", "data")
        assert (_works(sandbox, OLD), _works(sandbox, new)) == (True, False)


@pytest.mark.parametrize("grace", [-1, 366 * _DAY + 1, "a day", 1.5, True])
def test_a_grace_that_is_none_is_refused(sandbox: SandboxProcess, grace: Any) -> None:
    assert error_of(sandbox.client.post("/_test/keys", json={"grace": grace}))["field"] == "grace"
    assert _works(sandbox, OLD)


def test_nobody_regenerates_a_key_that_there_is_not(sandbox: SandboxProcess) -> None:
    assert sandbox.client.post("/_test/keys", json={"key_id": "rzp_test_CCCCCCCCCCCCCC"}).status_code == 401
