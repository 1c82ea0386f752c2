"""What the files of a draft plan folder hold: what was read, what is customary, and where a person must write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from config.plan import Plan, load_plan, packaged_plan
from config.plan.schema.base import WITHOUT_TARGET
from documents.plans.model import DraftIndicator, PlanDraft
from documents.plans.target import Target
from documents.plans.tasks_file import DUE, tasks_file
from documents.plans.unsettled import CUSTOMARY, PENDING, TO_FILL_IN, Data

_GRACE_DAYS = 60
"""Days beyond the plan's end that the packaged plan grants for feedback."""

_MEMBERS = re.compile(r"成员单位")
_WHOLE = ("户", "家", "个", "笔", "人", "件", "项", "次", "座", "条", "所", "台", "套", "辆", "处", "张", "名", "场")


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
        "tasks.yaml": ("没有写明的频次和期限暂按每季反馈；成果和佐证材料须补填。", tasks_file(draft, house)),
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
    leads = Counter(lead for task in draft.tasks for lead in task.team.leads)
    return max(leads, key=leads.__getitem__, default=draft.units[0].name if draft.units else TO_FILL_IN)


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
    sets = {indicator.code: indicator.target for indicator in draft.indicators}
    units = {unit.name for unit in draft.units}
    return [
        _indicator(
            indicator,
            whole=sets.get(indicator.subset_of or ""),
            owners=[name for name in indicator.owners if name in units],
            goal=indicator.goal or len(draft.goals) + 1,
            house=house,
        )
        for indicator in draft.indicators
    ]


def _indicator(
    indicator: DraftIndicator, *, whole: Target | None, owners: Sequence[str], goal: int, house: str
) -> Data:
    target = indicator.target
    is_subset = (
        whole is not None and whole.measure_type == target.measure_type and _at_most(target.target, whole.target)
    )
    data: Data = {
        "code": indicator.code,
        "goal": goal,
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
        "owners": list(owners) or [house],
        "owners_source": indicator.clause if owners else PENDING,
        "source": indicator.clause or PENDING,
    }


def _at_most(part: Decimal | None, whole: Decimal | None) -> bool:
    return part is not None and whole is not None and part <= whole


def _forms(draft: PlanDraft, house: str) -> Data:
    form = {
        "code": "city-quarterly",
        "title": "目标完成情况季报（草稿）",
        "frequency": "quarterly",
        "areas": "city",
        "reporters": [house],
        "indicators": [indicator.code for indicator in draft.indicators],
        "opens": "day 1 month +1",
        "due": DUE,
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
