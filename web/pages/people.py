"""人员: who is who, in which posts, who stands in, and how each signs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.responses import Response

from access import accounts, passwords
from config import clock, naming
from config.errors import BadInput, DubanError, Refused
from config.terms import Role
from supervision.in_force import InForce
from supervision.ledger import people
from supervision.ledger.managing import refuse_unmanaged, seat
from supervision.queries.people import Actor
from supervision.queries.people_page import deputies, people_page, person_card
from web import inputs
from web.routing import Pages
from web.rules import ADMINISTRATORS, MANAGERS
from web.standing_in import delegation_of, typed_into
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

_NAME, _PHONE = 100, 40


@pages.show("/people", MANAGERS)
async def listed(visit: Visiting) -> Response:
    """Show the people, of one unit or with some words when asked, and offer to add one."""
    return _list(visit)


def _list(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    given = visit.request.query_params
    unit, words = inputs.text(given, "unit", "单位", longest=100), inputs.text(given, "words", "关键字", longest=100)
    found = people_page(
        visit.session, visit.force, on=visit.force.today, at=clock.now(), words=words,
        unit_id=visit.force.unit_id(unit) if unit else None,
        page=inputs.whole(given, "page", "页码", default=1, lowest=1),
    )  # fmt: skip
    kept = {name: value for name, value in (("unit", unit), ("words", words)) if value}
    return visit.page(
        "people/list.html", status=status, error=error, found=found, unit=unit, words=words,
        units=_units(visit.force), roles=_roles(visit.actor), typed=typed_into(visit),
        administrator=visit.actor.holds(Role.ADMINISTRATOR),
        at_page=lambda page: f"/people?{urlencode(kept | {'page': page})}",
    )  # fmt: skip


def _units(force: InForce) -> list[tuple[str, str]]:
    """Return the units of the plan in official order, then the bureaus under them, by code."""
    known = {unit.code: unit.name_on(force.today) for unit in force.plan.units}
    return list(
        (known | {code: force.unit_names[n] for code, n in force.unit_ids.items() if code not in known}).items()
    )


def _roles(actor: Actor) -> list[tuple[str, str]]:
    """Return the roles that this person may give."""
    barred = {Role.SYSTEM} if actor.holds(Role.ADMINISTRATOR) else {Role.SYSTEM, Role.ADMINISTRATOR}
    return [(role.value, role.label) for role in Role if role not in barred]


@pages.do("/people", MANAGERS)
def add(visit: Visiting) -> Response:
    """Add a person with a first post; an administrator may give a password at once, which is shown here only."""
    form, made = visit.form, None
    try:
        login = naming.code(inputs.text(form, "login", "登录名", needed=True), "登录名")
        role = _role(visit)
        with visit.writing() as (session, force, actor):
            refuse_unmanaged(session, force, by=actor, role=role)
            people.add_person(
                session, force.tenant_id, login=login, role=role, unit_id=seat(force, role, inputs.text(form, "unit")),
                since=inputs.day(form, "since", "任职起日") or force.today, at=force.now, by=actor.login,
                **_contact(visit),
            )  # fmt: skip
            if form.get("sign_in") == "yes":
                made = made_up(session, force, actor, login)
    except DubanError as refused:
        return _list(visit, error=for_page(str(refused)), status=status_of(refused))
    return visit.done(f"/people/{login}", f"已增加 {login}") if made is None else shown(visit, login, password=made)


def _role(visit: Visit) -> Role:
    role = inputs.term(Role, visit.form, "role", "身份")
    if role is None:
        raise BadInput("请选择“身份”")
    return role


class _Contact(TypedDict):
    name: str
    email: str | None
    phone: str | None


def _contact(visit: Visit) -> _Contact:
    address = inputs.text(visit.form, "email", "邮箱", longest=200)
    return {
        "name": inputs.text(visit.form, "name", "姓名", needed=True, longest=_NAME),
        "email": naming.email(address) if address else None,
        "phone": inputs.text(visit.form, "phone", "电话", longest=_PHONE) or None,
    }


@pages.show("/people/{login}", MANAGERS)
async def one(visit: Visiting, login: str) -> Response:
    """Show a person with posts, delegations and account."""
    return shown(visit, login)


def shown(
    visit: Visit, login: str, *, error: str = "", status: int = 200, tried: str = "", password: str = ""
) -> Response:
    """Return the page of a person: with what was typed where `tried` was refused, or a password that was made up."""
    day = visit.force.today
    card = person_card(visit.session, visit.force, login, on=day, at=clock.now())
    return visit.page(
        "people/person.html", status=status, error=error, tried=tried, typed=typed_into(visit) if tried else {},
        card=card, password=password, units=_units(visit.force), roles=_roles(visit.actor),
        deputies=deputies(visit.session, visit.force, on=day, but=login),
        administrator=visit.actor.holds(Role.ADMINISTRATOR), mine=login == visit.me.login,
        provider=bool(visit.portal.settings.oidc_issuer),
    )  # fmt: skip


Step = Callable[[Session, InForce, Actor], str]
"""What is done to a person; returns what is said of it."""


def do_to(visit: Visit, login: str, tried: str, step: Step) -> Response:
    """Do one thing to a person; when it is refused, show the page again with what was typed."""
    try:
        with visit.writing() as (session, force, actor):
            said = step(session, force, actor)
    except DubanError as refused:
        return shown(visit, login, error=for_page(str(refused)), status=status_of(refused), tried=tried)
    return visit.done(f"/people/{login}", said)


@pages.do("/people/{login}/contact", MANAGERS)
def contact(visit: Visiting, login: str) -> Response:
    """Change name, address and telephone."""

    def step(session: Session, force: InForce, actor: Actor) -> str:
        refuse_unmanaged(session, force, by=actor, login=login)
        people.put_contact(session, force.tenant_id, login=login, at=force.now, by=actor.login, **_contact(visit))
        return "姓名、邮箱、电话已修改"

    return do_to(visit, login, "contact", step)


@pages.do("/people/{login}/appoint", MANAGERS)
def appoint(visit: Visiting, login: str) -> Response:
    """Give a person one more post."""

    def step(session: Session, force: InForce, actor: Actor) -> str:
        role, since = _role(visit), inputs.day(visit.form, "since", "任职起日") or force.today
        refuse_unmanaged(session, force, by=actor, login=login, to=login, role=role)
        people.appoint(
            session, force.tenant_id, login=login, role=role, since=since, at=force.now, by=actor.login,
            unit_id=seat(force, role, inputs.text(visit.form, "unit")),
            until=inputs.day(visit.form, "until", "任职止日"),
        )  # fmt: skip
        return f"自 {since} 起任{role.label}"

    return do_to(visit, login, "appoint", step)


@pages.do("/people/{login}/hand-over", MANAGERS)
def hand_over(visit: Visiting, login: str) -> Response:
    """Move every post of the person to another."""

    def step(session: Session, force: InForce, actor: Actor) -> str:
        to, on = inputs.text(visit.form, "to", "接任人", needed=True), inputs.day(visit.form, "on", "接任之日")
        refuse_unmanaged(session, force, by=actor, login=login, to=to)
        day = on or force.today
        posts = people.hand_over(session, force.tenant_id, login=login, to=to, on=day, at=force.now, by=actor.login)
        return f"{posts} 个岗位自 {day} 起由 {to} 接任"

    return do_to(visit, login, "hand_over", step)


@pages.do("/people/{login}/delegate", MANAGERS)
def delegate(visit: Visiting, login: str) -> Response:
    """Let another person act for this one between two dates."""

    def step(session: Session, force: InForce, actor: Actor) -> str:
        given = delegation_of(visit, force)
        refuse_unmanaged(session, force, by=actor, login=login, to=given.to)
        given.put(session, force, login=login, by=actor)
        return given.said

    return do_to(visit, login, "delegate", step)


@pages.do("/people/{login}/end-delegation", MANAGERS)
def end_delegation(visit: Visiting, login: str) -> Response:
    """Let the person act alone again."""

    def step(session: Session, force: InForce, actor: Actor) -> str:
        refuse_unmanaged(session, force, by=actor, login=login)
        day = inputs.day(visit.form, "on", "恢复本人办理之日") or force.today
        people.end_delegation(session, force.tenant_id, login=login, on=day, at=force.now, by=actor.login)
        return f"委托已结束，自 {day} 起由本人办理"

    return do_to(visit, login, "end_delegation", step)


@pages.do("/people/{login}/password", ADMINISTRATORS)
def give_password(visit: Visiting, login: str) -> Response:
    """Give a made-up password that is shown here only, and has to be changed by its owner."""
    try:
        with visit.writing() as (session, force, actor):
            made = made_up(session, force, actor, login)
    except DubanError as refused:
        return shown(visit, login, error=for_page(str(refused)), status=status_of(refused), tried="password")
    return shown(visit, login, password=made)


def made_up(session: Session, force: InForce, actor: Actor, login: str) -> str:
    """Give somebody else a password that is made up, and return it. Raises Refused for who is no administrator."""
    if not actor.holds(Role.ADMINISTRATOR):
        raise Refused("初始口令由系统管理员设置，请联系系统管理员")
    if login == actor.login:
        raise Refused("自己的口令请在“我的账号”中修改")
    made = passwords.made_up()
    accounts.put_password(
        session, force.tenant_id, login=login, password=made, at=clock.now(), by=actor.login, must_change=True
    )
    return made
