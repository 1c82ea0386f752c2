"""Checks across the files of a plan folder. Each finds all it can, also beside entries that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from config.plan.checks.folder import Folder
from config.plan.problems import Problem

__all__ = ["Folder", "cross_check"]

Check = Callable[[Folder], Iterator[Problem]]

CHECKS: tuple[Check, ...] = ()


def cross_check(folder: Folder) -> list[Problem]:
    """Return what the files contradict in one another."""
    return [problem for check in CHECKS for problem in check(folder)]
