"""`duban forms`, `requests`, `submit`, `confirm`, `return`: the reporting of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from cli import output, reading
from cli.office import actor, for_reading, for_writing, light_name, unit_id
from cli.options import AsOf, At, By, Json, Recorded
from config import clock
from config.errors import BadInput
from config.plan import Form
from config.plan.due import parse
from config.terms import Cadence, RequestState, Role
from documents.sheets import read_submission
from supervision.in_force import InForce
from supervision.ledger import reporting
from supervision.ledger.reporting import Decided
from supervision.periods import parse_period
from supervision.queries import reporting as reported
from supervision.queries.people import Actor, unit_people
from supervision.queries.reporting import RequestLine

app = typer.Typer(add_completion=False)

Request = Annotated[str, typer.Argument(metavar="REQUEST", help="报送任务编号（duban requests）")]


@app.command("forms", help="列出报表。", epilog="duban forms --json")
def forms(json: Json = False) -> None:
    """Print the forms of the plan."""
    with for_reading() as (_, force):
        found = force.plan.forms
    if json:
        output.as_json({"forms": [form.model_dump(mode="json") for form in found]})
        return
    output.table("报表", ["代码", "名称", "周期", "报送单位", "指标", "开放", "截止", "关闭"], map(_form, found))


def _form(form: Form) -> Sequence[object]:
    windows = [_in_words(rule) for rule in (form.opens, form.due, form.closes)]
    frequency = Cadence(form.frequency).label
    return [form.code, form.title, frequency, "、".join(form.reporters), len(form.indicators), *windows]


def _in_words(rule: str) -> str:
    """Return a window's date in words, as seen from the period reported on."""
    found = parse(rule)
    return f"{_MONTHS.get(found.months, f'期后第{found.months}个月')}{found.day}日"


_MONTHS = {0: "期末月", 1: "次月"}


@app.command(
    "requests",
    help="列出报送任务。\n\n各条件同时满足；亮灯按 --as-of 当日终了时计算。",
    epilog="duban requests --state open --unit 上城区\nduban requests --period 2022Q2 --json",
)
def requests(
    form: Annotated[str | None, typer.Option("--form", metavar="FORM", help="报表代码")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="报送单位的名称或代码")] = None,
    period: Annotated[str | None, typer.Option("--period", metavar="P", help="周期，如 2022Q2、2022-07、2022")] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="S", help=f"状态：{'、'.join(RequestState)}")] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print the reporting requests that meet every condition given."""
    of = None if period is None else str(parse_period(period))
    wanted, given = reading.term_if(RequestState, state, "状态"), reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        day = given or force.today
        known(force, form, unit)
        found = reported.requests(session, force, form=form, unit=unit, period=of, state=wanted, as_of=day)
    if json:
        output.as_json({"requests": [asdict(request) for request in found]})
        return
    output.table(f"报送任务（截至 {day}，共 {len(found)} 项）", _COLUMNS, (_request(force, line) for line in found))


_COLUMNS = ("编号", "报表", "单位", "周期", "开放", "截止", "关闭", "状态", "迟报", "退回", "灯")


def _request(force: InForce, line: RequestLine) -> Sequence[object]:
    about = (line.id, line.title, line.unit, line.period, line.opens, line.due, line.closes, line.state)
    return (*about, line.late, line.returned, light_name(force, line.light))


@app.command(
    "submit",
    help="报送数据。\n\nFILE 为填好的报送表（duban form），或列为 indicator,value,note 的 .xlsx、.csv；"
    "有问题的单元格逐一指出，整份不收。"
    "截止后、关闭前仍可报，记为迟报；同一份再报一次，什么也不改。",
    epilog="duban submit district-quarterly 上城区 2022Q2 上城区.xlsx --by 330102.liaison",
)
def submit(
    form: Annotated[str, typer.Argument(metavar="FORM", help="报表代码（duban forms）")],
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="报送单位的名称或代码")],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="周期，如 2022Q2")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="报送文件")],
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="报送人的登录名，默认该单位的联络员")] = None,
    source: Recorded = None,
    at: At = None,
    json: Json = False,
) -> None:
    """File the figures in FILE and print what became of them."""
    given, read = reading.moment_if(at, "--at"), read_submission(file)
    with for_writing() as (session, force):
        moment = given or force.now
        known(force, form, unit)
        sheet = read.of(force.plan, form=form, unit=unit, period=period)
        who = _filer(session, force, unit, by, moment)
        filed = reporting.submit(
            session, force, form=form, unit=unit, period=period, sheet=sheet, by=who, at=moment, recorded_from=source
        )
    if json:
        output.as_json(
            {
                "request": filed.request_id,
                "state": filed.state,
                "version": filed.version,
                "late": filed.late,
                "figures": filed.figures,
            }
        )
    elif filed.state == _UNCHANGED:
        output.sentence(f"报送任务 {filed.request_id}：与第 {filed.version} 次报送相同，未作改动（{filed.state}）")
    else:
        late = "（迟报）" if filed.late else ""
        output.sentence(f"报送任务 {filed.request_id}：第 {filed.version} 次报送已收到{late}，{filed.figures} 个数值")


_UNCHANGED = "unchanged"


@app.command(
    "confirm",
    help="审核通过一次报送。\n\n报送人不能审核自己的报送；本单位的数据由外单位人员审核。",
    epilog="duban confirm 7 --by office.clerk",
)
def confirm(
    request: Request,
    by: By,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="意见")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Confirm the figures last filed for REQUEST."""
    number, given = reading.number(request, "报送任务编号"), reading.moment_if(at, "--at")
    with for_writing() as (session, force):
        moment = given or force.now
        who = actor(session, force, by, at=moment)
        decided = reporting.confirm(session, force, number, by=who, at=moment, comment=comment)
    _say(decided, json)


