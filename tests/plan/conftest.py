"""The packaged plan, and copies of folders to be broken."""

from __future__ import annotations

import shutil
from importlib.resources import as_file
from pathlib import Path

import pytest
from plan_folders import ANOTHER_CITY

from config.plan import Plan, load_plan, packaged_plan


@pytest.fixture(scope="session")
def hangzhou() -> Plan:
    return load_plan(packaged_plan())


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A copy of the small city's folder."""
    return Path(shutil.copytree(ANOTHER_CITY, tmp_path / "city"))


@pytest.fixture
def hangzhou_copy(tmp_path: Path) -> Path:
    """A copy of the packaged folder."""
    with as_file(packaged_plan()) as folder:
        return Path(shutil.copytree(folder, tmp_path / "hangzhou"))
