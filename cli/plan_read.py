"""`duban plan read`: what a plan document says, and the draft of a plan folder made from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output
from cli.options import Json

if TYPE_CHECKING:
    from documents.plans.draft import Written
    from documents.plans.model import DraftIndicator, DraftTask, PlanDraft


def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="计划文件：.txt、.docx 或 .pdf")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="写出计划目录草稿，须为空目录")] = None,
    json: Json = False,
) -> None:
    """Print what the document says; with `--out`, write a draft folder and what is left to settle in it."""
    from documents.plans.draft import write_draft  # reading needs libraries that nothing else here does
    from documents.plans.reading import read_plan

    draft = read_plan(file)
    written = write_draft(draft, out, name=file.name) if out else None
    if json:
        output.as_json(draft.data() | ({"draft": _draft(written)} if written else {}))
    else:
        _tables(draft)
        if written:
            _told(written)


def _draft(written: Written) -> dict[str, Any]:
    keys = ("file", "line", "message", "severity")
    problems = [{key: getattr(problem, key) for key in keys} for problem in written.problems]
    return {"folder": str(written.folder), "problems": problems}


def _told(written: Written) -> None:
    errors = sum(problem.severity == "error" for problem in written.problems)
    output.line(f"草稿已写入 {written.folder}，待核定事项见其中的 review.md；duban plan check 查出 {errors} 处须改正")


def _tables(draft: PlanDraft) -> None:
    head = draft.head
    years = f"{head.start or '？'} 至 {head.end or '？'}"
    output.line(f"{head.title or '（没有标题）'}，{years}，{head.issued or '？'} 印发")
    output.table(
        "目标",
        ["编号", "指标", "类型", "目标值", "计量单位", "原文", "出处", "行"],
        (_target_row(indicator) for indicator in draft.indicators),
    )
    output.table(
        "重点任务",
        ["序号", "任务", "牵头单位", "配合单位", "期限", "举措", "出处", "行"],
        (_task_row(task) for task in draft.tasks),
    )
    output.table("须核对", ["行", "疑问"], ([doubt.line, doubt.message] for doubt in draft.doubts))


def _target_row(indicator: DraftIndicator) -> list[object]:
    target = indicator.target
    number = indicator.data()["target"]
    names = [indicator.code, target.name, target.measure_type, number, target.unit_of_measure, target.text]
    return [*names, indicator.clause, indicator.line]


def _task_row(task: DraftTask) -> list[object]:
    team, when = task.team, task.deadline.text if task.deadline else None
    units = ["、".join(team.leads), "、".join((*team.supporting, *team.groups))]
    return [task.number, task.title, *units, when, len(task.measures), task.clause, task.line]
