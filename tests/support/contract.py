"""The API as it describes itself."""

from collections.abc import Mapping
from typing import Any, Final

from checkout_app.server.api import build_api

DOCUMENT: Final[Mapping[str, Any]] = build_api().openapi()
