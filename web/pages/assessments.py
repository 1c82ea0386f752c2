"""考核: the results, down to the figure that a unit itself sent, and their way to publication."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from config.errors import BadInput, UnknownName
from config.terms import AssessmentState, Role
from documents.bulletin.gathering import facts_of
from documents.bulletin.report import Material, report
from documents.charts.wording import COMPONENTS
from documents.scoring.run import read_run
from models import Assessment
from supervision.analysis.correction import FIGURE_TITLES
from supervision.in_force import InForce
from supervision.ledger import bulletins, flags, objections, publication
from supervision.periods import parse_quarter
from supervision.queries import publication as queries
from supervision.queries.assessment_page import clauses_of, figures_behind, lines_seen, run_seen, vintages_seen
from supervision.queries.corrected import REPORTING, correction_of
from supervision.queries.papers import papers
from supervision.queries.people import Actor
from supervision.scoring.explaining import explain_component, explain_credit, explain_line
from web import inputs
from web.attempts import Step, attempt
from web.downloads import attachment
from web.routing import Pages
from web.rules import DECIDERS, EVERYBODY, OFFICE, UNITS
from web.visit import Visit, Visiting

pages = Pages()

ZIP = "application/zip"


@pages.show("/assessments", EVERYBODY)
async def listed(visit: Visiting) -> Response:
    """Show the runs: drafts to who oversees, results under publicity and published ones to everybody."""
    found = queries.runs(visit.session, visit.force, drafts=visit.sight.everything)
    return visit.page("assessments/list.html", runs=found)


@pages.show("/assessments/{number:int}", EVERYBODY)
def show(visit: Visiting, number: int) -> Response:
    """Show the league table of a run, what it corrects, and what waits before it can be published."""
    return _page(visit, number)


def _page(visit: Visit, number: int, *, error: str = "", status: int = 200, tried: str = "") -> Response:
    run = run_seen(visit.session, visit.force, visit.sight, number)
    rows = run.result["districts"]
    own = [row["code"] for row in rows if visit.force.unit_ids[row["code"]] in visit.sight.units]
    all_flags = queries.flags(visit.session, visit.force, assessment=number) if visit.sight.everything else []
    heard = queries.objections(visit.session, visit.force, assessment=number)
    names = {visit.force.plan.unit(code).name_on(visit.force.today) for code in own}
    seen = heard if visit.sight.everything else [each for each in heard if each.unit in names]
    vetoes = {visit.force.unit_codes[unit]: why for unit, why in queries.vetoes(visit.session, run).items()}
    bulletin = papers(visit.session, visit.force, sight=visit.sight, assessment=number)
    vintages = vintages_seen(visit.session, visit.force, visit.sight, run)
    return visit.page(
        "assessments/run.html", status=status, error=error, tried=tried, given=visit.form, run=run, rows=rows,
        quarter=parse_quarter(run.quarter), components=COMPONENTS, own=own, flags=all_flags, objections=seen,
        vetoes=vetoes, lowest=run.case["scheme"]["grades"][-1][1], may_see={
            row["code"] for row in rows if lines_seen(run, visit.sight, visit.force.unit_ids[row["code"]])
        },
        office=visit.actor.holds(Role.OFFICE),
        decides=visit.actor.holds(Role.OFFICE) or visit.actor.holds(Role.LEADER),
        vintages=vintages, newest=vintages[-1].id == number, everything=visit.sight.everything,
        indicators={indicator.code: indicator.name for indicator in visit.force.plan.indicators},
        files=visit.sight.everything or run.state is AssessmentState.PUBLISHED,
        bulletin=bulletin[0] if bulletin else None, **_corrected(visit, run),
    )  # fmt: skip


def _corrected(visit: Visit, run: Assessment) -> dict[str, Any]:
    """Return what the pages of a correction show of it."""
    found = correction_of(visit.session, visit.force, run)
    return {
        "correction": found, "effects": {each.change.code: each for each in found.effect.units} if found else {},
        "figure_titles": FIGURE_TITLES, "reporting": REPORTING, "plan": visit.force.plan,
    }  # fmt: skip


@pages.show("/assessments/{number:int}/report.zip", EVERYBODY)
def files(visit: Visiting, number: int) -> Response:
    """Hand out bulletin, explanation, scoring workbook and charts of a run, together."""
    run = run_seen(visit.session, visit.force, visit.sight, number)
    if not visit.sight.everything and run.state is not AssessmentState.PUBLISHED:
        raise UnknownName("考核通报在结果发布后提供，请在发布后到这次考核的页面下载")
    made = report(Material(facts_of(visit.session, visit.force, run), run.case, run.result))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for file in made.files:
            package.writestr(zipfile.ZipInfo(file.name, _stamp(run.as_of)), file.content)
    return attachment(packed.getvalue(), f"{run.quarter}{run.population.label}考核.zip", ZIP)


@pages.show("/assessments/{number:int}/{unit}", EVERYBODY)
def unit_score(visit: Visiting, number: int, unit: str) -> Response:
    """Show a unit's score with every line, in words, down to the figure."""
    return _unit_page(visit, number, unit)


