"""A mail as it came in, in the terms that decide what becomes of it: who writes, about what, is it a person. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser

from notifications.attachments import (
    Attachment,
    attachments_of,
    content_of,
    decoded_header,
    has_mail_inside,
    texts_in,
)
from notifications.tokens import Asked, asked_in
from notifications.wording import one_line, shortened

SUBJECT_KEPT = 300
"""Characters that are kept of a subject."""

ID_KEPT = 400
"""Characters that are kept of a Message-ID."""

TEXT_READ = 1024 * 1024
"""Bytes of the text in which reply numbers are looked for."""

_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_ROBOTS = re.compile(r"(mailer-daemon|postmaster|no-?reply|bounces?)(?=@|[+-].*@)", re.I)
_MARKS_OF_ROBOTS = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "List-Id", "X-Failed-Recipients")
_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_FROM = re.compile(r"(?:[^<>,;]*<\s*(?P<named>[^<>,;\s]+@[^<>,;\s]+)\s*>|(?P<bare>[^<>,;\s]+@[^<>,;\s]+))")
_RESULT = re.compile(r"\s*(?P<method>spf|dkim|dmarc)\s*=\s*(?P<result>[a-z]+)", re.I)


@dataclass(frozen=True)
class Letter:
    """One mail. `sender` is the one address it says it is from, in small letters; empty when there is none or several.

    `key` is the same for the same mail however often it comes: from its Message-ID, its sender and its files.
    `asked` is what its valid reply numbers name: in the subject, or anywhere. `forged` is what the trusted server found
    wrong with the sender, `automatic` why nobody is to be answered; both are empty otherwise. `whole` is false when
    only the headers were read, because the rest is too large or no mail that a program writes.
    """

    key: str
    message_id: str
    sender: str
    subject: str
    references: str
    asked_in_subject: frozenset[Asked]
    asked: frozenset[Asked]
    forged: str
    automatic: str
    attachments: tuple[Attachment, ...]
    mail_inside: bool
    whole: bool


def read_letter(content: bytes, *, secret: str, own: frozenset[str], trusted: str = "", whole: bool = True) -> Letter:
    """Return what came in as `content`. Anything that can be sent can be read.

    `own`: our addresses, in small letters. `trusted`: the name under which our own mail server writes its
    Authentication-Results; empty: nobody's are believed. `whole` is false for headers alone.
    """
    try:
        mail = message_from_bytes(content)
    except RecursionError:  # parts in parts in parts, deeper than any program writes
        mail, whole = BytesHeaderParser().parsebytes(content), False
    header = _Headers(mail)
    sender, subject = _sender(header.raw("From")), header.one("Subject")
    thread = " ".join(header.all("References") + header.all("In-Reply-To"))
    files = attachments_of(mail) if whole else ()
    in_subject = asked_in(subject, secret)
    return Letter(
        key=_key(header.one("Message-ID"), sender, files, content),
        message_id=shortened(header.one("Message-ID"), ID_KEPT),
        sender=sender,
        subject=shortened(subject, SUBJECT_KEPT),
        references=thread,
        asked_in_subject=in_subject,
        asked=in_subject | asked_in(thread, secret) | (asked_in(_text(mail), secret) if whole else frozenset()),
        forged=_forged(header.all("Authentication-Results"), trusted),
        automatic=_automatic(mail, header, sender, own),
        attachments=files,
        mail_inside=whole and has_mail_inside(mail),
        whole=whole,
    )


class _Headers:
    """Headers in words, whatever bytes they are made of."""

    def __init__(self, mail: Message) -> None:
        self._all = [(name.lower(), str(value)) for name, value in mail.raw_items()]

    def all(self, name: str) -> list[str]:
        return [decoded_header(value) for known, value in self._all if known == name.lower()]

    def raw(self, name: str) -> list[str]:
        return [value for known, value in self._all if known == name.lower()]

    def one(self, name: str) -> str:
        return next(iter(self.all(name)), "")


def _sender(values: list[str]) -> str:
    """Return the one address of the one From. Read before anything in it is decoded: a name may hold any address."""
    if len(values) != 1:
        return ""
    found = _FROM.fullmatch(_COMMENT.sub(" ", _QUOTED.sub(" ", " ".join(values[0].split()))).strip())
    return (found["named"] or found["bare"]).lower() if found else ""


def _key(message_id: str, sender: str, files: tuple[Attachment, ...], content: bytes) -> str:
    """Return the SHA-256 by which the mail is known again. Files are in it: some programs use one Message-ID twice."""
    digest = hashlib.sha256(f"{message_id}\n{sender}\n".encode("utf-8", "replace"))
    for file in files:
        digest.update(hashlib.sha256(file.content or b"").digest())
    if not message_id:
        digest.update(content)
    return digest.hexdigest()


def _text(mail: Message) -> str:
    found, left = [], TEXT_READ
    for part in texts_in(mail):
        content = (content_of(part) or b"")[:left]
        found.append(content.decode("ascii", "ignore"))
        left -= len(content)
    return " ".join(found)


def _forged(results: list[str], trusted: str) -> str:
    """Return what our own server found wrong with the sender, by the first header that bears its name.

    DMARC, where it was looked at, has weighed the other two already. Source: RFC 8601, RFC 7489 section 6.6.2.
    """
    ours = next((found for each in results if (found := _results_of(each, trusted)) is not None), None)
    if not trusted or not ours:
        return ""
    decisive = {"dmarc": ours["dmarc"]} if "dmarc" in ours else ours
    return "、".join(f"{method}=fail" for method, result in decisive.items() if result == "fail")


def _results_of(value: str, trusted: str) -> dict[str, str] | None:
    """Return result by method (a fail before anything else); None when another server says so."""
    while (bare := _COMMENT.sub(" ", value)) != value:
        value = bare
    name, *parts = value.split(";")
    if name.split()[:1] != [trusted]:
        return None
    found: dict[str, str] = {}
    for result in filter(None, map(_RESULT.match, parts)):
        method, verdict = result["method"].lower(), result["result"].lower()
        passed = found.get(method) == "pass"  # one signature that holds is enough
        found[method] = found[method] if passed else verdict
    return found


def _automatic(mail: Message, header: _Headers, sender: str, own: frozenset[str]) -> str:
    """Return why this is no letter of a person; empty when it may be one. Source: RFC 3834 section 2."""
    if not sender:
        return "发件人不明"
    if sender in own:
        return "本系统自己的地址"
    said = header.one("Auto-Submitted").partition(";")[0].strip().lower()
    if said not in ("", "no"):
        return "自动发送的邮件（Auto-Submitted）"
    if header.one("Precedence").lower() in _BULK or any(header.all(mark) for mark in _MARKS_OF_ROBOTS):
        return "自动回复或群发邮件"
    if mail.get_content_type() == "multipart/report" or "<>" in header.raw("Return-Path"):
        return "退信或送达报告"
    return "系统退信地址" if _ROBOTS.match(one_line(sender)) else ""
