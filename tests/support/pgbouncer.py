"""PgBouncer in front of a PostgreSQL server, keeping a connection for no longer than a transaction."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.support.processes import free_port
from tests.support.serving import is_open
from tests.support.waiting import until

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
SERVERS = 2
"""Connections of its own, for which those of the shop take turns."""


@contextmanager
def running_pgbouncer(folder: Path, server: str) -> Iterator[str]:
    """Run PgBouncer for the length of a block, as Debian sets it up; the URL of the server's default database."""
    place = str(make_url(server).query["host"])
    port, users, settings = free_port(), folder / "users", folder / "pgbouncer.ini"
    users.write_text('"postgres" ""\n')
    settings.write_text(
        f"[databases]\n* = host={place} port={make_url(server).port or 5432}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = trust\nauth_file = {users}\npool_mode = transaction\ndefault_pool_size = {SERVERS}\n"
    )
    folder.chmod(0o755)
    as_whom = [] if os.geteuid() else ["-u", Path(place).owner()]  # it refuses to be root
    command = [str(PROGRAM), *as_whom, str(settings)]
    with (folder / "pgbouncer.log").open("wb") as log, subprocess.Popen(command, stderr=log) as bouncer:
        try:
            until(lambda: is_open(port), "PgBouncer")
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            bouncer.terminate()
