"""The child's own program: one Prefect server on a socket it is handed, for as long as its parent lives.

Run as `python -P -m flows.engine_server FD`. FD is a listening socket; standard input is a pipe whose other end
the parent holds and never writes to. However the parent ends, killed at once included, the pipe closes with it
and the server stops.
"""

from __future__ import annotations

import os
import socket
import sys
import threading

import uvicorn

GRACE_SECONDS = 3
"""How long a request in hand may take once the parent is gone."""


def main(fd: int) -> None:
    """Serve on the listening socket `fd` until standard input closes."""
    config = uvicorn.Config(
        "prefect.server.api.server:create_app",
        factory=True,
        lifespan="on",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_stop_with_parent, args=(server,), daemon=True, name="parent-watch").start()
    server.run(sockets=[socket.socket(fileno=fd)])


def _stop_with_parent(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    server.should_exit = True
    threading.Event().wait(2 * GRACE_SECONDS)
    os._exit(0)  # still importing, or a service of the server hangs: the parent is gone, nobody else would end it


if __name__ == "__main__":
    main(int(sys.argv[1]))
