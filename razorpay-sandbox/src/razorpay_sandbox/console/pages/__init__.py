"""The console's pages, one in each file: ``content`` writes what is between header and end."""

from typing import Final

LATEST: Final = 50
"""So many of the latest are listed."""
