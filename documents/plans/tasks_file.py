"""What tasks.yaml of a draft folder holds: who does what until when, and by which words of the document."""

from __future__ import annotations

from collections.abc import Sequence

from documents.plans.model import DraftMeasure, DraftTask, PlanDraft, Team
from documents.plans.unsettled import PENDING, TO_FILL_IN, Data

_CADENCE, DUE = "quarterly", "day 20 month +1"
"""Feedback where the document names neither cadence nor deadline, as the packaged plan has it."""


def tasks_file(draft: PlanDraft, house: str) -> Data:
    """Return parts, key tasks and safeguards; `house` is the unit that leads a safeguard of which nothing is said."""
    return {
        "parts": [{"number": p.number, "title": p.title, "source": p.clause or PENDING} for p in draft.parts],
        "key_tasks": [_task(task) for task in draft.tasks],
        "safeguards": [_safeguard(task, house) for task in draft.safeguards],
    }


def _task(task: DraftTask) -> Data:
    lead, supporting = _lead_and_supporting(task.team, TO_FILL_IN)
    return {
        "number": task.number,
        "part": task.part,
        "title": task.title,
        "lead": lead,
        "supporting": supporting,
        "groups": list(task.team.groups),
        "responsible": _responsible(task.team, lead, supporting),
        "source": task.clause or PENDING,
        "measures": _measures(task, "M"),
    }


def _safeguard(task: DraftTask, house: str) -> Data:
    lead, supporting = _lead_and_supporting(task.team, house)
    return {
        "number": task.number,
        "title": task.title,
        "lead": lead,
        "supporting": [name for name in supporting if name != lead],
        "groups": list(task.team.groups),
        "source": task.clause if task.team.leads else f"{task.clause}：没有写责任单位，{PENDING}",
        "measures": _measures(task, "S"),
    }


def _lead_and_supporting(team: Team, otherwise: str) -> tuple[str, list[str]]:
    """Return one lead, as a plan folder has it: of several, the first; the others come before the supporting units."""
    return (team.leads[0] if team.leads else otherwise), [*team.leads[1:], *team.supporting]


def _responsible(team: Team, lead: str, supporting: Sequence[str]) -> str:
    """Return the wording from the lead on, or the names where the wording has another order."""
    wording = team.wording[max(0, team.wording.find(lead)) :]
    places = [wording.find(name) for name in (lead, *supporting)]
    in_order = places == sorted(places) and places[0] == 0 and all(name in wording for name in team.groups)
    return wording if in_order else "、".join((lead, *supporting, *team.groups))


def _measures(task: DraftTask, letter: str) -> list[Data]:
    own = task.measures or (DraftMeasure(f"{letter}{task.number:02d}-01", task.title, task.clause, task.line),)
    return [_measure(measure, task) for measure in own]


def _measure(measure: DraftMeasure, task: DraftTask) -> Data:
    deadline = measure.deadline or task.deadline
    cadence, due, source = _CADENCE, DUE, f"{PENDING}：原文没有写频次和期限，暂按每季反馈"
    if deadline and deadline.due:
        cadence, due, source = deadline.cadence, deadline.due, f"{measure.clause or PENDING}：{deadline.text}"
    elif deadline:
        cadence, due, source = deadline.cadence, "period_end", f"{PENDING}：原文为{deadline.text}"
    units = [*measure.team.leads, *measure.team.supporting, *measure.team.groups]
    return {
        "code": measure.code,
        "title": measure.title or task.title,
        "cadence": cadence,
        "due": due,
        "deliverable": TO_FILL_IN,
        "evidence": TO_FILL_IN,
        **({"units": units} if units else {}),
        "clause": measure.clause or PENDING,
        "source": source,
    }
