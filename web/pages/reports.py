"""报表: a unit fills in its form, its head confirms it, and it leaves the unit; the office decides on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import FormData
from starlette.responses import JSONResponse, Response

from config.errors import BadInput, DubanError
from config.plan import Form
from config.terms import RequestState, Role
from documents.forms.content import FormContent, form_content
from documents.forms.layout import write_form
from documents.forms.typed import key_of, problems_in, sheet_of, typed_of
from documents.sheets import read_submission
from models import FormDraft, ReportingRequest
from supervision.collection.filing import Problem, Unacceptable
from supervision.ledger import reporting
from supervision.ledger.reporting import drafts
from supervision.queries import reporting as reported
from supervision.queries.evidence import evidence_of
from supervision.queries.people import unit_people
from supervision.queries.request_page import leads, request_seen, versions_of
from web import inputs
from web.downloads import XLSX, attachment, handed_out
from web.routing import Pages
from web.rules import EVERYBODY, UNITS
from web.uploads import take, upload_terms
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

_VALUE, _NOTE = "v:", "n:"
"""What the names of the fields begin with; then the line's key."""


@pages.show("/reports", EVERYBODY)
async def listed(visit: Visiting) -> Response:
    """Show the reporting requests that this person may see, what bites first at the top."""
    given = visit.request.query_params
    state = inputs.term(RequestState, given, "state", "状态")
    unit, period = inputs.text(given, "unit", longest=100), inputs.text(given, "period", longest=10)
    late = given.get("late") == "yes"
    day = visit.force.today
    codes = [unit] if unit else ([""] if visit.sight.everything else _own_codes(visit))
    lines = [
        line
        for code in codes
        if code == "" or visit.sight.sees_unit(visit.force.unit_id(code))
        for line in reported.requests(
            visit.session, visit.force, as_of=day, unit=code or None, period=period or None, state=state
        )
        if not late or (line.state in {RequestState.OPEN, RequestState.RETURNED} and line.due < day)
    ]
    order = (RequestState.RETURNED, RequestState.OPEN, RequestState.FILED, RequestState.MISSING, RequestState.CONFIRMED)
    lines.sort(key=lambda line: (order.index(line.state), line.due, line.id))
    size, number = 100, inputs.whole(given, "page", "页码", default=1, lowest=1)
    pages_there = max(1, -(-len(lines) // size))
    number = min(number, pages_there)
    query = "&".join(f"{key}={value}" for key, value in given.items() if key != "page" and value)
    return visit.page(
        "reports/list.html", lines=lines[(number - 1) * size : number * size], total=len(lines), page=number,
        pages=pages_there, at_page=lambda page: f"/reports?{query}{'&' if query else ''}page={page}",
        state=state, unit=unit, period=period, late=late, states=RequestState,
        units=[(each.code, each.name_on(day)) for each in visit.force.plan.units] if visit.sight.everything else [],
        lights=figure_lights(visit),
    )  # fmt: skip


def figure_lights(visit: Visit) -> Mapping[str, tuple[str, str]]:
    """Return name and colour of each light."""
    return {light.code: (light.name, light.colour) for light in visit.force.plan.ladder.lights if light.scale == "item"}


def _own_codes(visit: Visit) -> list[str]:
    return [visit.force.unit_codes[unit] for unit in visit.sight.units if unit in visit.force.unit_codes]


@dataclass(frozen=True)
class _Case:
    """A request with its form, as this person sees it."""

    request: ReportingRequest
    form: Form
    unit: str
    content: FormContent
    draft: FormDraft | None
    period: str
    unit_id: int

    @property
    def typed(self) -> dict[str, Mapping[str, str]]:
        """Return what stands in the fields: the draft's texts, else what the form is prefilled with."""
        if self.draft is not None:
            return dict(self.draft.cells)
        return {key_of(line): {"value": line.value.text, "note": line.note} for line in self.content.lines}


def _case(visit: Visit, number: int) -> _Case:
    request, form = request_seen(visit.session, visit.force, visit.sight, number)
    code = visit.force.unit_codes[request.unit_id]
    content = form_content(
        visit.session, visit.force, form=form.code, unit=code, period=request.period, at=visit.force.now
    )
    draft = drafts.draft_of(visit.session, request)
    return _Case(request, form, code, content, draft, request.period, request.unit_id)


@pages.show("/reports/{number:int}", EVERYBODY)
async def show(visit: Visiting, number: int) -> Response:
    """Show the request: its form, its versions, its evidence, and what this person can do."""
    return _page(visit, _case(visit, number))


def _page(
    visit: Visit, case: _Case, *, error: str = "", status: int = 200,
    typed: Mapping[str, Mapping[str, str]] | None = None, problems: Sequence[Problem] = (), tried: str = "",
    given: FormData | None = None,
) -> Response:  # fmt: skip
    request, own = case.request, bool(visit.actor.unit_ids & {case.unit_id})
    fillable = own and request.state in {RequestState.OPEN, RequestState.RETURNED, RequestState.FILED}
    people = unit_people(visit.session, visit.force.tenant_id, on=visit.force.today)
    by_key: dict[str, list[str]] = {}
    for problem in problems:
        by_key.setdefault(problem.where, []).append(problem.message)
    overseers = visit.actor.holds(Role.OFFICE) or visit.actor.holds(Role.LEADER)
    decides = not own and (overseers or leads(visit.force, case.form) in visit.sight.units)
    return visit.page(
        "reports/request.html", status=status, error=error, case=case, typed=typed or case.typed, key_of=key_of,
        problems=by_key, fillable=fillable, is_head=bool(visit.actor.holding({Role.UNIT_HEAD}, request.unit_id)),
        has_head=(request.unit_id, Role.UNIT_HEAD) in people, decides=decides,
        office=visit.actor.holds(Role.OFFICE) and not own, versions=versions_of(visit.session, request),
        evidence=evidence_of(visit.session, request), tried=tried, given=given or FormData(),
        **upload_terms(visit), unit_name=visit.force.plan.unit(case.unit).name_on(visit.force.today),
    )  # fmt: skip


def _typed(form: FormData) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, value in form.multi_items():
        for start, field in ((_VALUE, "value"), (_NOTE, "note")):
            if name.startswith(start) and isinstance(value, str):
                found.setdefault(name.removeprefix(start), {})[field] = value.strip()[:2000]
    return found


@pages.do("/reports/{number:int}/check", UNITS)
def check(visit: Visiting, number: int) -> Response:
    """Say what the checks find in what is being typed, without keeping it: for the script beside the fields."""
    case = _case(visit, number)
    found = problems_in(visit.session, visit.force, case.content, sheet_of(case.content, _typed(visit.form)))
    by_key: dict[str, list[str]] = {}
    for problem in found:
        by_key.setdefault(problem.where, []).append(problem.message)
    return JSONResponse({"problems": by_key})


@pages.do("/reports/{number:int}", UNITS)
def fill(visit: Visiting, number: int) -> Response:
    """Keep what was typed; then, as the button said, put it before the head, or file it."""
    case, typed = _case(visit, number), _typed(visit.form)
    wanted = inputs.text(visit.form, "do")
    revision = inputs.whole(visit.form, "revision", "版本", default=0)
    problems = problems_in(visit.session, visit.force, case.content, sheet_of(case.content, typed))
    try:
        with visit.writing() as (session, force, actor):
            drafts.save_draft(session, force, number, typed, by=actor, at=force.now, revision=revision)
        if wanted == "check" or (wanted in {"ask", "file"} and problems):
            raise _told(problems)
        if wanted == "save":
            return visit.done(f"/reports/{number}", "草稿已保存")
        with visit.writing() as (session, force, actor):
            if wanted == "ask":
                drafts.ask_head(session, force, number, by=actor, at=force.now)
                return visit.done(f"/reports/{number}", _asked(case, force.today))
            drafts.refuse_without_head(session, force, case.unit_id, by=actor)
            filed = reporting.submit(
                session, force, form=case.form.code, unit=case.unit, period=case.period,
                sheet=sheet_of(case.content, typed), by=actor, at=force.now,
            )  # fmt: skip
            drafts.drop_draft(session, number)
    except DubanError as refused:
        found = refused.problems if isinstance(refused, Unacceptable) else problems
        told = str(_told(found)) if isinstance(refused, Unacceptable) else for_page(str(refused))
        return _page(visit, _case(visit, number), error=told, status=status_of(refused), typed=typed, problems=found)
    late = "（迟报）" if filed.late else ""
    words = f"第 {filed.version} 次报送已收到{late}，共 {filed.figures} 个数值"
    return visit.done(f"/reports/{number}", "内容与上次报送相同，未作改动" if filed.state == "unchanged" else words)


def _asked(case: _Case, day: date) -> str:
    """Return what is said once the head was asked; on the last day a mail may come too late."""
    soon = "；报送期限将到，请同时当面或电话告知" if case.content.due <= day else ""
    return f"已送本单位分管负责人确认，并随汇总提醒发邮件告知{soon}"


def _told(problems: Sequence[Problem]) -> DubanError:
    if not problems:
        return BadInput("检查通过，没有发现问题；草稿已保存，尚未报送")
    return BadInput(f"有 {len(problems)} 处需要改正或说明，见各格旁的提示；草稿已保存，尚未报送")


@pages.do("/reports/{number:int}/back", UNITS)
def back(visit: Visiting, number: int) -> Response:
    """Let the head give the draft back."""
    try:
        with visit.writing() as (session, force, actor):
            comment = inputs.text(visit.form, "comment", "修改意见")
            drafts.give_back(session, force, number, comment=comment, by=actor, at=force.now)
    except DubanError as refused:
        return _again(visit, number, refused, "back")
    return visit.done(f"/reports/{number}", "已退回经办人修改")


@pages.do("/reports/{number:int}/workbook", UNITS)
def workbook(visit: Visiting, number: int) -> Response:
    """Take a filled workbook into the draft; what is wrong in it is shown beside the cells."""
    case = _case(visit, number)
    try:
        file = inputs.upload(visit.form, "file")
        if file is None:
            raise BadInput("请选择填好的工作簿")
        sheet = read_submission(file.file.read(), file.filename or "").of(
            visit.force.plan, form=case.form.code, unit=case.unit, period=case.period
        )
        typed = typed_of(case.content, sheet.rows)
        if not typed:
            raise BadInput("工作簿里没有这张报表的指标，请下载本表填写后再上传")
        revision = inputs.whole(visit.form, "revision", "版本", default=0)
        problems = problems_in(visit.session, visit.force, case.content, sheet_of(case.content, typed))
        with visit.writing() as (session, force, actor):
            drafts.save_draft(session, force, number, typed, by=actor, at=force.now, revision=revision)
    except DubanError as refused:
        return _again(visit, number, refused, "workbook")
    if problems:
        return _page(
            visit, _case(visit, number), error=str(_told(problems)), status=422, typed=typed, problems=problems
        )
    return visit.done(f"/reports/{number}", "工作簿已读入草稿，检查通过，请核对后报送")


@pages.show("/reports/{number:int}/form.xlsx", EVERYBODY)
def download_form(visit: Visiting, number: int) -> Response:
    """Hand out the form as a workbook, prefilled."""
    case = _case(visit, number)
    of = case.content.definition
    return attachment(write_form(case.content), f"{of.unit.name}-{of.form.title}-{of.period}.xlsx", XLSX)


@pages.do("/reports/{number:int}/confirm", EVERYBODY)
def confirm(visit: Visiting, number: int) -> Response:
    """Confirm the filed version."""
    try:
        request_seen(visit.session, visit.force, visit.sight, number)
        with visit.writing() as (session, force, actor):
            reporting.confirm(
                session, force, number, by=actor, at=force.now, comment=inputs.text(visit.form, "comment"),
                revision=inputs.whole(visit.form, "revision", "版本", default=0) or None,
            )  # fmt: skip
    except DubanError as refused:
        return _again(visit, number, refused, "confirm")
    return visit.done(f"/reports/{number}", "已审核通过")


@pages.do("/reports/{number:int}/return", EVERYBODY)
def send_back(visit: Visiting, number: int) -> Response:
    """Return the filed version."""
    try:
        request_seen(visit.session, visit.force, visit.sight, number)
        with visit.writing() as (session, force, actor):
            done = reporting.return_submission(
                session, force, number, by=actor, at=force.now, comment=inputs.text(visit.form, "comment", "退回意见"),
                due=inputs.day(visit.form, "due", "重报期限"),
                revision=inputs.whole(visit.form, "revision", "版本", default=0) or None,
            )  # fmt: skip
    except DubanError as refused:
        return _again(visit, number, refused, "return")
    return visit.done(f"/reports/{number}", f"已退回，请于 {done.due} 前重报")


@pages.do("/reports/{number:int}/recorded", EVERYBODY)
def recorded(visit: Visiting, number: int) -> Response:
    """Record for a unit what it sent on paper or as a file (代录)."""
    case = _case(visit, number)
    try:
        file = inputs.upload(visit.form, "file")
        if file is None:
            raise BadInput("请选择单位报来的工作簿或 .csv 文件")
        source = inputs.text(visit.form, "source", "代录来源", needed=True, longest=500)
        sheet = read_submission(file.file.read(), file.filename or "").of(
            visit.force.plan, form=case.form.code, unit=case.unit, period=case.period
        )
        with visit.writing() as (session, force, actor):
            filed = reporting.submit(
                session, force, form=case.form.code, unit=case.unit, period=case.period, sheet=sheet,
                by=actor, at=force.now, recorded_from=source,
            )  # fmt: skip
    except DubanError as refused:
        return _again(visit, number, refused, "recorded")
    return visit.done(f"/reports/{number}", f"已代录为第 {filed.version} 次报送")


@pages.do("/reports/{number:int}/evidence", EVERYBODY)
def upload(visit: Visiting, number: int) -> Response:
    """Take files that support the figures."""
    try:
        request, _ = request_seen(visit.session, visit.force, visit.sight, number)
        many = take(visit, request)
    except DubanError as refused:
        return _again(visit, number, refused, "evidence")
    return visit.done(f"/reports/{number}", f"已上传 {many} 个文件")


@pages.show("/reports/{number:int}/evidence/{file:int}", EVERYBODY)
def download(visit: Visiting, number: int, file: int) -> Response:
    """Hand out a piece of evidence."""
    request, _ = request_seen(visit.session, visit.force, visit.sight, number)
    return handed_out(visit.portal.settings.home, visit.session, request, file)


def _again(visit: Visit, number: int, refused: DubanError, tried: str) -> Response:
    case = _case(visit, number)
    return _page(visit, case, error=for_page(str(refused)), status=status_of(refused), tried=tried, given=visit.form)
