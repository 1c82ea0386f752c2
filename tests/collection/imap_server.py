"""A real IMAP server (Dovecot) of the test process: its own configuration and folders, on a free port of loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from imap_tools import MailBoxUnencrypted
from needed import program

PASSWORD = "secret-of-the-mailbox"
PATIENCE = 20
"""Seconds until a server that has been started must answer."""

_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
login_trusted_networks = 127.0.0.1
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={user_group} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class ImapServer:
    """The server; each test takes a mailbox of its own in it."""

    certificate: tuple[Path, Path] | None = None
    port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="duban-imap-")))
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def start(self) -> ImapServer:
        binary = program("dovecot-imapd", "dovecot", "/usr/sbin/dovecot")
        for name in ("run", "state", "home"):
            (self.folder / name).mkdir()
        self.folder.chmod(0o755)
        (self.folder / "dovecot.conf").write_text(self._configuration())
        self._process = subprocess.Popen([binary, "-F", "-c", str(self.folder / "dovecot.conf")])
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if time.monotonic() > ends or self._process.poll() is not None:
                    raise AssertionError(f"dovecot did not start: {self.said()}") from None
                time.sleep(0.05)

    def said(self) -> str:
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _configuration(self) -> str:
        me = pwd.getpwuid(os.getuid())
        if os.getuid() == 0:  # a mailbox may not belong to root
            user = pwd.getpwnam("nobody")
            os.chown(self.folder / "home", user.pw_uid, user.pw_gid)
            names = {"internal": "dovecot", "group": "dovecot", "login": "dovenull"}
        else:
            user = me
            names = dict.fromkeys(("internal", "login"), me.pw_name) | {"group": str(os.getgid())}
        certificate, key = self.certificate or (None, None)
        return _CONFIGURATION.format(
            folder=self.folder, port=self.port, password=PASSWORD, user=user.pw_uid, user_group=user.pw_gid,
            ssl="yes" if certificate else "no",
            certificate=f"ssl_cert = <{certificate}\nssl_key = <{key}" if certificate else "", **names,
        )  # fmt: skip

    def new_mailbox(self) -> Mailbox:
        return Mailbox(self.port, f"duban{next(self._numbers)}")


@dataclass(frozen=True)
class Mailbox:
    """One mailbox, as its owner sees it."""

    port: int
    user: str

    def _opened(self) -> MailBoxUnencrypted:
        found = MailBoxUnencrypted("127.0.0.1", self.port, 10)
        found.login(self.user, PASSWORD)
        return found

    def put(self, content: bytes, folder: str = "INBOX") -> None:
        with self._opened() as box:
            box.append(content, folder)

    def held(self, folder: str = "INBOX") -> list[str]:
        """Return the subjects of the mails in a folder; none when it is not there."""
        with self._opened() as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder)
            return [mail.subject for mail in box.fetch(mark_seen=False)]
