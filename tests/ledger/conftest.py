"""Fixtures of the tests of the ledger."""

from __future__ import annotations

import pytest
from builders import Office

from database import Database


@pytest.fixture
def office(supervised: Database) -> Office:
    """The office at work on each kind of database, nothing assigned yet."""
    return Office(supervised)
