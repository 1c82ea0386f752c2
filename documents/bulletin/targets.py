"""目标任务进度: goal by goal what the districts have come to together, who leads and what lags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from documents.bulletin.facts import Facts
from documents.bulletin.wording import gap, joined, named
from documents.charts.progress import Progress, progress
from documents.charts.wording import percent
from documents.official.content import Align, Block, Column, Heading, Table, paragraph
from supervision.exact import plain
from supervision.indicators import FigureLight

_DASH = "—"
_COUNTED = (FigureLight.GREEN, FigureLight.YELLOW, FigureLight.RED, FigureLight.GREY)


def targets(facts: Facts) -> tuple[Block, ...]:
    """Return 目标任务进度; nothing for a scheme without targets."""
    found = progress(facts.result, facts.plan)
    if not found:
        return ()
    blocks: list[Block] = [paragraph(_intro(facts, found))]
    for goal in facts.plan.goals:
        members = [each for each in found if each.goal == goal.number]
        if members:
            blocks.append(Heading(2, goal.title))
            blocks += [paragraph(text) for text in _goal(facts, members)]
    return (*blocks, _table(found))


def _intro(facts: Facts, found: Sequence[Progress]) -> str:
    summed = [each for each in found if each.light is not None]
    if not summed:
        return "本季度的指标均不宜加总，下面只列各单位的完成情况。"
    reached = [each for each in summed if each.light is FigureLight.GREEN]
    red = [each for each in summed if each.light is FigureLight.RED]
    near = len(summed) - len(reached) - len(red)
    told = [f"达到序时要求的{len(reached)}项"] if reached else ["尚无一项达到序时要求"]
    told += [f"接近的{near}项"] if near else []
    told += [f"落后的{len(red)}项"] if red else []
    aside = len(found) - len(summed)
    rest = f"其余{aside}项为比率、增速等，不宜加总，只看各单位完成情况。" if aside else ""
    return (
        f"考核指标{len(found)}项，其中{len(summed)}项可由各{facts.who}的数据加总。按加总数与序时进度相比，"
        f"{'，'.join(told)}。{rest}"
    )


def _goal(facts: Facts, members: Sequence[Progress]) -> Iterator[str]:
    sums = [each for each in members if each.attained is not None and each.scheduled is not None]
    if sums:
        yield f"{'；'.join(_sums(sums))}。"
    reds: dict[str, int] = {}
    for each in members:
        for name, line in each.lines:
            if line.light in (FigureLight.RED, FigureLight.GREY):
                reds[name] = reds.get(name, 0) + 1
    good = [
        score.name
        for score in facts.scores
        if (own := [line.light for each in members for name, line in each.lines if name == score.name and line.light])
        and all(light is FigureLight.GREEN for light in own)
    ]
    what = "该项指标" if len(members) == 1 else f"{len(members)}项指标"
    told = [f"{what}{'全部' if len(members) > 1 else ''}达到应达进度的有{named(good)}"] if good else []
    if reds:
        worst = sorted(reds, key=lambda name: -reds[name])
        listed = [f"{name}（{reds[name]}项）" if len(members) > 1 else name for name in worst]
        told.append(f"有指标落后或未报的是{named(listed)}" if len(members) > 1 else f"落后或未报的是{named(listed)}")
    if told:
        yield f"{'；'.join(told)}。"


def _sums(sums: Sequence[Progress]) -> Iterator[str]:
    """Tell each sum; of many only the one that is furthest ahead and the one that is furthest behind."""
    if len(sums) <= _TOLD:
        yield from map(_sum, sums)
        return
    in_order = sorted(sums, key=_attainment)
    yield f"{'进度最快' if _attainment(in_order[-1]) >= 1 else '相对较快'}的是{_sum(in_order[-1])}"
    yield f"{'相对较慢' if _attainment(in_order[0]) >= 1 else '差距最大'}的是{_sum(in_order[0])}"


_TOLD = 2
"""Sums of one goal that a sentence tells one by one."""


def _sum(each: Progress) -> str:
    attained, scheduled = each.attained or Fraction(0), each.scheduled or Fraction(0)
    part = "" if each.counted == len(each.lines) else f"（{each.counted}个单位合计）"
    value = _amount(each)
    return f"{each.name}{value}{part}，为目标的{percent(attained)}，{gap(attained, scheduled)}"


def _amount(each: Progress) -> str:
    value = each.figure.value if each.figure is not None else None
    return "" if value is None else f"{plain(value)}{each.unit_of_measure}"


def _table(found: Sequence[Progress]) -> Table:
    columns = (
        Column("目标", 3), Column("指标", 8, Align.LEFT), Column("合计", 5), Column("完成/序时", 6),
        Column("达到/接近/落后/未报", 5), Column("领先单位", 5), Column("末位单位", 5),
    )  # fmt: skip
    rows = tuple(
        (
            str(each.goal), each.name, _amount(each) or _DASH, _progress(each),
            "/".join(str(sum(line.light is light for _, line in each.lines)) for light in _COUNTED),
            *_ends(each),
        )
        for each in sorted(found, key=lambda each: each.goal)
    )  # fmt: skip
    return Table(columns, rows, caption="目标任务各项指标完成情况")


def _progress(each: Progress) -> str:
    return _DASH if each.attained is None else f"{percent(each.attained)}/{percent(each.scheduled)}"


def _ends(each: Progress) -> tuple[str, str]:
    """Return who has the highest and who the lowest attainment, with it; a dash where all are alike."""
    known = [(line.reading.attainment, name) for name, line in each.lines if line.reading.attainment is not None]
    if not known:
        return _DASH, _DASH
    high, low = max(share for share, _ in known), min(share for share, _ in known)
    if high == low:
        return f"均为{percent(high)}", _DASH
    return tuple(  # type: ignore[return-value]
        f"{named([name for share, name in known if share == end], most=2)} {percent(end)}" for end in (high, low)
    )


def lagging(facts: Facts) -> tuple[Progress, ...]:
    """Return the indicators whose sum falls short of the schedule, the furthest behind first."""
    behind = [
        each
        for each in progress(facts.result, facts.plan)
        if each.light in (FigureLight.YELLOW, FigureLight.RED) and _attainment(each) < 1
    ]
    return tuple(sorted(behind, key=_attainment))


def _attainment(each: Progress) -> Fraction:
    found = each.reading.attainment if each.reading is not None else None
    return Fraction(1) if found is None else found


def in_short(found: Sequence[Progress]) -> str:
    """Return indicators with what they have attained of the schedule: 甲（81.5%）、乙（88.0%）."""
    return joined(f"{each.name}（{percent(_attainment(each))}）" for each in found)
