"""`duban paper`: 督办单, 通报, the 函 in their place and 考核通报 on their way through the signatures."""

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
from supervision.ledger import bulletins
from supervision.ledger import papers as ledger
from supervision.queries import papers as queries
from supervision.queries.people import Actor

app = typer.Typer(add_completion=False)

CopyOf = Annotated[
    str | None, typer.Option("--unit", metavar="U", help="考核通报发给多个单位：办理的是哪个单位的（名称或代码）")
]
Paper = Annotated[str, typer.Argument(metavar="PAPER", help="文书编号（duban paper list）")]


@app.command(
    "list",
    help="列出督办单、通报和考核通报，新的在前。\n\n发给垂直管理单位的以函行文。",
    epilog="duban paper list --state drafted",
)
def papers(
    state: Annotated[str | None, typer.Option("--state", metavar="S", help=f"状态：{'、'.join(PaperState)}")] = None,
    json: Json = False,
) -> None:
    """Print the papers."""
    wanted = reading.term_if(PaperState, state, "状态")
    with for_reading() as (session, force):
        found = queries.papers(session, force, state=wanted)
    if json:
        output.as_json({"papers": [asdict(paper) for paper in found]})
        return
    output.table(
        "督办单、通报",
        ["编号", "种类", "状态", "文号", "事项", "报送任务", "考核结果", "单位", "送达", "回执", "事由"],
        (
            [p.id, "函" if p.letter else p.kind, p.state, p.number, p.item, p.request, p.assessment, p.unit,
             f"{p.served}/{len(p.copies)}" if p.copies else "", f"{p.receipted}/{len(p.copies)}" if p.copies else "",
             p.because]
            for p in found
        ),
    )  # fmt: skip


@app.command(
    "draft",
    help="起草已发布考核结果的通报。\n\n此后与督办单一样审核、签发、编号、送达；更正的结果另行起草，另编文号。",
    epilog="duban paper draft 3 --by office.clerk",
)
def draft(
    run: Annotated[str, typer.Argument(metavar="RUN", help="考核结果的编号（duban assessment list）")],
    by: By,
    at: At = None,
    json: Json = False,
) -> None:
    """Draft the bulletin of a published result; print its number in the list."""
    assessment = reading.number(run, "考核结果的编号")
    with acting(by, at) as (session, force, who, moment):
        number = bulletins.draft(session, force, assessment, by=who, at=moment)
    if json:
        output.as_json({"paper": number, "assessment": assessment, "state": PaperState.DRAFTED.value})
    else:
        output.sentence(f"考核结果 {assessment} 的通报已起草，为文书 {number}，待审核")


@app.command(
    "show",
    help="显示一份文书：经谁的手，考核通报还有各单位的送达和回执。",
    epilog="duban paper show 7",
)
def show(paper: Paper, json: Json = False) -> None:
    """Print one paper with its steps and copies."""
    number = reading.number(paper, "文书编号")
    with for_reading() as (session, force):
        found = queries.paper_seen(session, force, None, number)
        steps = queries.steps(session, force, number)
    if json:
        output.as_json({**asdict(found), "steps": [asdict(step) for step in steps]})
        return
    output.sentence(f"文书 {number}（{'函' if found.letter else found.kind.label}）现为“{found.state.label}”")
    output.table("办理过程", ["时间", "办理", "人员", "说明"], ([s.at, s.what, s.who, s.told] for s in steps))
    if found.copies:
        rows = ([c.unit, c.copied, c.served_at, c.receipted_at] for c in found.copies)
        output.table("送达和回执", ["单位", "抄送", "送达", "回执"], rows)


@app.command("review", help="审核拟稿，送签发。\n\n审核人不能再签发。", epilog="duban paper review 3 --by office.chief")
def review(paper: Paper, by: By, at: At = None, json: Json = False) -> None:
    """Pass a draft on for signature."""
    _move(PaperState.REVIEWED, ledger.review, paper, by, at, json)


@app.command(
    "return",
    help="把送审的文书退回拟稿。\n\n签发前办理，由办公室或领导小组领导写明理由；被通报、督办的单位的人不能办理。",
    epilog="duban paper return 3 --comment 第二段数据有误 --by leader.signer",
)
def send_back(
    paper: Paper,
    by: By,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="退回的理由")],
    at: At = None,
    json: Json = False,
) -> None:
    """Give a reviewed paper back to be drafted again."""

    def returned(session: Session, force: InForce, number: int, *, by: Actor, at: Moment) -> None:
        ledger.send_back(session, force, number, by=by, at=at, comment=comment)

    _move(PaperState.DRAFTED, returned, paper, by, at, json)


@app.command(
    "sign",
    help="签发，并编文号。\n\n由拟稿人、审核人以外的人签发；签发后编号、待发，阶梯从送达起继续。"
    "督办单、通报（含考核通报）和发给垂直管理单位的函各自按年连续编号。",
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
    unit: CopyOf = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Record that a signed paper was handed over."""

    def handed(session: Session, force: InForce, number: int, *, by: Actor, at: Moment) -> None:
        ledger.serve(session, force, number, by=by, at=at, how=how, unit=unit)

    _move(PaperState.SERVED, handed, paper, by, at, json, copy_of=unit)


@app.command("receipt", help="登记回执。", epilog="duban paper receipt 3 --by jxj.liaison")
def receipt(paper: Paper, by: By, unit: CopyOf = None, at: At = None, json: Json = False) -> None:
    """Record the unit's receipt."""

    def taken(session: Session, force: InForce, number: int, *, by: Actor, at: Moment) -> None:
        ledger.receipt(session, force, number, by=by, at=at, unit=unit)

    _move(PaperState.RECEIPTED, taken, paper, by, at, json, copy_of=unit)


@app.command(
    "print",
    help="生成督办单、通报、函或考核通报的 .docx 和 .pdf。\n\n"
    "已签发的带文号和日期，内容以签发时为准；未签发的标明拟稿或送审稿；已作废的不能打印。",
    epilog="duban paper print 3 --out papers",
)
def print_paper(paper: Paper, out: Out, json: Json = False) -> None:
    """Write the paper as files."""
    from documents.papers.to_print import paper_to_print

    number, folder = reading.number(paper, "文书编号"), folder_of(out)
    with for_reading() as (session, force):
        found = paper_to_print(session, force, number)
    save(found, folder, f"{found.number or f'文书{found.state}'}-{number}", json=json)


Step = Callable[..., str | None]


def _move(
    state: PaperState, step: Step, paper: str, by: str, at: str | None, json: bool, *, copy_of: str | None = None
) -> None:
    number = reading.number(paper, "文书编号")
    with acting(by, at) as (session, force, who, moment):
        document = step(session, force, number, by=who, at=moment)
    if json:
        output.as_json({"paper": number, "state": state.value, "number": document})
    else:
        output.sentence(
            f"文书 {number}{f'（{copy_of}）' if copy_of else ''} 现为“{state.label}”"
            + (f"，文号 {document}" if document else "")
        )
