"""What an installation is told from outside: environment first, then duban.toml, then defaults.

A secret may be given as a file: `DUBAN_SMTP_PASSWORD_FILE` names a file whose content is the password.
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
_SECRETS = frozenset({"smtp_password", "oidc_client_secret"})
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
    known = {field.name for field in fields(Settings)}
    for key in data:
        if key not in known:
            raise BadInput(f"{path} 中没有名为 {key} 的设置项；可用：{'、'.join(sorted(known))}")
    return {key: _typed(key, value, str(path)) for key, value in data.items()}


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
