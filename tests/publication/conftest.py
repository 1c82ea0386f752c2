"""Fixtures of the tests of publication."""

from __future__ import annotations

import pytest
from publication.bench import Bench

from database import Database


@pytest.fixture
def bench(supervised: Database) -> Bench:
    """The office with the second quarter of 2022 assessed, a draft, on each kind of database."""
    return Bench(supervised)
