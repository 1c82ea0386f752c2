"""Plan documents for the tests: those beside this file, and ways to put a text into other forms."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typst
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from ruamel.yaml import YAML

from documents.plans.model import Data
from documents.plans.reading import draft_of
from documents.plans.source import plain

DOCUMENTS = Path(__file__).parent / "documents"

CASES: dict[str, dict[str, Any]] = {
    file.stem: YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    for file in sorted(DOCUMENTS.glob("*.yaml"))
}
"""What a careful reader finds in each document, by its name."""


def text_of(name: str) -> str:
    """Return the text of a document."""
    return (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")


def read(text: str) -> Any:
    """Return what is read out of a text, as JSON data."""
    data: Data = draft_of(plain(text)).data()
    return data


def tasks_of(data: Any, kind: str = "key_tasks") -> list[str]:
    """Return one line for each task: number, title, lead, supporting units, groups and due rule."""
    return [_task(task) for task in data[kind]]


def _task(task: Any) -> str:
    leads = "+".join(task.get("lead_units", [task["lead_unit"] or "？"]))
    others = " ".join(task["supporting_units"]) + "".join(f" [{group}]" for group in task["groups"])
    when = f" · {task['cadence']} {task['due']}" if task["cadence"] else ""
    return f"{task['number']} {task['title']} | {leads} | {others.strip()}{when}".strip()


def targets_of(data: Any) -> list[str]:
    """Return one line for each target: name, measure type, comparator, number and unit, and the day it is due."""
    return [_target(indicator) for indicator in data["indicators"]]


def _target(indicator: Any) -> str:
    number = f"{indicator['comparator'] or ''} {indicator['target'] or ''}{indicator['unit_of_measure'] or ''}".strip()
    return f"{indicator['name']} | {indicator['measure_type']} | {number} | {indicator['by'] or ''}".strip()


def gist(data: Any) -> Any:
    """Return what must not change when only line breaks do."""
    return {
        "tasks": tasks_of(data),
        "safeguards": tasks_of(data, "safeguards"),
        "targets": targets_of(data),
        "texts": [indicator["text"] for indicator in data["indicators"]],
        "units": [(unit["name"], unit["kind"]) for unit in data["units"]],
        "groups": data["groups"],
        "goals": [(goal["number"], goal["title"]) for goal in data["goals"]],
        "plan": data["plan"],
    }


def rewrapped(text: str, columns: int, *, pages: int = 22) -> str:
    """Return `text` as it is copied out of a PDF: hard lines of `columns`, blank lines between, a mark on each page."""
    lines: list[str] = []
    for line in text.splitlines():
        for start in range(0, max(len(line), 1), columns):
            lines += [line[start : start + columns], ""]
            if len(lines) % pages == 0:
                lines += ["", f"- {len(lines) // pages} -", ""]
    return "\n".join(lines)


def saved(document: Document, path: Path) -> Path:
    """Write a Word document; return its path."""
    document.save(str(path))
    return path


def add_table(document: Document, rows: Iterable[Sequence[str]], merges: Iterable[tuple[int, int, int]] = ()) -> None:
    """Add a table; `merges` are (column, first row, last row) of cells merged into one."""
    rows = list(rows)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for column, first, last in merges:
        text = rows[first][column]
        merged = table.cell(first, column).merge(table.cell(last, column))
        merged.text = text


def add_list(document: Document, forms: Sequence[tuple[str, str]]) -> str:
    """Add a list of several levels, each of (number format, text like %1、); return its number."""
    numbering = document.part.numbering_part.element
    abstract = _element("w:abstractNum", abstractNumId="90")
    for depth, (form, text) in enumerate(forms):
        level = _element("w:lvl", ilvl=str(depth))
        level.extend([_element("w:start", val="1"), _element("w:numFmt", val=form), _element("w:lvlText", val=text)])
        abstract.append(level)
    numbering.insert(0, abstract)
    number = _element("w:num", numId="90")
    number.append(_element("w:abstractNumId", val="90"))
    numbering.append(number)
    return "90"


def numbered(document: Document, text: str, list_number: str, depth: int) -> None:
    """Add a paragraph whose number stands in the list, not in the text."""
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    place = OxmlElement("w:numPr")
    place.extend([_element("w:ilvl", val=str(depth)), _element("w:numId", val=list_number)])
    properties.append(place)


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def as_pdf(text: str, path: Path) -> Path:
    """Set `text` in a PDF as a plan is printed: A4, 28 characters in a line, — n — at the foot; return its path."""
    paragraphs = "\n\n".join(f"#par[{_escaped(line)}]" for line in text.splitlines() if line.strip())
    source = (
        '#set page(paper: "a4", margin: (x: 28mm, y: 35mm),\n'
        "footer: context align(center)[— #counter(page).display() —])\n"
        '#set text(font: ("Noto Serif CJK SC", "Noto Sans CJK SC"), size: 16pt, lang: "zh")\n'
        f"#set par(first-line-indent: (amount: 2em, all: true), justify: true)\n{paragraphs}\n"
    )
    path.write_bytes(typst.compile(source.encode()))
    return path


def _escaped(line: str) -> str:
    return "".join(f"\\{c}" if c in "\\#*_`$<>@~[]=-+/\"'" else c for c in line)


def bomb() -> bytes:
    """Return a small .docx whose text unpacks to far more than any plan."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (150 * 1024 * 1024))
    return out.getvalue()
