"""Fixtures of the tests of statistics."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk

from database import Database


@pytest.fixture
def desk(supervised: Database, tmp_path: Path) -> Desk:
    """The statistical desk on each kind of database."""
    return Desk(supervised, tmp_path)
