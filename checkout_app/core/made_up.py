"""What is made up for development, where nobody has said it: kept in a private file, the same at every start."""

import json
import os
import secrets
from pathlib import Path

_KEPT = "secrets.json"


def kept_in(data_dir: Path) -> dict[str, str]:
    """Secrets made up for development, the same at every start because they are kept in a private file."""
    path = data_dir / _KEPT
    if not path.exists():
        fresh = {
            "jwt_secret": secrets.token_urlsafe(48),
            "link_secret": secrets.token_urlsafe(48),
            "razorpay_key_id": "rzp_test_" + secrets.token_hex(7),
            "razorpay_key_secret": secrets.token_hex(12),
            "razorpay_webhook_secret": secrets.token_urlsafe(24),
        }
        draft = _draft(path, json.dumps(fresh))
        try:
            os.link(draft, path)  # unlike a rename this never replaces what another process kept first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def keep(data_dir: Path, name: str, value: str) -> None:
    """Keep one more thing with what was made up for development."""
    write_private(data_dir / _KEPT, json.dumps(kept_in(data_dir) | {name: value}))


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody but its owner may read, in one step: who reads it meanwhile sees the old or the new.

    It stays its owner's, and behind a link where it lay there. Raises OSError.
    """
    path = path.resolve()
    draft = _draft(path, text)
    if path.exists():
        os.chown(draft, path.stat().st_uid, path.stat().st_gid)
    draft.replace(path)


def _draft(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    return draft
