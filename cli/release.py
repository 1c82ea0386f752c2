"""`duban release`: the release calendar, and releasing statistical data."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import output, reading
from cli.office import acting, for_reading
from cli.options import AsOf, At, By, Json
from config import clock
from config.errors import UnknownName
from config.terms import ReleaseStatus, ValueMark
from supervision.ledger.releases import release
from supervision.periods import parse_period
from supervision.queries.releases import STATE_WORDS, Released, ReleaseLine, release_calendar, releases

app = typer.Typer(add_completion=False)

Code = Annotated[str, typer.Argument(metavar="CODE", help="发布事项的代码（duban release list）")]
InPeriod = Annotated[str, typer.Argument(metavar="PERIOD", help="周期，如 2022H1")]


@app.command(
    "list",
    help="列出发布日历：初步数、最终数各在哪天发布，发布了没有。",
    epilog="duban release list\nduban release list --as-of 2022-08-01 --json",
)
def list_releases(as_of: AsOf = None, json: Json = False) -> None:
    """Print the release calendar as it stands on a day."""
    given = reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        day = given or force.today
        found = release_calendar(session, force, as_of=day)
    if json:
        output.as_json({"as_of": day, "releases": [_line(line) for line in found]})
        return
    columns = ["代码", "名称", "周期", "初步数", "最终数", "状态", "已发布"]
    output.table(f"发布日历（截至 {day}）", columns, [_row(line) for line in found])


def _row(line: ReleaseLine) -> list[object]:
    plan = line.planned
    about = "（放假安排未公布，日期未顺延）" if plan.estimated else ""
    made = "；".join(
        f"第 {r.version} 次 {clock.day_of(r.released_at)} {r.status.label}数{'（迟）' if r.late else ''}"
        for r in line.released
    )
    return [plan.release.code, plan.release.title, plan.period, plan.provisional or "—", f"{plan.final}{about}",
            STATE_WORDS[line.state], made]  # fmt: skip


def _line(line: ReleaseLine) -> dict[str, Any]:
    plan = line.planned
    return {
        "code": plan.release.code,
        "title": plan.release.title,
        "period": str(plan.period),
        "provisional": plan.provisional,
        "final": plan.final,
        "estimated": plan.estimated,
        "state": line.state.value,
        "released": [_made(made) for made in line.released],
        "source": plan.release.source,
    }


def _made(made: Released) -> dict[str, Any]:
    return {
        "version": made.version,
        "status": made.status.value,
        "due": made.due,
        "late": made.late,
        "released_at": made.released_at,
        "released_by": made.released_by,
        "reason": made.reason,
        "digest": made.digest,
    }


@app.command(
    "publish",
    help="发布一期统计数据。\n\n是初步数还是最终数由发布日历决定；发布之后再有变化为修订，须写明原因。"
    "登记数据的人不能发布，须由另一人复核。",
    epilog="duban release publish development-data 2022H1 --by office.chief",
)
def publish(
    code: Code,
    period: InPeriod,
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="修订的原因")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Release the data of a period as they are known now."""
    wanted = parse_period(period)
    with acting(by, at) as (session, force, who, moment):
        made = release(session, force, code, wanted, by=who, at=moment, reason=reason)
    if json:
        output.as_json({"code": made.code, "period": made.period, "version": made.version,
                        "status": made.status.value, "values": made.values, "late": made.late})  # fmt: skip
        return
    late = "（迟于发布日历）" if made.late else ""
    output.sentence(
        f"{made.code} {made.period}：第 {made.version} 次发布，{made.status.label}数{late}，{made.values} 个"
    )


@app.command(
    "show",
    help="显示一次发布的数据。\n\n发布过的数据不再改动；推算、内部测算的数都有标明。",
    epilog="duban release show development-data 2022H1\nduban release show development-data 2022H1 --version 1 --json",
)
def show(
    code: Code,
    period: InPeriod,
    version: Annotated[str | None, typer.Option("--version", metavar="N", help="第几次发布，默认最近一次")] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print what was released, by default the newest version."""
    wanted, given = parse_period(period), reading.day_if(as_of, "--as-of")
    number = reading.number_if(version, "发布次数")
    with for_reading() as (session, force):
        title = force.plan.statistics.release_of(code).title
        names = {s.code: s.name for s in force.plan.statistics.series}
        names |= {i.code: i.title for i in force.plan.statistics.indices}
        found = releases(session, force, code=code, period=str(wanted), as_of=given)
    chosen = [made for made in found if number in (None, made.version)]
    if not chosen:
        raise UnknownName(f"{title} {wanted} 没有{'这次' if found else ''}发布；发布情况见 duban release list")
    made = chosen[-1]
    if json:
        head = {"code": code, "title": title, "period": str(wanted), "synthetic": made.synthetic}
        output.as_json({**head, **_made(made), "values": made.content["values"]})
        return
    output.mark(made.synthetic)
    day = clock.day_of(made.released_at)
    output.table(
        f"{title} {wanted}（第 {made.version} 次发布，{ReleaseStatus(made.status).label}数，{day}）",
        ["序列", "地区", "数值", "同比%（发布）", "性质", "来源"],
        [
            [names.get(v["series"], v["series"]), v["area"], v["value"], v["growth"], ValueMark(v["mark"]).label,
             v["source"]]
            for v in made.content["values"]
        ],
    )  # fmt: skip
