"""放假安排: which years' working days are known; a year is loaded from a file once its effect has been looked at."""

from __future__ import annotations

import json

from starlette.responses import Response

from config.errors import BadInput, DubanError
from config.terms import Role
from supervision.arrangement import YearArrangement, read_arrangement
from supervision.ledger.calendar import content_of, fingerprint, load_year, preview_everywhere
from supervision.queries.calendar_years import years
from supervision.queries.items import unit_name
from web import inputs
from web.routing import Pages
from web.rules import MANAGERS, OVERSEERS
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

PATH = "/calendar-years"

_LARGEST = 2**18
"""Bytes of a file: a year's arrangement has about forty days, three kilobytes."""


@pages.show(PATH, OVERSEERS)
async def known(visit: Visiting) -> Response:
    """Show the years, and offer to load one."""
    return _page(visit)


def _page(visit: Visit, *, error: str = "", status: int = 200) -> Response:
    return visit.page(
        "calendar_years/list.html", status=status, error=error, years=years(visit.session, visit.force),
        manages=visit.actor.holds(Role.OFFICE) or visit.actor.holds(Role.ADMINISTRATOR),
    )  # fmt: skip


@pages.do(f"{PATH}/preview", MANAGERS)
def look(visit: Visiting) -> Response:
    """Read the file and show what would move; nothing is written."""
    try:
        return _preview(visit, _uploaded(visit))
    except DubanError as refused:
        return _page(visit, error=for_page(str(refused)), status=status_of(refused))


def _uploaded(visit: Visit) -> YearArrangement:
    file = inputs.upload(visit.form, "file")
    if file is None:
        raise BadInput("请先选择放假安排文件")
    data = file.file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise BadInput(f"文件超过 {_LARGEST // 1024} KB，不是一年的放假安排，请核对所选的文件")
    name = file.filename or "文件"
    try:
        return read_arrangement(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise BadInput(f"{name} 不是 UTF-8 编码的文本文件，请另存为 UTF-8 后再传") from None


def _preview(visit: Visit, arrangement: YearArrangement, *, error: str = "", status: int = 200) -> Response:
    moves = preview_everywhere(visit.session, visit.force, arrangement, as_of=visit.force.today)
    lines = [
        (plan.plan.title, plan.plan_id == visit.force.plan_id, change, unit_name(plan, change.unit_id, change.day))
        for plan, changes in moves
        for change in changes
    ]
    held = next((line for line in years(visit.session, visit.force) if line.year == arrangement.year), None)
    return visit.page(
        "calendar_years/preview.html", status=status, error=error, arrangement=arrangement, lines=lines, held=held,
        several=len(moves) > 1, seen=fingerprint(moves),
        content=json.dumps(content_of(arrangement), ensure_ascii=False),
    )  # fmt: skip


@pages.do(PATH, MANAGERS)
def load(visit: Visiting) -> Response:
    """Load the arrangement that was looked at; when something else would move by now, it is shown anew."""
    try:
        arrangement = read_arrangement(inputs.text(visit.form, "content", "放假安排", needed=True), "放假安排")
    except DubanError as refused:
        return _page(visit, error=for_page(str(refused)), status=status_of(refused))
    try:
        with visit.writing() as (session, force, actor):
            seen = inputs.text(visit.form, "seen", longest=100)
            moved = load_year(session, force, arrangement, by=actor, at=force.now, seen=seen)
    except DubanError as refused:
        return _preview(visit, arrangement, error=for_page(str(refused)), status=status_of(refused))
    return visit.done(PATH, f"{arrangement.year} 年放假安排已载入，改期 {len(moved)} 项，有关单位已得到通知")
