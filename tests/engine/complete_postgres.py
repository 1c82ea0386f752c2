"""A PostgreSQL server with its usual extensions, which the wheel of the other tests lacks: Prefect asks for pg_trgm."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from needed import missing
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

_DEBIAN = Path("/usr/lib/postgresql")
_OWNER = "postgres"
"""Who runs the server where the tests run as root, which PostgreSQL refuses: the user that the package brings."""


@contextmanager
def complete_postgres() -> Iterator[URL]:
    """Give the address of a server on loopback that ends with the block. Skipped, or failed in CI, without one."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="duban-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _OWNER, _OWNER)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
    data = folder / "data"
    _run(folder, programs / "initdb", "-D", data, "-U", _OWNER, "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    _run(folder, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield URL.create("postgresql+psycopg", _OWNER, host="127.0.0.1", port=port, database=_OWNER)
    finally:
        _run(folder, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def create(server: URL, name: str, template: str = "template1") -> str:
    """Create a database and return its address, with the password in it if there is one."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    admin.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def _programs() -> Path:
    __tracebackhide__ = True
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb"), shutil.which("postgres")] if found]
    debian = sorted(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name)) if _DEBIAN.exists() else []
    for folder in [*on_path, *reversed(debian)]:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    missing("initdb is missing: apt-get install postgresql")


def _run(folder: Path, *command: object) -> None:
    user = _OWNER if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, user=user, group=user, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
