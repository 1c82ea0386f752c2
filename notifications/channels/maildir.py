"""Mails as files, when no mail server is set: a Maildir that any mail program can open."""

from __future__ import annotations

import asyncio
import mailbox
import os
from collections.abc import Sequence
from pathlib import Path

from config.settings import Settings
from config.terms import DeliveryStatus
from notifications.channels.channel import Outcome, Outgoing, Report
from notifications.facts import Recipient
from notifications.mime import is_address
from notifications.wording import one_line

FOLDER = "mail"
"""Where the Maildir stands, under the installation's home."""

NOWHERE = "localhost.invalid"
"""The domain of people without an address: reserved, so that nothing can ever be sent there (RFC 2606)."""


class MaildirChannel:
    """Writes each message once: a message that is there already, read or unread, is not written again."""

    def __init__(self, settings: Settings) -> None:
        self.folder = Path(settings.home) / FOLDER

    def address_of(self, recipient: Recipient) -> str:
        """Return the person's address, or one made of the login: it only stands in the header."""
        if recipient.email and is_address(recipient.email):
            return recipient.email
        made = f"{recipient.login}@{NOWHERE}"
        return made if is_address(made) else f"person-{recipient.person_id}@{NOWHERE}"

    async def send(self, batch: Sequence[Outgoing]) -> Report:
        """Write the batch, in a thread: files block."""
        return await asyncio.to_thread(self._write_all, batch)

    def _write_all(self, batch: Sequence[Outgoing]) -> Report:
        try:
            there = self._opened()
            drafts = {self._draft(each): self.folder / "new" / each.name for each in batch if each.name not in there}
            # Each step for the whole batch: a file system makes many files safe at once faster than one by one.
            for draft in drafts:
                _sync(draft)
            for draft, mail in drafts.items():
                draft.replace(mail)
            _sync(self.folder / "new")
        except OSError as error:
            return self._trouble(batch, error)
        return Report(tuple(Outcome(each.message_id, DeliveryStatus.DELIVERED) for each in batch))

    def _trouble(self, batch: Sequence[Outgoing], error: OSError) -> Report:
        """Report the whole batch as not delivered: what was written is found again when it is sent again."""
        detail = f"邮件目录 {self.folder} 无法写入（{one_line(error.strerror or str(error))}）：请检查磁盘空间和写权限"
        outcomes = tuple(Outcome(each.message_id, DeliveryStatus.TECHNICAL, detail) for each in batch)
        return Report(outcomes, usable=False)

    def _opened(self) -> set[str]:
        """Make the Maildir if need be; return the names of the messages in it, without the marks of mail programs."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(self.folder, create=True)
        return {name.partition(":")[0] for part in ("new", "cur") for name in os.listdir(self.folder / part)}

    def _draft(self, outgoing: Outgoing) -> Path:
        """Write under tmp, from where it appears under new as a whole; return where."""
        draft = self.folder / "tmp" / f"{outgoing.name}.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(outgoing.content)
        return draft


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before anything is called delivered."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
