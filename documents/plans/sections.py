"""What a part of a plan is about, by its heading: goals, tasks, safeguards, or an opening that promises nothing."""

from __future__ import annotations

import re
from typing import Literal

from documents.plans.node import Node

Role = Literal["goals", "tasks", "safeguards", "opening"]

_GOALS = re.compile(
    r"^.{0,8}(?:目标|指标|目标(?:要求|任务|愿景|定位|体系|设定)|指标体系)(?:[（(].*[）)])?$|^(?:总体|主要|工作|发展)目标"
)
_OPENING = re.compile(
    r"总体要求|指导思想|基本原则|工作原则|总体思路|基本思路|工作思路|现状|形势|背景|发展基础|工作基础|重要意义|^总则$|^附则$|解释|基本情况|适用范围|思想认识|提高认识|编制依据"
)
_SAFEGUARDS = re.compile(
    r"保障措施|组织保障|组织实施|组织领导|工作保障|实施保障|保障机制|保障体系|强化保障|^保障|工作要求|有关要求|推进机制|工作机制|组织推进|实施要求|监督检查|督导考核|考核评价$|抓好落实|^加强组织"
)


def role_of(node: Node) -> Role:
    """Return what the entry is about: by its own heading, else by that of the entry around it."""
    title = node.title
    if _GOALS.search(title) and len(title) <= 20:
        return "goals"
    if node.parent is None:
        if _SAFEGUARDS.search(title) and len(title) <= 20:
            return "safeguards"
        return "opening" if _OPENING.search(title) and len(title) <= 20 else "tasks"
    above = role_of(node.parent)
    if above == "tasks" and node.parent.kind in ("篇", "章") and _SAFEGUARDS.search(title) and len(title) <= 12:
        return "safeguards"
    return above
