"""How papers are numbered (发文字号)."""

from __future__ import annotations

from config.terms import Level

_WORDS = {Level.SUPERVISION_NOTICE: "督", Level.CIRCULAR: "通"}


def document_number(word: str, level: Level, year: int, number: int) -> str:
    """Return the 文号: 机关代字, kind, 〔year〕 and number, without 第 and without leading zeros.

    `word` is the office's 机关代字, as in 杭小微办 → 杭小微办督〔2022〕3号.
    """
    return f"{word}{_WORDS[level]}〔{year}〕{number}号"
