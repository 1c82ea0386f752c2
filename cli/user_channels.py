"""`duban user channels`: by which channels a person is reached, and in which order."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import reading
from cli.office import for_reading, for_writing, person_known
from cli.options import At, Json
from cli.user_password import by_whom, say
from config.settings import settings
from notifications import order

DEFAULT = "default"

HELP = (
    "查看或设置一人的通知渠道及次序。\n\n"
    "渠道有 email（电子邮件）、gateway（短信和政务消息），用逗号隔开，前一个发不到再用下一个；"
    "default 为按办公室规定。已经在发的不受影响。"
)


def channels(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="登录名")],
    wanted: Annotated[
        str | None,
        typer.Argument(metavar="ORDER", help="渠道次序，如 gateway,email，或 default；不写为查看"),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="经办人的登录名，默认记为 console")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Print how LOGIN is reached, or keep another order."""
    given = reading.moment_if(at, "--at")
    office = order.written(order.read_ways(settings()).office)
    if wanted is None:
        with for_reading() as (session, force):
            kept = order.order_of(session, force.tenant_id, login)
        say(f"{login} 的通知渠道：{order.in_words(kept, office)}", _told(login, kept, office), json)
        return
    chosen = None if wanted == DEFAULT else order.parse(wanted, "通知渠道")
    with for_writing() as (session, force):
        moment = given or force.now
        person_known(session, force, login)
        order.put_channels(
            session, force.tenant_id, login=login, order=chosen, at=moment, by=by_whom(session, force, by, moment)
        )
    kept = order.written(chosen) if chosen else None
    say(f"{login} 的通知渠道已设为：{order.in_words(kept, office)}", _told(login, kept, office), json)


def _told(login: str, kept: str | None, office: str) -> dict[str, object]:
    return {"login": login, "channels": (kept or office).split(","), "own": kept is not None}
