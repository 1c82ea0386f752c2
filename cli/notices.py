"""`duban notices` and `duban served`: what was said to whom, and what became of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli import output, reading
from cli.office import acting, for_reading, person_known, unit_id
from cli.options import At, By, Json
from config.errors import Refused
from config.terms import DeliveryStatus, Role
from notifications.in_person import log_personal_service
from supervision.queries import notices as outgoing
from supervision.queries.notices import NoticeLine

app = typer.Typer(add_completion=False)

_LIMIT = 200


@app.command(
    "notices",
    help="列出通知及其送达情况。\n\n新的在前。",
    epilog="duban notices --status permanent\nduban notices --item 12 --json",
)
def notices(
    item: Annotated[str | None, typer.Option("--item", metavar="ITEM", help="事项编号")] = None,
    request: Annotated[str | None, typer.Option("--request", metavar="REQUEST", help="报送任务编号")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="受文单位的名称或代码")] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="S", help=f"送达情况：{'、'.join(DeliveryStatus)}")
    ] = None,
    limit: Annotated[str, typer.Option("--limit", metavar="N", help=f"最多列出多少条，默认 {_LIMIT}")] = str(_LIMIT),
    json: Json = False,
) -> None:
    """Print the newest notices that meet every condition given."""
    about, of = reading.number_if(item, "事项编号"), reading.number_if(request, "报送任务编号")
    state = reading.term_if(DeliveryStatus, status, "送达情况")
    most = reading.number(limit, "--limit")
    with for_reading() as (session, force):
        if unit is not None:
            unit_id(force, unit)
        found = outgoing.notices(session, force, item=about, request=of, unit=unit, status=state, limit=most)
    if json:
        output.as_json({"notices": [asdict(notice) for notice in found]})
        return
    rows = ([n.id, n.kind, n.item, n.request, n.unit, n.due, n.because, _delivered(n)] for n in found)
    output.table("通知", ["编号", "种类", "事项", "报送任务", "单位", "期限", "事由", "送达"], rows)


def _delivered(notice: NoticeLine) -> str:
    if notice.cancelled:
        return "已取消"
    return "；".join(f"{each.login} {each.status.label}" for each in notice.deliveries) or "待签发"


@app.command(
    "served",
    help="登记当面或电话送达的通知。\n\n邮件送不到时，由人送达并登记，阶梯从登记的时刻起继续。",
    epilog="duban served 31 --to jxj.liaison --how 电话告知，本人接听 --by office.clerk",
)
def served(
    notice: Annotated[str, typer.Argument(metavar="NOTICE", help="通知编号（duban notices）")],
    to: Annotated[str, typer.Option("--to", metavar="LOGIN", help="接收人的登录名，须是受文单位的人员")],
    how: Annotated[str, typer.Option("--how", metavar="TEXT", help="送达方式")],
    by: By,
    at: At = None,
    json: Json = False,
) -> None:
    """Record that NOTICE was served on a person of the unit by word or paper."""
    number = reading.number(notice, "通知编号")
    with acting(by, at) as (session, force, who, moment):
        if not who.holds(Role.OFFICE):
            raise Refused(f"送达由领导小组办公室登记，{by} 不是办公室人员")
        log_personal_service(
            session,
            tenant_id=force.tenant_id,
            plan_id=force.plan_id,
            notice_id=number,
            person_id=person_known(session, force, to),
            by_person_login=who.login,
            at=moment,
            how=how,
        )
    if json:
        output.as_json({"notice": number, "to": to, "delivered_at": moment})
    else:
        output.sentence(f"通知 {number} 已登记送达 {to}")
