"""`duban user end-post`, `disable`, `enable`: leaving a post, being switched off, and coming back."""

from __future__ import annotations

from typing import Annotated

import typer

from access import accounts
from access.closing import close_account
from cli import reading, user_password
from cli.office import for_writing, person_known, unit_id
from cli.options import At, Json
from cli.user_password import by_whom, say
from config import clock
from config.errors import BadInput
from config.terms import Role
from supervision.ledger import people

END_POST = (
    "结束一人的一个任职，其他任职不变。\n\n单位在办的事项留在单位；交给本人的子事项须用 --to 移交。"
    "单位唯一的联络员、办公室唯一的人员和唯一的系统管理员，须写明接任人或先任命他人。"
)
DISABLE = "停用人员。\n\n停用后不能办理，也不再收到通知；登录、令牌、日历链接和口令立即失效。"
ENABLE = (
    "恢复停用的人员：同一个人，以往记录不变，没有结束的任职随之恢复。\n\n"
    "默认由系统生成一个初始口令并显示一次；用 --subject 则绑定统一身份认证，用 --no-sign-in 则暂不开通登录。"
)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="登录名")]
By = Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="经办人的登录名，默认记为 console")]


def end_post(
    login: Login,
    role: Annotated[str, typer.Option("--role", metavar="R", help="要结束的身份，如 liaison、unit_head、office")],
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="U", help="所在单位的名称或代码；只在一处任此身份的可以不写")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="D", help="卸任之日，自这一天起不再任职，默认办理当日")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="LOGIN", help="接任人的登录名，默认没有")] = None,
    by: By = None,
    at: At = None,
    json: Json = False,
) -> None:
    """End one post of a person, with somebody to take it over when one is named."""
    given, day_given = reading.moment_if(at, "--at"), reading.day_if(on, "--on")
    held = reading.term(Role, role, "身份")
    with for_writing() as (session, force):
        moment = given or force.now
        day = day_given or clock.day_of(moment)
        for name in (login, to or login):
            person_known(session, force, name)
        left = people.end_post(
            session, force.tenant_id, login=login, role=held, unit_id=None if unit is None else unit_id(force, unit),
            on=day, at=moment, by=by_whom(session, force, by, moment), to=to,
        )  # fmt: skip
    told = {
        "login": login, "role": held, "on": day, "to": to, "sub_items": list(left.sub_items),
        "posts_left": left.posts, "warnings": list(left.warnings),
    }  # fmt: skip
    taken = f"，由 {to} 接任，移交子事项 {len(left.sub_items)} 个" if to else ""
    done = f"{login} 自 {day} 起不再任{held.label}{taken}；还有 {left.posts} 个任职"
    say("；".join([done, *left.warnings]), told, json)


def disable(login: Login, by: By = None, at: At = None, json: Json = False) -> None:
    """Switch a person off."""
    given = reading.moment_if(at, "--at")
    with for_writing() as (session, force):
        moment = given or force.now
        number, who = person_known(session, force, login), by_whom(session, force, by, moment)
        warnings = people.disable(session, force.tenant_id, login=login, at=moment, by=who)
        close_account(session, force.tenant_id, number, login=login, at=clock.now(), by=who)
    told = {"login": login, "active": False, "warnings": list(warnings)}
    say("；".join([f"{login} 已停用", *warnings]), told, json)


def enable(
    login: Login,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="SUB", help="绑定统一身份认证给出的 sub，不生成口令")
    ] = None,
    no_sign_in: Annotated[bool, typer.Option("--no-sign-in", help="暂不开通登录")] = False,
    by: By = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Switch a person on again, with access given anew."""
    given, identity = reading.moment_if(at, "--at"), None if subject is None else subject.strip()
    if identity == "" or (identity and no_sign_in):
        raise BadInput("--subject 应写明统一身份，且不与 --no-sign-in 同用")
    with for_writing() as (session, force):
        moment = given or force.now
        number, who = person_known(session, force, login), by_whom(session, force, by, moment)
        posts = people.enable(session, force.tenant_id, login=login, at=moment, by=who)
        close_account(session, force.tenant_id, number, login=login, at=clock.now(), by=who)
        made = user_password.put(session, force, login, None, by=who) if not (identity or no_sign_in) else None
        if identity:
            accounts.put_subject(
                session, force.tenant_id, login=login, subject=identity, at=clock.now(), by=who
            )  # fmt: skip
    told = {"login": login, "active": True, "posts": posts, "initial_password": made, "subject": identity}
    shown = f"；初始口令：{made}（只显示这一次，首次登录须修改）" if made else ""
    shown = f"；已绑定统一身份 {identity}" if identity else shown
    say(f"{login} 已恢复使用，现有 {posts} 个任职{shown}", told, json)
