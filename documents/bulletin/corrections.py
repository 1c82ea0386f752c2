"""What a correction (更正) changed: which result it replaces, the filings behind it, and what became of everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from documents.bulletin.facts import Facts, PastRun, name_share
from documents.bulletin.wording import signed
from documents.charts.wording import UNRANKED
from documents.official.content import Align, Column, Paragraph, Table, paragraph
from supervision.analysis.correction import FIGURE_TITLES, Effect, UnitEffect, effect_of_correction
from supervision.periods import day_in_words
from supervision.queries.corrected import REPORTING, CorrectedFiling
from supervision.queries.figure_series import topics_of
from supervision.scoring.case import ComponentCode

_DASH = "—"


def corrections(facts: Facts) -> tuple[Paragraph | Table, ...]:
    """Return what a correction changed against the result that it corrects; nothing for what is no correction."""
    if facts.earlier is None:
        return ()
    effect = effect_of_correction(facts.earlier, facts.case, calendar=facts.calendar, topics=topics_of(facts.plan))
    touched = [each for each in effect.units if each.is_touched]
    if not touched:
        return (paragraph(f"{_lead(facts)}各单位的数据、总分、位次和等次均未改变。"),)
    moved = sum(each.is_moved for each in touched)
    after = f"有{moved}个{facts.who}位次改变" if moved else "位次均未改变"
    text = f"{_lead(facts)}数据或结果有变动的{len(touched)}个，{after}，原结果作废。"
    return (paragraph(text), *_filings(facts, effect), _standings(facts, touched))


def replaced(facts: Facts) -> str:
    """Return when the quarter's first result was published, and what the correction replaces; "" for no correction."""
    if not facts.run.lineage:
        return ""
    published = [run for run in facts.run.lineage if run.published_on is not None]
    if not published:
        return f"本季度结果此前只公示、未发布，{_called(facts.run.lineage[-1])}经公示需要更正。"
    first, last = published[0], published[-1]
    told = f"本季度结果首次于{_day(first.published_on)}发布，为第{first.vintage}版（编号{first.number}）。"
    if facts.run.published_on is None:
        return told
    which = f"第{last.vintage}版" if last == first else _called(last)
    sent = next((run.document for run in reversed(published) if run.document), None)
    void = f"此前印发的通报（{sent}）由本通报更正，原通报中的{facts.deed}结果作废。" if sent else ""
    return (
        f"{told}本次发布的第{facts.run.vintage}版（编号{facts.run.number}）替代{which}，"
        f"自{_day(facts.run.published_on)}起以本版为准。{void}"
    )


def _day(day: date | None) -> str:
    return day_in_words(day) if day else _DASH


def _lead(facts: Facts) -> str:
    """Return which result is corrected, and why."""
    which = _called(facts.run.lineage[-1]) if facts.run.lineage else f"第{facts.run.corrects}版"
    why = f"更正原因：{facts.run.reason.rstrip('。')}。" if facts.run.reason else ""
    return f"本结果更正{which}。{why}"


def _called(run: PastRun) -> str:
    """Return how a past run is referred to: vintage, number, and the day of its publication or of its publicity."""
    day, what = (run.published_on, "发布") if run.published_on else (run.opened_on, "公示")
    when = f"，{day_in_words(day)}{what}" if day else ""
    number = f"，{run.document}" if run.document else ""
    return f"第{run.vintage}版（编号{run.number}{when}{number}）"


def _filings(facts: Facts, effect: Effect) -> Iterator[Paragraph | Table]:
    """Give the table of the filings that are taken otherwise than before."""
    if not facts.corrected:
        return
    effects = {each.change.code: each for each in effect.units}
    columns = (
        Column("单位", name_share(facts, 4)), Column("报表和周期", 8, Align.LEFT), Column("更正内容", 8, Align.LEFT),
        Column("原报", 5), Column("更正为", 5), Column("该项得分", 5), Column("总分", 5), Column("位次", 4),
    )  # fmt: skip
    rows = tuple(_filing(facts, each, effects) for each in facts.corrected)
    requests = len({each.request for each in facts.corrected})
    yield paragraph(f"更正涉及{requests}项报送任务，列表如下。")
    yield Table(columns, rows, caption="更正的报送", note="总分、位次为该单位全部更正合计的影响。")


def _filing(facts: Facts, filing: CorrectedFiling, effects: Mapping[str, UnitEffect]) -> tuple[str, ...]:
    effect = effects[filing.unit]
    before, after = effect.change.before, effect.change.after
    by = "" if filing.filed_by == filing.unit else f"，{_unit(facts, filing.filed_by)}报送"
    moved = effect.points_moved(ComponentCode.REPORTING if filing.subject == REPORTING else filing.subject)
    return (
        effect.change.name,
        f"{filing.form}（{filing.period.in_words}{by}，任务编号{filing.request}）",
        _subject(facts, filing),
        filing.before or _DASH,
        filing.after or _DASH,
        signed(moved) if moved else "不变",
        _change(None if before is None else before.total, after.total),
        _change(_place(before.rank) if before is not None else None, _place(after.rank)),
    )


def _unit(facts: Facts, code: str) -> str:
    return facts.plan.unit(code).name_on(facts.run.as_of)


def _subject(facts: Facts, filing: CorrectedFiling) -> str:
    if filing.subject == REPORTING:
        return "报送情况"
    title = topics_of(facts.plan)[filing.subject].title
    return f"{title}{'' if filing.key == 'value' else f'的{FIGURE_TITLES[filing.key]}'}"


def _change(before: Decimal | str | None, after: Decimal | str) -> str:
    if before is None:
        return str(after)
    return f"{after}不变" if before == after else f"{before}→{after}"


def _standings(facts: Facts, touched: list[UnitEffect]) -> Table:
    columns = (
        Column("单位", name_share(facts, 4)), Column("原总分", 4), Column("现总分", 4), Column("原位次", 3),
        Column("现位次", 3), Column("变动", 14, Align.LEFT),
    )  # fmt: skip
    return Table(columns, tuple(map(_standing, touched)), caption="更正前后对照")


def _standing(effect: UnitEffect) -> tuple[str, ...]:
    before, after = effect.change.before, effect.change.after
    what = "；".join(each.words for each in effect.inputs) or f"本单位数据未变，{effect.cause}"
    if before is not None and before.grade != after.grade:
        what = f"{what}；等次由{before.grade}变为{after.grade}"
    old = (str(before.total), _place(before.rank)) if before is not None else (_DASH, _DASH)
    return (effect.change.name, old[0], str(after.total), old[1], _place(after.rank), what)


def _place(rank: int | None) -> str:
    return UNRANKED if rank is None else str(rank)
