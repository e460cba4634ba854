"""Every refusal of the API as `application/problem+json` (RFC 9457)."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from checkout_app.core.errors import InvalidInput, ShopError, refusal

_MEMBERS = ("fields", "available", "order_id", "reason", "reference", "was", "now", "figures", "cart")
"""What a refusal may know beyond its code and its sentence."""
_TITLES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def problem(status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    """Build one problem document; `more` adds members such as `fields` or `available`."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JSONResponse(body | more, status_code=status, headers=headers, media_type="application/problem+json")


def answer(error: ShopError) -> JSONResponse:
    """Build the document of a refusal, with what its headers have to say."""
    headers = {"WWW-Authenticate": "Bearer"} if error.code == "invalid_token" else {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    more = {name: getattr(error, name) for name in _MEMBERS if hasattr(error, name)}
    return problem(error.status, error.code, error.detail, headers=headers, **more)


def answer_problems(api: FastAPI) -> None:
    """Make an API answer every error as a problem."""
    api.exception_handler(ShopError)(_refusal)
    api.exception_handler(RequestValidationError)(_wrong_shape)
    api.exception_handler(HTTPException)(_http_error)
    api.exception_handler(OperationalError)(_internal_error)  # or it would be raised again once it is answered
    api.exception_handler(Exception)(_internal_error)


async def _refusal(_request: Request, error: ShopError) -> JSONResponse:
    return answer(error)


async def _wrong_shape(_request: Request, error: RequestValidationError) -> JSONResponse:
    fields = {".".join(map(str, item["loc"][1:])) or str(item["loc"][0]): item["msg"] for item in error.errors()}
    return answer(InvalidInput(fields))


async def _http_error(_request: Request, error: HTTPException) -> JSONResponse:
    title = _TITLES.get(error.status_code, "Error")
    headers = dict(error.headers or {})
    return problem(error.status_code, title.lower().replace(" ", "_"), title, headers=headers)


async def _internal_error(request: Request, error: Exception) -> JSONResponse:
    return answer(refusal(error, f"{request.method} {request.url.path}"))
