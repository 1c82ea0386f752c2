"""Filing what a mail brought, by the same rules as an upload: the head's word first, where the unit has a head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from config.clock import day_of
from config.errors import BadInput, Refused
from config.plan import Form, Unit
from config.terms import MailOutcome
from database import chain
from documents.forms.content import form_content
from documents.forms.typed import problems_in
from documents.rows import Sheet
from flows.by_mail.workbook import Workbook
from models import FormDraft, Person, ReportingRequest
from supervision.collection.filing import Cells, Unacceptable, digest, in_order, is_empty, read_cells
from supervision.in_force import InForce
from supervision.ledger import reporting
from supervision.ledger.reporting import drafts
from supervision.ledger.reporting.drafts import Typed
from supervision.ledger.reporting.rows import form_of, in_role, newest_submission
from supervision.periods import day_in_words, parse_period
from supervision.queries.people import UNIT_ROLES, Actor


@dataclass(frozen=True)
class Filing:
    """What became of a workbook, and in words what that means."""

    outcome: MailOutcome
    words: str


@dataclass(frozen=True)
class _Case:
    """A workbook for a request, from whom, and when it arrived."""

    session: Session
    force: InForce
    request: ReportingRequest
    form: Form
    unit: Unit
    sheet: Sheet
    by: Actor
    at: datetime
    arrived: datetime

    @property
    def title(self) -> str:
        return title_of(self.session, self.force, self.request)


def file_workbook(
    session: Session, force: InForce, request: ReportingRequest, workbook: Workbook, *, by: Actor, at: datetime,
    arrived: datetime, mail: str,
) -> Filing:  # fmt: skip
    """File the workbook for the unit of the request, or put it before its head; one link of the chain says by mail.

    The same content again changes nothing. `arrived`: when the mail came in; `mail`: its key.
    Raises Unacceptable with every faulty cell, BadInput for the wrong form, Refused by the rules of reporting.
    """
    form, unit = form_of(session, force, request), force.plan.unit(force.unit_codes[request.unit_id])
    sheet = workbook.read.of(force.plan, form=form.code, unit=unit.code, period=request.period)
    case = _Case(session, force, request, form, unit, sheet, by, at, arrived)
    done = _to_the_head(case) if _needs_head(case) else _filed(case)
    holding = in_role(by, UNIT_ROLES, request.unit_id)
    data = {"outcome": done.outcome.value, "file": sheet.name, "mail": mail}
    link = chain.Entry(
        "receive_mail", at, by.login, plan_id=force.plan_id, request_id=request.id, data=data,
        acting_for=holding.owner if holding else None,
    )  # fmt: skip
    chain.append(session, force.tenant_id, [link])
    return done


def title_of(session: Session, force: InForce, request: ReportingRequest) -> str:
    """Return whose form for which period the request asks for, in words."""
    unit = force.plan.unit(force.unit_codes[request.unit_id])
    form, period = form_of(session, force, request), parse_period(request.period)
    return f"{unit.name}{period.in_words}《{form.title}》"


def _needs_head(case: _Case) -> bool:
    try:
        drafts.refuse_without_head(case.session, case.force, case.request.unit_id, by=case.by)
    except Refused:
        return True
    return False


def _filed(case: _Case) -> Filing:
    force, request = case.force, case.request
    filed = reporting.submit(
        case.session, force, form=case.form.code, unit=case.unit.code, period=request.period, sheet=case.sheet,
        by=case.by, at=case.at,
    )  # fmt: skip
    if filed.state == "unchanged":
        return Filing(MailOutcome.UNCHANGED, f"{case.title}与第{filed.version}次报送的内容相同，未作改动。")
    drafts.drop_draft(case.session, request.id or 0)
    late = f"；已过报送期限{day_in_words(request.due)}，记为迟报" if filed.late else ""
    words = f"{case.title}已收到，为第{filed.version}次报送，共{filed.figures}个数值{late}。审核结果另行通知。"
    return Filing(MailOutcome.FILED, words)


def _to_the_head(case: _Case) -> Filing:
    """Make the workbook the draft that waits for the head's word, unless it has been filed or waits already."""
    session, force, request, number = case.session, case.force, case.request, case.request.id or 0
    cells, _ = read_cells(force.plan, case.form, case.unit, case.sheet.rows)
    last = newest_submission(session, request)
    if last is not None and digest(cells) == last.digest:
        return _filed(case)  # which changes nothing, or says why the same may not come again
    if day_of(case.at) > request.closes:
        raise Refused(f"{request.period} 的报送窗口已关闭：{request.due} 截止，{request.closes} 关闭")
    _refuse_faults(case, cells)
    typed, draft = _typed(cells), drafts.draft_of(session, request)
    if draft is not None and draft.asked_at is not None and draft.cells == typed:
        return Filing(MailOutcome.UNCHANGED, f"{case.title}已在等待本单位分管负责人确认，内容相同，未作改动。")
    _refuse_older(case, draft, typed)
    revision = draft.revision if draft else 0
    drafts.save_draft(session, force, number, typed, by=case.by, at=case.at, revision=revision)
    heads = drafts.ask_head(session, force, number, by=case.by, at=case.at)
    return Filing(MailOutcome.TO_CONFIRM, _asked(case, [head.person_id for head in heads]))


def _refuse_faults(case: _Case, cells: Cells) -> None:
    content = form_content(
        case.session, case.force, form=case.form.code, unit=case.unit.code, period=case.request.period, at=case.at
    )
    if problems := problems_in(case.session, case.force, content, case.sheet):
        raise Unacceptable(case.sheet.name, in_order(problems, case.sheet.rows))
    if is_empty(cells):
        raise BadInput(f"{case.sheet.name} 没有填任何数：没有发生写 0，不适用写“不适用”")


def _refuse_older(case: _Case, draft: FormDraft | None, typed: Typed) -> None:
    """Raise Refused when somebody has typed something else since the mail came in: what is newer stands."""
    if draft is not None and draft.saved_at > case.arrived and draft.cells != typed:
        raise Refused("本单位在来信之后又在平台上保存了草稿，为免覆盖，来信的报表没有读入：请在平台上核对后送审")


def _typed(cells: Cells) -> Typed:
    """Return the cells as the page's fields hold them: by indicator and area, without those that hold nothing."""
    lines = {f"{code}/{area}": {"value": cell.value.text, "note": cell.note} for (code, area), cell in cells.items()}
    return {key: line for key, line in lines.items() if line["value"] or line["note"]}


def _asked(case: _Case, heads: Sequence[int]) -> str:
    request = case.request
    names = "、".join(case.session.get_one(Person, number).name for number in heads)
    when = f"请提醒其在{day_in_words(request.due)}前登录平台确认"
    if day_of(case.at) > request.due:
        when = (
            f"报送期限{day_in_words(request.due)}已过，{day_in_words(request.closes)}前仍可补报，请当面或电话提醒其确认"
        )
    elif day_of(case.at) == request.due:
        when = "报送期限就是今天，请当面或电话提醒其登录平台确认"
    return f"{case.title}已读入，检查通过，已送本单位分管负责人（{names}）确认；确认之后才算报送，{when}。"
