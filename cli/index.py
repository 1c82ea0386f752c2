"""`duban index`: the office's own composite indices (内部测算)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any

import typer

from cli import output, reading
from cli.office import acting, for_reading
from cli.options import AsOf, At, Json
from config.errors import BadInput
from config.plan.schema.statistics import Index
from config.terms import Cadence
from supervision.exact import half_up, plain
from supervision.indices import OWN
from supervision.indices.composite import METHODS, STATUS_WORDS, CompositeIndex
from supervision.ledger.series import record_index
from supervision.periods import parse_period
from supervision.queries.indices import composites

app = typer.Typer(add_completion=False)

_PLACES = 6
"""Decimals of shares in JSON."""


@app.command(
    "list", help="列出内部测算的指数：基期、模块、权重、算法。", epilog="duban index list\nduban index list --json"
)
def list_indices(json: Json = False) -> None:
    """Print the composite indices of the plan."""
    with for_reading() as (_, force):
        found = force.plan.statistics.indices
    if json:
        output.as_json({"indices": [{"label": OWN, **index.model_dump(mode="json")} for index in found]})
        return
    rows = [
        [index.code, index.title, Cadence(index.frequency).label, f"{index.base_period}=100", METHODS[index.method],
         module.name, plain(module.weight), "、".join(f"{c.name} {plain(c.weight)}" for c in module.components)]
        for index in found
        for module in index.modules
    ]  # fmt: skip
    output.table(f"指数（{OWN}）", ["代码", "名称", "频率", "基期", "算法", "模块", "权重", "组成项及权重"], rows)


@app.command(
    "compute",
    help="计算一个内部测算的指数，并说明它由什么得出。\n\n基期为 100；缺数的处理按计划目录的规定，权重怎样转移都列出。"
    "结果一律标“内部测算”，与官方指数不可比。",
    epilog="duban index compute plan-progress-index 2022Q2\n"
    "duban index compute plan-progress-index 2022Q2 --area 上城区 --json\n"
    "duban index compute plan-progress-index 2022Q2 --record --by office.clerk",
)
def compute(
    code: Annotated[str, typer.Argument(metavar="CODE", help="指数代码（duban index list）")],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="周期，如 2022Q2")],
    area: Annotated[str | None, typer.Option("--area", metavar="A", help="只算这个地区，并列出组成项")] = None,
    record: Annotated[bool, typer.Option("--record", help="把结果记入同名序列，供发布")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="记入人的登录名，--record 时必填")] = None,
    at: At = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Compute an index as known on a day; record it when told to."""
    given = reading.day_if(as_of, "--as-of")
    reading.moment_if(at, "--at")  # what is wrong is said also where nothing is written
    wanted = parse_period(period)
    if not record:
        with for_reading() as (session, force):
            day = given or force.today
            found = composites(session, force, code, wanted, as_of=day, area=area)
            index = force.plan.statistics.index_of(code)
        _show(index, found, json, detail=area is not None)
        return
    if by is None:
        raise BadInput("记入指数须用 --by 写明记入人")
    with acting(by, at) as (session, force, who, moment):
        day = given or force.today
        found = composites(session, force, code, wanted, as_of=day, area=area)
        index = force.plan.statistics.index_of(code)
        kept = record_index(session, force, found, by=who, at=moment, as_of=day)
    _show(index, found, json, detail=area is not None, new=kept.new, revised=kept.revised, unchanged=kept.unchanged)


def _show(index: Index, found: Sequence[CompositeIndex], json: bool, *, detail: bool, **kept: int) -> None:
    if json:
        results = [_result(index, result) for result in found]
        output.as_json({"index": index.code, "title": index.title, "label": OWN, "method": index.method,
                        "base_period": index.base_period, "period": found[0].period, "source": index.source,
                        "results": results, "recorded": kept or None})  # fmt: skip
        return
    title = f"{index.title}（{OWN}）{found[0].period}，{index.base_period}=100，{METHODS[index.method]}"
    rows = [
        [result.area, _number(result.index, index.decimals), _percent(result.coverage), result.because,
         *(_number(module.index, index.decimals) for module in result.modules)]
        for result in found
    ]  # fmt: skip
    output.table(title, ["地区", "指数", "有数权重", "说明", *(module.name for module in index.modules)], rows)
    if detail:
        for result in found:
            _explain(index, result)
    if kept:
        words = f"新记入 {kept['new']} 个，更新 {kept['revised']} 个，未变 {kept['unchanged']} 个"
        output.sentence(f"{index.title}（{OWN}）：{words}")


def _explain(index: Index, result: CompositeIndex) -> None:
    rows = [
        [module.name, part.name, part.base, part.value, _number(part.index, index.decimals), _percent(part.nominal),
         _percent(part.weight), STATUS_WORDS.get(part.status, "")]
        for module in result.modules
        for part in module.components
    ]  # fmt: skip
    columns = ["模块", "组成项", "基期值", "本期值", "个体指数", "规定权重", "实际权重", "说明"]
    output.table(f"{result.area}的组成（{OWN}）", columns, rows)


def _number(number: Fraction | None, places: int) -> str | None:
    return None if number is None else half_up(number, places)


def _percent(share: Fraction) -> str:
    return f"{half_up(share * 100, 1)}%"


def _result(index: Index, result: CompositeIndex) -> dict[str, Any]:
    return {
        "area": result.area,
        "value": _number(result.index, index.decimals),
        "label": result.label,
        "coverage": half_up(result.coverage, _PLACES),
        "because": result.because,
        "modules": [
            {
                "code": module.code,
                "name": module.name,
                "nominal_weight": half_up(module.nominal, _PLACES),
                "weight": half_up(module.weight, _PLACES),
                "value": _number(module.index, index.decimals),
                "components": [
                    {
                        "code": part.code,
                        "name": part.name,
                        "status": part.status.value,
                        "base": part.base,
                        "value": part.value,
                        "index": _number(part.index, _PLACES),
                        "nominal_weight": half_up(part.nominal, _PLACES),
                        "weight": half_up(part.weight, _PLACES),
                    }
                    for part in module.components
                ],
            }
            for module in result.modules
        ],
    }
