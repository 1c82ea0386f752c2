"""`duban analysis`: bands and weights, irregularities, changes, corrections, the final assessment. All read only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli import analysis_correction, output, reading
from cli.options import AsOf, Json, Quarter, Who
from config.terms import Population

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supervision.analysis.bands import Band
    from supervision.analysis.weights import EffectiveWeights
    from supervision.queries.analysis import Assessed

app = typer.Typer(add_completion=False)

_DISTRICTS = Population.DISTRICTS.value

_FROM = "用已存档的最近一次考核；还没有的，按冻结日所知的数据试算，不存档。"


@app.command(
    "robustness",
    help=f"梯队，以及各部分的名义权重和实际权重。\n\n{_FROM}",
    epilog="duban analysis robustness 2022Q2\nduban analysis robustness 2022Q2 --population units --json",
)
def robustness(quarter: Quarter, population: Who = _DISTRICTS, as_of: AsOf = None, json: Json = False) -> None:
    """Print the bands of a quarter and its effective weights."""
    from cli.office import for_reading
    from supervision.analysis.bands import bands
    from supervision.analysis.weights import FORMULA, effective_weights
    from supervision.periods import parse_quarter
    from supervision.queries import analysis
    from supervision.queries.figure_series import topics_of

    of, who = parse_quarter(quarter), reading.term(Population, population, "考核对象")
    day = reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        found = analysis.assessed(session, force, of, who, as_of=day)
        topics, dominant = topics_of(force.plan), force.plan.assessment.robustness.dominant
    grouped = bands(found.result)
    weights = effective_weights(found.case, found.result, dominant=dominant, topics=topics)
    if json:
        output.as_json({**_head(found), "bands": [band.as_json() for band in grouped], "weights": weights.as_json()})
        return
    _bands(found, grouped)
    _weights(found, weights)
    _sentences([FORMULA, *weights.remarks])


@app.command(
    "irregularities",
    help=f"检查数据有无异常，只作提示，不存档。\n\n{_FROM}阈值见 assessment.yaml 的 irregularities。",
    epilog="duban analysis irregularities 2022Q2",
)
def irregularities(quarter: Quarter, population: Who = _DISTRICTS, as_of: AsOf = None, json: Json = False) -> None:
    """Print the irregularities of a quarter's figures."""
    from cli.office import for_reading
    from supervision.periods import parse_quarter
    from supervision.queries import analysis

    of, who = parse_quarter(quarter), reading.term(Population, population, "考核对象")
    day = reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        found = analysis.assessed(session, force, of, who, as_of=day)
        flags = analysis.flags_of(session, force, found, who)
    if json:
        output.as_json({**_head(found), "flags": [flag.as_json() for flag in flags]})
        return
    output.table(
        f"{_title(found)} 异常提示（由人核查，不是结论）",
        ["单位", "指标", "提示", "情况", "报送单位", "可能的正当原因"],
        ([f.unit_name, f.subject, f.kind.label, f.words, f.filed_by, f.kind.innocent] for f in flags),
    )


@app.command(
    "changes",
    help=f"与上一季度（或 --against 的季度）比较：总分、位次、主要变化。\n\n{_FROM}",
    epilog="duban analysis changes 2022Q3\nduban analysis changes 2022Q3 --against 2022Q1",
)
def changes(
    quarter: Quarter,
    against: Annotated[str | None, typer.Option("--against", metavar="Q", help="与哪个季度比，默认上一季度")] = None,
    population: Who = _DISTRICTS,
    json: Json = False,
) -> None:
    """Print how each unit moved since an earlier quarter."""
    from cli.office import for_reading
    from config.errors import BadInput
    from supervision.analysis.comparison import compare
    from supervision.periods import parse_quarter
    from supervision.queries import analysis
    from supervision.queries.figure_series import topics_of

    of, who = parse_quarter(quarter), reading.term(Population, population, "考核对象")
    earlier = of.previous if against is None else parse_quarter(against)
    if earlier >= of:
        raise BadInput(f"--against {earlier} 应早于 {of}")
    with for_reading() as (session, force):
        results = [analysis.assessed(session, force, each, who).result for each in (earlier, of)]
        found = compare(results[0], results[1], topics=topics_of(force.plan))
    if json:
        output.as_json(found.as_json())
        return
    _sentences([*found.remarks, *(unit.words for unit in found.units)])


app.command("correction", help=analysis_correction.HELP, epilog=analysis_correction.EPILOG)(
    analysis_correction.correction
)


@app.command(
    "final",
    help="期末考核：计划期满后按办法的 final 计算全程结果，不存档。\n\n"
    "--json 的 case 可另存为文件，用 duban score 复算。",
    epilog="duban analysis final\nduban analysis final --population units --json",
)
def final(population: Who = _DISTRICTS, as_of: AsOf = None, json: Json = False) -> None:
    """Print the final assessment of the plan."""
    from cli.office import for_reading
    from supervision.queries import analysis
    from supervision.scoring import assess
    from supervision.scoring.writing import as_input

    who, day = reading.term(Population, population, "考核对象"), reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        found = analysis.final(session, force, who, as_of=day)
    result = assess(found.case, calendar=force.calendar)
    if json:
        output.as_json({**found.as_json(result), "case": as_input(found.case)})
        return
    output.sentence(found.words)
    output.table(
        f"期末考核（数据截至 {found.case.as_of}）",
        ["位次", "单位", "总分", "折合每年", "等次"],
        ([d.rank or "数据不足", d.name, d.total, found.yearly(d.total), d.grade] for d in result.districts),
    )


def _bands(found: Assessed, grouped: Sequence[Band]) -> None:
    output.table(
        f"{_title(found)} 梯队",
        ["梯队", "位次", "单位", "稳健区间", "确定高于", "确定低于"],
        (
            [band.title, m.rank, m.name, f"{m.rank_interval[0]}–{m.rank_interval[1]}", len(m.firmly_above),
             len(m.firmly_below)]
            for band in grouped
            for m in band.members
        ),
    )  # fmt: skip


def _weights(found: Assessed, weights: EffectiveWeights) -> None:
    from supervision.exact import half_up

    output.table(
        f"{_title(found)} 权重",
        ["代码", "名称", "名义权重%", "实际权重%", "最低得分", "最高得分"],
        (
            [w.code, w.title.removeprefix(w.code).strip(), *(None if n is None else half_up(n * 100, 2)
             for n in (w.nominal, w.effective)), *(half_up(points, 2) for points in w.spread)]
            for w in (*weights.parts, *weights.items)
        ),
    )  # fmt: skip


def _head(found: Assessed) -> dict[str, object]:
    return {"quarter": str(found.case.quarter), "as_of": found.known_on, "vintage": found.vintage}


def _title(found: Assessed) -> str:
    kept = "试算" if found.vintage is None else f"第 {found.vintage} 版"
    return f"{found.case.quarter}（{kept}，数据截至 {found.known_on}）"


def _sentences(texts: Sequence[str]) -> None:
    for text in texts:
        output.sentence(output.printable(text))
