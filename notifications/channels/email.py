"""E-mail by SMTP: connections kept open for a batch, and one refused recipient never stops the others."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiosmtplib

from config.settings import Settings
from config.terms import DeliveryStatus
from notifications.channels.channel import Outcome, Outgoing, Report
from notifications.channels.replies import SERVICE_CLOSING, Stage, of_opening, of_recipient, of_sender
from notifications.facts import Recipient
from notifications.mime import is_address

BATCH_SECONDS = 240
"""After so long no further message of a batch is begun, so that it is settled well within the lease of its claim."""

DROPS_IN_A_ROW = 3
"""Connections that may break without one answer in between; then the server is left alone until the next batch."""

_BROKEN = "与邮件服务器的连接中断"
_UNCONFIRMED = "内容发出后连接中断，没有得到服务器确认，对方可能已经收到；将以同一邮件标识重发"


class _NotUsable(Exception):
    """No connection can be had. Holds what that means for every message that waits for one."""

    def __init__(self, status: DeliveryStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class _Dropped(Exception):
    """The connection broke before the message was handed over: it may safely be tried on another one."""


class _Unanswered(Exception):
    """No answer came, so the message may have arrived: it waits for its next try, it is not sent again at once."""


@dataclass
class _Batch:
    """What the connections of one batch share."""

    waiting: deque[Outgoing]
    stops_at: float
    outcomes: list[Outcome] = field(default_factory=list)
    tried: set[int] = field(default_factory=set)
    drops: int = 0
    trouble: _NotUsable | None = None

    def out_of_time(self) -> bool:
        return asyncio.get_running_loop().time() >= self.stops_at

    def settle(self, outgoing: Outgoing, status: DeliveryStatus, detail: str = "") -> None:
        self.outcomes.append(Outcome(outgoing.message_id, status, detail))

    def put_back(self, outgoing: Outgoing) -> None:
        """Let a message whose connection broke be tried once more, on another one."""
        if outgoing.message_id in self.tried:
            self.settle(outgoing, DeliveryStatus.TEMPORARY, _BROKEN)
        else:
            self.tried.add(outgoing.message_id)
            self.waiting.appendleft(outgoing)


class EmailChannel:
    """Hands mail to the server of the settings, with STARTTLS and login as they say."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server = f"{settings.smtp_host}:{settings.smtp_port}"

    def address_of(self, recipient: Recipient) -> str | None:
        """Return the person's address, None when there is none or it is not one we can send to."""
        return recipient.email if recipient.email and is_address(recipient.email) else None

    async def send(self, batch: Sequence[Outgoing]) -> Report:
        """Send the batch over `smtp_connections` connections; return an outcome for each message that was tried.

        When no connection can be had, all that is left is temporary or technical at once, without trying each.
        """
        if not batch:
            return Report(())
        shared = _Batch(deque(batch), asyncio.get_running_loop().time() + BATCH_SECONDS)
        count = max(1, min(self._settings.smtp_connections, len(batch)))
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(self._work(shared))
        if shared.trouble is None or not shared.waiting:
            return Report(tuple(shared.outcomes))
        for outgoing in shared.waiting:
            shared.settle(outgoing, shared.trouble.status, shared.trouble.detail)
        return Report(tuple(shared.outcomes), usable=False)

    async def _work(self, batch: _Batch) -> None:
        """Send what waits over one connection at a time, until nothing waits or no connection can be had."""
        try:
            while batch.waiting:
                await self._use(await self._opened(), batch)
                if batch.out_of_time():
                    return
                if batch.drops >= DROPS_IN_A_ROW:
                    raise _NotUsable(DeliveryStatus.TEMPORARY, f"邮件服务器 {self._server} 反复中断连接，稍后重发")
        except _NotUsable as trouble:
            batch.trouble = trouble

    async def _use(self, smtp: aiosmtplib.SMTP, batch: _Batch) -> None:
        """Send over this connection until it breaks, nothing waits or time is up; one message at least is tried."""
        while batch.waiting and smtp.is_connected:
            outgoing = batch.waiting.popleft()
            try:
                status, detail = await self._hand_over(smtp, outgoing)
            except _Dropped:
                batch.drops += 1
                batch.put_back(outgoing)
                break
            except _Unanswered as silence:
                batch.drops += 1
                batch.settle(outgoing, DeliveryStatus.TEMPORARY, str(silence))
                break
            batch.drops = 0
            batch.settle(outgoing, status, detail)
            if batch.out_of_time():
                break
        await _close(smtp)

    async def _hand_over(self, smtp: aiosmtplib.SMTP, outgoing: Outgoing) -> tuple[DeliveryStatus, str]:
        """Send one message and return what the server made of it.

        Raises _Dropped while it is certain that it has not been sent, _Unanswered when that is not certain.
        """
        try:
            await smtp.mail(self._settings.mail_from)
            await smtp.rcpt(outgoing.address)
        except aiosmtplib.SMTPResponseException as refusal:
            if refusal.code == SERVICE_CLOSING:
                raise _Dropped from refusal
            await _reset(smtp)
            ours = not isinstance(refusal, aiosmtplib.SMTPRecipientRefused)
            return of_sender(refusal) if ours else of_recipient(refusal)
        except aiosmtplib.SMTPTimeoutError as silence:
            raise _Unanswered(self._in_time()) from silence
        except OSError as broken:
            raise _Dropped from broken
        try:
            await smtp.data(outgoing.content)
        except aiosmtplib.SMTPResponseException as refusal:
            return of_recipient(refusal)
        except OSError as broken:
            raise _Unanswered(_UNCONFIRMED) from broken
        return DeliveryStatus.DELIVERED, ""

    def _in_time(self) -> str:
        return f"邮件服务器 {self._server} 在 {self._settings.smtp_timeout} 秒内没有应答"

    async def _opened(self) -> aiosmtplib.SMTP:
        """Return a connection that is ready to take mail. Raises _NotUsable with the reason in one line."""
        settings, stage, smtp = self._settings, Stage.SETTINGS, None
        try:
            smtp = self._client()
            stage = Stage.CONNECT
            await smtp.connect()
            if settings.smtp_starttls:
                stage = Stage.STARTTLS
                await smtp.starttls()
            await smtp.ehlo()
            if settings.smtp_user:
                stage = Stage.LOGIN
                await smtp.login(settings.smtp_user, settings.smtp_password)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            if smtp is not None:
                smtp.close()
            raise _NotUsable(*of_opening(error, stage, self._server)) from error
        return smtp

    def _client(self) -> aiosmtplib.SMTP:
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            timeout=settings.smtp_timeout,
            start_tls=False,  # done as a step of its own, so that its failure can be told from the others
            tls_context=_trusting(settings.smtp_ca_file) if settings.smtp_starttls else None,
            local_hostname=settings.mail_from.rpartition("@")[2],
        )


def _trusting(ca_file: str) -> ssl.SSLContext:
    """Return a context that checks certificates against the system's authorities and those of `ca_file`.

    Raises OSError when the file cannot be read.
    """
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context


async def _reset(smtp: aiosmtplib.SMTP) -> None:
    """Clear the envelope after a refusal; a connection that cannot be cleared is not used again."""
    try:
        await smtp.rset()
    except (aiosmtplib.SMTPException, OSError):
        smtp.close()


async def _close(smtp: aiosmtplib.SMTP) -> None:
    """Say goodbye if anybody is there; what was answered before stands."""
    try:
        await smtp.quit()
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        smtp.close()
