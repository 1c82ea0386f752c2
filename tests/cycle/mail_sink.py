"""A real mail server on loopback that keeps what it takes, and does not take everything."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from random import Random

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_IDENTITY = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)

TAKEN, TRY_LATER, UNKNOWN = "250 OK", "451 4.3.0 try later", "550 5.1.1 no such mailbox"


@dataclass(frozen=True)
class Mail:
    """A mail that was taken: for whom, its Message-ID, and the day on which it came."""

    address: str
    identity: str
    day: date


@dataclass
class MailSink:
    """Knows not every mailbox, and on some days cannot take mail for some of them; the same ones for the same seed."""

    seed: int
    unknown: frozenset[str] = frozenset()
    trouble: float = 0.0
    """The share of mailboxes that have trouble on a day."""
    today: date = date.min
    taken: list[Mail] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return UNKNOWN
        if Random(f"{self.seed} {address} {self.today}").random() < self.trouble:
            return TRY_LATER
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        found = _IDENTITY.search(envelope.content)
        assert found is not None
        self.taken.append(Mail(envelope.rcpt_tos[0], found[1].decode(), self.today))
        return TAKEN


class _OnAnyPort(Controller):
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def serving(sink: MailSink) -> Iterator[int]:
    """Serve `sink` on a free port of loopback and give the port."""
    controller = _OnAnyPort(sink, hostname="127.0.0.1", port=0)
    controller.start()
    yield controller.port
    controller.stop()
