"""`duban document`: papers that nobody has to number, made from what the database holds."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import reading
from cli.office import for_reading, unit_id
from cli.options import AsOf, Json, Quarter
from cli.paper_files import Out, folder_of, save
from config.terms import Status

app = typer.Typer(add_completion=False)


@app.command(
    "assign",
    help="生成交办单。\n\n按最近一次交办的责任单位和期限；对中央垂直管理单位为商请函。",
    epilog="duban document assign 12 --out papers",
)
def assign(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="事项编号")],
    out: Out,
    json: Json = False,
) -> None:
    """Write the 交办单 of ITEM."""
    from documents.papers.assignment import assignment

    number, folder = reading.number(item, "事项编号"), folder_of(out)
    with for_reading() as (session, force):
        paper = assignment(session, force, number)
    save(paper, folder, f"交办单-{number}", json=json)


@app.command(
    "urge",
    help="生成催办单。\n\n按最近一次催办时的情况，没有催办过的不能生成；对中央垂直管理单位为商请函。",
    epilog="duban document urge 12 --out papers\nduban document urge 7 --request --out papers",
)
def urge(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="事项编号；加 --request 时为报送任务编号")],
    out: Out,
    request: Annotated[bool, typer.Option("--request", help="ITEM 是报送任务（duban requests）的编号")] = False,
    json: Json = False,
) -> None:
    """Write the 催办单 of ITEM, or of a reporting request."""
    from documents.papers.urging import urging

    number, folder = reading.number(item, "报送任务编号" if request else "事项编号"), folder_of(out)
    with for_reading() as (session, force):
        paper = urging(session, force, number, reports=request)
    save(paper, folder, f"催办单-{'报送-' if request else ''}{number}", json=json)


@app.command(
    "ledger",
    help="生成台账。\n\n条件与 duban items 相同，同时满足；.docx、.pdf 与 .xlsx 的各行完全相同。",
    epilog="duban document ledger --overdue --out papers\nduban document ledger --unit 市经信局 --out papers",
)
def ledger(
    out: Out,
    status: Annotated[str | None, typer.Option("--status", metavar="S", help=f"状态：{'、'.join(Status)}")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="责任单位的名称或代码")] = None,
    task: Annotated[str | None, typer.Option("--task", metavar="N", help="重点任务的序号")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="只列逾期未办结的")] = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Write the items that meet every condition given as a table."""
    from documents.papers import ledger as papers
    from supervision.queries import items

    state, number = reading.term_if(Status, status, "状态"), reading.number_if(task, "重点任务")
    given, folder = reading.day_if(as_of, "--as-of"), folder_of(out)
    with for_reading() as (session, force):
        day = given or force.today
        if unit is not None:
            unit_id(force, unit)
        lines = items.items(session, force, status=state, unit=unit, task=number, overdue=overdue, as_of=day)
        found = papers.ledger(session, force, lines, as_of=day)
    workbook = {"xlsx": papers.ledger_workbook(found)}
    save(papers.ledger_paper(found), folder, f"台账-{day}", others=workbook, json=json)


@app.command(
    "progress",
    help="生成季度进展汇总。\n\n按重点任务汇总各单位的进展情况、存在的问题和下一步措施，牵头单位在前，未反馈的单位列名。",
    epilog="duban document progress 2022Q2 --out papers",
)
def progress(quarter: Quarter, out: Out, as_of: AsOf = None, json: Json = False) -> None:
    """Write what the units reported on QUARTER."""
    from documents.papers.progress import progress_summary
    from supervision.periods import parse_quarter

    of, given, folder = parse_quarter(quarter), reading.day_if(as_of, "--as-of"), folder_of(out)
    with for_reading() as (session, force):
        paper = progress_summary(session, force, of, as_of=given or force.today)
    save(paper, folder, f"进展汇总-{of}", json=json)


@app.command(
    "briefing",
    help="生成季度工作简报。\n\n--for group 报领导小组，--for province 报上级领导小组办公室，行文不同。",
    epilog="duban document briefing 2022Q2 --out papers\nduban document briefing 2022Q2 --for province --out papers",
)
def briefing(
    quarter: Quarter,
    out: Out,
    reader: Annotated[
        str, typer.Option("--for", metavar="READER", help="group（领导小组，默认）或 province（上级领导小组办公室）")
    ] = "group",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Write the briefing on QUARTER."""
    from documents.papers.briefing import Reader
    from documents.papers.briefing import briefing as paper_for
    from supervision.periods import parse_quarter

    of, given, folder = parse_quarter(quarter), reading.day_if(as_of, "--as-of"), folder_of(out)
    who = reading.term(Reader, reader, "读者（--for）")
    with for_reading() as (session, force):
        paper = paper_for(session, force, of, reader=who, as_of=given or force.today)
    save(paper, folder, f"{'工作简报' if who is Reader.GROUP else '工作报告'}-{of}", json=json)
