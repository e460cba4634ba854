"""How whoever answers is told that only the head of an answer is asked for, and nothing is handed over by it."""

from typing import Final

ONLY_HEAD: Final = "shop.only_head"
"""The key in an ASGI scope; there and true for a HEAD, which routes are asked as a GET."""
