"""A unit that answers by mail: its mailbox and its mails, and what the office's program does with them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from filings import a_csv
from form_workbooks import Form, form_of
from imap_server import PASSWORD, Mailbox
from mails import mail_of
from reporting_office import Office, at
from sqlalchemy import select
from sqlmodel import col

from config.settings import Settings
from database import reading, writing
from flows.by_mail.fetched import FetchedReplies
from flows.by_mail.fetching import fetch_replies
from models import FormDraft, IncomingMail, Person, ReportingRequest
from notifications.tokens import Asked, reply_number

SECRET = "0123456789abcdef0123"
OURS = "duban@office.example"
LIAISON, HEAD = "330102.liaison", "330102.head"
FIGURES = {"T01": "480", "T02": "100"}
_numbers = count(1)


class Sink:
    """A mail server that keeps what it is handed."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = mail_of(envelope.content)
        mail["X-To"] = envelope.rcpt_tos[0]
        self.received.append(mail)
        return "250 taken"


class Listening(Controller):
    """A sink on any free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class Correspondence:
    """The office with its mailbox, and the people of 上城区 with their addresses."""

    office: Office
    mailbox: Mailbox
    sink: Sink
    settings: Settings
    number: int = field(init=False)

    def __post_init__(self) -> None:
        self.office.open("07-01")
        with writing(self.office.database) as session:
            for person in session.scalars(select(Person)):
                person.email = f"{person.login}@unit.example"
        self.number = self.request("330102")

    def request(self, unit: str) -> int:
        with reading(self.office.database) as session:
            return session.scalars(
                select(col(ReportingRequest.id)).where(
                    col(ReportingRequest.unit_id) == self.office.force.unit_id(unit),
                    col(ReportingRequest.period) == "2022Q2",
                )
            ).first() or 0  # fmt: skip

    def number_of(self, request: int = 0) -> str:
        return reply_number(SECRET, Asked(self.office.force.plan_id, request or self.number))

    def workbook(self, values: Mapping[str, Any] = FIGURES) -> bytes:
        return Form(form_of(self.office)).fill(values, note="已核对").saved()

    def send(self, *files: tuple[str, bytes], by: str = LIAISON, **changes: Any) -> EmailMessage:
        mail = self.letter(*files, by=by, **changes)
        self.mailbox.put(mail.as_bytes())
        return mail

    def letter(
        self, *files: tuple[str, bytes], by: str = LIAISON, subject: str | None = None, body: str = "报表见附件。\n",
        headers: Mapping[str, str] | None = None, message_id: str = "",
    ) -> EmailMessage:  # fmt: skip
        mail = EmailMessage()
        mail["From"] = f"某人 <{by}@unit.example>" if "@" not in by else by
        mail["To"] = OURS
        mail["Subject"] = f"回复：【报送】季报 [{self.number_of()}]" if subject is None else subject
        mail["Message-ID"] = message_id or f"<letter-{next(_numbers)}@unit.example>"
        for name, value in (headers or {}).items():
            mail[name] = value
        mail.set_content(body)
        for name, content in files:
            mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        return mail

    def fetch(self, when: str = "07-04", **changes: Any) -> FetchedReplies:
        given = Settings(**{**vars(self.settings), **changes})
        return asyncio.run(fetch_replies(self.office.database, given, "", at=at(when)))

    def rows(self) -> list[tuple[str, str]]:
        """Return outcome and detail of the mails met, in their order."""
        with reading(self.office.database) as session:
            rows = session.scalars(select(IncomingMail).order_by(col(IncomingMail.id)))
            return [(row.outcome.value, row.detail) for row in rows]

    def answers(self) -> list[tuple[str, str]]:
        """Return to whom the answers went and what they say, in their order."""
        return [(str(mail["X-To"]), _text(mail)) for mail in self.sink.received]

    def draft(self) -> FormDraft | None:
        with reading(self.office.database) as session:
            found = session.scalars(select(FormDraft).where(col(FormDraft.request_id) == self.number)).one_or_none()
            if found is not None:
                session.expunge(found)
            return found


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def reaching(mailbox: Mailbox, home: Path, smtp_port: int) -> Settings:
    return Settings(
        home=home, mail_from=OURS, imap_host="127.0.0.1", imap_port=mailbox.port, imap_tls="none",
        imap_user=mailbox.user, imap_password=PASSWORD, imap_timeout=10, reply_secret=SECRET,
        smtp_host="127.0.0.1", smtp_port=smtp_port, smtp_starttls=False, smtp_timeout=5,
    )  # fmt: skip


def a_sheet_file(values: Mapping[str, str] = FIGURES) -> bytes:
    return a_csv([(code, value, "已核对") for code, value in values.items()])


def a_file(name: str = "报表.xlsx", content: bytes = b"x") -> tuple[str, bytes]:
    return name, content


Files = Sequence[tuple[str, bytes]]