@app.command(
    "return",
    help="退回一次报送。\n\n必须写明意见；退回后重新催报，是否迟报仍按原截止日期判定。",
    epilog="duban return 7 --by office.clerk --comment 第三项少报一个园区 --date 2022-07-25",
)
def send_back(
    request: Request,
    by: By,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="意见")],
    date: Annotated[str | None, typer.Option("--date", metavar="D", help="重报的期限，不得晚于关闭日")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Return the figures last filed for REQUEST."""
    number, given = reading.number(request, "报送任务编号"), reading.moment_if(at, "--at")
    due = reading.day_if(date, "--date")
    with for_writing() as (session, force):
        moment = given or force.now
        who = actor(session, force, by, at=moment)
        decided = reporting.return_submission(session, force, number, by=who, at=moment, comment=comment, due=due)
    _say(decided, json)


def _filer(session: Session, force: InForce, unit: str, by: str | None, at: datetime) -> Actor:
    """Return who files: the person named, else the unit's first liaison of the day."""
    if by is not None:
        return actor(session, force, by, at=at)
    people = unit_people(session, force.tenant_id, on=clock.day_of(at))
    liaisons = people.get((unit_id(force, unit), Role.LIAISON))
    if not liaisons:
        raise BadInput(f"{unit} 没有在任的联络员，请用 --by 写明报送人")
    return actor(session, force, liaisons[0][1], at=at)


def known(force: InForce, form: str | None, unit: str | None) -> None:
    """Raise UnknownName with the nearest names for a form or unit that the plan does not have."""
    codes = [known.code for known in force.plan.forms]
    if form is not None and form not in codes:
        raise reading.unknown(f"没有报表“{form}”", form, codes)
    if unit is not None:
        unit_id(force, unit)


def _say(decided: Decided, json: bool) -> None:
    if json:
        output.as_json(
            {
                "request": decided.request_id,
                "state": decided.state.value,
                "version": decided.version,
                "due": decided.due,
                "revision": decided.revision,
            }
        )
    else:
        number, state = decided.request_id, decided.state.label
        output.sentence(f"报送任务 {number} 的第 {decided.version} 次报送：{state}，期限 {decided.due}")
