"""Reflex's own configuration: what it builds the pages with and where the browser may come from.

The environment is prepared before Reflex is imported, so that a fresh clone needs no Node.js and no bun:
npm comes from the virtual environment, and no newer Reflex is looked for.
"""

import os
import sys
from pathlib import Path

os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
os.environ.setdefault("REFLEX_USE_NPM", "1")
os.environ.setdefault("REFLEX_CHECK_LATEST_VERSION", "0")
os.environ.setdefault("NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED", "true")  # the lock names versions, not a registry
os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")  # a network may have a certificate of its own, which the system knows
# With Redis, Reflex would start several workers on one port, where a page's requests don't find their own one again.
os.environ["GRANIAN_WORKERS"] = "1"
# Bytes of one message of a tab: Reflex takes a million, and keeps for an hour much of what a tab has said.
os.environ["REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE"] = str(32 * 1024)

import reflex as rx

from checkout_app.core.settings import settings
from checkout_app.server import logs
from checkout_app.server.bundle import RendererPlugin
from checkout_app.server.one_origin import OneOriginPlugin

logs.configure()
_settings = settings()
_MODES = rx.constants.StateManagerMode

config = rx.Config(
    app_name="checkout_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    backend_host=_settings.bind,
    db_url=_settings.database_url,
    redis_url=_settings.redis_url or None,
    state_manager_mode=_MODES.REDIS if _settings.redis_url else _MODES.MEMORY,
    # Seconds that the state of a closed tab lasts: longer than an order is kept for somebody who went away to pay it.
    redis_token_expiration=20 * 60,
    cors_allowed_origins=_settings.allowed_origins,
    frontend_compression_formats=["brotli", "gzip"],
    plugins=[OneOriginPlugin(), RendererPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
