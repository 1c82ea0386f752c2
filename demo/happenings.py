"""What happens once in a while, done through the ledger: matters, disputes, suspensions, delegations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from config.terms import Action, SuspensionReason
from demo import words
from demo.conduct import OpenItem, Wish
from demo.incidents import (
    MATTER_DAYS,
    MATTERS,
    Incident,
    absent_and_deputy,
    incident_of,
    matter_of,
    others_responsible,
    struck,
)
from demo.items import do
from demo.scene import Scene
from supervision.ledger.matters import add_matter
from supervision.ledger.people import delegate
from supervision.ledger.sub_items import break_down
from supervision.periods import day_in_words, quarter_of

AWAY_FOR = timedelta(days=20)
PARTS_DUE_BEFORE = 8
"""Working days before the due date of the whole."""
_PARTS = ("收集整理材料", "核对数据")


def happen(scene: Scene, items: list[OpenItem]) -> OpenItem | None:
    """Note what happens out of the ordinary today; return the item to which it happens, if to any."""
    incident = incident_of(scene.day)
    if incident is None:
        return None
    if incident in MATTERS:
        _matter(scene, incident)
        return None
    if incident is Incident.AWAY:
        _away(scene)
        return None
    item = struck(incident, items, scene.force.plan, scene.day)
    if item is not None:
        _STRIKES[incident](scene, item)
    return item


def _matter(scene: Scene, incident: Incident) -> None:
    task, units = matter_of(scene.force.plan, scene.day)
    kind, by = MATTERS[incident], scene.staff.clerk()

    def doing(at: datetime) -> object:
        return add_matter(
            scene.session, scene.force, kind=kind, title=f"{kind.label}：加快“{task.title}”{words.MADE_UP}",
            content=f"请牵头单位会同配合单位研究提出具体措施，按期报办公室{words.MADE_UP}",
            source_document=f"{day_in_words(scene.day.as_of)}{kind.label}{words.MADE_UP}",
            received_on=scene.day.as_of, units=[unit.code for unit in units],
            due=scene.day.calendar.add(scene.day.as_of, MATTER_DAYS), by=by, at=at,
            urgent=incident is Incident.TASK_FORCE, key_task=task.number,
        )  # fmt: skip

    scene.note(doing, incident)


def _away(scene: Scene) -> None:
    units = absent_and_deputy(scene.force.plan, quarter_of(scene.day.as_of), scene.day)
    absent, deputy = (scene.staff.liaison(unit.code) for unit in units)
    since = scene.day.as_of + timedelta(days=1)
    if absent.login == deputy.login:
        return

    def doing(at: datetime) -> None:
        delegate(
            scene.session, scene.force.tenant_id, login=absent.login, to=deputy.login, since=since,
            until=since + AWAY_FOR, reason=f"外出培训，请{units[1].name}联络员代为办理{words.MADE_UP}", at=at,
            by=absent.login,
        )  # fmt: skip

    scene.note(doing, Incident.AWAY)


def _recorded(scene: Scene, item: OpenItem) -> None:
    if scene.staff.signer(item.unit) is None:
        return  # who records cannot verify
    told = f"{day_in_words(scene.day.as_of)}电话报告{words.MADE_UP}"
    comment = scene.day.words(words.COMPLETIONS, item.occurrence)
    do(scene, item, Wish(Action.REPORT_COMPLETION, comment, recorded_from=told))


def _disputed(scene: Scene, item: OpenItem) -> None:
    do(scene, item, Wish(Action.DISPUTE, f"该项工作不在本单位职责范围内，请予调整{words.MADE_UP}"))


def _suspended(scene: Scene, item: OpenItem) -> None:
    comment = f"上级正在修订配套政策，暂缓办理{words.MADE_UP}"
    do(scene, item, Wish(Action.SUSPEND, comment, reason=SuspensionReason.POLICY_CHANGE.value))


def _reassigned(scene: Scene, item: OpenItem) -> None:
    to = others_responsible(item, scene.force.plan, scene.day)[0]
    do(scene, item, Wish(Action.REASSIGN, f"职责调整，改由{to.name}办理{words.MADE_UP}", to_unit=to.code))


def _withdrawn(scene: Scene, item: OpenItem) -> None:
    do(scene, item, Wish(Action.WITHDRAW, f"与其他事项合并办理{words.MADE_UP}"))


def _broken_down(scene: Scene, item: OpenItem) -> None:
    people = scene.staff.of_unit(item.unit)
    if len(people) < len(_PARTS):
        return  # somebody else has to accept the work
    due = scene.day.calendar.add(item.due, -PARTS_DUE_BEFORE)
    for title, assignee in zip(_PARTS, people, strict=True):
        scene.note(_part(scene, item, f"{title}{words.MADE_UP}", due, assignee.login), "part", item.id, title)


def _part(scene: Scene, item: OpenItem, title: str, due: date, assignee: str) -> Callable[[datetime], object]:
    by = scene.staff.liaison(item.unit)

    def doing(at: datetime) -> object:
        return break_down(scene.session, scene.force, item.id, title=title, due=due, by=by, at=at, assignee=assignee)

    return doing


_STRIKES: Mapping[Incident, Callable[[Scene, OpenItem], None]] = {
    Incident.RECORDED: _recorded,
    Incident.WRONG_UNIT: _disputed,
    Incident.UNWILLING_DISTRICT: _disputed,
    Incident.BROKEN_DOWN: _broken_down,
    Incident.SUSPENDED: _suspended,
    Incident.REASSIGNED: _reassigned,
    Incident.WITHDRAWN: _withdrawn,
}
