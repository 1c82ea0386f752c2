"""督办情况: how often units were urged, and which papers were signed to whom."""

from __future__ import annotations

from config.terms import Level
from documents.bulletin.facts import Facts, PaperFact, name_share
from documents.bulletin.tasks import codes_of
from documents.bulletin.wording import named
from documents.official.content import Align, Block, Column, Table, paragraph

_LETTER = "函"
_KINDS = (Level.SUPERVISION_NOTICE.label, Level.CIRCULAR.label, _LETTER)
"""In the order of the table."""


def papers(facts: Facts) -> tuple[Block, ...]:
    """Return 督办情况: how often units were urged, and which papers were signed to whom."""
    own = [paper for paper in facts.papers if paper.unit in codes_of(facts)]
    own.sort(key=lambda paper: _KINDS.index(_kind(facts, paper)))  # stable: by number within a kind
    urged = sum(facts.urged.get(code, 0) for code in codes_of(facts))
    said = f"{facts.year_to_date}共催办{urged}次" if urged else f"{facts.year_to_date}没有催办"
    if not own:
        return (paragraph(f"{said}，没有发出督办单和通报。"),)
    counts = [f"{kind}{many}份" for kind in _KINDS if (many := sum(_kind(facts, paper) == kind for paper in own))]
    names = [facts.name(code) for code in codes_of(facts) if any(paper.unit == code for paper in own)]
    text = f"{said}，发出{'、'.join(counts)}，涉及{named(names)}。"
    on_requests = sum(not paper.on_item for paper in own)
    if on_requests:
        text += f"其中{on_requests}份因数据报送发出，迟报、未报已在数据报送中扣分，不再重复扣分。"
    rows = tuple(
        (paper.number, facts.name(paper.unit), _kind(facts, paper), paper.subject,
         paper.issued_on.isoformat())
        for paper in own
    )  # fmt: skip
    columns = (
        Column("文号", 13), Column("单位", name_share(facts, 5)), Column("种类", 4), Column("事由", 11, Align.LEFT),
        Column("签发日期", 7),
    )  # fmt: skip
    return (paragraph(text), Table(columns, rows, caption="督办文书"))


def _kind(facts: Facts, paper: PaperFact) -> str:
    """Return what the paper is called towards its unit: central units are written to, not supervised."""
    return _LETTER if facts.plan.unit(paper.unit).kind == "central" else paper.level.label
