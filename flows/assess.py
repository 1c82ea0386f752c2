"""Districts and member units are scored: freeze, calculate, rank, and show the draft bulletin."""

from __future__ import annotations

import asyncio
from datetime import date

import prefect
from prefect.artifacts import acreate_image_artifact, acreate_link_artifact, acreate_markdown_artifact

from config.errors import Refused
from config.terms import Cadence, Population
from database import reading
from documents.bulletin.gathering import facts_of
from flows.artifacts import MARK, artifact_key, assessment_report
from flows.attended import Run, attended
from flows.drafts import Draft, draft_of, report_address
from flows.results import Assessed, Skipped
from models import Assessment
from supervision import cycle
from supervision.in_force import InForce
from supervision.ledger.assessments import stored
from supervision.periods import Period, parse_quarter, periods
from supervision.queries.case import freeze_date, populations


@prefect.flow
async def assess_districts(quarter: str | None = None, as_of: date | None = None, plan: str = "") -> Assessed | Skipped:
    """Assess districts and member units for `quarter`, as known on `as_of` (the freeze date when None).

    Without a quarter: the last one that is frozen by `as_of` (today when None), unless it is assessed already.
    A run for the same quarter and day is stored once, and shown again.
    """

    async def work(run: Run) -> Assessed | Skipped:
        chosen = parse_quarter(quarter) if quarter else last_frozen(run.force, as_of=run.as_of)
        if chosen is None:
            return Skipped(run.flow, run.as_of, f"到 {run.as_of} 还没有季度到考核数据冻结日")
        if quarter is None and await asyncio.to_thread(_all_stored, run, chosen):
            return Skipped(run.flow, run.as_of, f"{chosen} 已考核，不再重复；结果见 duban assess {chosen}")
        return await _assessed(run, chosen, as_of if quarter else None)

    return await attended("assess_districts", work, plan=plan, as_of=as_of)


async def _assessed(run: Run, quarter: Period, known_on: date | None) -> Assessed:
    results = {}
    for population in populations(run.force, quarter):
        results[population.value] = await asyncio.to_thread(
            cycle.assess, run.database, run.plan, str(quarter), population, as_of=known_on
        )
        stored, draft = await asyncio.to_thread(_stored, run, quarter, population, known_on)
        await _show(run, quarter, population, stored, draft)
    return Assessed(str(quarter), results)


async def _show(run: Run, quarter: Period, population: Population, stored: Assessment, draft: Draft) -> None:
    """Hang the ranks, the draft bulletin, the charts and the way to the workbook on the run, each under its key."""

    def key(*parts: str) -> str:
        return artifact_key(run.plan, run.flow, population.value, *parts)

    title = f"{run.force.plan.title} {quarter.in_words}考核（{population.label}）"
    ranks = assessment_report(run.force.plan.title, stored)
    await acreate_markdown_artifact(markdown=ranks, key=key(), description=title)
    without = f"；没有图表：{draft.refused}" if draft.refused else ""
    await acreate_markdown_artifact(
        markdown=draft.bulletin, key=key("bulletin"), description=f"{title}：通报{stored.state.label}{without}"
    )
    for chart in draft.charts:
        about = f"{title}：{chart.title}。{chart.alternative}"
        await acreate_image_artifact(image_url=chart.address, key=key(chart.code), description=about)
    await acreate_link_artifact(
        link=report_address(run.settings.portal_url, stored.id or 0),
        link_text="评分工作簿、考核通报、得分说明和图表",
        key=key("workbook"),
        description=f"{title}：评分工作簿{MARK if stored.synthetic else ''}，登录督办系统后下载",
    )


def last_frozen(force: InForce, *, as_of: date) -> Period | None:
    """Return the last quarter of the plan whose figures are frozen for everybody assessed by `as_of`, if any."""
    for quarter in reversed(periods(Cadence.QUARTERLY, start=force.plan.start, end=min(force.plan.end, as_of))):
        assessed = populations(force, quarter)
        if quarter.last < as_of and assessed:
            if all(freeze_date(force, quarter, population) <= as_of for population in assessed):
                return quarter
    return None


def _all_stored(run: Run, quarter: Period) -> bool:
    with reading(run.database) as session:
        return all(
            stored(session, run.force, quarter, population, as_of=None)
            for population in populations(run.force, quarter)
        )


def _stored(run: Run, quarter: Period, population: Population, known_on: date | None) -> tuple[Assessment, Draft]:
    with reading(run.database) as session:
        found = stored(session, run.force, quarter, population, as_of=known_on)
        if found is None:
            raise Refused(f"{quarter} 的考核结果已被删除，请重新运行")
        facts = facts_of(session, run.force, found)
        session.expunge(found)
    return found, draft_of(facts)
