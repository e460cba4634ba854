"""The shop's own files, at addresses that change with what is in them, so that browsers keep them for good.

Such an address has the version of its file as its query. So what a row or a style sheet names needs no second file
under another name, and an address from before a change still leads to the file that is there now.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[2] / "assets"
_LENGTH: Final = 10


def versioned(path: str) -> str:
    """Return where a browser may keep the file of a path; the path itself when there is no such file."""
    file = (FOLDER / path.lstrip("/")).resolve()
    return f"{path}?v={version(file)}" if file.is_relative_to(FOLDER) and file.is_file() else path


@lru_cache(maxsize=2_000)
def version(file: Path) -> str:
    """Return what tells a file from the ones that were or will be in its place; it doesn't change under a server."""
    return sha256(file.read_bytes()).hexdigest()[:_LENGTH]
