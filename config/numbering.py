"""How papers are numbered (发文字号)."""

from __future__ import annotations

from config.plan import Office
from config.terms import Level, UnitKind


def series_of(office: Office, level: Level, unit: UnitKind) -> str:
    """Return the series that a paper is numbered in: 机关代字 and kind, as in 杭小微办督.

    A central unit is not subordinate to the leading group: whatever is signed to it is a letter (函). `level` is one
    that a person signs, `unit` what the addressee answers to. Source: plan.yaml, office.series.
    """
    kind = office.series.letter if unit is UnitKind.CENTRAL else getattr(office.series, level.value)
    return f"{office.word}{kind}"


def document_number(series: str, year: int, number: int) -> str:
    """Return the 文号, as in 杭小微办督〔2022〕3号: without 第 and without leading zeros."""
    return f"{series}〔{year}〕{number}号"
