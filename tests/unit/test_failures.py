"""Every reason for which an attempt to pay can fail here has a sentence and a next step, and any other a true one."""

import re
from pathlib import Path
from typing import Final

import pytest

import razorpay_sandbox
from checkout_app.payments import failures
from checkout_app.payments.failures import FAILURES, UNKNOWN
from razorpay_sandbox.payments.failures import FAILURES as OF_BANKS

_NOT_A_PAYMENTS: Final = "NA"
_NAMED: Final = re.compile(r"""reason\b[^"\n{]{0,12}"(\w+)\"""")


def _of_the_sandbox() -> set[str]:
    """Name every reason that the sandbox can give: those that a bank is made to say, and those of its refusals."""
    source = Path(razorpay_sandbox.__file__).parent
    files = [file for kind in ("py", "js") for file in source.rglob(f"*.{kind}")]
    named = {name for file in files for name in _NAMED.findall(file.read_text(encoding="utf-8"))}
    return (named | set(OF_BANKS)) - {_NOT_A_PAYMENTS}


def test_every_reason_that_the_sandbox_knows_is_told() -> None:
    assert {"order_already_paid", "invalid_vpa", "server_error", "incorrect_otp"} <= _of_the_sandbox()
    assert _of_the_sandbox() - set(FAILURES) == set()


@pytest.mark.parametrize("reason", FAILURES)
def test_it_is_told_in_one_sentence_with_one_next_step(reason: str) -> None:
    failure = FAILURES[reason]
    for said in (failure.sentence, failure.step):
        assert re.fullmatch(r"[A-Z][^.!]*\.", said), said


@pytest.mark.parametrize("reason", ["a_reason_of_next_year", "", None, _NOT_A_PAYMENTS])
def test_of_any_other_nothing_is_claimed(reason: str | None) -> None:
    assert failures.why(reason) is UNKNOWN
    assert (UNKNOWN.sentence, UNKNOWN.untouched) == ("", False)
