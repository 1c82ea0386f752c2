"""The office with the packaged plan, and duban called where it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from target_office import Office

from cli import main
from database import Database

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(supervised: Database) -> Office:
    """The packaged plan on the day of its issue, targets as it apportions them."""
    return Office(supervised)


@pytest.fixture
def duban(
    supervised_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Call `duban target …` in this process; return exit code, output and complaint."""
    for name in [name for name in os.environ if name.startswith("DUBAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DUBAN_DATABASE_URL", supervised_url)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main(["target", *(str(argument) for argument in arguments)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err.strip()

    return call
