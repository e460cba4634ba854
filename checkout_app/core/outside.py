"""How servers outside are reached: whom we believe that they are who they are, and through which proxy."""

import os
import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi


def trust() -> ssl.SSLContext:
    """Trust the authorities that the environment names, else certifi's: a container may have none of its own."""
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    return ssl.create_default_context(cafile=None if named else certifi.where())


def proxy_for(address: str) -> str | None:
    """Return the proxy that the environment names for an address; aiohttp itself would look for it at every call."""
    parts = urlsplit(address)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
