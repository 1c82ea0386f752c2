"""办理过程: everything that happened to an item, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.terms import Action, Level, Status, SuspensionReason
from database.remembered import remembered
from models import Item, Person
from supervision.in_force import InForce
from supervision.queries import items as queries
from supervision.queries.items import HistoryLine, unit_name

_CALLED: Mapping[str, str] = {
    **{action.value: action.label for action in Action},
    **{level.value: f"发出{level.label}" for level in Level},
    "register": "立项",
    "draft_supervision_notice": "拟督办单",
    "draft_circular": "拟通报",
    "review_paper": "审核文书",
    "return_paper": "退回文书拟稿",
    "sign_paper": "签发文书",
    "serve_paper": "登记文书送达",
    "receipt_paper": "登记文书回执",
    "log_personal_service": "登记当面或电话送达",
    "send_again": "重新发送通知",
    "silence": "流程未按时运行告警",
    "add_evidence": "上传佐证材料",
    "open_request": "发出报送通知",
    "submit": "报送",
    "confirm": "审核通过",
    "return_submission": "退回报送",
    "close_window": "报送截止",
    "receive_mail": "收到回信报送",
    "ask_head": "送负责人确认",
    "give_back": "退回修改",
}
"""What the events of an item, and of a reporting request, are called."""

_OTHER = "其他记录"
"""What an event is called that a newer version has written: never by its code."""

_WORDS = (
    ("because", "事由"), ("comment", "内容"), ("problems", "存在的问题"), ("next_steps", "下一步措施"),
    ("source", "代录来源"), ("how", "送达方式"), ("number", "文号"), ("file", "文件"), ("asked_due", "申请延至"),
    ("due", "期限"),
)  # fmt: skip
"""What an event kept of itself and what that is called, in the order in which it is read."""

_COMMENT: Mapping[str, str] = {
    Action.REPORT_PROGRESS.value: "进展情况",
    Action.REPORT_COMPLETION.value: "完成情况",
    Action.REQUEST_EXTENSION.value: "理由",
    Action.DISPUTE.value: "理由",
}
"""What the comment of an act is called, where it is more than a comment."""


@dataclass(frozen=True)
class Happened:
    """One event. `who` is the person, or the system; `details` are (what, text)."""

    seq: int
    at: datetime
    who: str
    acting_for: str | None
    what: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Names:
    """What people are called, by login and by the database's number."""

    by_login: Mapping[str, str]
    by_number: Mapping[int, str]

    def of(self, login: str) -> str:
        """Return the name of who did something: the system for a flow, the login where nobody has it any more."""
        return "系统" if login.startswith("flow:") else self.by_login.get(login, login)


def names_of(session: Session, tenant_id: int) -> Names:
    """Return the names of everybody of the tenant."""
    return remembered(session, tenant_id, "names", lambda: _names_of(session, tenant_id))


def _names_of(session: Session, tenant_id: int) -> Names:
    rows = session.execute(
        select(col(Person.id), col(Person.login), col(Person.name)).where(col(Person.tenant_id) == tenant_id)
    )
    known = [(number or 0, login, name) for number, login, name in rows.tuples()]
    return Names({login: name for _, login, name in known}, {number: name for number, _, name in known})


def timeline(session: Session, force: InForce, item: Item, names: Names) -> tuple[Happened, ...]:
    """Return what happened to the item, the newest first."""
    lines = queries.events_of(session, force, item.id or 0)
    return tuple(in_words(force, names, line) for line in reversed(lines))


def in_words(force: InForce, names: Names, line: HistoryLine) -> Happened:
    """Return one event in words."""
    return Happened(
        line.seq, line.at, names.of(line.actor), names.of(line.acting_for) if line.acting_for else None,
        _CALLED.get(line.action, _OTHER), tuple(_details(force, names, line.action, line.data)),
    )  # fmt: skip


def _details(force: InForce, names: Names, action: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    if data.get("from") and data.get("to") and data["from"] != data["to"]:
        found.append(("状态", f"{Status(data['from']).label} → {Status(data['to']).label}"))
    for key, title in _WORDS:
        if data.get(key):
            found.append((_COMMENT.get(action, title) if key == "comment" else title, str(data[key])))
    if data.get("reason") in {reason.value for reason in SuspensionReason}:
        found.append(("暂缓事由", SuspensionReason(data["reason"]).label))
    for key, title in (("unit", "责任单位"), ("former_unit", "原责任单位")):
        if data.get(key) in force.unit_ids:
            found.append((title, unit_name(force, force.unit_ids[data[key]], force.today)))
    if data.get("person") in names.by_number:
        found.append(("接收人", names.by_number[data["person"]]))
    if isinstance(data.get("to"), list) and data["to"]:
        found.append(("发给", "、".join(names.of(str(login)) for login in data["to"])))
    if data.get("sub_items"):
        found.append(("一并撤销的子事项", "、".join(str(number) for number in data["sub_items"])))
    return found
