"""我的委托和交接: what everybody may do with the own posts: let somebody stand in, and hand them over."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session
from starlette.responses import Response

from config import clock
from config.errors import BadInput, DubanError
from supervision.in_force import InForce
from supervision.ledger import people
from supervision.queries.people import Actor
from supervision.queries.people_page import deputies, person_card
from web import inputs
from web.routing import Pages
from web.rules import SIGNED_IN
from web.standing_in import delegation_of, typed_into
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

PATH = "/account/delegation"


@pages.show(PATH, SIGNED_IN)
async def own(visit: Visiting) -> Response:
    """Show the own posts and delegations, and offer to delegate and to hand over."""
    return _page(visit)


def _page(visit: Visit, *, error: str = "", status: int = 200, tried: str = "") -> Response:
    day, login = visit.force.today, visit.me.login
    return visit.page(
        "people/own.html", status=status, error=error, tried=tried, typed=typed_into(visit),
        card=person_card(visit.session, visit.force, login, on=day, at=clock.now()),
        deputies=deputies(visit.session, visit.force, on=day, but=login),
    )  # fmt: skip


def _do(visit: Visit, tried: str, step: Callable[[Session, InForce, Actor], str]) -> Response:
    try:
        with visit.writing() as (session, force, actor):
            said = step(session, force, actor)
    except DubanError as refused:
        return _page(visit, error=for_page(str(refused)), status=status_of(refused), tried=tried)
    return visit.done(PATH, said)


@pages.do(PATH, SIGNED_IN)
def delegate(visit: Visiting) -> Response:
    """Let somebody act for oneself between two dates."""

    def step(session: Session, force: InForce, actor: Actor) -> str:
        given = delegation_of(visit, force)
        given.put(session, force, login=actor.login, by=actor)
        return given.said

    return _do(visit, "delegate", step)


@pages.do(f"{PATH}/end", SIGNED_IN)
def end(visit: Visiting) -> Response:
    """Act alone again."""

    def step(session: Session, force: InForce, actor: Actor) -> str:
        day = inputs.day(visit.form, "on", "恢复本人办理之日") or force.today
        people.end_delegation(session, force.tenant_id, login=actor.login, on=day, at=force.now, by=actor.login)
        return f"委托已结束，自 {day} 起由本人办理"

    return _do(visit, "end", step)


@pages.do(f"{PATH}/hand-over", SIGNED_IN)
def hand_over(visit: Visiting) -> Response:
    """Hand over all own posts."""

    def step(session: Session, force: InForce, actor: Actor) -> str:
        to = inputs.text(visit.form, "to", "接任人", needed=True)
        day = inputs.day(visit.form, "on", "接任之日") or force.today
        if visit.form.get("sure") != "yes":
            raise BadInput("请先勾选“我确认移交全部岗位”")
        posts = people.hand_over(
            session, force.tenant_id, login=actor.login, to=to, on=day, at=force.now, by=actor.login
        )
        return f"{posts} 个岗位自 {day} 起由 {to} 接任"

    return _do(visit, "hand_over", step)
