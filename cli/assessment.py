"""`duban assessment`: a run on its way from draft through publicity to publication, and its corrections."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from cli import output, reading
from cli.office import acting, for_reading
from cli.options import At, By, Json, OfQuarter
from config.clock import day_of
from supervision.ledger import publication
from supervision.periods import parse_quarter
from supervision.queries import publication as queries

app = typer.Typer(add_completion=False)

Run = Annotated[str, typer.Argument(metavar="RUN", help="考核结果的编号（duban assessment list）")]


@app.command("list", help="列出考核结果及其进度。", epilog="duban assessment list --quarter 2022Q2")
def runs(
    quarter: OfQuarter = None,
    json: Json = False,
) -> None:
    """Print the runs, the newest first."""
    of = None if quarter is None else str(parse_quarter(quarter))
    with for_reading() as (session, force):
        found = queries.runs(session, force, quarter=of)
    if json:
        output.as_json({"assessments": [asdict(run) for run in found]})
        return
    output.table(
        "考核结果",
        ["编号", "季度", "对象", "版次", "数据截至", "状态", "更正", "申诉截止", "待复核申诉", "待核查疑点", "现行"],
        (
            [r.id, r.quarter, r.population, r.vintage, r.as_of, r.state,
             f"更正第 {r.corrects} 版" if r.corrects else "", r.objections_until, r.open_objections or "",
             r.open_flags or "", r.current]
            for r in found
        ),
    )  # fmt: skip


@app.command(
    "open",
    help="公示一个草稿，开始受理申诉。\n\n公示期按 assessment.yaml 的 appeals.publicity，并通知各被考核单位。",
    epilog="duban assessment open 3 --by office.clerk",
)
def open_run(run: Run, by: By, at: At = None, json: Json = False) -> None:
    """Open a draft to objections."""
    number = reading.number(run, "编号")
    with acting(by, at) as (session, force, who, moment):
        last = publication.open_publicity(session, force, number, by=who, at=moment)
    _told(json, f"考核结果 {number} 已公示，申诉受理到 {last}", assessment=number, state="publicity", until=last)


@app.command(
    "publish",
    help="发布公示期满的结果，此后不再改动。\n\n由公示人以外的人办理；申诉均已复核、数据疑点均已核查才能发布。",
    epilog="duban assessment publish 3 --by leader.signer",
)
def publish(run: Run, by: By, at: At = None, json: Json = False) -> None:
    """Publish a run whose term of publicity is over."""
    number = reading.number(run, "编号")
    with acting(by, at) as (session, force, who, moment):
        publication.publish(session, force, number, by=who, at=moment)
    _told(json, f"考核结果 {number} 已发布", assessment=number, state="published")


@app.command(
    "correct",
    help="更正已公示或已发布的结果：按更正后的数据重新考核，另成一版草稿。\n\n原结果不动；新结果同样要公示、发布。",
    epilog="duban assessment correct 3 --as-of 2022-08-12 --reason 上城区订正T01 --by office.chief",
)
def correct(
    run: Run,
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="更正的理由")],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="D", help="数据截止日，默认办理当日")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Make a new vintage that corrects a run."""
    number, day = reading.number(run, "编号"), reading.day_if(as_of, "--as-of")
    with acting(by, at) as (session, force, who, moment):
        made = publication.correct(
            session, force, number, as_of=day or day_of(moment), reason=reason, by=who, at=moment
        )
        facts = {"assessment": made.id, "vintage": made.vintage, "corrects": made.corrects}
    _told(json, f"已另成第 {facts['vintage']} 版（编号 {facts['assessment']}），更正第 {facts['corrects']} 版", **facts)


@app.command(
    "check",
    help="核对一个已存档的结果：按存档的输入重算，并按当日所知重新取数。",
    epilog="duban assessment check 3",
)
def check(run: Run, json: Json = False) -> None:
    """Calculate a stored run again, and gather its input again."""
    from supervision.queries.recalculation import recalculate

    number = reading.number(run, "编号")
    with for_reading() as (session, force):
        found = recalculate(session, force, publication.run_of(session, force, number))
    if json:
        output.as_json({"assessment": number, **asdict(found)})
    else:
        output.sentence(f"按存档的输入重算：{'一致' if found.same_result else '不一致'}")
        output.sentence(
            f"按数据截止日所知重新取数：{'一致' if found.same_input else '有 ' + str(len(found.changes)) + ' 处不同'}"
        )
        for change in found.changes:
            output.line(f"  {change}")
    if not found.same_result:
        raise typer.Exit(1)


def _told(json: bool, text: str, **facts: Any) -> None:
    if json:
        output.as_json(facts)
    else:
        output.sentence(text)
