"""A mail server on loopback that takes everything and counts; run as a process of its own.

Prints its port, then, once its input is closed, how many messages it took and how many different ones.
"""

from __future__ import annotations

import json
import re
import socket
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Counting:
    """Keeps the Message-ID of each message that it took."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        found = _MESSAGE_ID.search(content) if isinstance(content, bytes) else None
        self.taken.append(found[1] if found else b"")
        return "250 OK"


def main() -> None:
    """Serve until the input is closed."""
    sink = Counting()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    print(port, flush=True)
    sys.stdin.read()
    controller.stop()
    print(json.dumps({"taken": len(sink.taken), "different": len(set(sink.taken))}), flush=True)


if __name__ == "__main__":
    main()
