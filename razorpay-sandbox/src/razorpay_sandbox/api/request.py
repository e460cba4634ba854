"""One authenticated API request, as handlers receive it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from razorpay_sandbox.state.gateway import Gateway
from razorpay_sandbox.state.store import Entity


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """What was asked: ``ids`` are the variable parts of the path, ``headers`` have lower-case names."""

    gateway: Gateway
    account: str
    ids: tuple[str, ...]
    body: dict[str, Any]
    query: dict[str, list[str]]
    headers: Mapping[str, str]

    def wanted(self, name: str) -> str | None:
        """Read a query parameter that is given once; blank counts as absent."""
        values = self.query.get(name)
        return values[-1] or None if values else None


Handler = Callable[[ApiRequest], Entity | list[Any]]
