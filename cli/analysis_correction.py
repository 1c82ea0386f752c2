"""`duban analysis correction`: what differs between two vintages of a quarter, and what that did to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, reading
from cli.options import Json, Quarter, Who
from config.clock import day_of
from config.terms import Population

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models import Assessment
    from supervision.analysis.comparison import UnitChange
    from supervision.analysis.correction import Effect
    from supervision.queries.corrected import CorrectedFiling

HELP = (
    "更正的影响：同一季度两版考核，哪些数据改了，总分、位次、等次怎样变。\n\n"
    "不写版次时为最近一版与它所更正的一版（不是更正的，与前一版）比较。"
)
EPILOG = "duban analysis correction 2022Q2\nduban analysis correction 2022Q2 --before 1 --after 3"


def correction(
    quarter: Quarter,
    before: Annotated[str | None, typer.Option("--before", metavar="N", help="原来的版次")] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="N", help="更正后的版次，默认最近一版")] = None,
    population: Who = Population.DISTRICTS.value,
    json: Json = False,
) -> None:
    """Print what differs between two vintages of a quarter."""
    from cli.office import for_reading
    from supervision.analysis.correction import effect_of_correction
    from supervision.periods import parse_quarter
    from supervision.queries import analysis
    from supervision.queries.corrected import corrected_filings
    from supervision.queries.figure_series import topics_of
    from supervision.queries.publication import lineage

    of, who = parse_quarter(quarter), reading.term(Population, population, "考核对象")
    vintages = reading.number_if(before, "版次"), reading.number_if(after, "版次")
    with for_reading() as (session, force):
        pair = analysis.vintages(session, force, of, who, before=vintages[0], after=vintages[1])
        cases = [analysis.of_run(run, force).case for run in pair]
        found = effect_of_correction(cases[0], cases[1], calendar=force.calendar, topics=topics_of(force.plan))
        inputs = {unit.change.code: unit.inputs for unit in found.units}
        filings = corrected_filings(session, force, pair[0], pair[1], inputs)
        numbers = {"before": pair[0].vintage, "after": pair[1].vintage}
        past = [_past(run) for run in lineage(session, pair[1])]
    if json:
        of_filings = [filing.as_json() for filing in filings]
        output.as_json({**numbers, "lineage": past, **found.as_json(), "requests": of_filings})
        return
    output.sentence(f"第 {numbers['before']} 版与第 {numbers['after']} 版：{found.words}")
    _print_past(past)
    _print_filings(found, filings)
    for unit in found.units:
        if unit.is_touched:
            output.line(f"  {output.printable(unit.words)}")


def _past(run: Assessment) -> dict[str, object]:
    """Return a run that a correction led on from as plain data: days in the office's zone, null for not yet."""
    days = {"opened": run.opened_at, "published": run.published_at}
    return {
        "assessment": run.id,
        "vintage": run.vintage,
        **{name: None if at is None else day_of(at).isoformat() for name, at in days.items()},
    }


def _print_past(past: Sequence[Mapping[str, object]]) -> None:
    for run in past:
        told = f"{run['published']} 发布" if run["published"] else f"{run['opened'] or '—'} 公示，未发布"
        output.sentence(f"由第 {run['vintage']} 版（编号 {run['assessment']}，{told}）更正而来")


def _print_filings(effect: Effect, filings: Sequence[CorrectedFiling]) -> None:
    if not filings:
        return
    changes = {unit.change.code: unit.change for unit in effect.units}
    output.table(
        "更正的报送",
        ["任务", "单位", "报表", "周期", "内容", "原报", "更正为", "原总分", "现总分", "原位次", "现位次"],
        (
            [f.request, changes[f.unit].name, f.form, f.period, "报送情况" if f.subject == "requests" else f.subject,
             f.before or "—", f.after or "—", *_moved(changes[f.unit])]
            for f in filings
        ),
    )  # fmt: skip


def _moved(change: UnitChange) -> tuple[object, ...]:
    """Return total before and after, and rank before and after."""
    before, after = change.before, change.after
    old = (before.total, before.rank or "—") if before else ("—", "—")
    return old[0], after.total, old[1], after.rank or "—"
