"""How these tests call duban: in this process for what a command does, as the installed script for how it ends."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from calling import ROOT, SCRIPT, Duban, Outcome

from cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation's home where nothing has been initialised."""
    for name in [name for name in os.environ if name.startswith("DUBAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def duban(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Duban:
    """Call duban in this process: `duban("items", "--json", stdin=…)`."""

    def call(*arguments: object, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return call


@pytest.fixture
def office(supervised_url: str, duban: Duban, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """Call duban where the packaged plan is in the database."""
    monkeypatch.setenv("DUBAN_DATABASE_URL", supervised_url)
    return duban


@pytest.fixture
def script(home: Path) -> Duban:
    """Run the console script as a process of its own; keyword arguments are environment variables."""

    def run(*arguments: object, stdin: str = "", **environment: str) -> Outcome:
        given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        command = [*SCRIPT, *map(str, arguments)]
        done = subprocess.run(command, input=stdin.encode(), capture_output=True, env=given, cwd=home.parent)
        return Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run
