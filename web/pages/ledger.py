"""台账: the items, filtered, sorted, kept as views, exported, and acted on together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams
from starlette.responses import Response

from config.errors import BadInput, DubanError
from config.terms import Action, Level, MatterKind, Role, Status
from documents.papers.ledger import ledger, ledger_workbook
from supervision.ledger.together import Chosen, Outcome, perform_each
from supervision.ledger.views import drop_view, keep_view
from supervision.queries.ledger_page import SORTS, Scope, count, everything, ledger_page
from supervision.queries.views import views_of
from web import inputs
from web.downloads import XLSX, attachment
from web.lights import light_names
from web.queries import address, wanted_of
from web.routing import Pages
from web.rules import EVERYBODY, OFFICE
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

TOGETHER = (Action.ASSIGN, Action.VERIFY, Action.CLOSE, Action.ARCHIVE)
"""What can be done to many items at once: acts that need no words."""

COLUMNS = (
    ("id", "编号"), ("title", "事项"), ("task", "任务"), ("unit", "责任单位"), ("", "职责"), ("", "周期"),
    ("status", "状态"), ("due", "期限"), ("completed", "办结日期"), ("", "亮灯"), ("", "提醒督办"),
)  # fmt: skip
"""Sort key, empty for none, and heading."""

SCOPES = (
    (Scope.OPEN, "未办结"),
    (Scope.DONE, "已办结、已撤销"),
    (Scope.ALL, "全部"),
    (Scope.RECORDED, "补录（仅作记录）"),
)

_EXPORTED_AT_MOST = 100_000


@pages.show("/ledger", EVERYBODY)
async def ledger_list(visit: Visiting) -> Response:
    """Show a page of the ledger. Words are looked for in every title, which takes a while: the others go on reading."""
    given = visit.request.query_params
    return await run_in_threadpool(_list, visit, given) if given.get("words") else _list(visit, given)


def _list(
    visit: Visit, given: QueryParams, *, error: str = "", status: int = 200, outcomes: Sequence[Outcome] = ()
) -> Response:
    try:
        wanted, number = wanted_of(given), inputs.whole(given, "page", "页码", default=1, lowest=1)
        found = ledger_page(visit.session, visit.force, visit.sight, wanted, as_of=visit.force.today, page=number)
    except BadInput as refused:
        if not given:
            raise
        return _list(visit, QueryParams(), error=for_page(str(refused)), status=status_of(refused))

    def sorted_by(key: str) -> str:
        return address("/ledger", replace(wanted, sort=key, descending=wanted.sort == key and not wanted.descending))

    views = views_of(visit.session, visit.force, person_id=visit.me.person_id, page="ledger")
    lights = light_names(visit.force)
    return visit.page(
        "ledger/list.html", status=status, error=error, outcomes=outcomes, for_page=for_page, found=found,
        wanted=wanted, lights=lights, light_choices=[(code.value, name) for code, (name, _) in lights.items()],
        columns=COLUMNS, sorts=SORTS, sorted_by=sorted_by, export=address("/ledger.xlsx", wanted),
        at_page=lambda page: address("/ledger", wanted, page=page), here=_query(address("/ledger", wanted)),
        this_page=_query(address("/ledger", wanted, page=found.page)),
        still_ticked={each.item_id for each in outcomes if each.done is None},
        views=views, view_choices=[(view.id, view.name) for view in views],
        units=[(unit.code, unit.name_on(visit.force.today)) for unit in visit.force.plan.units],
        tasks=[(task.number, f"{task.number}. {task.title}") for task in visit.force.plan.key_tasks],
        scopes=SCOPES, statuses=Status, levels=Level, kinds=MatterKind,
        together=[action for action in TOGETHER if visit.actor.holds(Role.OFFICE)],
    )  # fmt: skip


def _query(path: str) -> str:
    return path.partition("?")[2]


@pages.show("/ledger.xlsx", EVERYBODY)
def export(visit: Visiting) -> Response:
    """Hand out exactly what the list shows, all pages of it, as a workbook."""
    wanted = wanted_of(visit.request.query_params)
    many = count(visit.session, visit.force, visit.sight, wanted, as_of=visit.force.today)
    if many > _EXPORTED_AT_MOST:
        raise BadInput(f"共 {many} 条，一次最多导出 {_EXPORTED_AT_MOST} 条，请先筛选")
    lines = everything(visit.session, visit.force, visit.sight, wanted, as_of=visit.force.today)
    made = ledger_workbook(ledger(visit.session, visit.force, lines, as_of=visit.force.today))
    return attachment(made, f"台账{visit.force.today}.xlsx", XLSX)


@pages.do("/ledger/views", EVERYBODY)
def keep(visit: Visiting) -> Response:
    """Keep the present filter under a name."""
    query = urlencode(parse_qsl(inputs.text(visit.form, "query", longest=2000)))
    try:
        name = inputs.text(visit.form, "name", "视图名称", needed=True)
        with visit.writing() as (session, force, _):
            keep_view(session, force, person_id=visit.me.person_id, page="ledger", name=name, query=query, at=visit.now)
    except DubanError as refused:
        return _list(visit, QueryParams(query), error=for_page(str(refused)), status=status_of(refused))
    return visit.done(f"/ledger?{query}", f"视图“{name}”已保存")


@pages.do("/ledger/views/delete", EVERYBODY)
def drop(visit: Visiting) -> Response:
    """Delete an own view."""
    number = inputs.whole(visit.form, "view", "视图", default=0)
    with visit.writing() as (session, force, _):
        drop_view(session, force, person_id=visit.me.person_id, number=number)
    return visit.done("/ledger", "视图已删除")


@pages.do("/ledger/together", OFFICE)
def together(visit: Visiting) -> Response:
    """Do one act to every chosen item; what is refused is named with its reason, the rest is done."""
    given = QueryParams(inputs.text(visit.form, "query", longest=2000))
    try:
        action = inputs.term(Action, visit.form, "action", "办理")
        if action is None or action not in TOGETHER:
            raise BadInput("请选择要一并办理的事")
        chosen = _chosen(visit.form)
    except DubanError as refused:
        return _list(visit, given, error=for_page(str(refused)), status=status_of(refused))
    outcomes = perform_each(visit.writing, action, chosen)
    refused_ones = [each for each in outcomes if each.done is None]
    if not refused_ones:
        return visit.done(f"/ledger?{given}", f"{len(outcomes)} 个事项已{action.label}")
    return _list(visit, given, status=409, outcomes=outcomes)


def _chosen(form: FormData) -> list[Chosen]:
    """Return the items that were ticked. Raises BadInput for none, and for what the page never offered."""
    ticked = [str(value).partition("/") for value in form.getlist("item")]
    if not ticked:
        raise BadInput("请先勾选事项")
    return [Chosen(_number(number, "事项编号"), _number(revision, "事项版本")) for number, _, revision in ticked]


def _number(text: str, label: str) -> int:
    return inputs.whole({"item": text}, "item", label, default=0)
