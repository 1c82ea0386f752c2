"""Mails as a mail program reads them."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser


def mail_of(content: bytes) -> EmailMessage:
    """Return what came in."""
    return BytesParser(policy=policy.default).parsebytes(content)


def plain_of(mail: EmailMessage) -> str:
    """Return the text that a program shows which knows no HTML."""
    part = mail.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    text: str = part.get_content()
    return text
