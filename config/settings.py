"""What an installation is told from outside: environment first, then duban.toml, then defaults.

A secret may be given as a file: `DUBAN_SMTP_PASSWORD_FILE` names a file whose content is the password. A section of
duban.toml stands for the beginning of a name: `url` under `[gateway]` is `gateway_url`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from config.errors import BadInput
from config.reasons import reason

SETTINGS_FILE = "duban.toml"
_SECRETS = frozenset(
    {"smtp_password", "oidc_client_secret", "imap_password", "reply_secret", "robots", "gateway_headers"}
)
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True)
class Settings:
    """Everything an installation can set. Times in seconds unless named otherwise."""

    home: Path = Path("var")
    """Where everything but the database is written: mail, logs, exports, the engine's own files."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in `home`."""
    plan: str = ""
    """Code of the plan that commands are about; empty: the only one in the database."""
    office: str = ""
    """How mails and papers are signed; empty: the name that the plan gives the office."""
    smtp_host: str = ""
    """Empty: mails are written as a Maildir under `home`."""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = True
    """STARTTLS is required when set; unset only for a server on this machine."""
    smtp_ca_file: str = ""
    """Certificates to trust beside the system's; empty: the system's alone."""
    smtp_timeout: int = 30
    smtp_connections: int = 1
    """Connections kept open during one batch."""
    mail_from: str = "duban@localhost"
    mail_reply_to: str = ""
    channels: str = "email,gateway"
    """The order in which a person is reached who has no order of their own; what is not set up is passed over."""
    robots: str = ""
    """A line for each robot of a work group: `<unit, or office>=<address as apprise writes it>`. Secret."""
    robots_timeout: int = 15
    robots_ca_file: str = ""
    robots_dingtalk: str = "https://oapi.dingtalk.com"
    """Base address of DingTalk's robots: another one for a private edition or a relay at the border of a network."""
    robots_wecom: str = "https://qyapi.weixin.qq.com"
    robots_feishu: str = "https://open.feishu.cn"
    gateway_url: str = ""
    """Address of the network's gateway for short messages (SMS, 浙政钉); empty: there is none."""
    gateway_method: str = "POST"
    """POST, PUT or GET; with GET the form is the query."""
    gateway_headers: str = ""
    """A line for each header: `<name>: <value>`. Secret, since it holds what the gateway is shown as proof."""
    gateway_format: str = "json"
    """How the body is written, and the values in it are escaped: json or form."""
    gateway_body: str = '{"phone": "{{ phone }}", "text": "{{ subject }} {{ link }}"}'
    """Template of the body. Values: phone, login, name, subject, text, link, office, count, key."""
    gateway_to: str = "phone"
    """What a person is reached by: phone, or login where the gateway knows people by their accounts."""
    gateway_key_header: str = "Idempotency-Key"
    """Header that carries the message's key, the same each time it is sent; empty: none."""
    gateway_success_status: str = "200-299"
    gateway_temporary_status: str = "408,425,429,500-599"
    gateway_permanent_status: str = ""
    """Status codes that mean: this person cannot be reached. All else is a fault of the settings."""
    gateway_answer: str = ""
    """Path to what decides in a JSON answer, like `result.code`; empty: the status code alone decides."""
    gateway_success: str = "0"
    """Values there that mean success, with commas between; the same for the next two."""
    gateway_temporary: str = ""
    gateway_permanent: str = ""
    gateway_ca_file: str = ""
    """Certificates to trust beside the system's; empty: the system's alone. The same for the robots."""
    gateway_timeout: int = 15
    gateway_per_minute: int = 60
    """Messages a minute at most; 0: no limit of ours."""
    imap_host: str = ""
    """Mail server that holds the mailbox to which units answer; empty: replies are not read."""
    imap_port: int = 993
    imap_tls: str = "tls"
    """tls, starttls, or none for a server on this machine."""
    imap_ca_file: str = ""
    """Certificates to trust beside the system's; empty: the system's alone."""
    imap_user: str = ""
    imap_password: str = ""
    imap_timeout: int = 30
    imap_folder: str = "INBOX"
    imap_done_folder: str = "督办已办"
    """Where mails go whose workbook was filed."""
    imap_refused_folder: str = "督办未办"
    """Where mails go of which nothing came, for the office to look at."""
    mail_authentication_server: str = ""
    """Name under which our own mail server writes Authentication-Results; empty: none are believed."""
    reply_secret: str = ""
    """Signs the reply numbers in mails about reporting requests; at least 16 characters where `imap_host` is set."""
    portal_url: str = "http://127.0.0.1:8765"
    """Base of the links in notices."""
    host: str = "127.0.0.1"
    port: int = 8765
    trusted_proxies: str = ""
    """Addresses of reverse proxies, with commas between, that serve https in front and say for whom they ask."""
    oidc_issuer: str = ""
    """Address of an identity provider (OpenID Connect); empty: people sign in with passwords alone."""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_title: str = "统一身份认证"
    """What the button on the sign-in page says."""
    idle_minutes: int = 30
    """Without a request for so long, one has to sign in again."""
    sign_in_hours: int = 12
    """The longest that one sign-in lasts, however busy."""
    upload_megabytes: int = 20
    """The largest file, and the largest form, that the portal takes."""
    engine_url: str = ""
    """API of a Prefect server; empty: one is started as a child on loopback."""
    work_pool: str = "duban"
    """Prefect work pool on which `duban deploy` registers the deployments."""


