"""`duban user`: people, their posts, their stand-ins."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli import output, reading, user_channels, user_leaving, user_password
from cli.office import for_reading, for_writing, person_known, unit_id
from cli.options import AsOf, At, Json
from cli.user_password import by_whom, say
from config import clock
from config.terms import Role
from supervision.ledger import delegations, people
from supervision.queries import register
from supervision.queries.register import PersonLine, Post

app = typer.Typer(add_completion=False)
app.command(
    "password",
    help=user_password.HELP,
    epilog="duban user password wang.fang\nduban user password wang.fang --stdin",
)(user_password.password)
app.command(
    "identity",
    help="绑定统一身份认证（OIDC）的身份。\n\n绑定后可以用统一身份认证登录，权限仍按任职。",
    epilog="duban user identity wang.fang --subject 3f2a9c",
)(user_password.identity)

app.command(
    "end-post",
    help=user_leaving.END_POST,
    epilog="duban user end-post wang.fang --role liaison --unit 市经信局 --to li.ming",
)(user_leaving.end_post)
app.command("disable", help=user_leaving.DISABLE, epilog="duban user disable wang.fang")(user_leaving.disable)
app.command(
    "enable",
    help=user_leaving.ENABLE,
    epilog="duban user enable wang.fang\nduban user enable wang.fang --subject 3f2a9c",
)(user_leaving.enable)

app.command(
    "channels",
    help=user_channels.HELP,
    epilog="duban user channels wang.fang\nduban user channels wang.fang gateway,email\n"
    "duban user channels wang.fang default",
)(user_channels.channels)

_ROLES = "、".join(f"{role.value}（{role.label}）" for role in Role if role is not Role.SYSTEM)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="登录名")]
RoleName = Annotated[str, typer.Option("--role", metavar="R", help=f"身份：{_ROLES}")]
Unit = Annotated[str | None, typer.Option("--unit", metavar="U", help="所在单位的名称或代码；联络员、分管负责人必填")]
By = Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="经办人的登录名，默认记为 console")]


@app.command("list", help="列出人员及其任职、委托。", epilog="duban user list --unit 市经信局")
def persons(
    unit: Annotated[str | None, typer.Option("--unit", metavar="U", help="单位的名称或代码")] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print the people, those of one unit when it is given."""
    given = reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        day = given or force.today
        of = None if unit is None else unit_id(force, unit)
        found = register.persons(session, force, on=day, unit_id=of)
    if json:
        output.as_json({"people": [asdict(person) for person in found]})
        return
    columns = ["登录名", "姓名", "任职", "邮箱", "电话", "由谁代办", "在用"]
    rows = ([p.login, p.name, _posts(p), p.email, p.phone, p.stand_in, p.active] for p in found)
    output.table(f"人员（{day}）", columns, rows)


@app.command(
    "add",
    help="增加人员并任职。\n\n加 --sign-in 同时开通登录，显示一次初始口令；第一位系统管理员也这样建立。",
    epilog="duban user add wang.fang --name 王芳 --unit 市经信局 --role liaison --email wang.fang@example.cn\n"
    "duban user add admin --name 系统管理员 --role administrator --sign-in",
)
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="姓名")],
    role: RoleName,
    unit: Unit = None,
    email: Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="电子邮件地址")] = None,
    phone: Annotated[str | None, typer.Option("--phone", metavar="N", help="电话")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="D", help="任职起日，默认办理当日")] = None,
    sign_in: Annotated[bool, typer.Option("--sign-in", help="同时开通登录，显示一次初始口令")] = False,
    by: By = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Add a person with a first post, and with `--sign-in` a password that is shown once."""
    given, start = reading.moment_if(at, "--at"), reading.day_if(since, "--since")
    held = reading.term(Role, role, "身份")
    account, address = reading.code(login, "登录名"), None if email is None else reading.email(email)
    with for_writing() as (session, force):
        moment = given or force.now
        day = start or clock.day_of(moment)
        of = None if unit is None else unit_id(force, unit)
        people.add_person(
            session, force.tenant_id, login=account, name=name, email=address, phone=phone, role=held,
            unit_id=of, since=day, at=moment, by=by_whom(session, force, by, moment),
        )  # fmt: skip
        who = by_whom(session, force, by, moment)
        made = user_password.put(session, force, login, None, by=who) if sign_in else None
    told = {"login": login, "role": held, "since": day} | ({"initial_password": made} if sign_in else {})
    shown = f"；初始口令：{made}（只显示这一次，首次登录须修改）" if sign_in else ""
    say(f"已增加 {login}（{name}），{held.label}，自 {day} 起{shown}", told, json)


@app.command(
    "appoint",
    help="给已有人员任职。",
    epilog="duban user appoint wang.fang --unit 市经信局 --role unit_head --since 2022-09-01",
)
def appoint(
    login: Login,
    role: RoleName,
    unit: Unit = None,
    since: Annotated[str | None, typer.Option("--since", metavar="D", help="任职起日，默认办理当日")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="D", help="任职止日（含），默认不限")] = None,
    by: By = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Give a person one more post."""
    given, start = reading.moment_if(at, "--at"), reading.day_if(since, "--since")
    held = reading.term(Role, role, "身份")
    end = reading.day_if(until, "--until")
    with for_writing() as (session, force):
        moment = given or force.now
        day = start or clock.day_of(moment)
        person_known(session, force, login)
        of = None if unit is None else unit_id(force, unit)
        people.appoint(
            session, force.tenant_id, login=login, role=held, unit_id=of, since=day, until=end, at=moment,
            by=by_whom(session, force, by, moment),
        )  # fmt: skip
    say(f"{login} 自 {day} 起任{held.label}", {"login": login, "role": held, "since": day, "until": end}, json)


