"""Programs and fonts that pip cannot bring: without them a test is skipped, and fails where all must be there."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

from config.errors import FontsMissing
from documents.fonts import Face, sans


def missing(reason: str) -> NoReturn:
    """Skip the test with the reason; fail it with CI=true."""
    __tracebackhide__ = True
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def program(package: str, *names: str) -> str:
    """Return the first of the programs that is installed; `package` is the Debian package that brings it."""
    __tracebackhide__ = True
    found = next((path for path in map(shutil.which, names) if path), None)
    return found or missing(f"{names[0]} is missing: apt-get install {package}")


def libreoffice() -> str:
    """Return LibreOffice."""
    __tracebackhide__ = True
    return program("libreoffice-calc libreoffice-writer", "soffice")


def chinese_face() -> Face:
    """Return a Chinese font of this machine."""
    __tracebackhide__ = True
    try:
        return sans()
    except FontsMissing as error:
        missing(str(error))
