"""From words to the bytes of a mail. Pure: the same message and the same instant give the same bytes.

The old MIME classes are used on purpose: composing with EmailMessage costs three times as much, and composing is
what bounds a large batch.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import Compat32
from email.utils import format_datetime
from functools import lru_cache

from config.clock import ZONE
from notifications.facts import Sender
from notifications.messages import Rendered
from notifications.wording import one_line, shortened

NAME_LIMIT = 64
"""Characters of a display name: longer ones are cut, the address behind them is not."""

ADDRESS_LIMIT = 254
"""Characters of an address. Source: RFC 5321 4.5.3.1.3, less the angle brackets."""

NAME_LENGTH = 40
"""Hex digits of a message's name: 160 bits, and a Message-ID that still fits on its line."""

MAILBOXES_KEPT = 4096
"""Encoded mailboxes kept: the sender's, and those of people who get several messages."""

_BOUNDARY = "=_duban_="
"""Stands in no part, because parts are base64: nothing has to be searched, and the bytes stay the same."""

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def is_address(text: str) -> bool:
    """Return whether `text` is a mail address we can send to: one plain ASCII mailbox, nothing around it."""
    return len(text) <= ADDRESS_LIMIT and _ADDRESS.fullmatch(text) is not None


def name_of(plan_id: int, key: str) -> str:
    """Return what a message is called outside the database: from the SHA-256 of plan and message key, in hex.

    It makes the Message-ID and the name of the file in a Maildir, so that a message sent again is known again.
    """
    return hashlib.sha256(f"{plan_id}/{key}".encode()).hexdigest()[:NAME_LENGTH]


def compose(rendered: Rendered, sender: Sender, *, key: str, name: str, address: str, at: datetime) -> bytes:
    """Return the mail to `name` at `address`, dated `at`: UTF-8, text and HTML side by side.

    `key` is the message's key in the database. `address` must hold to `is_address`.
    """
    called = name_of(sender.plan_id, key)
    mail = MIMEMultipart("alternative", boundary=_BOUNDARY)
    mail["From"] = _mailbox("From", sender.office, sender.address)
    mail["To"] = _mailbox("To", name, address)
    mail["Subject"] = Header(rendered.subject, "utf-8", header_name="Subject").encode()
    mail["Date"] = format_datetime(at.astimezone(ZONE))
    mail["Message-ID"] = f"<{called}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if sender.reply_to:
        mail["Reply-To"] = sender.reply_to
    mail.attach(_part("plain", rendered.text))
    mail.attach(_part("html", rendered.html))
    return mail.as_bytes(policy=_AS_WRITTEN)


def _part(subtype: str, text: str) -> MIMENonMultipart:
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(text.encode()).decode("ascii"))
    return part


class _AsWritten(Compat32):
    """Leaves header lines as they are: they are encoded and folded already, and doing it again is half the cost."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}\n".encode("ascii")


_AS_WRITTEN = _AsWritten()


@lru_cache(maxsize=MAILBOXES_KEPT)
def _mailbox(field: str, name: str, address: str) -> str:
    shown = shortened(one_line(name), NAME_LIMIT)
    if not shown:
        return address
    header = Header(shown, "utf-8", header_name=field)
    header.append(f"<{address}>", "us-ascii")
    return header.encode()
