"""通知: what went out, to whom, whether it arrived; what did not is sent again or served in person."""

from __future__ import annotations

from starlette.responses import Response

from config.errors import BadInput, DubanError
from config.terms import DeliveryStatus
from notifications.failures import failed_deliveries, send_again
from notifications.in_person import log_personal_service
from supervision.queries import notices as outgoing
from web import inputs
from web.routing import Pages
from web.rules import OFFICE, OVERSIGHT
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

SHOWN = 100


@pages.show("/notices", OVERSIGHT)
async def listed(visit: Visiting) -> Response:
    """Show the newest notices with their delivery, and what failed for good above them."""
    return _page(visit)


def _page(visit: Visit, *, error: str = "", status: int = 200, how: str = "") -> Response:
    given = visit.request.query_params
    unit = inputs.text(given, "unit", longest=100)
    state = inputs.term(DeliveryStatus, given, "status", "送达情况")
    return visit.page(
        "notices/list.html", status=status, error=error, how=how,
        failed=failed_deliveries(visit.session, visit.force.plan_id), unit=unit, state=state,
        notices=outgoing.notices(visit.session, visit.force, unit=unit or None, status=state, limit=SHOWN),
        units=[(each.code, each.name_on(visit.force.today)) for each in visit.force.plan.units],
        statuses=DeliveryStatus, shown=SHOWN,
    )  # fmt: skip


@pages.do("/notices/again", OFFICE)
def again(visit: Visiting) -> Response:
    """Put failed mail back into the outbox."""
    try:
        chosen = [int(str(number)) for number in visit.form.getlist("delivery") if str(number).isdigit()]
        if not chosen:
            raise BadInput("请先勾选要重新发送的通知")
        with visit.writing() as (session, force, actor):
            many = send_again(
                session, tenant_id=force.tenant_id, plan_id=force.plan_id, delivery_ids=chosen,
                by_person_login=actor.login, at=force.now,
            )  # fmt: skip
    except DubanError as refused:
        return _page(visit, error=for_page(str(refused)), status=status_of(refused))
    return visit.done("/notices", f"{many} 条通知将重新发送")


@pages.do("/notices/{number:int}/served", OFFICE)
def served(visit: Visiting, number: int) -> Response:
    """Record that a notice was served by telephone or in person."""
    how = inputs.text(visit.form, "how", "送达方式", longest=500)
    try:
        with visit.writing() as (session, force, actor):
            log_personal_service(
                session, tenant_id=force.tenant_id, plan_id=force.plan_id, notice_id=number,
                person_id=inputs.whole(visit.form, "person", "接收人", default=0), by_person_login=actor.login,
                at=force.now, how=how,
            )  # fmt: skip
    except DubanError as refused:
        return _page(visit, error=for_page(str(refused)), status=status_of(refused), how=how)
    return visit.done("/notices", "送达已登记")
