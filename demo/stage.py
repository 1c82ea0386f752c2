"""A day of the demonstration: the morning's runs, the mail, the people, the mail again, and now and then a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from config.clock import moment
from config.settings import Settings
from config.terms import Cadence
from database import Database, chain, writing
from demo import items, papers, publication, reports, statistics, targets
from demo.conduct import Day
from demo.desk import awaited_requests, open_items, open_targets
from demo.happenings import happen
from demo.incidents import incident_of
from demo.people import played
from demo.scene import EVENING, FIRST_THING, Scene, World
from demo.staff import Staff
from notifications import outbox
from supervision import cycle
from supervision.in_force import InForce
from supervision.periods import Period, periods
from supervision.queries.case import freeze_date, populations

MAIL_AFTER_DIGEST = timedelta(minutes=10)
"""When the mail goes out in the morning, counted from the moment from which digests may leave."""
LAST_MAIL = time(16, 30)

_ONE_DAY = timedelta(days=1)

Frozen = Mapping[date, tuple[Period, ...]]
"""The quarters that are assessed on a day."""


@dataclass
class Stage:
    """Where the demonstration plays: one database, with mail that goes into a Maildir and nowhere else."""

    database: Database
    settings: Settings
    world: World
    frozen: Frozen
    _yesterday: Staff | None = None

    @property
    def force(self) -> InForce:
        """Return the plan in force."""
        return self.world.force

    @property
    def plan_code(self) -> str:
        """Return the plan's code."""
        return self.force.plan.code

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """Yield the working days from `first` through `last`."""
        day = first
        while day <= last:
            if self.force.calendar.is_working(day):
                yield day
            day += _ONE_DAY

    def morning_mail(self, as_of: date) -> datetime:
        """Return when the first mail of the day goes out."""
        return moment(as_of, self.force.plan.ladder.working_time.digest_from) + MAIL_AFTER_DIGEST

    def evening_mail(self, as_of: date) -> datetime:
        """Return when the last mail of the day goes out."""
        return moment(as_of, LAST_MAIL)

    def morning(self, as_of: date) -> None:
        """Run what the schedule has for the morning of `as_of`.

        Items are looked for when a period or a membership has begun since the last working day: on any other day
        there is nothing to find.
        """
        since = self.force.calendar.add(as_of, -1)
        if any(since < day <= as_of for day in _beginnings(self.force, as_of)):
            cycle.supervise_plan(self.database, self.plan_code, as_of=as_of)
        cycle.collect_figures(self.database, self.plan_code, as_of=as_of)
        cycle.escalate_overdue(self.database, self.plan_code, as_of=as_of)

    async def mail(self, at: datetime) -> None:
        """Empty the outbox into the Maildir."""
        force = self.force
        await outbox.deliver(
            self.database, self.settings, tenant_id=force.tenant_id, plan_id=force.plan_id, at=at,
            working_time=force.working_time,
        )  # fmt: skip

    def people_act(self, as_of: date) -> None:
        """Let everybody do what they do on `as_of`, in one transaction that keeps the day as played.

        On a day on which figures are frozen everybody waits: what is known at its end was known in the morning.
        """
        with writing(self.database) as session:
            chain.lock(session, self.force.tenant_id)
            if as_of not in self.frozen:
                self._yesterday = Staff(session, self.force, on=as_of, yesterday=self._yesterday)
                _act(Scene(session, self.world, self._day(as_of), self._yesterday))
            played(session, self.force, as_of)

    def assess(self, as_of: date) -> None:
        """Make the assessments that are due on `as_of`, each as known on its own freeze date."""
        for quarter in self.frozen.get(as_of, ()):
            for population in populations(self.force, quarter):
                cycle.assess(self.database, self.plan_code, str(quarter), population)

    def _day(self, as_of: date) -> Day:
        plan = self.force.plan
        return Day(
            as_of=as_of,
            calendar=self.force.calendar,
            lots=self.world.figures.lots,
            levels=tuple(rung.level for rung in self.force.ladder.rungs),
            last_due=plan.end + timedelta(days=plan.feedback_grace_days),
        )


def _act(scene: Scene) -> None:
    """Play the day: papers first thing, then everything else by the clock, and the new drafts in the evening."""
    session, force, as_of = scene.session, scene.force, scene.day.as_of
    papers.sign_and_receipt(scene, moment(as_of, FIRST_THING))
    open_now = open_items(session, force, as_of=as_of, far=incident_of(scene.day) is not None)
    struck = happen(scene, open_now)
    items.work_on(scene, (item for item in open_now if item is not struck))
    reports.work_on(scene, awaited_requests(session, force))
    targets.work_on(scene, open_targets(session, force))
    statistics.work_on(scene)
    publication.take_forward(scene)
    scene.play()
    papers.review_drafts(scene, moment(as_of, EVENING))


def _beginnings(force: InForce, as_of: date) -> Iterable[date]:
    """Yield the days up to `as_of` on which something can begin: the issue, months, and changes of memberships."""
    yield force.plan.issued
    yield from (month.first for month in periods(Cadence.MONTHLY, start=force.plan.start, end=as_of))
    for group in force.plan.groups:
        for membership in group.memberships:
            yield membership.start
            if membership.end is not None:
                yield membership.end + _ONE_DAY


def frozen_days(force: InForce, *, until: Period) -> Frozen:
    """Return by day the quarters through `until` whose figures are then frozen for everybody assessed."""
    found: dict[date, tuple[Period, ...]] = {}
    for quarter in periods(Cadence.QUARTERLY, start=force.plan.start, end=until.last):
        days = [freeze_date(force, quarter, population) for population in populations(force, quarter)]
        if days:
            found[max(days)] = (*found.get(max(days), ()), quarter)
    return found
