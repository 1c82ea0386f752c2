"""存在问题 and 下一步要求: only what the data shows, and only what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter

from config.errors import CalendarNotPublished
from config.terms import Cadence
from documents.bulletin.facts import Facts, is_counted, is_overdue
from documents.bulletin.targets import in_short, lagging
from documents.bulletin.tasks import codes_of
from documents.bulletin.wording import named, one_by_one
from documents.charts.progress import Progress
from documents.charts.wording import percent
from documents.official.content import Block, paragraph
from supervision.collection.windows import form_periods, reporters, window
from supervision.indicators import FigureLight
from supervision.periods import day_in_words

_NAMED = 3
"""Indicators that a sentence names as the furthest behind."""

_FORMS = 3
"""Forms that a sentence names."""


def problems(facts: Facts) -> tuple[Block, ...]:
    """Return 存在问题, each with its figures; says so when the data shows none."""
    found = (*_lagging(facts), *_uneven(facts), *_unreported(facts), *_overdue(facts), *_late(facts), *_false(facts))
    if not found:
        return (paragraph(f"本季度{facts.deed}数据没有反映出需要通报的问题。"),)
    return tuple(paragraph(text) for text in one_by_one(found))


def _lagging(facts: Facts) -> Iterator[str]:
    behind = lagging(facts)
    if behind:
        many = f"差距较大的是{in_short(behind[:_NAMED])}" if len(behind) > _NAMED else f"为{in_short(behind)}"
        yield f"部分指标进度滞后。加总数未达到应达进度的有{len(behind)}项，按完成应达进度的比例，{many}。"


def _uneven(facts: Facts) -> Iterator[str]:
    red = _counts(facts, FigureLight.RED)
    if red:
        told = [f"{name}（{many}项）" for name, many in red]
        yellow = percent_from(facts)
        yield f"部分单位差距明显。指标完成率低于{yellow}的有{len(red)}个{facts.who}，为{named(told)}。"


def percent_from(facts: Facts) -> str:
    """Return the attainment below which a light is red, in percent without decimals."""
    return f"{int(facts.case.scheme.yellow_from * 100)}%"


def _unreported(facts: Facts) -> Iterator[str]:
    grey = _counts(facts, FigureLight.GREY)
    if grey:
        told = [f"{name}（{many}项）" for name, many in grey]
        yield f"部分数据未报。应报而未报指标数据的有{len(grey)}个，为{named(told)}，未报的指标不得分。"


def _counts(facts: Facts, light: FigureLight) -> Sequence[tuple[str, int]]:
    """Return who shows `light` how often, the most first."""
    found = [
        (score.name, sum(line.light is light for part in score.components for line in part.lines))
        for score in facts.scores
    ]
    return sorted((each for each in found if each[1]), key=itemgetter(1), reverse=True)


def _overdue(facts: Facts) -> Iterator[str]:
    found = [
        (facts.name(code), sum(is_counted(item) and is_overdue(item) for item in facts.items.get(code, ())))
        for code in codes_of(facts)
    ]
    found = sorted((each for each in found if each[1]), key=itemgetter(1), reverse=True)
    if found:
        told = [f"{name}（{many}项）" for name, many in found]
        yield f"部分事项逾期未办结，共{sum(many for _, many in found)}项，为{named(told)}。"


def _late(facts: Facts) -> Iterator[str]:
    late = [
        f"{facts.name(code)}（{percent(rate.timeliness)}）"
        for code in codes_of(facts)
        if (rate := facts.rates.get(code)) is not None and rate.expected and rate.on_time < rate.expected
    ]
    if late:
        yield f"部分单位报送不及时，及时率不足100%的有{len(late)}个，为{named(late)}。"


def _false(facts: Facts) -> Iterator[str]:
    for unit, words in facts.upheld:
        yield f"数据质量问题，经核查属实：{facts.name(unit)}，{words.rstrip('。')}。"


def demands(facts: Facts) -> tuple[Block, ...]:
    """Return 下一步要求: what each problem asks for, and the next dates; then where a draft may be objected to."""
    found = (*_to_catch_up(facts), *_to_finish(facts), *_to_report(facts))
    texts = one_by_one(found) if found else ("各单位要保持进度，按期办结、按期报送。",)
    return tuple(paragraph(text) for text in (*texts, *_objections(facts)))


def _to_catch_up(facts: Facts) -> Iterator[str]:
    behind = lagging(facts)
    if behind:
        own, central = _owners(facts, behind)
        asked = f"，并商请{named(central)}协助" if central else ""
        lead = f"{named(own)}要会同进度落后的{facts.who}" if own else f"进度落后的{facts.who}要"
        yield (
            f"补齐滞后指标。{lead}，对上述未达到应达进度的{len(behind)}项指标逐项查明原因，提出补进度的措施{asked}，"
            "在下一季度的进展反馈中说明落实情况。"
        )
    elif _counts(facts, FigureLight.RED):
        yield f"补齐短板。有指标落后的{facts.who}要逐项查明原因，在下一季度的进展反馈中说明整改情况。"


def _owners(facts: Facts, behind: Sequence[Progress]) -> tuple[list[str], list[str]]:
    """Return who answers for the indicators: the units that the office may ask, and the central ones it may beg."""
    names = dict.fromkeys(name for each in behind for name in facts.plan.indicator(each.code).owners)
    units = [facts.plan.unit(name) for name in names]
    own = [unit.name_on(facts.run.as_of) for unit in units if unit.kind != "central"]
    return own, [unit.name_on(facts.run.as_of) for unit in units if unit.kind == "central"]


def _to_finish(facts: Facts) -> Iterator[str]:
    if any(is_counted(item) and is_overdue(item) for code in codes_of(facts) for item in facts.items.get(code, ())):
        yield (
            "抓紧办结逾期事项。逾期未办结的要尽快办结并报请核验；今后确需延期的，应在期限届满之前提出申请，"
            "说明理由、进展和拟延至的日期。"
        )


def _to_report(facts: Facts) -> Iterator[str]:
    due = _next_due(facts)
    if due:
        told = "；".join(f"{day_in_words(day)}：{named(titles, '种', _FORMS)}" for day, titles in due.items())
        yield f"按期报送数据。{facts.quarter.next.in_words}季报的截止日期为{told}。"
    elif list(_late(facts)):
        yield "按期报送数据，迟报、未报的要查明原因。"


def _next_due(facts: Facts) -> Mapping[date, list[str]]:
    """Return by due date the quarterly forms that those assessed file next; what is not known yet is left out."""
    following, codes = facts.quarter.next, set(codes_of(facts))
    found: dict[date, list[str]] = {}
    for form in facts.plan.forms:
        if Cadence(form.frequency) is not Cadence.QUARTERLY or following not in form_periods(facts.plan, form):
            continue
        if not codes & {unit.code for unit in reporters(facts.plan, form, following)}:
            continue
        try:
            day = window(form, following, facts.calendar).due.day
        except CalendarNotPublished:
            continue  # a date that cannot be known yet is left out, not guessed
        found.setdefault(day, []).append(f"《{form.title}》")
    return dict(sorted(found.items()))


def _objections(facts: Facts) -> Iterator[str]:
    if facts.run.objections_until is not None and facts.run.published_on is None:
        yield f"本结果公示至{day_in_words(facts.run.objections_until)}。对得分有异议的，请在公示期内提出并附依据。"
