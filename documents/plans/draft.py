"""Writing the draft of a plan folder, with the list of what a person must settle in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from config.errors import BadInput
from config.plan import Problem, check_plan
from config.reasons import not_written
from documents.plans.folder import files_of
from documents.plans.model import PlanDraft, figure
from documents.plans.unsettled import CUSTOMARY, PENDING, TO_FILL_IN, Data

REVIEW = "review.md"
"""The list of what is to be settled; no part of the plan."""


@dataclass(frozen=True)
class Written:
    """A draft folder as it was written, and what `duban plan check` says about it."""

    folder: Path
    problems: tuple[Problem, ...]


def write_draft(draft: PlanDraft, folder: Path, *, name: str) -> Written:
    """Write the eight files of a plan folder and review.md into `folder`; `name` is the document's.

    Raises BadInput when `folder` holds anything already, or cannot be written.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(f"{folder} 已有内容，请换一个空目录")
        folder.mkdir(parents=True, exist_ok=True)
        for file, (remark, content) in files_of(draft, folder.resolve().name).items():
            (folder / file).write_text(_yaml(remark, content), encoding="utf-8")
        problems = tuple(check_plan(folder))
        (folder / REVIEW).write_text(_review(draft, name, problems), encoding="utf-8")
    except OSError as error:
        raise not_written(error, folder) from None
    except ValueError as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(f"{folder} 不是目录路径（{error}）") from None
    return Written(folder, problems)


def _yaml(remark: str, content: Data) -> str:
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 4096
    yaml.representer.ignore_aliases = lambda _: True
    yaml.representer.add_representer(Decimal, _decimal)
    out = io.StringIO()
    yaml.dump(content, out)
    return f"# {remark}\n\n{out.getvalue()}"


def _decimal(representer: Any, value: Decimal) -> Any:
    text = figure(value) or "0"
    return representer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


def _review(draft: PlanDraft, name: str, problems: Sequence[Problem]) -> str:
    """Return the list of what a person must settle, in Markdown."""
    lines = [f"# {draft.head.title or name}：待核定事项", "", f"本目录由 {name} 读出，是草稿，核定之前不得载入。", ""]
    lines += ["## 读文件时的疑问", ""]
    lines += [f"- 第 {doubt.line} 行：{doubt.message}" for doubt in draft.doubts] or ["- 无"]
    lines += ["", "## 须补填和改正", ""]
    lines += [f"- {problem}" for problem in problems if problem.severity == "error"]
    lines += [f"- 各文件中的“{TO_FILL_IN}”", f"- 各处来源写“{PENDING}”“{CUSTOMARY}”的取值", ""]
    lines += ["## 计划检查的提示", ""]
    lines += [f"- {problem}" for problem in problems if problem.severity == "warning"] or ["- 无"]
    return "\n".join(lines) + "\n"
