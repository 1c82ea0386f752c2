"""消息: what was said to this person; opening it here counts as having received it."""

from __future__ import annotations

from starlette.responses import Response

from config.errors import StoreError
from notifications.in_person import log_opened
from supervision.queries.inbox import PAGE, one_received, received
from web import inputs
from web.routing import Pages
from web.rules import EVERYBODY
from web.visit import Visit, Visiting

pages = Pages()


@pages.show("/inbox", EVERYBODY)
async def inbox(visit: Visiting) -> Response:
    """Show the notices, newest first."""
    given = visit.request.query_params
    only_unread = given.get("unread") == "yes"
    page = inputs.whole(given, "page", "页码", default=1, lowest=1)
    found, total = received(visit.session, visit.force, person_id=visit.me.person_id, unread=only_unread, page=page)
    more = "unread=yes&" if only_unread else ""
    return visit.page(
        "inbox/list.html", found=found, total=total, page=page, pages=max(1, -(-total // PAGE)), unread=only_unread,
        at_page=lambda number: f"/inbox?{more}page={number}",
    )  # fmt: skip


@pages.show("/inbox/{number:int}", EVERYBODY)
def message(visit: Visiting, number: int) -> Response:
    """Show one notice, and keep that it was opened."""
    found = one_received(visit.session, visit.force, person_id=visit.me.person_id, number=number)
    try:
        _open(visit, [number])
    except StoreError:
        pass  # it can be read all the same; that it was opened is kept the next time
    return visit.page("inbox/message.html", notice=found)


@pages.do("/inbox/opened", EVERYBODY)
def all_opened(visit: Visiting) -> Response:
    """Keep that the notices listed on the page have been seen."""
    chosen = [int(str(number)) for number in visit.form.getlist("notice") if str(number).isdigit()]
    opened = _open(visit, chosen[:PAGE])
    return visit.done("/inbox", f"{opened} 条消息已标为已读")


def _open(visit: Visit, numbers: list[int]) -> int:
    with visit.writing() as (session, force, _):
        return log_opened(
            session, tenant_id=force.tenant_id, plan_id=force.plan_id, person_id=visit.me.person_id,
            notice_ids=numbers, at=force.now,
        )  # fmt: skip
