"""`duban score` and `duban assess`: the calculator alone, and the stored run of a quarter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import output, reading
from cli.options import AsOf, Json, Who
from config.terms import Population

if TYPE_CHECKING:
    from cli.office import Office
    from supervision.periods import Period

app = typer.Typer(add_completion=False)


@app.command(
    "score",
    help="按输入文件计算得分（不用数据库）。\n\n输入输出的格式见 docs/commands.md 和 docs/scoring.md。",
    epilog="duban score case.json --json\ncat case.json | duban score -",
)
def score(
    file: Annotated[str, typer.Argument(metavar="FILE", help="输入文件（JSON），- 为标准输入")],
    json: Json = False,
) -> None:
    """Print the score of every district in FILE, which is all that goes into it."""
    from supervision.scoring import assess, loads_case
    from supervision.workdays import published

    _show(assess(loads_case(reading.text_of(file)), calendar=published()).as_json(), json)


@app.command(
    "assess",
    help="考核一个季度并存档。\n\n不写 --as-of 时显示已存档的最近一次；"
    "还没有的，以数据冻结日所知、已审核通过的数据计算并存档。",
    epilog="duban assess 2022Q3 --as-of 2022-10-25\nduban assess 2022Q3 --population units --json",
)
def assess_quarter(
    quarter: Annotated[str, typer.Argument(metavar="QUARTER", help="季度，如 2022Q3")],
    population: Who = Population.DISTRICTS.value,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print the stored run of QUARTER."""
    from cli.office import opened
    from supervision import cycle
    from supervision.periods import parse_quarter

    of = parse_quarter(quarter)
    who = reading.term(Population, population, "考核对象")
    day = reading.day_if(as_of, "--as-of")
    with opened() as office:
        plan = office.plan_key(office.in_force())
        result = cycle.assess(office.database, plan, str(of), who, as_of=day)
        vetoed = {} if json else _vetoes(office, of, who, day)
    _show(_under(result, vetoed), json)
    for name, reason in vetoed.values():
        output.sentence(f"一票否决：{name}（{reason}），等次按最低一档，总分和位次照列")


_Vetoes = Mapping[str, tuple[str, str]]
"""Name and reason by the unit's code."""


def _vetoes(office: Office, quarter: Period, population: Population, as_of: date | None) -> _Vetoes:
    """Return the vetoes that the shown run stands under: its points and ranks stay as calculated."""
    from supervision.ledger.assessments import stored
    from supervision.queries.items import unit_name
    from supervision.queries.publication import vetoes

    with office.reading() as (session, force):
        run = stored(session, force, quarter, population, as_of=as_of)
        found = {} if run is None else vetoes(session, run)
        names = {unit: unit_name(force, unit, force.today) for unit in found}
        return {force.unit_codes[unit]: (names[unit], reason) for unit, reason in found.items()}


def _under(result: Mapping[str, Any], vetoed: _Vetoes) -> Mapping[str, Any]:
    """Return the result with the grades of the vetoed marked; JSON shows the run as it was calculated."""
    districts = [
        {**each, "grade": f"{each['grade']}→一票否决"} if each["code"] in vetoed else each
        for each in result["districts"]
    ]
    return {**result, "districts": districts}


def _show(result: Mapping[str, Any], json: bool) -> None:
    if json:
        output.as_json(result)
        return
    districts = result["districts"]
    codes = [component["code"] for component in districts[0]["components"]] if districts else []
    columns = [
        "位次",
        "稳健区间",
        "单位",
        "组",
        "组内",
        "总分",
        "等次",
        "报送率",
        *map(output.component, codes),
        "加减分",
    ]
    output.table(f"{result['quarter']} 得分", columns, (list(_row(district)) for district in districts))


def _row(district: Mapping[str, Any]) -> Iterator[object]:
    interval = district["rank_interval"]
    yield district["rank"] if district["ranked"] else "数据不足"
    yield f"{interval[0]}–{interval[1]}" if interval else ""
    yield district["name"]
    yield district["group"]
    yield district["group_rank"]
    yield district["total"]
    yield district["grade"]
    yield district["coverage"]
    for component in district["components"]:
        yield f"{component['points']}/{component['weight']}"
    yield district["adjustments"]
