"""What hangs on a mail: its files under their own names, whatever program wrote it. Pure.

Chinese file names come in three ways that the standard library does not all read: as RFC 2231 says, as encoded words,
and as bare bytes in UTF-8 or GB18030.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.utils import decode_rfc2231
from urllib.parse import unquote_to_bytes

from notifications.wording import one_line, shortened

NAME_LIMIT = 120
"""Characters that are kept of a file's name, the ending included."""

TNEF = "application/ms-tnef"
"""What Outlook packs everything into when it writes rich text."""

_NAMES_OF_GB = frozenset({"gb2312", "gbk", "gb18030", "x-gbk", "cp936", "euc-cn", "unknown-8bit"})
"""What mail programs call the Chinese character sets: all are read as the largest of them."""

_FIELDS = (("Content-Disposition", "filename"), ("Content-Type", "name"))


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a mail. `content` is None when its transfer encoding is damaged."""

    name: str
    media_type: str
    content: bytes | None

    @property
    def ending(self) -> str:
        """Return the ending of the name in small letters, with its dot; empty when it has none."""
        dot = self.name.rfind(".")
        return self.name[dot:].lower() if dot > 0 else ""


def attachments_of(mail: Message) -> tuple[Attachment, ...]:
    """Return the files of the mail itself, not those of mails inside it; pictures in the text are none."""
    return tuple(_files(mail))


def has_mail_inside(mail: Message) -> bool:
    """Return whether another mail hangs on this one (forwarded as an attachment)."""
    return any(part.get_content_type() == "message/rfc822" for part in _parts(mail))


def decoded_header(value: str) -> str:
    """Return a header in words: encoded words and bare bytes read, in one line."""
    try:
        parts = decode_header(value) if value.isascii() else [(value, None)]
    except (ValueError, binascii.Error):
        parts = [(value, None)]
    return one_line("".join(_words(text, charset) for text, charset in parts))


def content_of(part: Message) -> bytes | None:
    """Return the bytes of a part; None when their encoding is damaged."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return None
    damaged = any("Base64" in type(defect).__name__ for defect in part.defects)
    return content if isinstance(content, bytes) and not damaged else None


def texts_in(mail: Message) -> Iterator[Message]:
    """Yield the parts that hold the text of the mail itself."""
    for part in _parts(mail):
        if part.get_content_maintype() == "text" and not _name(part):
            yield part


def _files(mail: Message) -> Iterator[Attachment]:
    for part in _parts(mail):
        name, kind = _name(part), part.get_content_type()
        if part.is_multipart() or kind == "message/rfc822" or (kind.startswith("image/") and _is_in_text(part)):
            continue
        if kind == TNEF or name.lower() == "winmail.dat":
            yield Attachment(name or "winmail.dat", TNEF, content_of(part))
        elif name or (part.get_content_maintype() not in {"text", "multipart"} and part.get_content_disposition()):
            yield Attachment(name or "未命名附件", kind, content_of(part))


def _parts(mail: Message) -> Iterator[Message]:
    """Yield the parts of a mail, without going into mails that hang on it."""
    waiting: list[Message] = [mail]
    while waiting:
        part = waiting.pop(0)
        yield part
        if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
            waiting = [*part.get_payload(), *waiting]


def _is_in_text(part: Message) -> bool:
    return part.get_content_disposition() == "inline" or "Content-ID" in part


def _name(part: Message) -> str:
    """Return the file's name by whatever header and in whatever encoding; without folders; empty for none."""
    for header, parameter in _FIELDS:
        raw = next((value for name, value in part.raw_items() if name.lower() == header.lower()), None)
        if raw is None:
            continue
        readable = Message()
        readable[header] = _from_bytes(raw.encode("utf-8", "surrogateescape")) if not raw.isascii() else raw
        found = readable.get_param(parameter, header=header)
        if found is not None:
            return _kept(_text(found))
    return ""


def _text(found: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(found, tuple):  # as RFC 2231 says
        charset, _, value = found
        return _words(value.encode("latin-1", "replace"), charset or "ascii")
    if found.lower().startswith(("utf-8''", "gb2312''", "gbk''", "gb18030''")):  # 2231 in a parameter without its star
        charset, _, value = decode_rfc2231(found)
        return _words(unquote_to_bytes(value or ""), charset)
    return decoded_header(found)


def _kept(name: str) -> str:
    """Return the name in one line, without the folders that old programs put before it, ending kept."""
    bare = one_line(name).replace("\\", "/").rpartition("/")[2].strip()
    if len(bare) <= NAME_LIMIT:
        return bare
    stem, dot, ending = bare.rpartition(".")
    return shortened(stem, NAME_LIMIT - len(ending) - 1) + dot + ending if len(ending) < 10 else bare[:NAME_LIMIT]


def _words(text: str | bytes, charset: str | None) -> str:
    if isinstance(text, str):
        return text if not _has_bare_bytes(text) else _from_bytes(text.encode("utf-8", "surrogateescape"))
    if charset is None or charset.lower() in _NAMES_OF_GB:
        return _from_bytes(text)
    try:
        return text.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return _from_bytes(text)


def _has_bare_bytes(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)


def _from_bytes(content: bytes) -> str:
    """Return text of an unnamed encoding: UTF-8 when it is that, else GB18030."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")
