"""`duban serve` from outside: the page at once, clock and engine behind it, and nothing left when it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import trustme
from engine_processes import LONGEST_SECONDS, engines_in, gone, primed, until
from sqlalchemy import select
from sqlmodel import col

from access import sign_ins
from access.accounts import Known
from cli.serve import Tls, serve
from config.clock import now
from config.errors import BadInput, Refused, StoreError
from config.settings import Settings
from database import Database, writing
from flows.engine import Engine
from models import Person

pytestmark = [pytest.mark.engine, pytest.mark.processes]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Portal:
    """A running `duban serve`."""

    process: subprocess.Popen[str]
    home: Path
    url: str
    database_url: str

    def signed_in(self, login: str) -> dict[str, str]:
        """Return the headers of somebody who is signed in."""
        database = Database(self.database_url)
        with writing(database) as session:
            person = session.scalars(select(Person).where(col(Person.login) == login)).one()
            known = Known(person.tenant_id, person.id or 0, login)
            token = sign_ins.opened(session, known, at=now(), terms=sign_ins.Terms())
        database.dispose()
        return {"Cookie": f"duban={token}"}

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Return status and text of a page; (0, "") while nobody listens."""
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def engine_state(self) -> str:
        """Return how the engine is, as the portal tells it."""
        return str(json.loads(self.get("/readyz")[1] or "{}").get("engine", ""))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _started(settings: Settings, *options: str, **more: str) -> Portal:
    port = _free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "DUBAN_"))}
    environment |= {
        "DUBAN_HOME": str(settings.home), "DUBAN_DATABASE_URL": settings.database_url, "DUBAN_PORT": str(port),
        "PYTHONPATH": str(ROOT), **more,
    }  # fmt: skip
    command = [sys.executable, "-c", "import sys, cli; sys.exit(cli.main())", "serve", *options]
    process = subprocess.Popen(
        command, cwd=settings.home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    return Portal(process, settings.home, f"http://127.0.0.1:{port}", settings.database_url)


@pytest.fixture
def portal(office: Settings, running: Engine, engine_home: Path) -> Iterator[Portal]:
    """`duban serve` on a loaded installation, just started."""
    primed(office.home, engine_home)
    found = _started(office)
    yield found
    if found.process.poll() is None:
        found.process.kill()
    found.process.communicate()


def test_the_page_is_up_before_the_engine_and_everything_ends_on_sigterm(portal: Portal) -> None:
    assert until(lambda: portal.get("/healthz")[0] == 200)
    status, page = portal.get("/")
    assert status == 200 and "登录" in page
    assert portal.engine_state() == "启动中", "the page waited for the engine"

    assert until(lambda: portal.engine_state() == "运行中")
    shared = json.loads((portal.home / "engine" / "shared.json").read_text())
    page = portal.get("/system", **portal.signed_in("office.chief"))[1]
    assert shared["api_url"].removesuffix("/api") in page and shared["auth"] not in page
    children = psutil.Process(portal.process.pid).children(recursive=True)
    assert [child.pid for child in children] == [engine.pid for engine in engines_in(portal.home)]

    portal.process.send_signal(signal.SIGTERM)
    _, said = portal.process.communicate(timeout=LONGEST_SECONDS)
    assert portal.process.returncode == 0, said
    assert "Traceback" not in said
    assert engines_in(portal.home) == []
    assert not (portal.home / "engine" / "shared.json").exists()


def test_ctrl_c_is_the_ordinary_end_even_while_the_engine_starts(portal: Portal) -> None:
    assert until(lambda: portal.get("/healthz")[0] == 200)
    portal.process.send_signal(signal.SIGINT)
    printed, said = portal.process.communicate(timeout=LONGEST_SECONDS)
    assert portal.process.returncode == 0, said
    assert portal.url in printed and "Ctrl-C" in printed
    assert engines_in(portal.home) == []


def test_no_engine_is_left_when_the_portal_is_killed(portal: Portal) -> None:
    assert until(lambda: portal.engine_state() == "运行中")
    (engine,) = engines_in(portal.home)
    portal.process.kill()
    assert gone(engine.pid)


def test_without_the_clock_there_is_only_the_page(office: Settings) -> None:
    portal = _started(office, "--no-clock")
    try:
        assert until(lambda: portal.get("/readyz")[0] == 200)
        assert json.loads(portal.get("/readyz")[1]) == {
            "status": "ready", "plans": ["hangzhou-2021-2023"], "engine": "未启用", "clock": "未启用",
        }  # fmt: skip
        assert psutil.Process(portal.process.pid).children() == []
    finally:
        portal.process.terminate()
        portal.process.communicate(timeout=LONGEST_SECONDS)
    assert portal.process.returncode == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "example.org"])
def test_the_portal_does_not_listen_beyond_this_machine(host: str, office: Settings) -> None:
    with pytest.raises(Refused, match="--tls-cert"):
        serve(Settings(home=office.home, database_url=office.database_url, host=host), clock=False)


def test_a_port_that_is_taken_is_named(office: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"127.0.0.1:{port}"):
            serve(Settings(home=office.home, database_url=office.database_url, port=port), clock=False)


def test_nothing_is_served_and_nothing_made_before_the_first_init(tmp_path: Path) -> None:
    absent = Settings(home=tmp_path, database_url=f"sqlite:///{tmp_path / 'duban.db'}", port=_free_port())
    with pytest.raises(StoreError, match="duban init"):
        serve(absent)
    assert list(tmp_path.iterdir()) == []


def test_with_a_certificate_the_portal_speaks_tls_beyond_this_machine(office: Settings, tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    cert, key, trusted = tmp_path / "portal.crt", tmp_path / "portal.key", tmp_path / "ca.pem"
    issued.private_key_pem.write_to_path(str(key))
    for place, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(str(cert), append=place > 0)
    authority.cert_pem.write_to_path(str(trusted))
    portal = _started(office, "--no-clock", "--tls-cert", str(cert), "--tls-key", str(key), DUBAN_HOST="0.0.0.0")
    try:
        context = ssl.create_default_context(cafile=str(trusted))
        address = portal.url.replace("http:", "https:") + "/healthz"

        def answers() -> bool:
            try:
                with urllib.request.urlopen(address, timeout=5, context=context) as answer:
                    return answer.headers["Strict-Transport-Security"] is not None
            except OSError:
                return False

        assert until(answers)
    finally:
        portal.process.terminate()
        portal.process.communicate(timeout=LONGEST_SECONDS)


def test_half_a_certificate_or_one_that_does_not_fit_is_told(tmp_path: Path) -> None:
    authority = trustme.CA()
    one, other = authority.issue_cert("localhost"), authority.issue_cert("localhost")
    cert, key = tmp_path / "a.crt", tmp_path / "b.key"
    one.cert_chain_pems[0].write_to_path(str(cert))
    other.private_key_pem.write_to_path(str(key))
    with pytest.raises(BadInput, match="同时给出"):
        Tls.of(cert, None)
    for pair in ((cert, key), (tmp_path / "nothing", key)):
        with pytest.raises(BadInput, match="不能使用"):
            Tls.of(*pair)
