"""One look into the mailbox: fetch, decide on each mail, file it away, answer.

Fetching and moving are connections of their own; each mail is decided on in a transaction of its own, which also keeps
the mail's row. So whatever is killed, whenever: a mail is met again and known again by its key, and filed once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from config.errors import BadInput, Refused
from config.settings import Settings
from config.terms import MailOutcome
from database import Database, chain, reading, writing
from flows.by_mail.fetched import FetchedReplies, MailFailed
from flows.by_mail.judging import Arrived, judge
from flows.by_mail.workbook import Workbook, workbook_of
from notifications import incoming
from notifications.answering import send_answers
from notifications.letters import Letter, read_letter
from notifications.mailbox import Fetched, ReplyBox
from notifications.queue import Scope
from notifications.replying import own_addresses
from notifications.sender import read_sender
from notifications.wording import one_line, shortened
from supervision import in_force
from supervision.in_force import InForce

_AROUND = 2
"""A mail may be so many times as large as the largest file: base64 adds a third, and text comes on top."""

FAILURE_LIMIT = 200
"""Characters that are kept of an error of our own."""

_TAKEN = frozenset({MailOutcome.FILED, MailOutcome.UNCHANGED, MailOutcome.TO_CONFIRM})


async def fetch_replies(
    database: Database, settings: Settings, plan: str, *, at: datetime, takes_strays: bool = True
) -> FetchedReplies:
    """Look into the mailbox once for the plan of that code, at `at`. Late, twice or concurrently: each mail once.

    `takes_strays`: whether mails that name no plan are this one's to refuse. Raises BadInput for settings that cannot
    work, Refused for a demonstration, NotFetched when the server cannot be used, MailFailed at the end.
    """
    run = await asyncio.to_thread(_begin, database, settings, plan, at, takes_strays)
    await asyncio.to_thread(run.empty)
    answered = await send_answers(database, settings, run.scope, at=at)
    fetched = FetchedReplies(dict(run.outcomes), run.passed, answered, tuple(run.failures))
    if fetched.failures:
        raise MailFailed(fetched) from run.cause
    return fetched


def _begin(database: Database, settings: Settings, plan: str, at: datetime, takes_strays: bool) -> _Run:
    box = ReplyBox(settings)
    with reading(database) as session:
        force = in_force.load(session, plan)
        if force.demonstrated_until is not None:
            raise Refused("演示计划不收取邮件")
        office = read_sender(session, settings, force.plan_id, on=force.today).office
    return _Run(database, settings, plan, force, box, office, at, takes_strays)


@dataclass
class _Run:
    database: Database
    settings: Settings
    plan: str
    force: InForce
    box: ReplyBox
    office: str
    at: datetime
    takes_strays: bool
    outcomes: Counter[str] = field(default_factory=Counter)
    passed: int = 0
    failures: list[str] = field(default_factory=list)
    cause: Exception | None = None

    @property
    def scope(self) -> Scope:
        return Scope(self.force.tenant_id, self.force.plan_id)

    def empty(self) -> None:
        """Decide on everything in the mailbox, batch by batch."""
        done: set[str] = set()
        while True:
            most = self.settings.upload_megabytes * _AROUND * 2**20
            batch = self.box.fetch(most_bytes=most, passing_over=done)
            if not batch.mails:
                return
            moving = {}
            for mail in batch.mails:
                done.add(mail.uid)
                if (folder := self._one(mail)) is not None:
                    moving[mail.uid] = folder
            self.box.file_away(moving, validity=batch.validity)

    def _one(self, mail: Fetched) -> str | None:
        """Decide on one mail and return the folder it goes to; None when it stays where it is."""
        try:
            letter = self._read(mail)
            if not self._is_ours(letter):
                self.passed += 1
                return None
            outcome = self._decided(letter, mail.arrived)
        except Exception as error:  # the others must not wait for it; it is told with the run
            self.cause = self.cause or error
            self.failures.append(
                shortened(one_line(f"邮件 {mail.uid}（{type(error).__name__}：{error}）"), FAILURE_LIMIT)
            )
            return None
        return self.settings.imap_done_folder if outcome in _TAKEN else self.settings.imap_refused_folder

    def _read(self, mail: Fetched) -> Letter:
        return read_letter(
            mail.content, secret=self.settings.reply_secret, own=own_addresses(self.settings),
            trusted=self.settings.mail_authentication_server, whole=mail.whole,
        )  # fmt: skip

    def _is_ours(self, letter: Letter) -> bool:
        plans = {asked.plan_id for asked in letter.asked_in_subject or letter.asked}
        return self.force.plan_id in plans or (self.takes_strays and not plans)

    def _decided(self, letter: Letter, arrived: datetime) -> MailOutcome:
        """Decide on the mail in one transaction, unless it has been met before; return what became of it."""
        arrival = Arrived(letter, self._workbook(letter), arrived)
        with writing(self.database) as session:
            chain.lock(session, self.force.tenant_id)
            if (before := incoming.known(session, self.scope, letter.key)) is not None:
                return before
            force = in_force.load(session, self.plan)
            verdict = judge(session, force, arrival, office=self.office, at=self.at)
            incoming.keep(session, self.scope, letter, verdict, at=self.at)
        self.outcomes[verdict.outcome.value] += 1
        return verdict.outcome

    def _workbook(self, letter: Letter) -> Workbook | BadInput:
        if letter.automatic:
            return BadInput(letter.automatic)
        try:
            return workbook_of(letter, most_megabytes=self.settings.upload_megabytes)
        except BadInput as error:
            return error