def _unit_page(visit: Visit, number: int, unit: str, *, error: str = "", status: int = 200) -> Response:
    run = run_seen(visit.session, visit.force, visit.sight, number)
    unit_id = visit.force.unit_ids.get(unit)
    if unit_id is None or not lines_seen(run, visit.sight, unit_id):
        raise UnknownName("没有该单位的得分明细，或者发布前您无权查看")
    read = read_run(run.case, run.result, calendar=visit.force.calendar)
    score = next((score for score in read.result.districts if score.code == unit), None)
    if score is None:
        raise UnknownName("该单位不在这次考核之列，请从这次考核的名单中选择")
    own = unit_id in visit.sight.units
    adjustments = next(row["adjustments"] for row in run.case["districts"] if row["code"] == unit)
    vetoes = {visit.force.unit_codes[vetoed]: why for vetoed, why in queries.vetoes(visit.session, run).items()}
    under_publicity = (
        run.state is AssessmentState.PUBLICITY
        and run.objections_until is not None
        and visit.force.today <= run.objections_until
    )
    return visit.page(
        "assessments/unit.html", status=status, error=error, given=visit.form, run=run, score=score,
        quarter=parse_quarter(run.quarter), components=COMPONENTS,
        figures=figures_behind(visit.session, run, unit_id), clauses=clauses_of(visit.session, run, unit_id),
        explain_line=explain_line, explain_credit=explain_credit, explain_component=explain_component,
        adjustments=adjustments, veto=vetoes.get(unit, ""),
        lowest=run.case["scheme"]["grades"][-1][1],
        may_open=own or visit.sight.everything, may_object=own and under_publicity,
        vintages=vintages_seen(visit.session, visit.force, visit.sight, run), **_corrected(visit, run),
    )  # fmt: skip


def _stamp(day: date) -> tuple[int, int, int, int, int, int]:
    return day.year, day.month, day.day, 0, 0, 0


@pages.do("/assessments/{number:int}/open", OFFICE)
def open_publicity(visit: Visiting, number: int) -> Response:
    """Open the draft to objections (公示)."""

    def opened(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        last = publication.open_publicity(session, force, number, by=actor, at=force.now)
        return f"/assessments/{number}", f"已公示，公示期到 {last} 为止"

    return _attempt(visit, number, opened, "open")


@pages.do("/assessments/{number:int}/publish", DECIDERS)
def publish(visit: Visiting, number: int) -> Response:
    """Publish the result."""

    def published(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        publication.publish(session, force, number, by=actor, at=force.now)
        return f"/assessments/{number}", "考核结果已发布"

    return _attempt(visit, number, published, "publish")


@pages.do("/assessments/{number:int}/bulletin", OFFICE)
def draft_bulletin(visit: Visiting, number: int) -> Response:
    """Draft the bulletin (通报) of a published result."""

    def drafted(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        paper = bulletins.draft(session, force, number, by=actor, at=force.now)
        return f"/papers/{paper}", "通报已起草，请核对文稿后审核，送领导签发"

    return _attempt(visit, number, drafted, "bulletin")


@pages.do("/assessments/{number:int}/correct", OFFICE)
def correct(visit: Visiting, number: int) -> Response:
    """Correct a result that has been shown (更正): a new draft beside it."""

    def corrected(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        reason = inputs.text(visit.form, "reason", "更正理由")
        made = publication.correct(session, force, number, as_of=force.today, reason=reason, by=actor, at=force.now)
        return f"/assessments/{made.id}", "更正稿已生成，请核对后公示"

    return _attempt(visit, number, corrected, "correct")


@pages.do("/assessments/{number:int}/object", UNITS)
def object_to(visit: Visiting, number: int) -> Response:
    """Object to the own unit's score, as a whole or to one line."""
    unit = inputs.text(visit.form, "unit")

    def objected(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        objections.object_to(
            session, force, number, subject=inputs.text(visit.form, "subject"),
            grounds=inputs.text(visit.form, "grounds", "申诉理由"), by=actor, at=force.now,
            unit=unit or None,
        )  # fmt: skip
        return f"/assessments/{number}", "申诉已提交，由起草人以外的人复核"

    def again(error: str, status: int) -> Response:
        if unit:
            return _unit_page(visit, number, unit, error=error, status=status)
        return _page(visit, number, error=error, status=status)

    return attempt(visit, objected, again)


@pages.do("/assessments/{number:int}/objections/{objection:int}", DECIDERS)
def rule(visit: Visiting, number: int, objection: int) -> Response:
    """Rule on an objection."""

    def ruled(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        objections.rule(
            session, force, objection, uphold=_either(inputs.text(visit.form, "uphold")),
            ruling=inputs.text(visit.form, "ruling", "复核意见"), by=actor, at=force.now,
        )  # fmt: skip
        return f"/assessments/{number}", "复核决定已作出并通知该单位"

    return _attempt(visit, number, ruled, f"objection-{objection}")


@pages.do("/assessments/{number:int}/flags/{flag:int}", DECIDERS)
def find_out(visit: Visiting, number: int, flag: int) -> Response:
    """Record what was found out about an irregularity."""

    def found_out(session: Session, force: InForce, actor: Actor) -> tuple[str, str]:
        flags.decide_flag(
            session, force, flag, upheld=_either(inputs.text(visit.form, "upheld")),
            comment=inputs.text(visit.form, "comment", "核查情况"), by=actor, at=force.now,
        )  # fmt: skip
        return f"/assessments/{number}", "核查结论已登记"

    return _attempt(visit, number, found_out, f"flag-{flag}")


def _either(given: str) -> bool:
    if given not in {"yes", "no"}:
        raise BadInput("请选择结论")
    return given == "yes"


def _attempt(visit: Visit, number: int, step: Step, tried: str) -> Response:
    return attempt(visit, step, lambda error, status: _page(visit, number, error=error, status=status, tried=tried))
