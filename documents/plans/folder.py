"""What the files of a draft plan folder hold: what was read, what is customary, and where a person must write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from config.plan import Plan, load_plan, packaged_plan
from config.plan.schema.base import WITHOUT_TARGET
from documents.plans.model import DraftIndicator, DraftMeasure, DraftTask, PlanDraft, Team

TO_FILL_IN = "待填写"
PENDING = "office ruling：待核定"
CUSTOMARY = "默认值：照随附计划的做法，请核定"

_GRACE_DAYS = 60
"""Days beyond the plan's end that the packaged plan grants for feedback."""

_CADENCE, _DUE = "quarterly", "day 20 month +1"
_MEMBERS = re.compile(r"成员单位")
_WHOLE = ("户", "家", "个", "笔", "人", "件", "项", "次", "座", "条", "所", "台", "套", "辆", "处", "张", "名", "场")

Data = dict[str, Any]


def files_of(draft: PlanDraft, folder: str) -> dict[str, tuple[str, Data]]:
    """Return remark and content of each file by its name; `folder` is the folder's name, which becomes the code.

    Ladder, papers, posts and the scheme for units are those of the packaged plan, marked as customary. What nobody can
    know from the document says 待填写, or is left out, so that `duban plan check` asks for it.
    """
    customary = load_plan(packaged_plan())
    house = _house(draft)
    return {
        "plan.yaml": ("计划草稿：由计划文件读出，待填写处须补填。", _head(draft, folder, house)),
        "units.yaml": (
            "单位代码、全称须核定；区、县（市）用 GB/T 2260 代码；单位组须列成员名册。",
            _units(draft, customary),
        ),
        "indicators.yaml": ("责任单位、小数位数、可否加总须核定。", {"indicators": _indicators(draft, house)}),
        "tasks.yaml": ("没有写明的频次和期限暂按每季反馈；成果和佐证材料须补填。", _tasks(draft, house)),
        "forms.yaml": ("报表须按责任单位和报送周期重新划分。", _forms(draft, house)),
        "ladder.yaml": ("提醒与升级台阶照随附计划，请核定。", _sourced(customary.ladder.model_dump(mode="json"))),
        "assessment.yaml": (
            "考核办法照随附计划的成员单位办法；对区、县（市）的办法须另拟。",
            _assessment(draft, customary),
        ),
        "rulings.yaml": ("口径裁定：计划没有说清之处，由办公室裁定后列入。", {"rulings": []}),
    }


def _house(draft: PlanDraft) -> str:
    """Return the unit that leads most tasks: a first proposal for the one that houses the office."""
    leads = [lead for task in draft.tasks for lead in task.team.leads]
    return max(dict.fromkeys(leads), key=leads.count, default=draft.units[0].name if draft.units else TO_FILL_IN)


def _head(draft: PlanDraft, folder: str, house: str) -> Data:
    head = draft.head
    days = {"start": head.start, "end": head.end, "issued": head.issued}
    goals = [{"number": g.number, "title": g.title, "source": g.clause or PENDING} for g in draft.goals]
    if any(indicator.goal is None for indicator in draft.indicators) or not goals:
        goals.append({"number": len(goals) + 1, "title": "重点任务所列目标", "source": PENDING})
    return {
        "tenant": {"code": "tenant", "name": TO_FILL_IN},
        "code": folder if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", folder) else "draft",
        "title": head.title or TO_FILL_IN,
        **{key: day for key, day in days.items() if day},
        "issuer": head.issuer or TO_FILL_IN,
        "basis": head.basis or TO_FILL_IN,
        "office": {"name": head.issuer or TO_FILL_IN, "unit": house, "word": TO_FILL_IN, "source": PENDING},
        "feedback_grace_days": _GRACE_DAYS,
        "goals": goals,
        "cc": list(head.copies),
        "source": head.number or head.title or PENDING,
    }


def _units(draft: PlanDraft, customary: Plan) -> Data:
    clause = _first_clauses(draft)
    units = [
        {
            "code": unit.code,
            "name": unit.name,
            "official_name": unit.name,
            "kind": unit.kind,
            "source": clause.get(unit.name, PENDING),
        }
        for unit in draft.units
    ]
    return {
        "units": units,
        "groups": [_group(draft, name, clause) for name in draft.groups],
        "papers": _sourced([words.model_dump(mode="json") for words in customary.papers]),
        "posts": _sourced(customary.posts.model_dump(mode="json")),
    }


