"""重点任务推进: which items were done on time, late or not at all, and how often a date was moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from documents.bulletin.facts import Facts, ItemFact, is_counted, is_late, is_on_time, is_overdue, name_share, part_of
from documents.bulletin.wording import named, points
from documents.charts.wording import percent
from documents.official.content import Align, Block, Cell, Column, Table, paragraph
from supervision.periods import day_in_words
from supervision.scoring.case import ComponentCode

MOST_LISTED = 40
"""Lines of a table of late items; more are left to the explanation of each unit."""

_DASH = "—"


def tasks(facts: Facts) -> tuple[Block, ...]:
    """Return 重点任务推进: items counted, on time, late and overdue, extensions, and the late ones by name."""
    everything = [item for code in codes_of(facts) for item in facts.items.get(code, ()) if is_counted(item)]
    if not everything:
        return (paragraph(f"{facts.year_to_date}没有应计入{facts.deed}的交办事项。"),)
    return (paragraph(_task_words(facts, everything)), _task_table(facts), *_late_table(facts))


def codes_of(facts: Facts) -> tuple[str, ...]:
    """Return the codes of all that were assessed, in rank order."""
    return tuple(score.code for score in facts.scores)


def _task_words(facts: Facts, everything: list[ItemFact]) -> str:
    on_time, late, overdue = (sum(map(test, everything)) for test in (is_on_time, is_late, is_overdue))
    told = [f"按时办结{on_time}项"] if on_time else ["无一按时办结"]
    told += [f"逾期办结{late}项"] if late else []
    told += [f"逾期未办结{overdue}项"] if overdue else []
    rate = percent(Fraction(on_time, len(everything)))
    lead = f"{facts.year_to_date}计入{facts.deed}的交办事项{len(everything)}项，{'，'.join(told)}，按时办结率{rate}。"
    names = [facts.name(code) for code in codes_of(facts) if any(map(is_overdue, facts.items.get(code, ())))]
    open_ones = f"有逾期未办结事项的是{named(names)}。" if names else "没有逾期未办结的事项。"
    return lead + open_ones + _extended(facts, everything)


def _extended(facts: Facts, everything: list[ItemFact]) -> str:
    moved = [item for item in everything if item.extensions]
    if not moved:
        return "没有批准延期的事项。"
    times = sum(item.extensions for item in moved)
    counted = {code: filter(is_counted, facts.items.get(code, ())) for code in codes_of(facts)}
    names = [facts.name(code) for code, items in counted.items() if any(item.extensions for item in items)]
    return f"批准延期{times}次，涉及{len(moved)}项（{named(names)}），按批准后的期限{facts.deed}。"


def _task_table(facts: Facts) -> Table:
    titles = ("单位", "计入", "按时办结", "逾期办结", "未办结", "延期次数", "得分")
    rows = []
    for score in facts.scores:
        counted = [item for item in facts.items.get(score.code, ()) if is_counted(item)]
        part = part_of(score, ComponentCode.KEY_TASKS)
        rows.append((
            score.name, str(len(counted)),
            *(str(sum(map(test, counted))) for test in (is_on_time, is_late, is_overdue)),
            str(sum(item.extensions for item in counted)),
            points(part.points) if part is not None and part.share is not None else _DASH,
        ))  # fmt: skip
    columns = tuple(Column(title, name_share(facts, 4) if title == "单位" else 3) for title in titles)
    return Table(columns, tuple(rows), caption="重点任务办结情况（项）")


def _late_table(facts: Facts) -> Iterator[Block]:
    late = [
        (score.name, item)
        for score in facts.scores
        for item in facts.items.get(score.code, ())
        if is_overdue(item) or is_late(item)
    ]
    if not late:
        return
    late.sort(key=lambda each: not is_overdue(each[1]))
    columns = (
        Column("单位", name_share(facts, 4)), Column("事项", 12, Align.LEFT), Column("期限", 6), Column("办结", 6),
        Column("逾期天数", 4), Column("延期", 3),
    )  # fmt: skip
    rows = tuple(_late_row(facts, name, item) for name, item in late[:MOST_LISTED])
    rest = len(late) - MOST_LISTED
    more = f"，另有{rest}项见得分说明" if rest > 0 else ""
    yield paragraph(
        f"逾期事项列表如下{more}。逾期天数按工作日计，算到办结之日，未办结的算到{day_in_words(facts.case.as_of)}。"
    )
    yield Table(columns, rows, caption="逾期事项")


def _late_row(facts: Facts, name: str, item: ItemFact) -> tuple[str | Cell, ...]:
    days = item.credit.days_late
    if days is None:
        days = facts.calendar.count(item.credit.item.due + timedelta(days=1), facts.case.as_of)
    done = item.credit.item.completed if is_late(item) else None
    closed = done.isoformat() if done else Cell("未办结", strong=True)
    moved = f"{item.extensions}次" if item.extensions else _DASH
    return (name, described(item), item.credit.item.due.isoformat(), closed, str(days), moved)


def described(item: ItemFact) -> str:
    """Return what an item is about: title and period; what the ledger no longer has as scored says so."""
    if item.title is None:
        return "（考核后已调整的事项，见台账）"
    return f"{item.title}（{item.period}）" if item.period else item.title
