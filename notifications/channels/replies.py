"""What a mail server's answer, or its silence, means for the message at hand. Pure.

Three kinds of failure are told apart, because different people act on them: a temporary one is tried again, a
permanent one is a to-do of the office (the address is wrong), a technical one is a to-do of the administrator.
"""

from __future__ import annotations

import ssl
from enum import Enum

import aiosmtplib

from config.terms import DeliveryStatus
from notifications.wording import one_line, shortened

REPLY_LIMIT = 160
"""Characters kept of what a server says."""

SERVICE_CLOSING = 421
"""The server ends the connection with this reply, whatever was asked. Source: RFC 5321 4.2.2."""

_AUTHENTICATION = frozenset({530, 534, 535, 538})
"""Replies about our login, to whichever command they come. Source: RFC 4954 section 6."""

_PERMANENT_FROM = 500


class Stage(Enum):
    """How far opening a connection has got; the value says what is wrong when it gets no further."""

    SETTINGS = "的设置有误：请检查 smtp_host 和 smtp_ca_file"
    CONNECT = "连不上：请检查服务器地址、端口和网络"
    STARTTLS = "不能建立 STARTTLS 加密连接：请检查端口，只有本机服务器才可以设 smtp_starttls = false"
    LOGIN = "不接受登录：请检查 smtp_user 和 smtp_password"


def of_recipient(error: aiosmtplib.SMTPResponseException) -> tuple[DeliveryStatus, str]:
    """Return what a refusal of the recipient or of the content means: 4xx temporary, 5xx permanent."""
    return _meaning(error, DeliveryStatus.PERMANENT), f"对方服务器拒收（{_reply(error)}）"


def of_sender(error: aiosmtplib.SMTPResponseException) -> tuple[DeliveryStatus, str]:
    """Return what a refusal of our own address means: 4xx temporary, 5xx technical, for it is our fault."""
    detail = f"邮件服务器不接受发件人地址（{_reply(error)}）：请检查 mail_from"
    return _meaning(error, DeliveryStatus.TECHNICAL), detail


def of_opening(error: Exception, stage: Stage, server: str) -> tuple[DeliveryStatus, str]:
    """Return what a failure to open a connection to `server` means for everything that waits for it."""
    if isinstance(error, ssl.SSLError):
        why = f"的证书或加密不可信（{_words(error)}）：请用 smtp_ca_file 指明可信的证书"
        return DeliveryStatus.TECHNICAL, f"邮件服务器 {server} {why}"
    said = _reply(error) if isinstance(error, aiosmtplib.SMTPResponseException) else _words(error)
    detail = f"邮件服务器 {server} {stage.value}（{said}）"
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _meaning(error, DeliveryStatus.TECHNICAL), detail
    # Timeouts and lost connections are OSErrors, like a file that is not there; all else comes from our settings.
    passing = isinstance(error, OSError) and stage is not Stage.SETTINGS
    return (DeliveryStatus.TEMPORARY if passing else DeliveryStatus.TECHNICAL), detail


def _meaning(error: aiosmtplib.SMTPResponseException, permanent: DeliveryStatus) -> DeliveryStatus:
    if error.code in _AUTHENTICATION:
        return DeliveryStatus.TECHNICAL
    return permanent if error.code >= _PERMANENT_FROM else DeliveryStatus.TEMPORARY


def _reply(error: aiosmtplib.SMTPResponseException) -> str:
    return shortened(one_line(f"{error.code} {error.message}"), REPLY_LIMIT)


def _words(error: Exception) -> str:
    return shortened(one_line(str(error)) or type(error).__name__, REPLY_LIMIT)