def _first_clauses(draft: PlanDraft) -> dict[str, str]:
    clauses: dict[str, str] = {}
    for task in (*draft.tasks, *draft.safeguards):
        for name in (*task.team.leads, *task.team.supporting, *task.team.groups):
            clauses.setdefault(name, task.clause or PENDING)
    return clauses


def _group(draft: PlanDraft, name: str, clause: Mapping[str, str]) -> Data:
    """Return a group; members of a leading group are proposed, all other registers are left to a person."""
    group: Data = {"name": name, "purpose": "responsible", "source": clause.get(name, PENDING)}
    members = [unit.name for unit in draft.units if unit.kind != "district"]
    if _MEMBERS.search(name) and members and draft.head.start:
        source = f"{PENDING}，先以文中点名的单位为限"
        group["memberships"] = [{"units": members, "start": draft.head.start, "source": source}]
    return group


def _indicators(draft: PlanDraft, house: str) -> list[Data]:
    return [_indicator(draft, indicator, house) for indicator in draft.indicators]


def _indicator(draft: PlanDraft, indicator: DraftIndicator, house: str) -> Data:
    target = indicator.target
    sets = {other.code: other.target for other in draft.indicators}
    whole = sets.get(indicator.subset_of or "")
    is_subset = (
        whole is not None and whole.measure_type == target.measure_type and _at_most(target.target, whole.target)
    )
    known = {unit.name for unit in draft.units}
    owners = [name for name in indicator.owners if name in known]
    data: Data = {
        "code": indicator.code,
        "goal": indicator.goal or len(draft.goals) + 1,
        "name": target.name or TO_FILL_IN,
        "measure_type": target.measure_type,
        "target": None if target.measure_type in WITHOUT_TARGET else target.target,
        "unit_of_measure": target.unit_of_measure or TO_FILL_IN,
        "decimals": 0 if target.unit_of_measure in _WHOLE else 2,
        "text": target.text,
        "comparator": target.comparator,
    }
    return {
        **data,
        **({"subset_of": indicator.subset_of} if is_subset else {}),
        **({"reference": target.reference or TO_FILL_IN} if target.measure_type in ("relative", "direction") else {}),
        "additive": target.measure_type in ("cumulative", "stock", "annual_stock") and target.unit_of_measure != "%",
        "owners": owners or [house],
        "owners_source": indicator.clause if owners else PENDING,
        "source": indicator.clause or PENDING,
    }


def _at_most(part: Decimal | None, whole: Decimal | None) -> bool:
    return part is not None and whole is not None and part <= whole


def _tasks(draft: PlanDraft, house: str) -> Data:
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
    cadence, due, source = _CADENCE, _DUE, f"{PENDING}：原文没有写频次和期限，暂按每季反馈"
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


def _forms(draft: PlanDraft, house: str) -> Data:
    form = {
        "code": "city-quarterly",
        "title": "目标完成情况季报（草稿）",
        "frequency": "quarterly",
        "areas": "city",
        "reporters": [house],
        "indicators": [indicator.code for indicator in draft.indicators],
        "opens": "day 1 month +1",
        "due": _DUE,
        "closes": "day 24 month +1",
        "checks": [],
        "source": PENDING,
    }
    return {"checks": [], "forms": [form]}


def _assessment(draft: PlanDraft, customary: Plan) -> Data:
    scheme = next(s for s in customary.assessment.schemes if s.population == "units")
    data = scheme.model_dump(mode="python", exclude_none=True)
    first = max((day for day in (draft.head.start, draft.head.issued) if day), default=None)
    if first and draft.head.end and first > draft.head.end:
        first = draft.head.start
    quarter = f"{first.year}Q{(first.month + 2) // 3}" if first else scheme.first_quarter
    data |= {"code": "units", "title": "成员单位履职评价办法（草稿）", "first_quarter": quarter}
    for component in data["components"]:
        component.pop("items", None)
    appeals = customary.assessment.appeals.model_dump(mode="python")
    whole: Data = _sourced({"schemes": [data], "appeals": appeals, "bases": [], "baselines": []})
    return whole


def _sourced(data: Any) -> Any:
    """Return `data` with every source replaced: it is customary, not this plan's."""
    if isinstance(data, Mapping):
        return {k: CUSTOMARY if str(k).endswith("source") else _sourced(value) for k, value in data.items()}
    return [_sourced(item) for item in data] if isinstance(data, list | tuple) else data
