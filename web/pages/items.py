"""An item: everything known of it, what can be done to it now, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from starlette.datastructures import FormData
from starlette.responses import Response

from config.errors import BadInput, DubanError, UnknownName
from config.terms import Action, Role, SuspensionReason
from notifications.in_person import log_personal_service
from supervision.ledger.acts import Act
from supervision.ledger.evidence import may_add
from supervision.ledger.sub_items import break_down, may_break_down
from supervision.queries import notices as outgoing
from supervision.queries.item_page import item_page
from supervision.queries.notices import NoticeLine
from supervision.queries.people import UNIT_ROLES
from supervision.queries.register import bureaus, logins
from web import inputs
from web.acting import MAY_UPLOAD, fields_of, gone, is_main, key_of, typed_words
from web.days import days_ahead
from web.downloads import handed_out
from web.lights import light_names
from web.rendering import moment
from web.routing import Pages
from web.rules import EVERYBODY, OFFICE
from web.uploads import perform_with_files, sent_files, take, upload_terms
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()


@pages.show("/items/{number:int}", EVERYBODY)
async def show(visit: Visiting, number: int) -> Response:
    """Show the item."""
    return _page(visit, number)


def _page(
    visit: Visit, number: int, *, error: str = "", status: int = 200, tried: str = "", given: FormData | None = None
) -> Response:
    """Return the item's page; with `error`, the form `tried` is open and holds what was `given`."""
    item = visit.sight.item(visit.session, visit.force, number)
    found = item_page(visit.session, visit.force, item, visit.actor, as_of=visit.force.today)
    told = outgoing.notices(visit.session, visit.force, item=number)
    own, office = bool(visit.actor.holding(UNIT_ROLES, item.unit_id)), visit.actor.holds(Role.OFFICE)
    servable = _servable(told) if office else []
    offered = {key_of(each) for each in found.doable}
    offered |= {"evidence"} if may_add(item, visit.actor) else set()
    offered |= {"part"} if own and may_break_down(item) else set()
    offered |= {"served"} if servable else set()
    return visit.page(
        "items/item.html", status=status, found=found, error=error, tried=tried, given=given or FormData(),
        lights=light_names(visit.force), fields_of=fields_of, is_main=is_main, with_files=MAY_UPLOAD,
        days=days_ahead(visit.force), notices=told, reasons=SuspensionReason,
        units=[(unit.code, unit.name_on(visit.force.today)) for unit in visit.force.plan.units],
        offered=offered, lost=typed_words(visit.form) if tried and tried not in offered else [],
        key_of=key_of, oversees=visit.sight.everything, servable=servable,
        bureaus=[b for b in bureaus(visit.session, visit.force) if b.unit == found.line.unit],
        files_lost=sent_files(given or FormData()),
        **upload_terms(visit),
    )  # fmt: skip


def _servable(told: Sequence[NoticeLine]) -> list[tuple[str, str]]:
    """Return the notices that can be given by word or on paper: issued, and not cancelled."""
    return [
        (str(line.id), f"{line.kind.label}（{moment(line.created_at)}）")
        for line in told
        if line.issued_at and not line.cancelled
    ]


def _again(visit: Visit, number: int, refused: DubanError, tried: str) -> Response:
    """Return the page with the refusal and everything that was typed."""
    told = for_page(str(refused))
    try:
        return _page(visit, number, error=told, status=status_of(refused), tried=tried, given=visit.form)
    except UnknownName as unseen:
        return gone(visit, unseen)


@pages.do("/items/{number:int}/act", EVERYBODY)
def act(visit: Visiting, number: int) -> Response:
    """Do one act to the item, with the files that were sent along."""
    form = visit.form
    tried = inputs.text(form, "action")
    recorded = form.get("recorded") == "yes"
    if recorded:
        tried = f"{tried}-recorded"
    try:
        action = inputs.term(Action, form, "action", "办理")
        if action is None:
            raise BadInput("请选择要办理的事")
        item = visit.sight.item(visit.session, visit.force, number)
        given = _given(form, recorded)
        done = perform_with_files(visit, item, lambda by, at: Act(number, action, by, at, **given))
    except DubanError as refused:
        return _again(visit, number, refused, tried)
    return visit.done(
        f"/items/{number}", f"事项 {number} 已“{done.action.label}”，现为“{done.status.label}”，期限 {done.due}"
    )


