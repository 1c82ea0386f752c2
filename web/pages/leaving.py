"""人员离任和恢复: one post ends, somebody is switched off, and on again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session
from starlette.responses import Response

from access import accounts
from access.closing import close_account
from config import clock
from config.errors import BadInput, DubanError, Refused
from config.terms import Role
from supervision.in_force import InForce
from supervision.ledger import people
from supervision.ledger.managing import refuse_leaving, refuse_unmanaged
from supervision.queries.leaving import leaving
from supervision.queries.people import Actor
from supervision.queries.people_page import deputies, person_card
from web import inputs
from web.pages.people import do_to, made_up, shown
from web.routing import Pages
from web.rules import MANAGERS
from web.standing_in import typed_into
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

_SUBJECT = 200


@pages.show("/people/{login}/end-post", MANAGERS)
async def ask(visit: Visiting, login: str) -> Response:
    """Show what somebody would leave behind with a post, and ask from when and to whom."""
    given = visit.request.query_params
    return _page(visit, login, _role(given.get("role")), inputs.text(given, "unit", "单位"))


def _role(value: object) -> Role:
    try:
        return Role(str(value))
    except ValueError:
        raise BadInput("请从人员页面的“任职”表中选择要结束的岗位") from None


def _page(
    visit: Visit, login: str, role: Role, unit: str, *, error: str = "", status: int = 200
) -> Response:  # fmt: skip
    day = visit.force.today
    left = leaving(visit.session, visit.force, login, role, visit.force.unit_id(unit) if unit else None, on=day)
    return visit.page(
        "people/end_post.html", status=status, error=error, left=left, typed=typed_into(visit) if error else {},
        card=person_card(visit.session, visit.force, login, on=day, at=clock.now()),
        deputies=deputies(visit.session, visit.force, on=day, but=login),
    )  # fmt: skip


@pages.do("/people/{login}/end-post", MANAGERS)
def end_post(visit: Visiting, login: str) -> Response:
    """End one post; whatever browser or program the person uses loses its rights with the day."""
    role, unit = _role(visit.form.get("role")), inputs.text(visit.form, "unit", "单位")
    try:
        with visit.writing() as (session, force, actor):
            to = inputs.text(visit.form, "to", "接任人")
            refuse_unmanaged(session, force, by=actor, login=login, to=to, role=role)
            refuse_leaving(by=actor, login=login, what="结束自己（或所代办的人）的任职")
            on = inputs.day(visit.form, "on", "卸任之日") or force.today
            left = people.end_post(
                session, force.tenant_id, login=login, role=role, unit_id=force.unit_id(unit) if unit else None,
                on=on, at=force.now, by=actor.login, to=to or None,
            )  # fmt: skip
    except DubanError as refused:
        return _page(visit, login, role, unit, error=for_page(str(refused)), status=status_of(refused))
    return visit.done(f"/people/{login}", _said(f"自 {on} 起不再任{role.label}", to, left))


def _said(done: str, to: str, left: people.Left) -> str:
    parts = f"，{len(left.sub_items)} 个子事项一并移交" if left.sub_items else ""
    taken = f"，由 {to} 接任{parts}" if to else ""
    last = "" if left.posts else "；已没有其他任职，届时不能查看和办理事项"
    return _joined(f"{done}{taken}{last}", left.warnings)


@pages.do("/people/{login}/disable", MANAGERS)
def disable(visit: Visiting, login: str) -> Response:
    """Switch a person off; whatever browser they are signed in with is out at once."""

    def step(session: Session, force: InForce, actor: Actor) -> str:
        refuse_unmanaged(session, force, by=actor, login=login)
        refuse_leaving(by=actor, login=login)
        warnings = people.disable(session, force.tenant_id, login=login, at=force.now, by=actor.login)
        _close(session, force, actor, login)
        return _joined(f"{login} 已停用，登录、令牌和日历链接均已失效", warnings)

    return do_to(visit, login, "disable", step)


@pages.do("/people/{login}/enable", MANAGERS)
def enable(visit: Visiting, login: str) -> Response:
    """Switch a person on again; an administrator gives a new password, shown here only, or an identity at once."""
    made = ""
    try:
        with visit.writing() as (session, force, actor):
            refuse_unmanaged(session, force, by=actor, login=login, to=login)
            posts = people.enable(session, force.tenant_id, login=login, at=force.now, by=actor.login)
            _close(session, force, actor, login)
            made = _access(visit, session, force, actor, login)
    except DubanError as refused:
        return shown(visit, login, error=for_page(str(refused)), status=status_of(refused), tried="enable")
    if made:
        return shown(visit, login, password=made)
    return visit.done(f"/people/{login}", f"{login} 已恢复使用，现有 {posts} 个任职")


def _access(visit: Visit, session: Session, force: InForce, actor: Actor, login: str) -> str:
    """Give access as the form says; return the password that was made up, empty for none."""
    wanted = inputs.text(visit.form, "access")
    if wanted == "password":
        return made_up(session, force, actor, login)
    if wanted == "identity":
        if not actor.holds(Role.ADMINISTRATOR):
            raise Refused("统一身份由系统管理员绑定，请联系系统管理员")
        subject = inputs.text(visit.form, "subject", "统一身份（sub）", needed=True, longest=_SUBJECT)
        accounts.put_subject(
            session, force.tenant_id, login=login, subject=subject, at=clock.now(), by=actor.login
        )  # fmt: skip
    return ""


def _close(session: Session, force: InForce, actor: Actor, login: str) -> None:
    number = people.person(session, force.tenant_id, login).id or 0
    close_account(session, force.tenant_id, number, login=login, at=clock.now(), by=actor.login)


def _joined(done: str, warnings: Sequence[str]) -> str:
    return "；".join([done, *warnings])
