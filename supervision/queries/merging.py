"""汇总: what the supporting units said last, put together for the report of the unit that leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import Refused
from config.terms import Responsibility, Status
from models import Item, KeyTask, ProgressReport
from supervision import in_force
from supervision.in_force import InForce
from supervision.periods import Period, parse_period
from supervision.queries.items import ItemLine, line_of, lines_of
from supervision.queries.sight import Sight

_NOT_ASKED = (Status.REGISTERED, Status.WITHDRAWN)


@dataclass(frozen=True)
class Said:
    """What a unit reported last on its item, and on which day."""

    day: date
    progress: str
    problems: str
    next_steps: str


@dataclass(frozen=True)
class Voice:
    """An item of another unit, or the lead's own, with what was said of it; None: nothing yet.

    `seen`: the person may open the item. The lead of a matter hears its other units, but sees only its own item.
    """

    item: ItemLine
    said: Said | None
    seen: bool


@dataclass(frozen=True)
class Draft:
    """What the lead's report could say, each part with the unit that it comes from."""

    progress: str
    problems: str
    next_steps: str


@dataclass(frozen=True)
class Merging:
    """What can be merged into the report on an item: the lead's own voice, then the others' in official order."""

    own: Voice
    others: tuple[Voice, ...]

    @property
    def silent(self) -> tuple[str, ...]:
        """Return the units that have reported on none of their items, in order."""
        heard = {voice.item.unit for voice in self.others if voice.said}
        return tuple(dict.fromkeys(voice.item.unit for voice in self.others if voice.item.unit not in heard))


def is_merged(session: Session, item: Item) -> bool:
    """Return whether there is anything to merge: the item is a lead's, and another unit has one beside it."""
    if item.role is not Responsibility.LEAD or item.parent_id is not None or item.retrospective:
        return False
    beside = select(col(Item.id)).where(_beside(session, item)).limit(1)
    return session.scalars(beside).first() is not None


def merging(session: Session, force: InForce, sight: Sight, item: Item, *, as_of: date) -> Merging:
    """Return what the units beside the lead's item have reported on the same period.

    Of a matter from outside the plan these are its other units; of a measure the other units of the key task, when
    the item's unit leads that task, else the other units of the same measure. An item whose period ends in the lead's
    counts with its last report, one that runs longer with the last one made within it. Of a measure that came several
    times within the period only the newest time is taken that was reported on, or else the newest. What is registered
    only, withdrawn, retrospective or a part inside a unit is left out. Raises Refused for an item that is no lead's.
    """
    if item.role is not Responsibility.LEAD or item.parent_id is not None:
        raise Refused("只有牵头单位的事项才汇总各单位的反馈")
    ladders = in_force.ladders(session, force)
    counted = or_(col(Item.id) == item.id, _beside(session, item) & _of_period(session, item))
    rows = list(session.execute(lines_of(force).where(counted).order_by(col(Item.id))).tuples())
    said = _said(session, force, item, [row[0] for row in rows])
    order = {unit.code: place for place, unit in enumerate(force.plan.units)}
    rows.sort(key=lambda row: order.get(force.unit_codes[row[0].unit_id], len(order)))
    newest = _newest([row[0] for row in rows if row[0].id != item.id], said)
    voices = [
        Voice(line_of(force, ladders, as_of, *row), said.get(row[0].id or 0), sight.sees_item(row[0])) for row in rows
    ]
    [own] = [voice for voice in voices if voice.item.id == item.id]
    return Merging(own, tuple(voice for voice in voices if voice.item.id in newest))


def draft_of(voices: Iterable[Voice]) -> Draft:
    """Return the voices put together, one paragraph a unit, each opening with the unit's name."""
    heard = [voice for voice in voices if voice.said]
    parts = {
        name: _paragraphs([(v.item, getattr(v.said, name)) for v in heard])
        for name in ("progress", "problems", "next_steps")
    }
    return Draft(**parts)


def _paragraphs(spoken: Sequence[tuple[ItemLine, str]]) -> str:
    found = []
    for unit, group in groupby(
        ((line, text.strip()) for line, text in spoken if text.strip()), lambda each: each[0].unit
    ):
        texts = list(group)
        if len(texts) == 1:
            found.append(f"{unit}：{texts[0][1]}")
        else:
            found.append(f"{unit}：")
            found += [f"（{place}）{line.title}：{text}" for place, (line, text) in enumerate(texts, 1)]
    return "\n".join(found)


def _beside(session: Session, item: Item) -> ColumnElement[bool]:
    """Return the condition on the items of other units that stand beside the lead's."""
    common = (
        (col(Item.plan_id) == item.plan_id)
        & (col(Item.unit_id) != item.unit_id)
        & col(Item.parent_id).is_(None)
        & col(Item.retrospective).is_(False)
        & col(Item.status).not_in(_NOT_ASKED)
    )
    if item.matter_id is not None:
        return common & (col(Item.matter_id) == item.matter_id)
    if item.key_task_id is not None and session.get_one(KeyTask, item.key_task_id).lead_unit_id == item.unit_id:
        return common & (col(Item.key_task_id) == item.key_task_id) & col(Item.matter_id).is_(None)
    return common & (col(Item.measure_id) == item.measure_id) if item.measure_id is not None else false()


def _of_period(session: Session, item: Item) -> ColumnElement[bool]:
    """Return the condition on items that are about the period of the lead's: asked of the few periods there are."""
    if item.matter_id is not None:
        return true()
    asked = parse_period(item.period)
    there = session.scalars(select(col(Item.period)).where(_beside(session, item)).distinct())
    given = ((text, parse_period(text)) for text in there)
    return col(Item.period).in_([text for text, each in given if each.last in asked or _runs_through(each, asked)])


def _runs_through(given: Period, asked: Period) -> bool:
    return given.first <= asked.first and asked.last < given.last


def _newest(items: Sequence[Item], said: Mapping[int, Said]) -> frozenset[int]:
    """Return the numbers of the items that speak: of each unit's measure, those of one period."""
    periods: dict[tuple[int, int | None, int], tuple[bool, Period]] = {}
    keyed = [(each, parse_period(each.period)) for each in items]
    for each, period in keyed:
        key = each.unit_id, each.measure_id, period.months
        periods[key] = max(periods.get(key, (False, period)), (each.id in said, period))
    return frozenset(
        each.id or 0 for each, period in keyed if periods[each.unit_id, each.measure_id, period.months][1] == period
    )


def _said(session: Session, force: InForce, item: Item, items: Sequence[Item]) -> Mapping[int, Said]:
    longer = set() if item.matter_id is not None else {
        each.id for each in items if _runs_through(parse_period(each.period), parse_period(item.period))
    }  # fmt: skip
    statement = select(ProgressReport).where(
        col(ProgressReport.plan_id) == force.plan_id, col(ProgressReport.item_id).in_([each.id for each in items])
    )
    found: dict[int, Said] = {}
    for row in session.scalars(statement.order_by(col(ProgressReport.reported_at), col(ProgressReport.id))):
        day = day_of(row.reported_at)
        if row.item_id not in longer or day in parse_period(item.period):
            found[row.item_id] = Said(day, row.progress, row.problems, row.next_steps)
    return found
