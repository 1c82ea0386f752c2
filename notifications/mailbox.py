"""The mailbox to which units answer, over IMAP. Each call has its own connection: none is open in a transaction."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, UnexpectedCommandStatusError

from config.errors import NotFetched
from config.settings import Settings
from notifications.replying import checked
from notifications.wording import one_line, shortened

MAILS_AT_ONCE = 50
"""Mails fetched over one connection."""

BYTES_AT_ONCE = 64 * 1024 * 1024
"""Bytes fetched over one connection, unless a single mail has more: what a batch may hold in memory."""

_LISTED = (
    re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)"), re.compile(rb'\bINTERNALDATE "([^"]+)"'),
)  # fmt: skip
_SAID = 160
"""Characters kept of what a server says."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as the server holds it. `whole` is false when it is too large, and only its headers were fetched."""

    uid: str
    content: bytes
    whole: bool
    arrived: datetime
    """When the server took it in."""


@dataclass(frozen=True)
class Batch:
    """Mails fetched together. `validity`: the server's mark for the numbering of the folder."""

    mails: tuple[Fetched, ...]
    validity: int


class ReplyBox:
    """The mailbox of the settings. Raises BadInput when they cannot be used, NotFetched when the server cannot."""

    def __init__(self, settings: Settings) -> None:
        checked(settings)
        self._settings = settings
        self._server = f"{settings.imap_host}:{settings.imap_port}"

    def fetch(self, *, most_bytes: int, passing_over: Collection[str] = ()) -> Batch:
        """Return the next mails, oldest first, without marking them read; of one beyond `most_bytes` the headers."""
        with self._opened() as box:
            listed = _listed(box)
            waiting = [uid for uid in listed if uid not in passing_over]
            mails: list[Fetched] = []
            held = 0
            for uid in waiting[:MAILS_AT_ONCE]:
                size, arrived = listed[uid]
                whole = size <= most_bytes
                if mails and whole and held + size > BYTES_AT_ONCE:
                    break
                content = _content(box, uid, whole=whole)
                held += len(content)
                if content:  # else somebody has taken it away meanwhile
                    mails.append(Fetched(uid, content, whole, arrived))
            return Batch(tuple(mails), self._validity(box))

    def file_away(self, wanted: Mapping[str, str], *, validity: int) -> None:
        """Move mails, by uid, into the folders named, which are made if need be; one that is gone is no failure.

        Nothing is moved when the folder has been numbered anew since: then the mails are met again, and known again.
        """
        if not wanted:
            return
        with self._opened() as box:
            if self._validity(box) != validity:
                return
            for folder in sorted(set(wanted.values())):
                if not box.folder.exists(folder):
                    box.folder.create(folder)
                    box.folder.subscribe(folder, True)
                _move(box, [uid for uid, to in wanted.items() if to == folder], folder)

    def _validity(self, box: BaseMailBox) -> int:
        return int(box.folder.status(self._settings.imap_folder, ["UIDVALIDITY"])["UIDVALIDITY"])

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        try:
            box = self._connected()
        except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
            raise NotFetched(f"收信服务器 {self._server} {_why_not(error)}（{_words(error)}）") from error
        try:
            self._signed_in(box)
            yield box
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            raise NotFetched(f"收信服务器 {self._server} 没有照办，稍后再试（{_words(error)}）") from error
        finally:
            _close(box)

    def _signed_in(self, box: BaseMailBox) -> None:
        settings = self._settings
        try:
            sign_in = box.login_utf8 if "AUTH=PLAIN" in box.client.capabilities else box.login
            sign_in(settings.imap_user, settings.imap_password, initial_folder=None)
        except (imaplib.IMAP4.error, ImapToolsError, ValueError) as error:
            why = f"不接受登录：请检查 imap_user 和 imap_password（{_words(error)}）"
            raise NotFetched(f"收信服务器 {self._server} {why}") from error
        if "ID" in box.client.capabilities:  # some providers show the folders only to programs that say who they are
            box.client.xatom("ID", '("name" "duban")')
        try:
            box.folder.set(settings.imap_folder)
        except MailboxFolderSelectError as error:
            why = f"打不开文件夹“{settings.imap_folder}”：请检查 imap_folder（{_words(error)}）"
            raise NotFetched(f"收信服务器 {self._server} {why}") from error

    def _connected(self) -> BaseMailBox:
        settings = self._settings
        host, port, timeout = settings.imap_host, settings.imap_port, settings.imap_timeout
        if settings.imap_tls == "none":
            return MailBoxUnencrypted(host, port, timeout)
        trusting = ssl.create_default_context()
        if settings.imap_ca_file:
            trusting.load_verify_locations(cafile=settings.imap_ca_file)
        if settings.imap_tls == "starttls":
            return MailBoxStartTls(host, port, timeout=timeout, ssl_context=trusting)
        return MailBox(host, port, timeout=timeout, ssl_context=trusting)


def _move(box: BaseMailBox, uids: list[str], folder: str) -> None:
    """Move the mails that are still there: somebody may be moving the same ones."""
    try:
        box.move(uids, folder)
    except UnexpectedCommandStatusError:
        there = set(box.uids("ALL", charset=None))
        left = [uid for uid in uids if uid in there]
        if len(left) == len(uids):
            raise
        if left:
            box.move(left, folder)


def _listed(box: BaseMailBox) -> dict[str, tuple[int, datetime]]:
    """Return size in bytes and arrival of each mail in the folder by uid, oldest first."""
    uids = box.uids("UNDELETED", charset=None)
    if not uids:
        return {}
    # By its ends, for a full mailbox has more numbers than a command may be long.
    _, data = box.client.uid("FETCH", f"{uids[0]}:{uids[-1]}", "(UID RFC822.SIZE INTERNALDATE)")
    found, wanted = {}, frozenset(uids)
    for line in (each for each in data if isinstance(each, bytes)):
        uid, size, arrived = (pattern.search(line) for pattern in _LISTED)
        if uid and size and arrived and uid[1].decode() in wanted:
            at = datetime.strptime(arrived[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z")
            found[uid[1].decode()] = int(size[1]), at
    return dict(sorted(found.items(), key=lambda each: int(each[0])))


def _content(box: BaseMailBox, uid: str, *, whole: bool) -> bytes:
    """Return the mail, or its headers, byte for byte."""
    part = "BODY.PEEK[]" if whole else "BODY.PEEK[HEADER]"
    _, data = box.client.uid("FETCH", uid, f"({part})")
    return next((bytes(each[1]) for each in data if isinstance(each, tuple)), b"")


def _why_not(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "的证书或加密不可信：请用 imap_ca_file 指明可信的证书，并核对 imap_tls"
    if isinstance(error, FileNotFoundError):
        return "的证书文件打不开：请检查 imap_ca_file"
    return "连不上：请检查 imap_host、imap_port、imap_tls 和网络"


def _words(error: Exception) -> str:
    found = getattr(error, "command_result", None)
    said = found[1][0] if found and len(found) > 1 and found[1] else str(error)
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return shortened(one_line(text) or type(error).__name__, _SAID)


def _close(box: BaseMailBox) -> None:
    """Say goodbye if anybody is there; what was answered before stands."""
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        pass
