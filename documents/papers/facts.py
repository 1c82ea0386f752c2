"""The facts of one item or reporting request as papers set them out, and the slip that comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from config.terms import UnitKind
from documents.official.content import Align, Attachment, Column, Table
from notifications.wording import one_line, shortened
from supervision.periods import day_in_words
from supervision.queries.dossiers import Dossier

TITLE_LIMIT = 60
"""Characters of an item's name in the title of a paper: three lines of it."""

LINES_TO_FILL = 2
"""How high a line of a slip is that somebody fills in by hand."""

_ORDERED = (
    "办理情况回执",
    "填写后加盖单位印章，送领导小组办公室。",
    ("办理进展", "未按期完成的原因", "采取的措施", "预计完成时间", "负责人（签字）", "联系人及电话"),
)
_ASKED = (
    "办理情况反馈表",
    "请填写后随复函一并送领导小组办公室。",
    ("办理进展", "需要协调的问题", "下一步安排", "预计完成时间", "联系人及电话"),
)
"""Name, note and questions of the slip: who is asked gives no account of itself."""


def subject(dossier: Dossier) -> str:
    """Return what the paper is about as its title names it; a very long name is whole in the facts only."""
    period = f"（{dossier.period}）" if dossier.period else ""
    title = shortened(one_line(dossier.title), TITLE_LIMIT)
    return f"报送{title}{period}" if dossier.reports else f"{title}{period}事项"


def fact_table(dossier: Dossier, *, on: date, overdue: bool) -> Table:
    """Return the facts as known on the day `on`; with `overdue`, how late it is and what went before."""
    rows = [(name, text) for name, text in _facts(dossier) if text]
    if overdue:
        rows += [(name, text) for name, text in _lateness(dossier, on) if text]
    return Table((Column("项目", 2), Column("内容", 7, Align.LEFT)), tuple(rows))


def _facts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    yield ("报送任务" if dossier.reports else "事项"), dossier.title
    yield ("报送任务编号" if dossier.reports else "事项编号"), str(dossier.number)
    yield "周期", dossier.period
    yield "所属任务", dossier.task
    yield "立项依据", dossier.basis
    yield "具体要求", dossier.content
    yield "责任单位", dossier.unit + (f"（{dossier.role.label}）" if dossier.role else "")
    yield "应提交成果", dossier.deliverable
    yield "佐证材料", dossier.evidence
    if dossier.due != dossier.original_due:
        yield "原定期限", day_in_words(dossier.original_due)
    moved = f"（经同意延期{dossier.extensions}次）" if dossier.extensions else ""
    yield "办理期限" if not dossier.reports else "报送期限", day_in_words(dossier.due) + moved
    if dossier.closes is not None:
        yield "截止填报", day_in_words(dossier.closes)


def _lateness(dossier: Dossier, on: date) -> Iterator[tuple[str, str]]:
    days = max((on - dossier.due).days, 0)
    if _asks(dossier):
        yield "期限情况", f"截至{day_in_words(on)}已超过期限{days}天"
        yield "前期去函", "\n".join(_steps(dossier))
    else:
        yield "逾期情况", f"截至{day_in_words(on)}已逾期{days}天"
        yield "前期提示", "\n".join(_steps(dossier))
    if dossier.latest is not None:
        said = dossier.latest
        parts = (("进展情况", said.progress), ("存在的问题", said.problems), ("下一步措施", said.next_steps))
        told = "；".join(f"{name}：{text.strip()}" for name, text in parts if text.strip())
        yield "最近一次反馈", f"{day_in_words(said.day)}。{told}"


def _steps(dossier: Dossier) -> Iterator[str]:
    """Return what went before. Towards a unit that is asked, only when: not in the words of supervision."""
    for step in dossier.steps:
        what = "" if _asks(dossier) else step.kind.label
        number = f"（{step.number}）" if step.number else ""
        yield f"{day_in_words(step.issued_on)}{what}{number}"


def _asks(dossier: Dossier) -> bool:
    return dossier.kind is UnitKind.CENTRAL


def slip(dossier: Dossier, *, asks: bool) -> Attachment:
    """Return the slip on which the unit answers, to be filled in by hand."""
    name, note, questions = _ASKED if asks else _ORDERED
    rows = (("单位", dossier.unit), ("事项", subject(dossier)), *((question, "") for question in questions))
    columns = (Column("项目", 2), Column("内容", 5, Align.LEFT))
    return Attachment(name, (Table(columns, rows, note=note, row_lines=LINES_TO_FILL),))
