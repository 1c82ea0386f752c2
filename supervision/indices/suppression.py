"""Which cells of a table are not shown: those with too few respondents, and those that would give them away."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Shown(StrEnum):
    """Whether a cell may be seen, and if not, why."""

    SHOWN = "shown"
    TOO_FEW = "too_few"
    PROTECTS = "protects"


def words(shown: Shown, least: int) -> str:
    """Return what stands in the place of a cell that is not shown; empty for one that is."""
    return {
        Shown.SHOWN: "",
        Shown.TOO_FEW: f"…（样本不足 {least}）",
        Shown.PROTECTS: "…（防止由合计倒推）",
    }[shown]


def suppressed(cells: Mapping[str, int], *, least: int) -> Mapping[str, Shown]:
    """Return what may be shown of a table's groups, given the respondents of each, beside its total.

    A group with fewer than `least` respondents is not shown. If the total less the groups shown would give away fewer
    than `least` respondents, or a single group, the smallest group shown is withheld as well, and so on; of equals
    the first. Groups without any respondent give nobody away. Where the total itself has fewer than `least`
    respondents it must not be shown: then nothing is added here.
    Source: statistics.yaml, surveys.min_respondents.
    """
    found = {name: Shown.TOO_FEW if count < least else Shown.SHOWN for name, count in cells.items()}
    while True:
        hidden = [cells[name] for name, shown in found.items() if shown is not Shown.SHOWN and cells[name]]
        if not hidden or (len(hidden) > 1 and sum(hidden) >= least):
            return found
        left = [name for name, shown in found.items() if shown is Shown.SHOWN]
        if not left:
            return found
        found[min(left, key=lambda name: cells[name])] = Shown.PROTECTS
