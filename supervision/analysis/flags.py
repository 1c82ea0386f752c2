"""A flag (异常提示): what the program saw, by which test, and what may have caused it. No verdict: a person finds out.

Source: a veto for falsified figures is a person's decision with evidence (docs/analysis.md, Irregularities).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from supervision.analysis.series import Series


class Kind(StrEnum):
    """The tests; each is a key of `irregularities` in assessment.yaml."""

    BUNCHING = "bunching"
    LAST_DAY_JUMP = "last_day_jump"
    LATE_SURGE = "late_surge"
    FALL = "fall"
    TAKEN_BACK = "taken_back"
    CHANGED_AFTER_FREEZE = "changed_after_freeze"
    REPEATED = "repeated"
    REPEATED_COLUMN = "repeated_column"
    SAME_AS_OTHER = "same_as_other"
    ROUND_NUMBERS = "round_numbers"

    @property
    def label(self) -> str:
        """Return what the test is called."""
        return _LABELS[self]

    @property
    def innocent(self) -> str:
        """Return what may have caused it without anybody's fault: to be asked about first."""
        return _INNOCENT[self]


_LABELS: Mapping[Kind, str] = {
    Kind.BUNCHING: "刚好达标",
    Kind.LAST_DAY_JUMP: "截止日突增",
    Kind.LATE_SURGE: "末期突击",
    Kind.FALL: "累计数减少",
    Kind.TAKEN_BACK: "冲高回落",
    Kind.CHANGED_AFTER_FREEZE: "冻结后改动",
    Kind.REPEATED: "与上期相同",
    Kind.REPEATED_COLUMN: "整表与上期相同",
    Kind.SAME_AS_OTHER: "与其他单位相同",
    Kind.ROUND_NUMBERS: "整十数过多",
}

_INNOCENT: Mapping[Kind, str] = {
    Kind.BUNCHING: "名额、名录由上级核定，或完成目标后不再新增",
    Kind.LAST_DAY_JUMP: "批量认定、集中办理恰在期末，或上级部门的数到期末才下发",
    Kind.LATE_SURGE: "项目集中验收、名录集中公布，或此前漏报、一次补齐",
    Kind.FALL: "订正以前的差错，或统计口径、区划有调整",
    Kind.TAKEN_BACK: "季节性变动、主体注销、政策到期，或更正上期差错",
    Kind.CHANGED_AFTER_FREEZE: "如实订正差错，应走更正程序",
    Kind.REPEATED: "本期确实没有新增，或数据源尚未更新",
    Kind.REPEATED_COLUMN: "数据源尚未更新，或误用了上期的表",
    Kind.SAME_AS_OTHER: "巧合，或由同一部门统一测算、分摊",
    Kind.ROUND_NUMBERS: "数据源本身取整，或按整数下达、完成",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """One irregularity of one unit.

    `subject` is the indicator's code, empty where several together raise the flag. `words` says what was seen,
    `test` by which formula and thresholds, `evidence` holds the figures behind it, label by label. `filed_by` names
    the unit that reports for the one concerned; None: itself. Key: unit, subject and kind.
    """

    kind: Kind
    unit: str
    unit_name: str
    subject: str
    words: str
    test: str
    evidence: tuple[tuple[str, str], ...]
    filed_by: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what makes the flag one of a kind within a run."""
        return self.unit, self.subject, self.kind.value

    def as_json(self) -> dict[str, object]:
        """Return plain data; `innocent` is what may have caused it without fault."""
        return {
            "kind": self.kind.value,
            "title": self.kind.label,
            "unit": self.unit,
            "name": self.unit_name,
            "subject": self.subject,
            "words": self.words,
            "test": self.test,
            "evidence": dict(self.evidence),
            "filed_by": self.filed_by,
            "innocent": self.kind.innocent,
        }


def flag_on(series: Series, kind: Kind, words: str, test: str, *, evidence: tuple[tuple[str, str], ...] = ()) -> Flag:
    """Return a flag on one indicator of one place; its figures, period by period, stand behind `evidence`."""
    figures = (
        (str(each.period), _with_note(series.topic.amount(each.value), each.note)) for each in series.observations
    )
    code = series.topic.code
    return Flag(kind, series.unit, series.unit_name, code, words, test, (*evidence, *figures), series.filed_by)


def _with_note(amount: str, note: str | None) -> str:
    return f"{amount}（说明：{note}）" if note else amount


def one_of_each(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return the flags by unit, subject and kind; those of one key become one with the words and evidence of all."""
    found: dict[tuple[str, str, str], Flag] = {}
    for flag in flags:
        known = found.get(flag.key)
        found[flag.key] = flag if known is None else _joined(known, flag)
    return tuple(found[key] for key in sorted(found))


def _joined(one: Flag, other: Flag) -> Flag:
    return Flag(
        one.kind,
        one.unit,
        one.unit_name,
        one.subject,
        f"{one.words}；{other.words}",
        one.test,
        (*one.evidence, *other.evidence),
        "、".join(dict.fromkeys(name for name in (one.filed_by, other.filed_by) if name)) or None,
    )
