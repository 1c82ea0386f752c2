"""Reading what a bulletin is written from: the stored run, and the ledger as it was known when the run was frozen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_ends, day_of
from config.errors import UnknownName
from config.terms import Decision, Finding, NoticeKind, Population
from documents.bulletin.facts import Facts, ItemFact, PaperFact, PastRun, RunFact
from documents.charts.places import Standing
from documents.scoring.run import Run, read_run
from models import Assessment, Extension, Flag, Form, Item, KeyTask, Notice, Objection, Paper, ReportingRequest
from supervision import in_force
from supervision.analysis.comparison import ANOTHER_SCHEME, ANOTHER_YEAR
from supervision.analysis.correction import inputs_changed
from supervision.collection.verdicts import Rate
from supervision.in_force import InForce
from supervision.periods import Period, parse_period, parse_quarter, quarters_to_date
from supervision.queries.corrected import CorrectedFiling, corrected_filings
from supervision.queries.dossiers import number_of
from supervision.queries.figure_series import topics_of
from supervision.queries.items_as_known import KnownItem
from supervision.queries.judged import heard, judged_items
from supervision.queries.papers import signed_bulletins
from supervision.queries.publication import lineage, vetoes
from supervision.queries.reporting import rates
from supervision.scoring import Case, read_case
from supervision.scoring.result import Credit


def newest(session: Session, force: InForce, quarter: Period, population: Population) -> Assessment:
    """Return the newest run of the quarter. Raises UnknownName, which says how to make one, when there is none."""
    statement = select(Assessment).where(
        col(Assessment.plan_id) == force.plan_id,
        col(Assessment.quarter) == str(quarter),
        col(Assessment.population) == population,
    )
    found = session.scalars(statement.order_by(col(Assessment.vintage).desc()).limit(1)).one_or_none()
    if found is None:
        option = "" if population is Population.DISTRICTS else f" --population {population.value}"
        raise UnknownName(
            f"{quarter.in_words}还没有{population.label}的考核结果，请先运行 duban assess {quarter}{option}"
        )
    return found


def facts_of(session: Session, force: InForce, assessment: Assessment) -> Facts:
    """Return everything the bulletin on a stored run says; the same run gives the same facts for ever.

    Only the 文号 and the day of the signature come later.

    Raises Refused when the stored result is not that of the stored input.
    """
    quarter = parse_quarter(assessment.quarter)
    run = read_run(assessment.case, assessment.result, calendar=force.calendar)
    frozen_on = run.case.as_of
    then = in_force.as_known(session, force, known_at=day_ends(frozen_on))
    year = quarters_to_date(quarter)[0].first, quarter.last
    history = _history(session, force, assessment)
    past = lineage(session, assessment)
    earlier = read_case(past[-1].case) if past else None
    return Facts(
        plan=then.plan,
        scheme=then.plan.scheme(assessment.population.value, quarter=str(quarter)),
        population=assessment.population,
        run=_run(session, assessment, past),
        case=run.case,
        result=run.result,
        calendar=force.calendar,
        items=_items(session, force, run, assessment),
        rates=_rates(session, force, run, year, frozen_on),
        urged=_urged(session, force, year),
        papers=_papers(session, force, run, year),
        standings=tuple(map(_standing, history)),
        caveats=tuple(_caveats(history)),
        earlier=earlier,
        corrected=_corrected(session, then, past[-1], assessment, earlier, run.case) if past and earlier else (),
        vetoes={force.unit_codes[unit]: reason for unit, reason in vetoes(session, assessment).items()},
        upheld=_upheld(session, force, assessment),
        rulings=_rulings(session, assessment),
    )


def _run(session: Session, row: Assessment, past: Sequence[Assessment]) -> RunFact:
    signed = signed_bulletins(session, row.plan_id, [one.id or 0 for one in (*past, row)])
    document, signed_at = signed.get(row.id or 0, (None, None))
    return RunFact(
        vintage=row.vintage,
        state=row.state,
        as_of=row.as_of,
        simulated=row.synthetic,
        corrects=row.corrects,
        reason=row.reason or "",
        objections_until=row.objections_until,
        published_on=_day(row.published_at),
        number=row.id or 0,
        lineage=tuple(
            PastRun(
                one.id or 0,
                one.vintage,
                _day(one.opened_at),
                _day(one.published_at),
                signed.get(one.id or 0, (None, None))[0],
            )
            for one in past
        ),
        document=document,
        signed_on=_day(signed_at),
    )


def _day(instant: datetime | None) -> date | None:
    return day_of(instant) if instant else None


def _items(session: Session, force: InForce, run: Run, assessment: Assessment) -> Mapping[str, tuple[ItemFact, ...]]:
    """Return by unit what the run counted, each credit joined to the item it came from."""
    quarter, frozen_on, known_on = run.case.quarter, run.case.as_of, assessment.as_of
    upheld = heard(session, force, quarter, assessment.population, known_on=known_on)
    extended, about = _extensions(session, force, day_ends(frozen_on)), _about(session, force)
    waiting: dict[tuple[int, date, date | None], list[KnownItem]] = defaultdict(list)
    for item in reversed(judged_items(session, force, quarter, as_of=frozen_on, known_on=known_on, upheld=upheld)):
        waiting[item.unit_id, item.due, item.completed].append(item)
    found = {}
    for score in run.result.districts:
        facts = []
        for credit in (credit for part in score.components for credit in part.credits):
            same = waiting[force.unit_ids[score.code], credit.item.due, credit.item.completed]
            facts.append(_item(credit, same.pop(), about, extended) if same else ItemFact(credit))
        found[score.code] = tuple(facts)
    return found


def _item(
    credit: Credit, item: KnownItem, about: Mapping[int, tuple[str, int | None]], extended: Mapping[int, int]
) -> ItemFact:
    period, task = about[item.id]
    words = parse_period(period).in_words if period else ""
    return ItemFact(credit, item.title, words, task, item.original_due, extended.get(item.id, 0))


def _about(session: Session, force: InForce) -> Mapping[int, tuple[str, int | None]]:
    """Return period and number of the key task by item."""
    statement = (
        select(col(Item.id), col(Item.period), col(KeyTask.number))
        .outerjoin(KeyTask, col(KeyTask.id) == col(Item.key_task_id))
        .where(col(Item.plan_id) == force.plan_id)
    )
    return {number or 0: (period, task) for number, period, task in session.execute(statement).tuples()}


def _extensions(session: Session, force: InForce, known_at: datetime) -> Mapping[int, int]:
    """Return how many extensions of each item were approved."""
    statement = (
        select(col(Extension.item_id), func.count())
        .where(
            col(Extension.plan_id) == force.plan_id,
            col(Extension.decision) == Decision.APPROVED,
            col(Extension.decided_at) < known_at,
        )
        .group_by(col(Extension.item_id))
    )
    return dict(session.execute(statement).tuples().all())


def _rates(session: Session, force: InForce, run: Run, year: tuple[date, date], as_of: date) -> Mapping[str, Rate]:
    """Return how each unit of the run reported for the periods that ended in the year to date."""
    found = {score.code: Rate(0, 0, 0, 0) for score in run.result.districts}
    for each in rates(session, force, as_of=as_of):
        if each.unit in found and year[0] <= parse_period(each.period).last <= year[1]:
            one, other = found[each.unit], each.rate
            found[each.unit] = Rate(
                one.expected + other.expected, one.received + other.received,
                one.on_time + other.on_time, one.returned + other.returned,
            )  # fmt: skip
    return found


def _within(year: tuple[date, date]) -> tuple[datetime, datetime]:
    """Return the instants between which something was issued in the year to date."""
    return day_ends(year[0] - timedelta(days=1)), day_ends(year[1])


def _urged(session: Session, force: InForce, year: tuple[date, date]) -> Mapping[str, int]:
    """Return how often each unit was urged (催办), on items and on requests."""
    since, until = _within(year)
    statement = (
        select(col(Notice.unit_id), func.count())
        .where(
            col(Notice.plan_id) == force.plan_id, col(Notice.kind) == NoticeKind.URGE,
            col(Notice.issued_at) >= since, col(Notice.issued_at) < until,
        )
        .group_by(col(Notice.unit_id))
    )  # fmt: skip
    return {force.unit_codes[unit]: many for unit, many in session.execute(statement).tuples()}


def _papers(session: Session, force: InForce, run: Run, year: tuple[date, date]) -> tuple[PaperFact, ...]:
    """Return the papers signed to units of the run by number, those of all series together."""
    since, until = _within(year)
    statement = (
        select(Paper, Notice, col(Item.title), col(Form.title), col(ReportingRequest.period))
        .join(Notice, col(Notice.id) == col(Paper.notice_id))
        .outerjoin(Item, col(Item.id) == col(Notice.item_id))
        .outerjoin(ReportingRequest, col(ReportingRequest.id) == col(Notice.request_id))
        .outerjoin(Form, col(Form.id) == col(ReportingRequest.form_id))
        .where(col(Paper.plan_id) == force.plan_id, col(Paper.issued_at) >= since, col(Paper.issued_at) < until)
        .order_by(col(Paper.year), col(Paper.number), col(Paper.id))
    )
    assessed = {score.code for score in run.result.districts}
    found = []
    for paper, notice, item, form, period in session.execute(statement).tuples():
        unit = force.unit_codes[notice.unit_id]
        if unit in assessed and paper.issued_at and (number := number_of(paper)):
            subject = item if notice.item_id else f"{form}（{parse_period(period).in_words}）"
            issued = day_of(paper.issued_at)
            found.append(PaperFact(unit, paper.level, number, issued, subject, notice.item_id is not None))
    return tuple(found)


def _history(session: Session, force: InForce, assessment: Assessment) -> tuple[Assessment, ...]:
    """Return the runs up to this one: of each earlier quarter the newest that was there when this one was made."""
    statement = (
        select(Assessment)
        .where(
            col(Assessment.plan_id) == force.plan_id,
            col(Assessment.population) == assessment.population,
            col(Assessment.quarter) < assessment.quarter,
            col(Assessment.run_at) <= assessment.run_at,
        )
        .order_by(col(Assessment.quarter), col(Assessment.vintage))
    )
    newest_of = {row.quarter: row for row in session.scalars(statement)}
    return (*newest_of.values(), assessment)


def _caveats(history: Sequence[Assessment]) -> Iterator[str]:
    """Tell why the last two runs are not quite comparable."""
    if len(history) < 2:
        return
    before, now = history[-2:]
    if before.scheme_hash != now.scheme_hash:
        yield ANOTHER_SCHEME
    if parse_quarter(before.quarter).year != parse_quarter(now.quarter).year:
        yield ANOTHER_YEAR


def _standing(row: Assessment) -> Standing:
    ranks = tuple((str(district["name"]), district["rank"]) for district in row.result["districts"])
    return Standing(parse_quarter(row.quarter), ranks)


def _corrected(
    session: Session, force: InForce, before: Assessment, after: Assessment, old: Case, new: Case
) -> tuple[CorrectedFiling, ...]:
    """Return the filings that the run takes otherwise than the one it corrects."""
    inputs = inputs_changed(old, new, topics=topics_of(force.plan))
    return corrected_filings(session, force, before, after, inputs)


def _upheld(session: Session, force: InForce, assessment: Assessment) -> tuple[tuple[str, str], ...]:
    """Return unit and words of each irregularity that a person found to be true."""
    statement = select(Flag).where(col(Flag.assessment_id) == assessment.id, col(Flag.finding) == Finding.UPHELD)
    rows = session.scalars(statement.order_by(col(Flag.id)))
    return tuple((force.unit_codes[row.unit_id], row.words) for row in rows)


def _rulings(session: Session, assessment: Assessment) -> tuple[Decision, ...]:
    """Return the decisions on the objections to a published run; before that they are not complete."""
    if assessment.published_at is None:
        return ()
    statement = select(col(Objection.decision)).where(col(Objection.assessment_id) == assessment.id)
    return tuple(session.scalars(statement.order_by(col(Objection.id))))
