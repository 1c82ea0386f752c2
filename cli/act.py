"""`duban act` and `duban breakdown`: what people do to an item."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import output, reading
from cli.office import actor, for_writing, person_known, unit_id
from cli.options import At, By, Json, Recorded
from config.terms import Action, SuspensionReason
from supervision.ledger.acts import Act, Done, perform
from supervision.ledger.sub_items import break_down

app = typer.Typer(add_completion=False)

Item = Annotated[str, typer.Argument(metavar="ITEM", help="事项编号")]

_ACTIONS = "、".join(f"{action.value}（{action.label}）" for action in Action)
_REASONS = "、".join(f"{reason.value}（{reason.label}）" for reason in SuspensionReason)


@app.command(
    "act",
    help="办理一个事项：交办、签收、反馈、报请办结等。\n\n"
    f"ACTION 为：{_ACTIONS}。\n\n不合规则的不予办理，说明理由，退出码为 3；已经办过的也不重复办理。",
    epilog="duban act 12 acknowledge --by jxj.liaison\n"
    "duban act 12 report_progress --by jxj.liaison --comment 已完成七成 --problems 用地指标不足 --next-steps 申请追加\n"
    "duban act 12 request_extension --by jxj.liaison --date 2022-08-31 --comment 省级办法尚未出台",
)
def act(
    item: Item,
    action: Annotated[str, typer.Argument(metavar="ACTION", help="办理什么")],
    by: By,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="情况、理由或意见")] = "",
    date: Annotated[str | None, typer.Option("--date", metavar="D", help="新的期限（延期、退回）")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="UNIT", help="接办单位的名称或代码（转办）")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="R", help=f"暂缓事由：{_REASONS}")] = None,
    source: Recorded = None,
    problems: Annotated[str, typer.Option("--problems", metavar="TEXT", help="存在的问题（进展反馈）")] = "",
    next_steps: Annotated[str, typer.Option("--next-steps", metavar="TEXT", help="下一步措施（进展反馈）")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Do ACTION to ITEM and print how it stands."""
    number, doing = reading.number(item, "事项编号"), reading.term(Action, action, "办理事项")
    due, why = reading.day_if(date, "--date"), reading.term_if(SuspensionReason, reason, "暂缓事由")
    given = reading.moment_if(at, "--at")
    with for_writing() as (session, force):
        moment = given or force.now
        if to is not None:
            unit_id(force, to)
        who = actor(session, force, by, at=moment)
        wanted = Act(number, doing, who, moment, comment, due, to, why, source, problems, next_steps)
        done = perform(session, force, wanted)
    _show(done, json)


@app.command(
    "breakdown",
    help="把事项分解给内设机构或经办人。\n\n子事项的期限不得晚于上级事项；全部办结后上级事项才能报请办结。",
    epilog="duban breakdown 12 --title 汇总企业名单 --due 2022-07-15 --to li.ming --by jxj.liaison\n"
    "duban breakdown 12 --title 核对用地 --due 2022-07-15 --bureau 规划处 --by jxj.liaison",
)
def breakdown(
    item: Item,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="子事项的名称")],
    due: Annotated[str, typer.Option("--due", metavar="D", help="子事项的期限")],
    by: By,
    to: Annotated[str | None, typer.Option("--to", metavar="LOGIN", help="经办人的登录名")] = None,
    bureau: Annotated[str | None, typer.Option("--bureau", metavar="UNIT", help="内设或下属单位")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Give a part of ITEM to one person or one bureau of the same unit."""
    number, day = reading.number(item, "事项编号"), reading.day(due, "--due")
    given = reading.moment_if(at, "--at")
    with for_writing() as (session, force):
        moment = given or force.now
        who = actor(session, force, by, at=moment)
        if to is not None:
            person_known(session, force, to)
        part = break_down(session, force, number, title=title, due=day, by=who, at=moment, assignee=to, bureau=bureau)
    if json:
        output.as_json({"item": part, "parent": number})
    else:
        output.sentence(f"子事项 {part} 已交办（上级事项 {number}）")


def _show(done: Done, json: bool) -> None:
    if json:
        output.as_json(
            {
                "item": done.item_id,
                "action": done.action.value,
                "status": done.status.value,
                "due": done.due,
                "revision": done.revision,
            }
        )
    else:
        output.sentence(f"事项 {done.item_id} 已“{done.action.label}”，现为“{done.status.label}”，期限 {done.due}")
