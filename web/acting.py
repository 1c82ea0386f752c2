"""Which fields the form of each act has, and what they are called there."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response

from config.errors import DubanError
from config.terms import Action
from supervision.queries.doable import Doable
from supervision.workflow import Need
from web.visit import Visit, status_of
from web.wording import for_page


@dataclass(frozen=True)
class ActField:
    """One field. `kind`: text, day, unit or reason."""

    name: str
    label: str
    kind: str
    needed: bool
    hint: str = ""


_COMMENTS = {
    Action.REPORT_PROGRESS: "进展情况",
    Action.REPORT_COMPLETION: "完成情况",
    Action.REQUEST_EXTENSION: "延期理由",
    Action.DISPUTE: "异议理由",
    Action.RETURN_FOR_REWORK: "退回意见",
    Action.WITHDRAW: "撤销理由",
    Action.SUSPEND: "暂缓说明",
    Action.REASSIGN: "转办理由",
}
_SILENT = frozenset({Action.ACKNOWLEDGE, Action.ASSIGN, Action.CLOSE, Action.ARCHIVE})
"""Acts that need no words and offer no field for them."""

_DATES = {
    Action.RETURN_FOR_REWORK: "重新报送的期限",
    Action.REQUEST_EXTENSION: "申请延至",
    Action.APPROVE_EXTENSION: "同意延至",
    Action.REASSIGN: "新的期限",
    Action.RESUME: "恢复后的期限",
    Action.ASSIGN: "期限",
}
_REPORTS = frozenset({Action.REPORT_PROGRESS, Action.REPORT_COMPLETION})
_LEFT_OUT = {
    Action.APPROVE_EXTENSION: "不填则同意所申请的日期",
    Action.REASSIGN: "不填则沿用现期限",
    Action.RESUME: "不填则按暂缓前剩余的工作日计算",
    Action.ASSIGN: "不填则用立项时的期限",
}
MAY_UPLOAD = _REPORTS

_ASIDE = frozenset({
    Action.REASSIGN, Action.SUSPEND, Action.WITHDRAW, Action.REQUEST_EXTENSION, Action.DISPUTE, Action.ARCHIVE,
})  # fmt: skip
"""Acts that nobody waits for: they are at hand, but do not stand open as what is to be done."""


def is_main(doable: Doable) -> bool:
    """Return whether somebody waits for this act: it may stand open at the top of the page."""
    return not doable.recorded and doable.action not in _ASIDE


def key_of(doable: Doable) -> str:
    """Return what the act's form is told apart by on the page."""
    return f"{doable.action.value}-recorded" if doable.recorded else doable.action.value


def fields_of(doable: Doable, days: str) -> list[ActField]:
    """Return the fields of the form, in the order in which they are filled in; `days` says which days lie ahead."""
    action, found = doable.action, []
    if Need.REASON in doable.needs:
        found.append(ActField("reason", "暂缓事由", "reason", True))
    if Need.UNIT in doable.needs:
        found.append(ActField("to_unit", "接办单位", "unit", True))
    if action in _DATES:
        hints = (_LEFT_OUT.get(action, ""), "遇休息日自动顺延到下一工作日", days)
        hint = "；".join(each for each in hints if each)
        found.append(ActField("date", _DATES[action], "day", Need.DATE in doable.needs, hint))
    if action not in _SILENT:
        found.append(ActField("comment", _COMMENTS.get(action, "意见"), "text", Need.COMMENT in doable.needs))
    if action in _REPORTS:
        found.append(ActField("problems", "存在的问题", "text", False))
        found.append(ActField("next_steps", "下一步措施", "text", False))
    if doable.recorded:
        hint = "写明来自哪次电话、哪份纸质材料"
        found.append(ActField("source", "代录来源", "text", True, hint))
    return found


_TYPED = (
    ("comment", "内容"), ("problems", "存在的问题"), ("next_steps", "下一步措施"), ("date", "期限"), ("due", "期限"),
    ("source", "代录来源"), ("title", "子事项名称"), ("how", "送达方式"),
)  # fmt: skip


def typed_words(given: FormData) -> list[tuple[str, str]]:
    """Return what was typed into a form of the page, as (what, text): for when that form is not there any more."""
    found = [(label, given.get(name)) for name, label in _TYPED]
    return [(label, text.strip()) for label, text in found if isinstance(text, str) and text.strip()]


def gone(visit: Visit, refused: DubanError) -> Response:
    """Return what is shown in place of an item's page that this person cannot see any more: the words they typed.

    It happens when the item was given to another unit while somebody was writing.
    """
    words = for_page(str(refused))
    return visit.page("items/gone.html", status=status_of(refused), words=words, lost=typed_words(visit.form))
