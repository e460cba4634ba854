"""Requests counted by what answered them: there are as many kinds of them as routes, whatever visitors ask for."""

from functools import cache
from typing import Final

from fastapi.routing import APIRoute
from prometheus_client import Histogram
from starlette.types import Scope

from checkout_app.core.metrics import REGISTRY
from checkout_app.server.one_origin import BACKEND_PATHS, is_backend_path

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS: Final = Histogram(
    "shop_request_seconds",
    "Requests over HTTP, by route, method and class of the status",
    ["route", "method", "status"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)


def count(scope: Scope, status: int | None, seconds: float) -> None:
    """Count a request that is over; one that broke off before it was answered has no status."""
    method = scope["method"] if scope["method"] in _METHODS else "other"
    _counter(_route(scope), method, f"{status // 100}xx" if status else "none").observe(seconds)


@cache
def _counter(route: str, method: str, status: str) -> Histogram:
    """Find what counts one kind of request; the histogram looks for it anew each time, under a lock."""
    return _SECONDS.labels(route, method, status)


def _route(scope: Scope) -> str:
    """Name a route of the API by its template, everything else by what it is."""
    route, path = scope.get("route"), scope["path"]
    if isinstance(route, APIRoute):
        return route.path
    if is_backend_path(path):
        return next(f"{prefix}…" for prefix in BACKEND_PATHS if path.startswith(prefix))
    return "files" if "." in path.rpartition("/")[2] else "pages"
