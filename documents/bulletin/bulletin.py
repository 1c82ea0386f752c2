"""The bulletin (考核通报) and the explanation (得分说明) as official papers: what stands where, and in whose name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import count

from config.terms import AssessmentState, Population
from documents.bulletin.demands import demands, problems
from documents.bulletin.explanation import explanation
from documents.bulletin.facts import Facts
from documents.bulletin.method import method
from documents.bulletin.overview import overview
from documents.bulletin.papers import papers
from documents.bulletin.reporting import reporting
from documents.bulletin.standing import results
from documents.bulletin.targets import targets
from documents.bulletin.tasks import tasks
from documents.charts.chart import MADE_UP, Chart
from documents.official.content import Attachment, Block, Heading, Imprint, Paper, Picture, Signature, Table

Pictures = Mapping[str, Sequence[tuple[Chart, bytes]]]
"""The drawn charts (PNG without a title) by the section they belong to; empty where no font is installed."""

_STATES = {AssessmentState.DRAFT: "征求意见稿", AssessmentState.PUBLICITY: "公示稿"}
"""What a bulletin is until it is published."""

SECTION_OF = {"league": "results", "ranks": "results", "progress": "targets", "attainment": "targets",
              "reporting": "reporting"}  # fmt: skip
"""In which section a chart stands, by the beginning of its code."""

_TALLEST = 190
"""Millimetres of a page that a picture may take, so that its caption and the heading before it fit beside it."""

_HALF = 112
"""Millimetres: half the text of a page."""


def bulletin(facts: Facts, pictures: Pictures) -> Paper:
    """Return the bulletin as a paper; what it is (征求意见稿, 公示稿) follows from the state of the run."""
    office, published = facts.plan.office, facts.run.published_on
    signed = facts.run.signed_on or published
    return Paper(
        title=_title(facts),
        day=signed or facts.run.as_of,
        blocks=tuple(_blocks(facts, pictures)),
        red_head=office.full_name if published else None,
        number=facts.run.document,
        state="文号待编" if published and not facts.run.document else "",
        addressee="、".join(_addressed(facts)),
        attachments=_attachments(facts),
        signature=Signature(office.full_name, signed),
        copied_to=_copied(facts),
        imprint=Imprint(office.full_name, signed) if signed else None,
        mark=MADE_UP if facts.run.simulated else "",
        closing_note=_closing(facts),
    )


def explained(facts: Facts) -> Paper:
    """Return the explanation of every score as a paper that goes with the bulletin."""
    return Paper(
        title=f"{facts.quarter.in_words}{facts.who}{_called(facts)}得分说明{_suffix(facts)}",
        day=facts.run.published_on or facts.run.as_of,
        blocks=explanation(facts),
        mark=MADE_UP if facts.run.simulated else "",
        closing_note=_closing(facts),
    )


def _called(facts: Facts) -> str:
    return "履职评价" if facts.population is Population.UNITS else "考核"


def _title(facts: Facts) -> str:
    """Return the title, broken where it reads best: before the plan's name, and before the years in brackets in it."""
    about = "成员单位履职评价" if facts.population is Population.UNITS else "实施情况考核"
    correcting, result = ("更正", "结果") if facts.run.corrects is not None else ("", "")
    name, bracket, years = facts.plan.title.partition("（")
    plan = f"《{name}\n{bracket}{years}》" if name and years else f"《{facts.plan.title}》"
    return f"关于{correcting}{facts.quarter.in_words}\n{plan}{about}{result}的通报{_suffix(facts)}"


def _suffix(facts: Facts) -> str:
    state = _STATES.get(facts.run.state)
    return f"\n（{state}）" if state else ""


def _blocks(facts: Facts, pictures: Pictures) -> list[Block]:
    sections = (
        ("overview", "总体情况", overview(facts)),
        ("results", f"{facts.deed}结果", results(facts)),
        ("targets", "目标任务进度", targets(facts)),
        ("tasks", "重点任务推进", tasks(facts)),
        ("reporting", "数据报送", reporting(facts)),
        ("papers", "督办情况", papers(facts)),
        ("problems", "存在问题", problems(facts)),
        ("demands", "下一步要求", demands(facts)),
    )
    found: list[Block] = []
    numbers = count(1)
    for code, title, blocks in sections:
        if blocks:
            shown = pictures.get(code, ())
            figures = [_picture(next(numbers), chart, png) for chart, png in shown]
            is_tall = any(chart.height > _HALF for chart, _ in shown)
            found += [Heading(1, title), *_illustrated(blocks, figures, last=is_tall)]
    return found


def _illustrated(blocks: Sequence[Block], figures: Sequence[Picture], *, last: bool) -> Sequence[Block]:
    """Put pictures before the table that follows the text: a table can go on overleaf, a picture cannot.

    Those that fill a page of their own stand last, and where the table comes first all do.
    """
    table = 0 if last else next((place for place, block in enumerate(blocks) if isinstance(block, Table)), 0)
    place = table or len(blocks)
    return (*blocks[:place], *figures, *blocks[place:])


def _picture(number: int, chart: Chart, png: bytes) -> Picture:
    share = min(Fraction(1), Fraction(_TALLEST) / Fraction(chart.height))
    return Picture(png, f"图{number}　{chart.title}", chart.alternative, share)


def _attachments(facts: Facts) -> tuple[Attachment, ...]:
    return (
        Attachment(f"{_called(facts)}办法、权重和数据说明", method(facts)),
        Attachment(f"{facts.who}得分说明（另册）"),
        Attachment("评分工作簿（电子表格，另附）"),
    )


def _addressed(facts: Facts) -> tuple[str, ...]:
    """Return to whom it goes: the group that was assessed, by its name; else the units by theirs.

    Central units are not circulated to, they get a copy. Source: units.yaml, papers.
    """
    on, codes = facts.run.as_of, {score.code for score in facts.scores if not _is_central(facts, score.code)}
    for group in facts.plan.groups:
        if group.purpose == "responsible" and {unit.code for unit in facts.plan.members(group.name, on=on)} == codes:
            return (group.name,)
    return tuple(unit.name_on(on) for unit in facts.plan.units if unit.code in codes)


def _is_central(facts: Facts, code: str) -> bool:
    return facts.plan.unit(code).kind == "central"


def _copied(facts: Facts) -> tuple[str, ...]:
    """Return who gets a copy: those the plan names who are not addressed already, and the central units assessed."""
    on = facts.run.as_of
    groups = {
        group.name
        for group in facts.plan.groups
        if group.purpose == "responsible"
        and {score.code for score in facts.scores} <= {unit.code for unit in facts.plan.members(group.name, on=on)}
    }
    told = [name for name in facts.plan.cc if not any(group in name.replace("、", "") for group in groups)]
    central = [
        unit.name_on(on)
        for unit in facts.plan.units
        if _is_central(facts, unit.code) and unit.code in {score.code for score in facts.scores}
    ]
    return (*told, *(["、".join(central)] if central else []))


def _closing(facts: Facts) -> str:
    return "本件数据为演示而虚构，不代表任何单位的实际情况。" if facts.run.simulated else ""
