"""Write the next migration: what the models say and the tables of a throw-away database don't."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ROOT / "alembic" / "versions"
_BIN = Path(sys.executable).parent


def main(message: str) -> None:
    """Write the migration and say where it is; it is a draft, to be read before it is kept."""
    message = message.strip().rstrip(".")
    if not message or "\n" in message:
        sys.exit('Say in a line what changes: make migration m="Add notes to orders"')
    number = f"{max((int(path.name[:4]) for path in VERSIONS.glob('[0-9]*.py')), default=0) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/shop.db"
        _alembic(url, "upgrade", "head")
        _alembic(url, "revision", "--autogenerate", "--rev-id", number, "--message", message)
    [file] = VERSIONS.glob(f"{number}_*.py")
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "# ###" not in line), encoding="utf-8")  # what is said below
    subprocess.run([_BIN / "ruff", "format", "--quiet", file], check=True)
    print(f"Wrote {file.relative_to(ROOT)}. Read it: what only a person knows, such as a new name, is not in it.")


def _alembic(database_url: str, *arguments: str) -> None:
    """Run alembic on a database; ends the program with what it says when it fails."""
    environment = {**os.environ, "DATABASE_URL": database_url}
    command = [sys.executable, "-m", "alembic", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
