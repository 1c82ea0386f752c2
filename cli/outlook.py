"""`duban outlook`: what is left to do, where it leads, and what would move a district up one rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, reading
from cli.options import AsOf, Json, Quarter

if TYPE_CHECKING:
    from supervision.analysis.levers import UnitLevers
    from supervision.analysis.outlook import IndicatorOutlook
    from supervision.queries.analysis import Assessed

app = typer.Typer(add_completion=False)


@app.command(
    "outlook",
    help="展望：每季度还要完成多少、期末预计多少、怎样上升一位。\n\n"
    "用已存档的最近一次考核；还没有的，按冻结日所知的数据试算，不存档。"
    "不写 --unit 时每个区、县（市）一行；写了的逐项列出。",
    epilog="duban outlook 2022Q2\nduban outlook 2022Q2 --unit 上城区\nduban outlook 2022Q2 --json",
)
def outlook(
    quarter: Quarter,
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="区、县（市）的名称或代码")] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print the outlook of the districts from the end of QUARTER."""
    from cli.office import for_reading, unit_id
    from config.errors import BadInput
    from config.terms import Population
    from supervision.analysis.sensitivity import one_rank_up
    from supervision.periods import parse_quarter
    from supervision.queries import analysis
    from supervision.queries.figure_series import topics_of

    of, day = parse_quarter(quarter), reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        code = None if unit is None else force.unit_codes[unit_id(force, unit)]
        found = analysis.assessed(session, force, of, Population.DISTRICTS, as_of=day)
        wanted = [each.code for each in found.result.districts if code in (None, each.code)]
        if not wanted:
            raise BadInput(f"{unit} 不是参加考核的区、县（市），没有展望")
        outlooks: dict[str, list[IndicatorOutlook]] = {code: [] for code in wanted}
        for each in analysis.outlooks(session, force, found):
            if each.unit in outlooks:
                outlooks[each.unit].append(each)
        topics = topics_of(force.plan)
    levers = [one_rank_up(found.case, found.result, each, topics=topics, calendar=force.calendar) for each in wanted]
    if json:
        output.as_json(_data(found, outlooks, levers))
    elif unit is None:
        _overview(found, outlooks, levers)
    else:
        _in_full(found, outlooks[levers[0].code], levers[0])


def _data(
    found: Assessed, outlooks: Mapping[str, Sequence[IndicatorOutlook]], levers: Sequence[UnitLevers]
) -> dict[str, object]:
    return {
        "quarter": str(found.case.quarter),
        "as_of": found.known_on,
        "vintage": found.vintage,
        "districts": [{**each.as_json(), "outlook": [one.as_json() for one in outlooks[each.code]]} for each in levers],
    }


def _overview(
    found: Assessed, outlooks: Mapping[str, Sequence[IndicatorOutlook]], levers: Sequence[UnitLevers]
) -> None:
    from supervision.analysis.levers import LeverState
    from supervision.analysis.outlook import Course

    title = f"{found.case.quarter} 展望（数据截至 {found.known_on}）"
    rows = []
    for each in levers:
        counts = Counter(one.course for one in outlooks[each.code])
        lifting = sum(lever.state is LeverState.LIFTS for lever in each.levers)
        short = None if each.goal is None else each.goal - each.total
        rows.append(
            [each.rank or "数据不足", each.name, each.total, short, lifting or None, *(counts[c] for c in Course)]
        )
    columns = ["位次", "单位", "总分", "距上一位", "可单独升位的指标", *(course.label for course in Course)]
    output.table(title, columns, rows)


def _in_full(found: Assessed, outlooks: Sequence[IndicatorOutlook], levers: UnitLevers) -> None:
    data = [each.as_json() for each in outlooks]
    title = f"{levers.name} {found.case.quarter} 展望（数据截至 {found.known_on}）"
    columns = ["指标", "名称", "单位", "现值", "目标", "每季度至少", "平均每季度", "预计期末", "区间", "判断"]
    keys = ("code", "indicator", "unit_of_measure", "value", "target", "required", "pace", "projection")
    output.table(
        title,
        columns,
        ([*(row[key] for key in keys), _interval(each), each.course] for row, each in zip(data, outlooks, strict=True)),
    )
    output.sentence(levers.words)
    for lever in levers.levers:
        output.line(f"  {output.printable(lever.words)}")


def _interval(each: IndicatorOutlook) -> str | None:
    found = each.projection
    if found is None or found.interval is None:
        return None
    low, high = found.interval
    return f"{low:f}–{high:f}"
