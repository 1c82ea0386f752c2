"""工作简报 on a quarter: for the leading group, and as a report to the office above."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

from sqlmodel import Session

from config.errors import Refused
from documents.official.content import Block, Heading, Paper, paragraph
from documents.papers.merging import SECTIONS, voice_paragraphs, voices
from documents.papers.office import House, formal_name, house
from documents.papers.progress import count_table, named, overview
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.periods import Period
from supervision.queries.items import TaskLight, board
from supervision.queries.progress import TaskProgress, progress_of

QUARTER_MONTHS = 3


class Reader(StrEnum):
    """For whom it is written; that decides how units are called and what is asked of whom."""

    GROUP = "group"
    PROVINCE = "province"


_HEADINGS = {
    Reader.GROUP: ("总体情况", "重点任务进展情况", "存在的主要问题", "下一步工作安排", "反馈情况"),
    Reader.PROVINCE: ("总体情况", "主要工作及成效", "存在的困难和问题", "下一步工作打算", "有关说明"),
}


@dataclass(frozen=True)
class _Material:
    """What a briefing is written from; `name` is how a unit is called towards its reader."""

    reader: Reader
    office: House
    tasks: Sequence[TaskProgress]
    lights: Sequence[TaskLight]
    quarter: Period
    as_of: date
    name: Callable[[str], str]


def briefing(session: Session, force: InForce, quarter: Period, *, reader: Reader, as_of: date) -> Paper:
    """Return the 工作简报 of `quarter` as known at the close of `as_of`: a draft for the office to edit and sign.

    Raises Refused for the office above when the plan names none.
    """
    office = house(session, force)
    if reader is Reader.PROVINCE and office.superior is None:
        raise Refused("计划没有写明上级领导小组办公室（plan.yaml 的 office.superior），不能生成上报件")
    tasks = [task for task in progress_of(session, force, quarter, as_of=as_of) if task.units]
    lights = board(session, force, as_of=as_of)
    name = partial(formal_name, force) if reader is Reader.PROVINCE else str
    material = _Material(reader, office, tasks, lights, quarter, as_of, name)
    return _for_group(material) if reader is Reader.GROUP else _for_province(material)


def _for_group(given: _Material) -> Paper:
    quarter, office = given.quarter, given.office
    return Paper(
        title=f"{quarter.in_words}重点任务推进情况",
        day=given.as_of,
        red_head="工作简报",
        state=f"{quarter.year}年第{(quarter.month - 1) // QUARTER_MONTHS + 1}期",
        addressee="领导小组各成员",
        blocks=tuple(_blocks(given)),
        signature=office.signature(given.as_of),
        imprint=office.imprint(given.as_of),
        mark=office.mark,
    )


def _for_province(given: _Material) -> Paper:
    office = given.office
    return Paper(
        title=f"关于{office.plan_title}\n{given.quarter.in_words}实施情况的报告",
        day=given.as_of,
        red_head=office.full_name,
        state="（送审稿）",
        signatory="",
        addressee=office.superior or "",
        blocks=(*_blocks(given), paragraph("特此报告。")),
        signature=office.signature(None),
        imprint=office.imprint(None),
        mark=office.mark,
    )


def _blocks(given: _Material) -> Iterator[Block]:
    first, *middle, last = _HEADINGS[given.reader]
    yield paragraph(_opening(given))
    yield Heading(1, first)
    yield paragraph(overview(given.tasks, given.quarter, given.as_of))
    yield from map(paragraph, _standing(given))
    for heading, (_, pick) in zip(middle, SECTIONS, strict=True):
        said = [(task, found) for task in given.tasks if (found := voices(task, pick))]
        if said:
            yield Heading(1, heading)
        for task, found in said:
            yield Heading(2, task.title)
            yield from voice_paragraphs(found, given.name)
    yield Heading(1, last)
    yield from _owed(given)


def _opening(given: _Material) -> str:
    plan, quarter = given.office.plan_title, given.quarter.in_words
    if given.reader is Reader.GROUP:
        return f"{quarter}，各单位按照《{plan}》分工推进各项任务，现将有关情况编发如下。"
    return f"现将《{plan}》{quarter}实施情况报告如下。"


def _standing(given: _Material) -> Iterator[str]:
    """Return how the key tasks stand. Which unit is late is told to the group, not to the office above."""
    counts = {light: sum(task.counts.get(light, 0) for task in given.lights) for light in Light}
    total = sum(task.items for task in given.lights)
    yield (
        f"{len(given.lights)}项重点任务累计立项{total}项，"
        f"其中办结{counts[Light.BLUE]}项，正常推进{counts[Light.GREEN]}项，"
        f"临期{counts[Light.YELLOW]}项，逾期{counts[Light.RED]}项{_without_light(total - sum(counts.values()))}。"
    )
    if given.reader is Reader.PROVINCE:
        return
    for task in given.lights:
        if task.light is Light.RED:
            yield f"“{task.title}”有逾期事项{task.counts[Light.RED]}项，涉及{'、'.join(task.units)}。"


def _without_light(many: int) -> str:
    """Return how many items show no light, because their clock stands or has not begun."""
    return f"，待交办、待核验、有异议或暂缓{many}项" if many else ""


def _owed(given: _Material) -> Iterator[Block]:
    """Return who has not reported: by task for the group; for the office above once each, and what is done about it."""
    if given.reader is Reader.PROVINCE:
        owing = (unit for task in given.tasks for unit in (*task.silent, *(each.unit for each in task.partly)))
        silent = "、".join(map(given.name, dict.fromkeys(owing)))
        late = f"截至目前，{silent}部分任务进展情况尚未反馈，我办正督促抓紧报送，情况汇总后另行补报。"
        yield paragraph(late if silent else "各单位均已反馈进展情况。")
        return
    owed = [(task, text) for task in given.tasks if (text := named(task))]
    for task, text in owed:
        yield paragraph(f"“{task.title}”：{text}")
    yield paragraph("请未反馈、反馈不全的单位抓紧补报。" if owed else "各单位均已按要求反馈进展情况。")
    yield count_table(given.tasks)
