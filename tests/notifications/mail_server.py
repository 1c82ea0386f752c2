"""A real SMTP server on loopback that does as it is told: takes, refuses, drops, keeps silent."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from mails import mail_of

DROP = "drop"
"""In place of a reply: the connection is cut."""

SILENCE = "silence"
"""In place of a reply: none comes."""


@dataclass
class MailServer:
    """Keeps what it took. `replies` and `data_replies` say, by address, what it answers instead of taking."""

    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    data_replies: dict[str, str] = field(default_factory=dict)
    drop_once: set[str] = field(default_factory=set)
    drop_after: int = 0
    """Cut each connection when it brings more messages than that; 0: never."""
    asked: Counter[str] = field(default_factory=Counter)
    connections: int = 0
    secure: int = 0
    logins: list[str] = field(default_factory=list)

    @property
    def recipients(self) -> list[str]:
        return [address for address, _ in self.received]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked[address] += 1
        reply = self.replies.get(address, "")
        if self.drop_after and getattr(session, "taken", 0) >= self.drop_after:
            reply = DROP
        if address in self.drop_once:
            self.drop_once.discard(address)
            reply = DROP
        if reply:
            return await self._instead(server, reply)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append((address, mail_of(content)))
        reply = self.data_replies.get(address, "")
        if reply:
            if reply not in {DROP, SILENCE}:
                self.received.pop()
            return await self._instead(server, reply)
        self.secure += session.ssl is not None
        session.taken = getattr(session, "taken", 0) + 1
        return "250 taken"

    async def _instead(self, server: SMTP, reply: str) -> str:
        if reply == SILENCE:
            await asyncio.sleep(3600)
        if reply == DROP:
            server.transport.abort()
        return reply

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data == LoginPassword(b"duban", b"secret"), handled=False)


class _Counting(Controller):
    """Counts connections, but not the one that Controller makes to see whether it runs."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # it was started on any free port
        super()._trigger_server()

    def factory(self) -> SMTP:
        self.handler.connections += 1
        return super().factory()


def start(
    server: MailServer, *, tls: ssl.SSLContext | None = None, auth: bool = False, require_tls: bool = True
) -> _Counting:
    """Start `server` on a free port of loopback; the caller stops the controller."""
    options: dict[str, Any] = {}
    if tls is not None:
        options |= {"tls_context": tls, "require_starttls": require_tls}
    if auth:
        options |= {"authenticator": server.authenticate, "auth_required": True, "auth_require_tls": tls is not None}
    controller = _Counting(server, hostname="127.0.0.1", port=0, **options)
    controller.start()
    server.connections = 0
    return controller
