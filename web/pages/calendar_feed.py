"""A person's calendar feed (ICS): what is due for the own units, for a calendar program that knows the secret link."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Request
from icalendar import Calendar, Event
from starlette.responses import Response

from access import calendar_links
from access.sign_ins import SignedIn
from config.errors import Refused, UnknownName
from database import reading
from supervision.queries.work import work_of
from web.portal import Portal
from web.routing import Pages
from web.rules import PUBLIC

pages = Pages()

ICS = "text/calendar; charset=utf-8"
_ONE_DAY = timedelta(days=1)


@pages.show("/calendar/{secret}.ics", PUBLIC)
async def feed(request: Request, secret: str) -> Response:
    """Give the due dates of whoever the secret belongs to; it opens nothing else."""
    portal: Portal = request.app.state.portal
    with reading(portal.database) as session:
        known = calendar_links.whose(session, secret)
        if known is None:
            raise UnknownName("没有这个日历，链接可能已重新生成")
        signed = SignedIn(known.tenant_id, known.person_id, known.login, "", False, None, 0, "", False)
        force = portal.plan_of(session, signed)
        try:
            actor = portal.actor(session, force, signed)
        except Refused:
            raise UnknownName("没有这个日历，链接可能已重新生成") from None
        work = work_of(session, force, actor, as_of=force.today)
    calendar = Calendar()
    calendar.add("prodid", "-//duban//CN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"督办 {actor.name}")
    base = portal.settings.portal_url.rstrip("/")
    due = [
        (f"item-{todo.line.id}", todo.line.due, f"{todo.line.title}（{todo.what}）", f"{base}/items/{todo.line.id}")
        for todo in work.items
    ]
    due += [
        (f"report-{form.line.id}", form.line.due, f"报送《{form.line.title}》{form.line.period}",
         f"{base}/reports/{form.line.id}")
        for form in work.forms
    ]  # fmt: skip
    mark = "【模拟数据】" if force.demonstrated_until else ""
    for uid, day, title, address in due:
        event = Event()
        event.add("uid", f"{uid}@{force.plan.code}.duban")
        event.add("dtstamp", force.now)
        event.add("dtstart", day)
        event.add("dtend", day + _ONE_DAY)
        event.add("summary", f"{mark}到期：{title}")
        event.add("url", address)
        calendar.add_component(event)
    return Response(calendar.to_ical(), media_type=ICS)
