"""The goals of a plan and their targets: from the part on goals, from tables, from the opening, and from tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from documents.plans.aim_tables import AimRow, aim_rows
from documents.plans.deadline import Years
from documents.plans.found import Found
from documents.plans.measuring import is_change
from documents.plans.mending import Mended
from documents.plans.model import Doubt, DraftIndicator, Heading
from documents.plans.node import Node
from documents.plans.sections import role_of
from documents.plans.source import Source
from documents.plans.target import Target
from documents.plans.targets import targets
from documents.plans.tasks import TaskFinder

_BY_YEAR = re.compile(r"(?:到|至)20\d\d年|20\d\d年(?:底|末)前?")

_PROMISED = re.compile(r"达到|以上|不少于|不低于|超过|突破|≥")
_TERMS = re.compile(r"补助|补贴|奖励|贴息|额度|给予|扣除|税率|资助|费率|利率|费用|标准|限额|罚款|最高|按照?|原则")

_RATE = re.compile(r"(?:率|比例|占比|比重|覆盖面)$")

_WHOLE = 100
_LONGEST_OPENING = 20_000
"""Characters of an opening in which targets are looked for."""


@dataclass
class Aims:
    """The goals of a document and their targets."""

    goals: list[Heading] = field(default_factory=list)
    indicators: list[DraftIndicator] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def aims_of(text: Mended, tops: Sequence[Node], source: Source, finder: TaskFinder) -> Aims:
    """Return goals and targets, out of the part on goals and the tables of targets; else out of the opening."""
    found = Aims()
    for node, by in _goal_nodes(tops, text, finder):
        _add_goal(found, node, by, text, finder)
    if not found.goals:
        _add_opening(found, tops, text, finder)
    rows = [row for table in source.tables for row in aim_rows(table)]
    if rows and not found.goals:
        found.goals.append(Heading(1, "主要指标", "指标表", rows[0].line))
    known = {(i.target.name, i.target.target) for i in found.indicators}
    found.doubts += _doubts_of_rows(rows, finder.years)
    for indicator in (aim for row in rows if (aim := _of_row(row))):
        if (indicator.target.name, indicator.target.target) not in known:
            found.indicators.append(indicator)
    return found


def _goal_nodes(tops: Sequence[Node], text: Mended, finder: TaskFinder) -> Iterator[tuple[Node, date | None]]:
    """Yield the entries that state goals: those inside a part on goals, and the part itself when its own words do.

    With each comes the year's end that the part's own words set for all of them.
    """
    for top in tops:
        for node in top.walk():
            if role_of(node) != "goals" or (node.parent is not None and role_of(node.parent) == "goals"):
                continue
            own = targets(text.text[node.title_end : node.end], years=finder.years)
            if own or not node.children:
                yield node, None
            by = _year_named(text.text[node.title_end : node.end], finder)
            yield from ((child, by) for child in node.children)


def _year_named(words: str, finder: TaskFinder) -> date | None:
    """Return the end of the year that the words before a list of goals name (到2025年，实现以下目标)."""
    probe = targets(f"{words.rstrip('：。；')}，合计1家", years=finder.years) if _BY_YEAR.search(words) else []
    return probe[-1].by if probe else None


def _add_goal(found: Aims, node: Node, by: date | None, text: Mended, finder: TaskFinder) -> None:
    number = len(found.goals) + 1
    title = node.title if node.titled or node.parent is None else node.parent.title
    found.goals.append(Heading(number, title, node.clause, text.line(node.start)))
    passages = [passage for inner in node.walk() for passage in finder.spoken(inner)]
    owners = tuple(dict.fromkeys(unit for passage in passages for unit in (*passage.leads, *passage.supporting)))
    words = finder.plain_text(node)
    if any(role_of(child) == "goals" for child in node.children) and node.children:
        words = words[: node.end - node.body]  # what is inside are goals of their own
    for target in targets(words, years=finder.years, by=by):
        line = text.line(node.body + target.at)
        found.indicators.append(DraftIndicator("", number, None, node.clause, line, target, owners))


def _add_opening(found: Aims, tops: Sequence[Node], text: Mended, finder: TaskFinder) -> None:
    """Add the targets of a plan without a part on goals: sentences of the opening that say by which year."""
    opening = [(0, tops[0].start if tops else len(text.text), "前言")]
    nodes = [node for top in tops if role_of(top) == "opening" for node in top.walk()]
    opening += [(node.title_end, node.end, node.clause) for node in nodes]
    for start, end, clause in opening:
        for sentence in re.finditer(r"[^。]+", text.text[start : min(end, start + _LONGEST_OPENING)]):
            if _BY_YEAR.search(sentence[0]):
                for target in targets(sentence[0], years=finder.years):
                    line = text.line(start + sentence.start() + target.at)
                    found.indicators.append(DraftIndicator("", 1, None, clause, line, target))
    if found.indicators:
        first = found.indicators[0]
        found.goals.append(Heading(1, "总体目标", first.clause, first.line))
        found.doubts.append(Doubt(first.line, "没有单列工作目标，指标取自总体要求中写明年份的句子，请核对"))


def _of_row(row: AimRow) -> DraftIndicator | None:
    """Return the indicator of a row with a number; its measure type follows from name, unit and sign alone."""
    if row.target is None:
        return None
    is_rate, comparator = "%" in row.unit, row.comparator
    kind, doubt = ("floor_ratio", "比率") if is_rate else ("stock", "存量")
    if comparator in ("<=", "<"):
        kind, doubt = "ceiling_ratio", ""
    elif "年均" in row.name:
        kind, doubt = "average_growth", ""
    elif re.search(r"累计|新增", row.name):
        kind, doubt = "cumulative", ""
    elif row.unit == "%" and row.target == _WHOLE and row.is_bare:
        kind, doubt, comparator = "exact_rate", "", "="
    said = [f"指标表中“{row.name}”的指标类型没有写明，暂按{doubt}，请核对"] if doubt else []
    if row.is_bare and kind == "ceiling_ratio":
        fell = f"由{row.earlier[0][1]}到{row.text}" if row.earlier else f"为{row.text}"
        said.append(f"指标表中“{row.name}”{fell}，按“不超过”理解，请核对")
    text = row.text if not row.unit or row.unit in row.text else row.text + row.unit
    by = date(row.year, 12, 31) if row.year else None
    target = Target(row.name, kind, row.target, row.unit or None, text, comparator, 0, by=by, doubts=tuple(said))
    return DraftIndicator("", 1, None, "指标表", row.line, target)


def _doubts_of_rows(rows: Sequence[AimRow], years: Years) -> Iterator[Doubt]:
    """Yield what tables of targets hold beyond the last number of each row."""
    begins = min((day.year for day in (years.start, years.issued) if day), default=0)
    for row in rows:
        if row.target is None:
            yield Doubt(row.line, f"指标表中“{row.name}”的目标“{row.text}”没有读出数字，没有列入指标，请核对")
    steps = sorted({year for row in rows for year, _ in row.earlier if year >= begins > 0})
    if steps:
        named = "、".join(f"{year}年" for year in steps)
        yield Doubt(rows[0].line, f"指标表另有{named}的分年目标，没有列入指标，需要时请补填")


def _is_promised(target: Target) -> bool:
    """Return whether a number in a task says that it is to be reached, and is no term of a policy."""
    return bool(_PROMISED.search(target.text)) and target.comparator != "<=" and not _TERMS.search(target.name)


def _is_rate(target: Target) -> bool:
    """Return whether a percentage in a task is a rate to be reached, and no term of a policy."""
    is_rate = target.unit_of_measure == "%" and _RATE.search(target.name) and target.comparator != "<="
    return bool(is_rate) and not _TERMS.search(target.name)


def _names_of_numbers(indicators: Sequence[DraftIndicator]) -> dict[tuple[Decimal | None, str | None], dict[str, None]]:
    """Return, for each number with its unit, the names of what it is promised of."""
    known: dict[tuple[Decimal | None, str | None], dict[str, None]] = {}
    for indicator in indicators:
        target = indicator.target
        known.setdefault((target.target, target.unit_of_measure), {})[target.name] = None
    return known


def _is_same(one: str, other: str) -> bool:
    """Return whether two names are much the same, so that a task says again what a goal has said."""
    short, long = sorted((one, other), key=len)
    pairs = {short[n : n + 2] for n in range(len(short) - 1)}
    return len([pair for pair in pairs if pair in long]) * 2 >= len(pairs)


def _is_cover(target: Target) -> bool:
    return target.text.endswith("全覆盖")


def targets_of_tasks(tasks: Sequence[Found], aims: Aims, finder: TaskFinder) -> list[DraftIndicator]:
    """Return the targets that tasks name beyond the goals.

    Where the plan states goals, only what is dated, adds up or is said to be reached counts: other numbers of a task
    are its terms. Without goals, everything that says how it is compared counts too. What names no day is due with its
    task.
    """
    found: list[DraftIndicator] = []
    known = _names_of_numbers(aims.indicators)
    for task in tasks:
        for target in targets(task.text, years=finder.years):
            adds_up = target.measure_type in ("cumulative", "annual_stock") and target.flow
            if aims.goals:  # 全覆盖 without a day says how a task is done, not what the plan aims at
                says_more = not _is_cover(target) and (_is_promised(target) or _is_rate(target))
            else:
                says_more = not target.bare or is_change(target.name)
            if not (adds_up or target.by or says_more) or (target.target is None and aims.goals):
                continue
            if any(_is_same(target.name, name) for name in known.get((target.target, target.unit_of_measure), ())):
                continue
            line = task.line if task.node is None else finder.mended.line(task.node.body + target.at)
            by = target.by or (task.deadline.on if task.deadline else None)
            found.append(DraftIndicator("", None, task.number, task.clause, line, replace(target, by=by)))
    if found and aims.goals:
        aims.doubts.append(
            Doubt(found[0].line, f"重点任务里另有{len(found)}个数字目标，已列入指标，是否单独考核请核对")
        )
    return found
