"""Between a page and the rooms below it, an error becomes something that may be shown."""

import pytest

from checkout_app.core.errors import InternalError, RateLimited
from checkout_app.ui.boundary import or_refusal


async def _answer(error: Exception | None = None) -> str:
    if error:
        raise error
    return "done"


async def test_what_succeeds_is_handed_on() -> None:
    assert await or_refusal(_answer()) == "done"


async def test_what_a_room_refuses_is_handed_on_as_it_is() -> None:
    refused = RateLimited(5)
    assert await or_refusal(_answer(refused)) is refused


async def test_what_nobody_foresaw_is_logged_under_the_reference_that_is_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shown = await or_refusal(_answer(ZeroDivisionError("a secret")))
    assert isinstance(shown, InternalError)
    assert shown.reference in shown.detail
    assert "a secret" not in shown.detail
    assert shown.reference in caplog.text
