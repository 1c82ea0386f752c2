"""All files of a report: bulletin, explanation, scoring workbook and charts, written together or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from config.errors import FontsMissing
from config.reasons import not_written
from config.terms import Population
from documents import fonts
from documents.bulletin.bulletin import SECTION_OF, Pictures, bulletin, explained
from documents.bulletin.facts import Facts
from documents.bulletin.gathering import facts_of, newest
from documents.bulletin.pictures import charts
from documents.charts.chart import Chart
from documents.fonts import FontRole, Fonts
from documents.official.content import Paper
from documents.official.render import as_docx, as_pdf
from documents.scoring.labels import labels_of
from documents.scoring.workbook import scoring_workbook
from models import Assessment
from supervision.in_force import InForce
from supervision.periods import Period

BULLETIN, EXPLANATION, WORKBOOK, CHARTS = "考核通报", "得分说明", "评分工作簿", "图表"
"""Names of the files, and of the folder of charts."""

_CHART_NAMES = {
    "league": "得分构成",
    "ranks": "位次变化",
    "progress": "目标进度",
    "attainment": "指标完成率",
    "reporting": "数据报送",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file: its name below the folder of the report, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Report:
    """The files of one run. `refused` says why PDF and charts are not among them; None: they are."""

    facts: Facts
    files: tuple[File, ...]
    refused: FontsMissing | None = None


@dataclass(frozen=True)
class Material:
    """What a report is made from, read in one transaction: the facts, and input and result as they were stored."""

    facts: Facts
    case: Mapping[str, Any]
    result: Mapping[str, Any]


def material(session: Session, force: InForce, quarter: Period, population: Population) -> Material:
    """Return what the report on the newest run of a quarter is made from.

    Raises UnknownName when there is none, Refused when the stored result is not that of the stored input.
    """
    run = newest(session, force, quarter, population)
    return Material(facts_of(session, force, run), run.case, run.result)


def report(given: Material) -> Report:
    """Return every file of the report; the same material and fonts give the same bytes.

    Without a Chinese font, or with one that lacks a character, .docx and .xlsx are made all the same.
    """
    facts = given.facts
    workbook = scoring_workbook(
        given.case, given.result, title=f"{facts.quarter.in_words}{facts.who}{facts.deed}评分工作簿",
        labels=labels_of(facts.plan, facts.scheme), calendar=facts.calendar, simulated=facts.run.simulated,
        vetoes=facts.vetoes,
    )  # fmt: skip
    always = [File(f"{WORKBOOK}.xlsx", workbook)]
    try:
        found = fonts.find()
        drawn = tuple(_drawn(charts(facts), found))
    except FontsMissing as missing:
        papers = _papers(facts, {})
        return Report(facts, (*_docx(papers), *always), missing)
    papers = _papers(facts, _by_section(drawn))
    pdf = (File(f"{name}.pdf", as_pdf(paper, found)) for name, paper in papers.items())
    pictures = (file for each in drawn for file in each.files)
    return Report(facts, (*_docx(papers), *pdf, *always, *pictures))


def bulletin_of(session: Session, force: InForce, run: Assessment) -> Paper:
    """Return the bulletin alone, as it stands in the report; without a Chinese font it has no charts.

    Raises Refused when the stored result is not that of the stored input.
    """
    facts = facts_of(session, force, run)
    try:
        pictures = _by_section(tuple(_drawn(charts(facts), fonts.find())))
    except FontsMissing:
        pictures = {}
    return bulletin(facts, pictures)


def _papers(facts: Facts, pictures: Pictures) -> Mapping[str, Paper]:
    return {BULLETIN: bulletin(facts, pictures), EXPLANATION: explained(facts)}


def _docx(papers: Mapping[str, Paper]) -> tuple[File, ...]:
    return tuple(File(f"{name}.docx", as_docx(paper)) for name, paper in papers.items())


@dataclass(frozen=True)
class _Drawn:
    """One chart as it stands in papers (without a title), and as files of its own."""

    chart: Chart
    in_paper: bytes
    files: tuple[File, ...]


def _drawn(found: Sequence[Chart], known: Fonts) -> Iterator[_Drawn]:
    from documents.charts.canvas import prints  # a second that nothing without a font needs

    for chart in found:
        kind, dash, part = chart.code.partition("-")
        name = f"{CHARTS}/{_CHART_NAMES[kind]}{dash}{part}"
        drawn = prints(chart, known[FontRole.HEI])
        yield _Drawn(chart, drawn.bare, (File(f"{name}.png", drawn.png), File(f"{name}.svg", drawn.svg)))


def _by_section(drawn: Sequence[_Drawn]) -> Pictures:
    found: dict[str, list[tuple[Chart, bytes]]] = {}
    for each in drawn:
        section = SECTION_OF[each.chart.code.partition("-")[0]]
        found.setdefault(section, []).append((each.chart, each.in_paper))
    return found


def write(files: Sequence[File], folder: Path) -> tuple[Path, ...]:
    """Write all files below `folder`, which is made when it is not there; return their paths.

    Every file is complete beside its place before the first one takes it, so that a full disk leaves what was there.
    Raises BadInput when the folder cannot be made or written to, NotWritten when the disk is full or fails.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        for file in files:
            path = folder / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = path.with_name(f".{path.name}.{os.getpid()}")
            waiting.append((aside, path))
            _write(aside, file.content)
        for aside, path in waiting:
            aside.replace(path)
    except OSError as error:
        raise not_written(error, Path(error.filename2 or error.filename or folder)) from None
    finally:
        for aside, _ in waiting:
            aside.unlink(missing_ok=True)
    return tuple(path for _, path in waiting)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
