"""`duban user password`: how a person gets into the portal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from access import accounts, passwords
from cli import output
from cli.office import actor, for_writing, person_known
from cli.options import Json
from config import clock
from config.errors import BadInput
from supervision.in_force import InForce

CONSOLE = "console"
"""Who acts in the audit when nobody is named: whoever had the command line of this installation."""

_LONGEST_LINE = 1000

HELP = (
    "设置或重置登录口令。\n\n默认由系统生成一个初始口令并显示一次，本人首次登录时必须修改；"
    "用 --stdin 则从标准输入读一行作为口令。\n\n原有登录全部退出，口令错误的锁定同时解除。"
)


def password(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="登录名")],
    stdin: Annotated[bool, typer.Option("--stdin", help="从标准输入读一行作为口令，不必再改")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="经办人的登录名，默认记为 console")] = None,
    json: Json = False,
) -> None:
    """Give LOGIN a password: one made up here and shown once, or the line on standard input."""
    given = _line() if stdin else None
    with for_writing() as (session, force):
        person_known(session, force, login)
        who = CONSOLE if by is None else actor(session, force, by, at=force.now).login
        made = put(session, force, login, given, by=who)
    if json:
        output.as_json({"login": login, "initial_password": made})
    elif made is None:
        output.sentence(f"{login} 的口令已设置")
    else:
        output.sentence(f"{login} 的初始口令：{made}（只显示这一次，首次登录须修改）")


def identity(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="登录名")],
    subject: Annotated[str, typer.Option("--subject", metavar="SUB", help="统一身份认证给出的 sub；留空为解除绑定")],
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="经办人的登录名，默认记为 console")] = None,
    json: Json = False,
) -> None:
    """Say who LOGIN is to the identity provider."""
    with for_writing() as (session, force):
        person_known(session, force, login)
        who = CONSOLE if by is None else actor(session, force, by, at=force.now).login
        accounts.put_subject(session, force.tenant_id, login=login, subject=subject.strip(), at=clock.now(), by=who)
    if json:
        output.as_json({"login": login, "subject": subject.strip() or None})
    else:
        output.sentence(
            f"{login} 已绑定统一身份 {subject.strip()}" if subject.strip() else f"{login} 已解除统一身份绑定"
        )


def by_whom(session: Session, force: InForce, by: str | None, at: datetime) -> str:
    """Return the login of who acts: the person named, else `CONSOLE`."""
    return CONSOLE if by is None else actor(session, force, by, at=at).login


def say(sentence: str, data: Mapping[str, object], json: bool) -> None:
    """Say what was done, in words or as JSON."""
    if json:
        output.as_json(data)
    else:
        output.sentence(sentence)


def put(session: Session, force: InForce, login: str, given: str | None, *, by: str) -> str | None:
    """Put the password `given`, else one that is made up and returned; that one has to be changed by its owner."""
    made = passwords.made_up() if given is None else None
    accounts.put_password(
        session, force.tenant_id, login=login, password=given or made or "", at=clock.now(), by=by,
        must_change=given is None,
    )  # fmt: skip
    return made


def _line() -> str:
    text = sys.stdin.readline(_LONGEST_LINE).rstrip("\r\n")
    if not text:
        raise BadInput("标准输入中没有口令：请写入一行，如 duban user password li.ming --stdin < 口令文件")
    return text