class _Given(TypedDict):
    comment: str
    date: date | None
    to_unit: str | None
    reason: str | None
    source: str | None
    problems: str
    next_steps: str
    revision: int | None


def _given(form: FormData, recorded: bool) -> _Given:
    """Return what the form of an act says. `recorded`: the office records it, and has to say from what."""
    return {
        "comment": inputs.text(form, "comment", "内容"),
        "date": inputs.day(form, "date", "期限"),
        "to_unit": inputs.text(form, "to_unit") or None,
        "reason": inputs.text(form, "reason") or None,
        "source": inputs.text(form, "source", "代录来源", needed=recorded, longest=500) or None,
        "problems": inputs.text(form, "problems", "存在的问题"),
        "next_steps": inputs.text(form, "next_steps", "下一步措施"),
        "revision": inputs.whole(form, "revision", "版本", default=0) or None,
    }


@pages.do("/items/{number:int}/evidence", EVERYBODY)
def upload(visit: Visiting, number: int) -> Response:
    """Take files for the item."""
    try:
        many = take(visit, visit.sight.item(visit.session, visit.force, number))
    except DubanError as refused:
        return _again(visit, number, refused, "evidence")
    return visit.done(f"/items/{number}", f"已上传 {many} 个文件")


@pages.show("/items/{number:int}/evidence/{file:int}", EVERYBODY)
def download(visit: Visiting, number: int, file: int) -> Response:
    """Hand out a piece of evidence, as it was handed in."""
    item = visit.sight.item(visit.session, visit.force, number)
    return handed_out(visit.portal.settings.home, visit.session, item, file)


@pages.do("/items/{number:int}/parts", EVERYBODY)
def part(visit: Visiting, number: int) -> Response:
    """Give a part of the item to a person or a bureau of the unit."""
    form = visit.form
    try:
        visit.sight.item(visit.session, visit.force, number)
        due = inputs.day(form, "due", "期限")
        if due is None:
            raise BadInput("请填写“期限”")
        with visit.writing() as (session, force, actor):
            made = break_down(
                session, force, number, title=inputs.text(form, "title", "子事项名称", needed=True, longest=200),
                due=due, by=actor, at=force.now, assignee=inputs.text(form, "assignee") or None,
                bureau=inputs.text(form, "bureau") or None,
            )  # fmt: skip
    except DubanError as refused:
        return _again(visit, number, refused, "part")
    return visit.done(f"/items/{number}", f"子事项 {made} 已交办")


@pages.do("/items/{number:int}/served", OFFICE)
def served(visit: Visiting, number: int) -> Response:
    """Record that a notice was given by telephone or in person."""
    form = visit.form
    try:
        notice = inputs.whole(form, "notice", "通知", default=0)
        known = outgoing.notices(visit.session, visit.force, item=number)
        if notice not in {line.id for line in known}:
            raise BadInput("没有这条通知，请刷新后重新选择")
        login = inputs.text(form, "person", "接收人", needed=True)
        with visit.writing() as (session, force, actor):
            person = logins(session, force.tenant_id).get(login)
            if person is None:
                raise BadInput("没有这位接收人，请从列表中选择")
            log_personal_service(
                session, tenant_id=force.tenant_id, plan_id=force.plan_id, notice_id=notice,
                person_id=person, by_person_login=actor.login, at=force.now,
                how=inputs.text(form, "how", "送达方式", needed=True, longest=500),
            )  # fmt: skip
    except DubanError as refused:
        return _again(visit, number, refused, "served")
    return visit.done(f"/items/{number}", "送达已登记")
