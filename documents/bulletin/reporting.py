"""数据报送: what was expected of the units, what came, and when."""

from __future__ import annotations

from collections.abc import Mapping

from documents.bulletin.facts import Facts, name_share, part_of
from documents.bulletin.tasks import codes_of
from documents.bulletin.wording import named, points
from documents.charts.wording import percent
from documents.official.content import Block, Column, Table, paragraph
from supervision.collection.verdicts import Rate
from supervision.scoring.case import ComponentCode

_DASH = "—"


def reporting(facts: Facts) -> tuple[Block, ...]:
    """Return 数据报送: what was expected, received, on time and returned, and who was late or missing."""
    rates = {code: facts.rates.get(code, Rate(0, 0, 0, 0)) for code in codes_of(facts)}
    whole = _whole(rates)
    if not whole.expected:
        return (paragraph(f"{facts.year_to_date}没有应由{facts.who}报送的报表。"),)
    return (paragraph(_report_words(facts, rates, whole)), _report_table(facts, rates))


def _whole(rates: Mapping[str, Rate]) -> Rate:
    each = rates.values()
    return Rate(
        expected=sum(rate.expected for rate in each),
        received=sum(rate.received for rate in each),
        on_time=sum(rate.on_time for rate in each),
        returned=sum(rate.returned for rate in each),
    )


def _report_words(facts: Facts, rates: Mapping[str, Rate], whole: Rate) -> str:
    late = [facts.name(code) for code, each in rates.items() if each.received > each.on_time]
    missing = [facts.name(code) for code, each in rates.items() if each.expected > each.received]
    returned = [facts.name(code) for code, each in rates.items() if each.returned]
    text = (
        f"{facts.year_to_date}应报{whole.expected}期次，已报{whole.received}期次，完整率{percent(whole.completeness)}；"
        f"按期{whole.on_time}期次，及时率{percent(whole.timeliness)}。"
    )
    text += f"有迟报的是{named(late)}。" if late else ""
    text += f"有未报的是{named(missing)}。" if missing else ""
    text += f"报送后被退回重报的有{whole.returned}期次（{named(returned)}）。" if returned else ""
    return text if late or missing or returned else text + "没有迟报、未报和退回。"


def _report_table(facts: Facts, rates: Mapping[str, Rate]) -> Table:
    titles = ("单位", "应报", "已报", "按期", "迟报", "退回", "完整率", "及时率", "得分")
    rows = []
    for score in facts.scores:
        each, part = rates[score.code], part_of(score, ComponentCode.REPORTING)
        counts = (each.expected, each.received, each.on_time, each.received - each.on_time, each.returned)
        earned = points(part.points) if part is not None and part.share is not None else _DASH
        rows.append((score.name, *map(str, counts), percent(each.completeness), percent(each.timeliness), earned))
    columns = tuple(Column(title, name_share(facts, 4) if title == "单位" else 3) for title in titles)
    return Table(columns, tuple(rows), caption="数据报送情况（期次）")