@app.command(
    "delegate",
    help="委托他人在一段时间内代为办理。\n\n两头都算；委托人和代办人都记入审计。",
    epilog="duban user delegate wang.fang --to li.ming --since 2022-08-01 --until 2022-08-15 --reason 休假",
)
def delegate(
    login: Login,
    to: Annotated[str, typer.Option("--to", metavar="LOGIN", help="代办人的登录名")],
    since: Annotated[str, typer.Option("--since", metavar="D", help="起日（含）")],
    until: Annotated[str, typer.Option("--until", metavar="D", help="止日（含）")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="事由")],
    by: By = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Let one person act for another between two dates."""
    given = reading.moment_if(at, "--at")
    first, last = reading.day(since, "--since"), reading.day(until, "--until")
    with for_writing() as (session, force):
        moment = given or force.now
        for name in (login, to):
            person_known(session, force, name)
        delegations.delegate(
            session, force.tenant_id, login=login, to=to, since=first, until=last, reason=reason, at=moment,
            by=by_whom(session, force, by, moment),
        )  # fmt: skip
    told = {"login": login, "to": to, "since": first, "until": last}
    say(f"{first} 至 {last}，{login} 的事项由 {to} 代为办理", told, json)


@app.command(
    "end-delegation",
    help="提前结束委托，恢复由本人办理。",
    epilog="duban user end-delegation wang.fang --on 2022-08-10",
)
def end_delegation(
    login: Login,
    on: Annotated[str | None, typer.Option("--on", metavar="D", help="恢复本人办理之日，默认办理当日")] = None,
    by: By = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Let a person act alone again."""
    given, start = reading.moment_if(at, "--at"), reading.day_if(on, "--on")
    with for_writing() as (session, force):
        moment = given or force.now
        day = start or clock.day_of(moment)
        person_known(session, force, login)
        who = by_whom(session, force, by, moment)
        delegations.end_delegation(session, force.tenant_id, login=login, on=day, at=moment, by=who)
    say(f"{login} 自 {day} 起恢复由本人办理", {"login": login, "on": day}, json)


@app.command(
    "hand-over",
    help="岗位交接：把一人的全部任职移交给另一人。",
    epilog="duban user hand-over wang.fang --to li.ming --on 2022-09-01",
)
def hand_over(
    login: Login,
    to: Annotated[str, typer.Option("--to", metavar="LOGIN", help="接任人的登录名")],
    on: Annotated[str | None, typer.Option("--on", metavar="D", help="接任之日，默认办理当日")] = None,
    by: By = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Move every post of one person to another."""
    given, start = reading.moment_if(at, "--at"), reading.day_if(on, "--on")
    with for_writing() as (session, force):
        moment = given or force.now
        day = start or clock.day_of(moment)
        for name in (login, to):
            person_known(session, force, name)
        posts = people.hand_over(
            session, force.tenant_id, login=login, to=to, on=day, at=moment, by=by_whom(session, force, by, moment)
        )
    say(f"{login} 的 {posts} 个岗位自 {day} 起由 {to} 接任", {"login": login, "to": to, "posts": posts}, json)


def _posts(person: PersonLine) -> str:
    return "；".join(_post(post) for post in person.posts)


def _post(post: Post) -> str:
    return f"{post.unit or ''}{post.role.label}" + (f"（至 {post.until}）" if post.until else "")
