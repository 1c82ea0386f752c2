"""How logins, codes and addresses are written, whoever types them and wherever."""

from __future__ import annotations

import re

from config.errors import BadInput

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def code(text: str, what: str) -> str:
    """Return `text` when it can be a login or a code: letters, digits, dots, dashes and underscores."""
    if not _CODE.fullmatch(text):
        raise BadInput(f"{what}“{text}”不合要求：只用字母、数字和 . - _，以字母或数字开头，最多 64 位")
    return text


def email(text: str) -> str:
    """Return `text` when it has the form of an e-mail address."""
    if not _EMAIL.fullmatch(text):
        raise BadInput(f"“{text}”不是电子邮件地址")
    return text
