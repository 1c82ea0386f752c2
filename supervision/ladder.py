"""The ladder as data: which notice goes to whom, how many working days before or after the due date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeGuard, TypeVar

from config.errors import PlanError, UnknownName
from config.terms import Level

_Term = TypeVar("_Term", bound=StrEnum)

_SEVERITY = tuple(Level)
"""From the mildest to the gravest."""

PAPERS = frozenset({Level.SUPERVISION_NOTICE, Level.CIRCULAR})
"""What a person signs; the ladder only drafts it. Everything else goes out by itself."""

_BEFORE_DUE = frozenset({Level.REMIND, Level.WARN})
"""What may be said before the due date; whatever is graver needs a lapse."""


class Audience(StrEnum):
    """Whom a rung speaks to: posts of the responsible unit, the office, or the leading group."""

    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"
    OFFICE = "office"
    LEADING_GROUP = "leading_group"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung, `offset` working days from the due date (negative: before it).

    `signed`: a paper that a person signs before it goes out.
    """

    offset: int
    level: Level
    audience: tuple[Audience, ...]
    signed: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in order. An item turns yellow `due_soon_days` working days before its due date; `source` says why.

    Raises PlanError for a ladder that cannot be climbed: rungs out of order, an audience named twice,
    something graver than a warning before the due date, papers unsigned, or a first rung after the due date
    that is not 催办.
    """

    rungs: tuple[Rung, ...]
    due_soon_days: int
    source: str

    def __post_init__(self) -> None:
        if self.due_soon_days < 1:
            raise PlanError(f"ladder：due_soon_days 应为正整数，现为 {self.due_soon_days}")
        for rung in self.rungs:
            _check(rung)
        for lower, upper in pairwise(self.rungs):
            if lower.offset >= upper.offset:
                raise PlanError(f"ladder：offset 应逐级递增，{upper.offset} 不能排在 {lower.offset} 之后")
            if _SEVERITY.index(lower.level) > _SEVERITY.index(upper.level):
                raise PlanError(f"ladder：{upper.level.label}（{upper.level}）轻于前一级，等级不能越往后越轻")
        first = self.above(0)
        if first is None or first.level is not Level.URGE:
            raise PlanError("ladder：到期日之后的第一级必须是催办（urge）")

    @property
    def before_due(self) -> tuple[Rung, ...]:
        """The rungs before the due date."""
        return tuple(rung for rung in self.rungs if rung.offset < 0)

    @property
    def after_due(self) -> tuple[Rung, ...]:
        """The rungs after the due date; the first is 催办."""
        return tuple(rung for rung in self.rungs if rung.offset > 0)

    def above(self, offset: int) -> Rung | None:
        """Return the next rung above `offset`, if there is one."""
        return next((rung for rung in self.rungs if rung.offset > offset), None)

    def at(self, offset: int) -> Rung:
        """Return the rung at `offset`. Raises UnknownName when this ladder has none."""
        for rung in self.rungs:
            if rung.offset == offset:
                return rung
        raise UnknownName(f"阶梯没有偏移 {offset} 个工作日的一级，请核对事项所用的阶梯版本")


def _check(rung: Rung) -> None:
    place = f"ladder：offset {rung.offset}"
    if rung.offset == 0:
        raise PlanError(f"{place} 既不在到期日之前也不在之后，请改为 -1 或 1")
    if not rung.audience or len(set(rung.audience)) < len(rung.audience):
        raise PlanError(f"{place} 的 audience 不能为空，也不能重复")
    if rung.offset < 0 and rung.level not in _BEFORE_DUE:
        raise PlanError(f"{place}：到期之前不能发{rung.level.label}（{rung.level}）")
    if rung.offset > 0 and rung.level in _BEFORE_DUE:
        raise PlanError(f"{place}：到期之后不再发{rung.level.label}（{rung.level}）")
    if rung.signed != (rung.level in PAPERS):
        need = "须经签发，signed 应为 true" if rung.level in PAPERS else "自动发出，signed 应为 false"
        raise PlanError(f"{place}：{rung.level.label}{need}")


def read_ladder(data: Mapping[str, Any]) -> Ladder:
    """Return the ladder in `data`, the content of a ladder.yaml; what is not of the rungs is left alone.

    Reads due_soon_days, due_soon_source and rungs [{offset, level, audience, signed, source}].
    Raises PlanError for a missing or unusable entry, and for a ladder that cannot be climbed.
    """
    rungs = data.get("rungs")
    if not isinstance(rungs, list | tuple) or not rungs:
        raise PlanError("ladder：缺少 rungs，应逐级列出 offset、level、audience、signed、source")
    days = data.get("due_soon_days")
    if not _is_whole(days):
        raise PlanError(f"ladder：due_soon_days 应为正整数，现为 {days!r}")
    source = _words(data, "due_soon_source", "ladder")
    return Ladder(tuple(_rung(entry, number) for number, entry in enumerate(rungs, start=1)), days, source)


def _rung(entry: object, number: int) -> Rung:
    place = f"ladder：rungs 第 {number} 级"
    if not isinstance(entry, Mapping):
        raise PlanError(f"{place}：应含 offset、level、audience、signed、source")
    offset, signed, audience = entry.get("offset"), entry.get("signed", False), entry.get("audience")
    if not _is_whole(offset):
        raise PlanError(f"{place}：offset 应为整数（工作日），现为 {offset!r}")
    if not isinstance(signed, bool):
        raise PlanError(f"{place}：signed 应为 true 或 false，现为 {signed!r}")
    if not isinstance(audience, list | tuple):
        raise PlanError(f"{place}：audience 应为列表，可选 {'、'.join(Audience)}")
    return Rung(
        offset=offset,
        level=_one_of(Level, entry.get("level"), f"{place}：level"),
        audience=tuple(_one_of(Audience, name, f"{place}：audience") for name in audience),
        signed=signed,
        source=_words(entry, "source", place),
    )


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _one_of(terms: type[_Term], value: object, place: str) -> _Term:
    try:
        return terms(str(value))
    except ValueError as error:
        raise PlanError(f"{place} 不能是 {value!r}，可选 {'、'.join(terms)}") from error


def _words(entry: Mapping[str, Any], key: str, place: str) -> str:
    words = entry.get(key)
    if not isinstance(words, str) or not words.strip():
        raise PlanError(f"{place}：缺少 {key}，请写明依据")
    return words.strip()
