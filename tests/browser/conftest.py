"""The demonstration is played once for all browser tests; every test file gets a copy and a server of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from needed import program
from playwright.sync_api import Browser
from portal_server import Portal, Watched, chromium, demonstrate, serving

ARTIFACTS = "DUBAN_TEST_ARTIFACTS"
"""Names the folder in which pictures of the pages are kept; without it they lie in pytest's temporary folder."""


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The home of an installation that played a quarter; workers of one run share it."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "demonstration"
    with FileLock(f"{home}.lock"):
        if not home.exists():
            unfinished = home.with_name("demonstration-being-played")
            shutil.rmtree(unfinished, ignore_errors=True)
            demonstrate(unfinished)
            unfinished.rename(home)
    return home


@pytest.fixture(scope="module")
def portal(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A real server over a copy of the demonstration."""
    with serving(demonstration, tmp_path_factory.mktemp("portal") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with chromium(program("chromium", "chromium", "chromium-browser", "google-chrome")) as found:
        yield found


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures and pages are kept to be looked at."""
    folder = Path(os.environ[ARTIFACTS]) if os.environ.get(ARTIFACTS) else tmp_path_factory.mktemp("artifacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def window(browser: Browser, portal: Portal, artifacts: Path) -> Iterator[Callable[..., Watched]]:
    """Open a window of somebody: `window("office.chief")`; without a name nobody is signed in."""
    opened: list[Watched] = []

    def give(login: str = "", *, width: int = 1280, scripts: bool = True) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=scripts,
            timezone_id="Asia/Shanghai",
        )  # fmt: skip
        context.set_default_timeout(20_000)
        watched = Watched(context.new_page(), portal, artifacts)
        opened.append(watched)
        if login:
            watched.sign_in(login)
        return watched

    yield give
    wrongs = [wrong for watched in opened for wrong in watched.wrongs]
    for watched in opened:
        watched.page.context.close()
    assert not wrongs, wrongs
