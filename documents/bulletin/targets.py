"""目标任务进度: goal by goal what the districts have come to together, who leads and what lags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    rates = sum(not facts.plan.indicator(each.code).additive for each in found)
    empty = len(found) - len(summed) - rates
    apart = [f"{rates}项为比率、增速等，不宜加总，只看各单位完成情况"] if rates else []
    apart += [f"{empty}项没有可加总的数据"] if empty else []
    lead = f"考核指标{len(found)}项"
    if not summed:
        return f"{lead}，{'；'.join(apart)}。"
    reached, red = (sum(each.light is light for each in summed) for light in (FigureLight.GREEN, FigureLight.RED))
    near = len(summed) - reached - red
    told = [f"达到序时要求的{reached}项" if reached else "尚无一项达到序时要求"]
    told += [f"接近的{near}项"] if near else []
    told += [f"落后的{red}项"] if red else []
    rest = f"其余{'；'.join(apart)}。" if apart else ""
    return f"{lead}，其中{len(summed)}项可由各{facts.who}的数据加总。按加总数与序时进度相比，{'，'.join(told)}。{rest}"


def _goal(facts: Facts, members: Sequence[Progress]) -> Iterator[str]:
    sums = [each for each in members if each.attained is not None and each.scheduled is not None]
    if sums:
        yield f"{'；'.join(_sums(sums))}。"
    lights: dict[str, list[FigureLight]] = {score.name: [] for score in facts.scores}
    for each in members:
        for name, line in each.lines:
            lights[name] += [line.light] if line.light is not None else []
    good = [name for name, own in lights.items() if own and set(own) == {FigureLight.GREEN}]
    behind = {name: many for name, own in lights.items() if (many := sum(map(_is_behind, own)))}
    told = [*_reached(good, len(members)), *_behind(behind, len(members))]
    if told:
        yield f"{'；'.join(told)}。"


def _is_behind(light: FigureLight) -> bool:
    return light in (FigureLight.RED, FigureLight.GREY)


def _reached(good: Sequence[str], indicators: int) -> Iterator[str]:
    if good:
        what = "该项指标" if indicators == 1 else f"{indicators}项指标全部"
        yield f"{what}达到应达进度的有{named(good)}"


def _behind(behind: Mapping[str, int], indicators: int) -> Iterator[str]:
    """Tell who is behind, the most often first; how often when there is more than one indicator."""
    worst = sorted(behind, key=lambda name: -behind[name])
    if worst and indicators == 1:
        yield f"落后或未报的是{named(worst)}"
    elif worst:
        yield f"有指标落后或未报的是{named([f'{name}（{behind[name]}项）' for name in worst])}"


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
    return "" if each.value is None else f"{plain(each.value)}{each.unit_of_measure}"


def _table(found: Sequence[Progress]) -> Table:
    columns = (
        Column("目标", 3), Column("指标", 8, Align.LEFT), Column("合计", 8), Column("完成/序时", 7),
        Column("达到/接近/落后/未报", 6), Column("领先单位", 5), Column("末位单位", 5),
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

    def end(share: Fraction) -> str:
        return f"{named([name for found, name in known if found == share], most=2)} {percent(share)}"

    return end(high), end(low)


def lagging(facts: Facts) -> tuple[Progress, ...]:
    """Return the indicators whose sum falls short of the schedule, the furthest behind first."""
    behind = [
        each
        for each in progress(facts.result, facts.plan)
        if each.light in (FigureLight.YELLOW, FigureLight.RED) and _attainment(each) < 1
    ]
    return tuple(sorted(behind, key=_attainment))


def _attainment(each: Progress) -> Fraction:
    return Fraction(1) if each.attainment is None else each.attainment


def in_short(found: Sequence[Progress]) -> str:
    """Return indicators with what they have attained of the schedule: 甲（81.5%）、乙（88.0%）."""
    return joined(f"{each.name}（{percent(_attainment(each))}）" for each in found)
