"""A program on 127.0.0.1 that stands for a platform or a gateway: it keeps what it is sent and answers as told."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Said:
    """One request: the method, the path, the query, the headers in small letters, and the body."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What is answered. `after`: seconds of silence first; `drop`: the connection is cut instead."""

    status: int = 200
    body: bytes | dict[str, Any] = b""
    headers: dict[str, str] = field(default_factory=dict)
    after: float = 0.0
    drop: bool = False

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Receiver:
    """What came in, and what is answered: `answers` one by one, then `usual`."""

    url: str = ""
    said: list[Said] = field(default_factory=list)
    answers: list[Reply] = field(default_factory=list)
    usual: Reply | Callable[[Said], Reply] = Reply()
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, said: Said) -> Reply:
        with self.lock:
            self.said.append(said)
            if self.answers:
                return self.answers.pop(0)
        return self.usual(said) if callable(self.usual) else self.usual


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.receiver.answer(Said(self.command, parts.path, parse_qs(parts.query), headers, body))
        time.sleep(reply.after)
        if reply.drop:
            # Nothing is said, and the connection is reset, as by a program that has died.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        try:
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.content)
        except OSError:
            pass  # whoever asked has stopped waiting

    do_POST = do_PUT = do_GET = _serve

    def log_message(self, *args: Any) -> None:
        """Say nothing on the terminal."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that was cut on purpose is no error."""


@contextmanager
def listening(*, certified: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver on a free port of 127.0.0.1, by https when it is given a certificate."""
    receiver = Receiver()
    handler = type("Handler", (_Handler,), {"receiver": receiver})
    server = _Server(("127.0.0.1", 0), handler)
    if certified is not None:
        server.socket = certified.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'https' if certified else 'http'}://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