def settings(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Return the settings in force. `environ` and `folder` default to this process's.

    Raises BadInput in one line for an unreadable file, an unknown key or a value of the wrong type.
    """
    given = _from_file((folder or Path.cwd()) / SETTINGS_FILE)
    given |= _from_environment(os.environ if environ is None else environ)
    found = Settings(**given)  # type: ignore[arg-type]
    if not found.database_url:
        found = Settings(**{**given, "database_url": f"sqlite:///{found.home / 'duban.db'}"})  # type: ignore[arg-type]
    return found


def _from_file(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path} 无法读取：{error}") from None
    data = _flat(data)
    known = {field.name for field in fields(Settings)}
    for key in data:
        if key not in known:
            raise BadInput(f"{path} 中没有名为 {key} 的设置项；可用：{'、'.join(sorted(known))}")
    return {key: _typed(key, value, str(path)) for key, value in data.items()}


def _flat(data: Mapping[str, object]) -> dict[str, object]:
    """Return what stands in sections under its whole name; a section in a section is no setting."""
    found: dict[str, object] = {}
    for key, value in data.items():
        found |= {f"{key}_{name}": inner for name, inner in value.items()} if isinstance(value, dict) else {key: value}
    return found


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in fields(Settings):
        name = f"DUBAN_{field.name.upper()}"
        if field.name in _SECRETS and environ.get(f"{name}_FILE"):
            found[field.name] = _secret(environ[f"{name}_FILE"])
        elif environ.get(name):
            found[field.name] = _typed(field.name, environ[name], name)
    return found


def _secret(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise BadInput(f"密码文件 {path} 无法读取（{reason(error)}），请核对路径和权限") from None


def _typed(key: str, value: object, where: str) -> object:
    default = getattr(Settings, key)
    if isinstance(default, bool):
        return _boolean(value, where, key)
    if isinstance(default, int):
        try:
            return int(str(value))
        except ValueError:
            raise BadInput(f"{where}：{key} 应为整数，现为“{value}”") from None
    return Path(str(value)) if isinstance(default, Path) else str(value)


def _boolean(value: object, where: str, key: str) -> bool:
    word = str(value).lower()
    if word not in _TRUE | _FALSE:
        raise BadInput(f"{where}：{key} 应为 true 或 false，现为“{value}”")
    return word in _TRUE
