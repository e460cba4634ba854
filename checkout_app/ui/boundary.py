"""The boundary between a page and the rooms it calls: nothing that goes wrong there passes it except as a refusal."""

from collections.abc import Awaitable
from typing import TypeVar

from checkout_app.core.errors import ShopError, refusal

T = TypeVar("T")


async def or_refusal(action: Awaitable[T]) -> T | ShopError:
    """Await an action; return its result, or what may be told of why there is none."""
    try:
        return await action
    except Exception as error:  # noqa: BLE001 - the one place where pages catch everything; what is unforeseen is logged
        return refusal(error, "a page")
