"""`duban paper`: 督办单, 通报 and the 函 in their place on their way through the signatures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime as Moment
from typing import Annotated

import typer
from sqlmodel import Session

from cli import output, reading
from cli.office import acting, for_reading
from cli.options import At, By, Json
from cli.paper_files import Out, folder_of, save
from config.terms import PaperState
from supervision.in_force import InForce
from supervision.ledger import papers as ledger
from supervision.queries import notices
from supervision.queries.people import Actor

app = typer.Typer(add_completion=False)

Paper = Annotated[str, typer.Argument(metavar="PAPER", help="文书编号（duban paper list）")]


@app.command(
    "list",
    help="列出督办单和通报，新的在前。\n\n发给垂直管理单位的以函行文。",
    epilog="duban paper list --state drafted",
)
def papers(
    state: Annotated[str | None, typer.Option("--state", metavar="S", help=f"状态：{'、'.join(PaperState)}")] = None,
    json: Json = False,
) -> None:
    """Print the papers."""
    wanted = reading.term_if(PaperState, state, "状态")
    with for_reading() as (session, force):
        found = notices.papers(session, force, state=wanted)
    if json:
        output.as_json({"papers": [asdict(paper) for paper in found]})
        return
    output.table(
        "督办单、通报",
        ["编号", "种类", "状态", "文号", "事项", "报送任务", "单位", "事由"],
        ([p.id, "函" if p.letter else p.kind, p.state, p.number, p.item, p.request, p.unit, p.because] for p in found),
    )


@app.command("review", help="审核拟稿，送签发。\n\n审核人不能再签发。", epilog="duban paper review 3 --by office.chief")
def review(paper: Paper, by: By, at: At = None, json: Json = False) -> None:
    """Pass a draft on for signature."""
    _move(PaperState.REVIEWED, ledger.review, paper, by, at, json)


@app.command(
    "sign",
    help="签发，并编文号。\n\n由审核人以外的人签发；签发后编号、待发，阶梯从送达起继续。"
    "督办单、通报和发给垂直管理单位的函各自按年连续编号。",
    epilog="duban paper sign 3 --by leader.signer",
)
def sign(paper: Paper, by: By, at: At = None, json: Json = False) -> None:
    """Sign a reviewed paper; print its number."""
    _move(PaperState.ISSUED, ledger.sign, paper, by, at, json)


@app.command(
    "serve",
    help="登记当面、电话或纸质送达。",
    epilog="duban paper serve 3 --how 当面送交办公室签收 --by office.clerk",
)
def serve(
    paper: Paper,
    by: By,
    how: Annotated[str, typer.Option("--how", metavar="TEXT", help="送达方式")],
    at: At = None,
    json: Json = False,
) -> None:
    """Record that a signed paper was handed over."""

    def handed(session: Session, force: InForce, number: int, *, by: Actor, at: Moment) -> None:
        ledger.serve(session, force, number, by=by, at=at, how=how)

    _move(PaperState.SERVED, handed, paper, by, at, json)


@app.command("receipt", help="登记回执。", epilog="duban paper receipt 3 --by jxj.liaison")
def receipt(paper: Paper, by: By, at: At = None, json: Json = False) -> None:
    """Record the unit's receipt."""
    _move(PaperState.RECEIPTED, ledger.receipt, paper, by, at, json)


@app.command(
    "print",
    help="生成督办单、通报或函的 .docx 和 .pdf。\n\n"
    "已签发的带文号和日期，内容以签发时为准；未签发的标明拟稿或送审稿；已作废的不能打印。",
    epilog="duban paper print 3 --out papers",
)
def print_paper(paper: Paper, out: Out, json: Json = False) -> None:
    """Write the paper as files."""
    from documents.papers.signed import signed_paper

    number, folder = reading.number(paper, "文书编号"), folder_of(out)
    with for_reading() as (session, force):
        found = signed_paper(session, force, number)
    save(found, folder, f"{found.number or f'文书{found.state}'}-{number}", json=json)


Step = Callable[..., str | None]


def _move(state: PaperState, step: Step, paper: str, by: str, at: str | None, json: bool) -> None:
    number = reading.number(paper, "文书编号")
    with acting(by, at) as (session, force, who, moment):
        document = step(session, force, number, by=who, at=moment)
    if json:
        output.as_json({"paper": number, "state": state.value, "number": document})
    else:
        output.sentence(f"文书 {number} 现为“{state.label}”" + (f"，文号 {document}" if document else ""))
