"""A real portal over the demonstration, and a real browser that watches what the pages do."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, sync_playwright
from sqlalchemy import select
from sqlmodel import col

from access import accounts, passwords
from config import clock
from config.plan import load_plan, packaged_plan
from config.settings import Settings
from database import Database, upgrade, writing
from demo import run
from models import Person
from supervision.ledger.plan import put_plan

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Liulan-qi-2022"
UNTIL = "2022Q2"
UP_WITHIN_SECONDS = 60

_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

WIDTHS = (360, 1280, 1920)

_SERIOUS = frozenset({"serious", "critical"})


def demonstrate(home: Path) -> None:
    """Play the packaged plan through a quarter, and let everybody sign in with one password."""
    home.mkdir(parents=True)
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'duban.db'}")
    database = Database(settings.database_url)
    upgrade(database)
    plan = load_plan(packaged_plan())
    with writing(database) as session:
        put_plan(session, plan, at=clock.moment(plan.issued, run.OPENS))
    stage, quarter = run.opened(settings, database, until=UNTIL)
    run.play_directly(stage, run.missing_days(stage, quarter), lambda day: None)
    _let_in(database)
    database.dispose()


def _let_in(database: Database) -> None:
    known = passwords.hashed(PASSWORD)
    with writing(database) as session:
        for person in session.scalars(select(Person).where(col(Person.active))).all():
            accounts.put_hash(
                session, person.tenant_id, login=person.login, password_hash=known, at=clock.now(), by="console",
                must_change=False,
            )  # fmt: skip


@dataclass(frozen=True)
class Portal:
    """A running `duban serve --no-clock` over a copy of the demonstration."""

    url: str
    home: Path
    log: Path

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Give its database."""
        found = Database(f"sqlite:///{self.home / 'duban.db'}")
        yield found
        found.dispose()


@contextmanager
def serving(demonstration: Path, home: Path, **settings: str) -> Iterator[Portal]:
    """Serve a copy of the demonstration under `home`, as a process of its own."""
    shutil.copytree(demonstration, home)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "DUBAN_"))}
    environment |= {
        "DUBAN_HOME": str(home), "DUBAN_PORT": str(port), "DUBAN_PORTAL_URL": url, "PYTHONPATH": str(ROOT), **settings,
    }  # fmt: skip
    log = home / "portal.log"
    command = [sys.executable, "-c", "import sys, cli; sys.exit(cli.main())", "serve", "--no-clock"]
    with log.open("w") as told:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=told, stderr=told)
        try:
            _wait(port, process, log)
            yield Portal(url, home, log)
        finally:
            process.terminate()
            process.wait(timeout=UP_WITHIN_SECONDS)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + UP_WITHIN_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the portal does not listen: {log.read_text()}")


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Give Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A browser window of one person. What must never happen on any page is gathered in `wrongs`."""

    page: Page
    portal: Portal
    artifacts: Path
    wrongs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("console", lambda said: self.wrongs.append(said.text) if self._is_wrong(said.text) else None)
        self.page.on("pageerror", lambda error: self.wrongs.append(str(error)))
        self.page.on("response", self._answered)

    def open(self, path: str) -> Page:
        """Go to a page of the portal."""
        self.page.goto(self.portal.url + path)
        return self.page

    def sign_in(self, login: str, password: str = PASSWORD) -> Page:
        """Sign in by the form, as a person does."""
        self.open("/sign-in")
        self.page.get_by_label("登录名").fill(login)
        self.page.get_by_label("口令").fill(password)
        self.page.get_by_role("main").get_by_role("button", name="登录").click()
        return self.page

    def look(self, name: str) -> None:
        """Keep the page as a picture in three widths, and check it: accessibility, no sideways scrolling, HTML."""
        before = self.page.viewport_size
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=self.artifacts / f"{name}-{width}.png", full_page=True)
            wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, f"{name} is {wider} px wider than a screen of {width} px"
        if before:
            self.page.set_viewport_size(before)
        (self.artifacts / f"{name}.html").write_text(self._as_sent(), encoding="utf-8")
        self.check_access(name)

    def check_access(self, name: str) -> None:
        """Fail on a serious violation that axe-core finds."""
        found = Axe().run(self.page).response["violations"]
        serious = [
            f"{each['id']}: {each['help']} at {[node['target'] for node in each['nodes'][:3]]}"
            for each in found
            if each["impact"] in _SERIOUS
        ]
        assert not serious, f"{name}: {json.dumps(serious, ensure_ascii=False, indent=1)}"

    def _as_sent(self) -> str:
        """Return the page as the server sends it: the browser would mend it."""
        return self.page.request.get(self.page.url).text()

    def _asked(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        if host and host != urlsplit(self.portal.url).netloc:
            self.wrongs.append(f"{request.url} is asked of another host")

    def _answered(self, response: object) -> None:
        status, url = getattr(response, "status", 0), getattr(response, "url", "")
        if status >= 500:
            self.wrongs.append(f"{url} answers {status}")

    @staticmethod
    def _is_wrong(said: str) -> bool:
        """Return whether a line of the console is a fault: a refusal by status is not, a policy broken is."""
        return not re.match(r"Failed to load resource: the server responded with a status of 4\d\d", said)
