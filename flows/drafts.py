"""The draft of a result as the engine shows it: the bulletin in words, its charts, and where the workbook is."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from config.errors import FontsMissing
from documents import fonts
from documents.bulletin.bulletin import bulletin
from documents.bulletin.facts import Facts
from documents.bulletin.pictures import charts
from documents.fonts import FontRole
from documents.official.markdown import as_markdown


@dataclass(frozen=True)
class ChartDraft:
    """One chart: its code, its title, what it says in words, and the drawing as an address that holds it (data:)."""

    code: str
    title: str
    alternative: str
    address: str


@dataclass(frozen=True)
class Draft:
    """What goes with a stored run. `refused` says why there are no charts; empty: there are."""

    bulletin: str
    charts: tuple[ChartDraft, ...]
    refused: str = ""


def draft_of(facts: Facts) -> Draft:
    """Return the draft. Without a Chinese font there are no charts, and the bulletin is there all the same."""
    text = as_markdown(bulletin(facts, {}))
    try:
        return Draft(text, tuple(_drawn(facts)))
    except FontsMissing as missing:
        return Draft(text, (), str(missing))


def report_address(portal: str, number: int) -> str:
    """Return where the portal hands out bulletin, explanation, workbook and charts of the run `number`, together."""
    return f"{portal.rstrip('/')}/assessments/{number}/report.zip"


def _drawn(facts: Facts) -> Iterator[ChartDraft]:
    from documents.charts.canvas import svg  # a second that nothing without a font needs

    face = fonts.find()[FontRole.HEI]
    for chart in charts(facts):
        drawn = base64.b64encode(svg(chart, face)).decode()
        yield ChartDraft(chart.code, chart.title, chart.alternative, f"data:image/svg+xml;base64,{drawn}")
