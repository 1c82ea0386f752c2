"""Whether and where units may answer by mail, as the settings say."""

from __future__ import annotations

from config.errors import BadInput
from config.settings import Settings
from notifications.mime import is_address
from notifications.tokens import SECRET_LENGTH
from notifications.wording import one_line

WAYS = ("tls", "starttls", "none")
"""What `imap_tls` may say; `none` for a server on this machine alone."""

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def checked(settings: Settings) -> None:
    """Raise BadInput, saying what to set, unless replies can be asked for and fetched with these settings."""
    if not settings.imap_host:
        raise BadInput("尚未设置收信邮箱：请设 DUBAN_IMAP_HOST、DUBAN_IMAP_USER 等，见 README 的设置表")
    if settings.imap_tls not in WAYS:
        raise BadInput(f"设置项 imap_tls 应为 {'、'.join(WAYS)} 之一，现为“{one_line(settings.imap_tls)}”")
    if settings.imap_tls == "none" and settings.imap_host not in _LOOPBACK:
        raise BadInput("设置项 imap_tls = none 只可用于本机的收信服务器，其他服务器请用 tls 或 starttls")
    if len(settings.reply_secret) < SECRET_LENGTH:
        raise BadInput(
            f"设了 imap_host，就要设 reply_secret（至少 {SECRET_LENGTH} 个字符，可用 openssl rand -hex 20 生成）："
            "回信编号由它签名，没有它就认不出回信"
        )
    if not is_address(reply_address(settings)):
        raise BadInput("设了 imap_host，就要在 mail_reply_to 写明收信邮箱的地址，供各单位回信")
    folders = [settings.imap_folder, settings.imap_done_folder, settings.imap_refused_folder]
    if not all(folders) or settings.imap_folder in folders[1:]:
        raise BadInput("设置项 imap_folder、imap_done_folder、imap_refused_folder 都要写，后两个不能与第一个相同")


def reply_address(settings: Settings) -> str:
    """Return the address to which units answer: the reply address, else the sender's."""
    return settings.mail_reply_to or settings.mail_from


def own_addresses(settings: Settings) -> frozenset[str]:
    """Return the addresses that are ours, in small letters: a mail from one of them is answered by nobody."""
    given = (settings.mail_from, settings.mail_reply_to, settings.imap_user)
    return frozenset(address.lower() for address in given if address)
