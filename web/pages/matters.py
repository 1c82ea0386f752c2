"""计划外事项: what comes from 领导批示, 会议议定 and 专班交办, and putting a new one to its units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.responses import Response

from config.errors import BadInput, DubanError
from config.terms import MatterKind, Role, UnitKind
from supervision.ledger.matters import SameMatter, add_matter, refuse_same_matter
from supervision.queries import matters as queries
from web import inputs
from web.days import days_ahead
from web.lights import light_names
from web.routing import Pages
from web.rules import OFFICE, OVERSIGHT
from web.uploads import declared_files, record_each, sent_files, upload_terms
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

_KINDS = tuple(kind for kind in MatterKind if kind is not MatterKind.PLAN)


@pages.show("/matters", OVERSIGHT)
async def listed(visit: Visiting) -> Response:
    """Show the matters, the newest first."""
    asked = visit.request.query_params
    kind = inputs.term(MatterKind, asked, "kind", "来源")
    words = inputs.text(asked, "words", "关键字", longest=100)
    page = inputs.whole(asked, "page", "页码", default=1, lowest=1)
    found = queries.matters(visit.session, visit.force, as_of=visit.force.today, kind=kind, words=words, page=page)
    query = urlencode([(key, value) for key, value in asked.items() if key != "page" and value])
    return visit.page(
        "matters/list.html", found=found, kinds=_KINDS, kind=kind, words=words, lights=light_names(visit.force),
        at_page=lambda page: f"/matters?{query}{'&' if query else ''}page={page}",
        office=visit.actor.holds(Role.OFFICE),
    )  # fmt: skip


@pages.show("/matters/{number:int}", OVERSIGHT)
async def show(visit: Visiting, number: int) -> Response:
    """Show one matter: its source, and how each unit stands."""
    found = queries.matter(visit.session, visit.force, number, as_of=visit.force.today)
    return visit.page("matters/matter.html", found=found, lights=light_names(visit.force))


@pages.show("/matters/new", OFFICE)
async def new(visit: Visiting) -> Response:
    """Offer the form for a matter."""
    return _form(visit, FormData())


def _form(visit: Visit, given: FormData, *, error: str = "", status: int = 200, same: bool = False) -> Response:
    """Return the form, with everything that was `given`; `same`: one like it is there, and has to be meant."""
    day = visit.force.today
    units = [(unit.code, unit.name_on(day), unit.kind) for unit in visit.force.plan.units]
    kinds = (UnitKind.MUNICIPAL, UnitKind.CENTRAL, UnitKind.DISTRICT)
    return visit.page(
        "matters/new.html", status=status, given=given, error=error, same=same, kinds=_KINDS,
        ticked=set(given.getlist("unit")), units=[(code, name) for code, name, _ in units],
        groups=[(kind.label, [(code, name) for code, name, of in units if of == kind]) for kind in kinds],
        tasks=[(str(task.number), f"{task.number}. {task.title}") for task in visit.force.plan.key_tasks],
        days=days_ahead(visit.force), **upload_terms(visit),
        files_lost=sent_files(given),
    )  # fmt: skip


@pages.do("/matters/new", OFFICE)
def add(visit: Visiting) -> Response:
    """Register the matter, assign it to its units, and keep its source document with each of their items."""
    try:
        kept = declared_files(visit)
        words = _wanted(visit.form)
        with visit.writing() as (session, force, actor):
            received = inputs.day(visit.form, "received", "收文日期") or force.today
            if visit.form.get("again") != "yes":
                title, document = words["title"], words["source_document"]
                refuse_same_matter(session, force, title=title, source_document=document, received_on=received)
            items = add_matter(
                session, force, kind=_kind(visit.form), received_on=received, units=_units(visit.form),
                due=_due(visit.form), urgent=visit.form.get("urgent") == "yes",
                key_task=inputs.whole(visit.form, "task", "重点任务", default=0) or None,
                by=actor, at=force.now, **words,
            )  # fmt: skip
            record_each(session, force, items, kept, visit.form, actor)
            made = queries.number_of(session, force, items[0])
    except DubanError as refused:
        same = isinstance(refused, SameMatter)
        return _form(visit, visit.form, error=for_page(str(refused)), status=status_of(refused), same=same)
    return visit.done(f"/matters/{made}", f"已立项，交办 {len(items)} 个单位，通知将按时发出")


def _wanted(form: FormData) -> dict[str, str]:
    return {
        "title": inputs.text(form, "title", "事项名称", needed=True, longest=200),
        "source_document": inputs.text(form, "document", "来源文件", needed=True, longest=200),
        "content": inputs.text(form, "content", "要求"),
    }


def _kind(form: FormData) -> MatterKind:
    kind = inputs.term(MatterKind, form, "kind", "来源")
    if kind is None:
        raise BadInput("请选择“来源”")
    return kind


def _due(form: FormData) -> date:
    due = inputs.day(form, "due", "期限")
    if due is None:
        raise BadInput("请填写“期限”")
    return due


def _units(form: FormData) -> Sequence[str]:
    """Return the units as `add_matter` wants them: the lead first."""
    lead = inputs.text(form, "lead", "牵头单位", needed=True)
    return [lead, *(str(unit) for unit in form.getlist("unit") if unit != lead)]
