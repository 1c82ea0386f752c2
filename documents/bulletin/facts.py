"""What a bulletin is written from: the stored run and what stands around it. Values only; nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from config.plan import Plan, Scheme
from config.terms import AssessmentState, Decision, Level, Population
from documents.charts.places import Standing
from supervision.collection.verdicts import Rate
from supervision.periods import Period, quarters_to_date
from supervision.queries.corrected import CorrectedFiling
from supervision.scoring.case import Case, ComponentCode, District
from supervision.scoring.result import ComponentScore, Credit, DistrictScore, Result
from supervision.workdays import Workdays


@dataclass(frozen=True, slots=True)
class ItemFact:
    """One item that the run counts, with the credit it earned.

    `title` is None when the ledger has no such item any more as it was scored. `period` is what the item is about,
    in words; `task` the number of its key task, None for a safeguard or a matter from outside; `extensions` counts
    the approved ones.
    """

    credit: Credit
    title: str | None = None
    period: str = ""
    task: int | None = None
    original_due: date | None = None
    extensions: int = 0


@dataclass(frozen=True, slots=True)
class PaperFact:
    """One signed paper: 督办单 or 通报, on an item or on a reporting request."""

    unit: str
    level: Level
    number: str
    issued_on: date
    subject: str
    on_item: bool


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that a correction led on from: its number and vintage, how far it had got, and the 文号 of its bulletin."""

    number: int
    vintage: int
    opened_on: date | None = None
    published_on: date | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class RunFact:
    """Which run it is and how far it has got. `corrects` is the vintage it corrects, with the reason.

    `lineage` are the runs that led to it by correction, the first one first; the last is the one it corrects.
    `document` is the 文号 that the bulletin was given when it was signed on `signed_on`; both are null until then.
    """

    vintage: int
    state: AssessmentState
    as_of: date
    simulated: bool
    corrects: int | None = None
    reason: str = ""
    objections_until: date | None = None
    published_on: date | None = None
    number: int = 0
    lineage: tuple[PastRun, ...] = ()
    document: str | None = None
    signed_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """Everything a bulletin says, by unit code where it is about units.

    `items`, `rates`, `urged` and `papers` cover the year to date, as the assessment does. `standings` are the quarters
    up to this one, the earliest first, and `caveats` what to bear in mind when the last two are compared. `earlier` is
    the input of the run that this one corrects, `corrected` the filings that it takes otherwise. `vetoes` holds the
    reasons, `upheld` what a person found to be true of a unit's figures, `rulings` what was decided on each objection.
    """

    plan: Plan
    scheme: Scheme
    population: Population
    run: RunFact
    case: Case
    result: Result
    calendar: Workdays
    items: Mapping[str, tuple[ItemFact, ...]] = field(default_factory=dict)
    rates: Mapping[str, Rate] = field(default_factory=dict)
    urged: Mapping[str, int] = field(default_factory=dict)
    papers: tuple[PaperFact, ...] = ()
    standings: tuple[Standing, ...] = ()
    caveats: tuple[str, ...] = ()
    earlier: Case | None = None
    corrected: tuple[CorrectedFiling, ...] = ()
    vetoes: Mapping[str, str] = field(default_factory=dict)
    upheld: tuple[tuple[str, str], ...] = ()
    rulings: tuple[Decision, ...] = ()

    @property
    def quarter(self) -> Period:
        """Return the quarter that was assessed."""
        return self.result.quarter

    @property
    def year_to_date(self) -> str:
        """Return the months that count, in words: 2022年1—6月."""
        first, last = quarters_to_date(self.quarter)[0].first, self.quarter.last
        return f"{last.year}年{first.month}—{last.month}月"

    @property
    def who(self) -> str:
        """Return what those who are assessed are called."""
        return self.population.label

    @property
    def deed(self) -> str:
        """Return what is done to them: districts are examined, member units are appraised."""
        return "评价" if self.population is Population.UNITS else "考核"

    @property
    def scores(self) -> tuple[DistrictScore, ...]:
        """Return the scores in rank order, the unranked last."""
        return self.result.districts

    @property
    def ranked(self) -> tuple[DistrictScore, ...]:
        """Return the scores that have a rank."""
        return tuple(score for score in self.scores if score.ranked)

    @property
    def unranked(self) -> tuple[DistrictScore, ...]:
        """Return the scores without a rank (数据不足)."""
        return tuple(score for score in self.scores if not score.ranked)

    @property
    def has_groups(self) -> bool:
        """Return whether there are peer groups to rank in."""
        return len({score.group for score in self.scores}) > 1

    @property
    def has_targets(self) -> bool:
        """Return whether figures are scored at all: they are not for member units."""
        return bool(self.case.scheme.items)

    def name(self, code: str) -> str:
        """Return the name of a unit that was assessed."""
        return next(score.name for score in self.scores if score.code == code)

    def entry(self, code: str) -> District:
        """Return what the run knew of a unit."""
        return next(district for district in self.case.districts if district.code == code)

    def grade(self, score: DistrictScore) -> str:
        """Return the grade: the lowest for a unit under a veto, else the calculated one."""
        return self.scheme.grades[-1][1] if score.code in self.vetoes else score.grade


def name_share(facts: Facts, share: int) -> int:
    """Return the share of a table's width for the units' names: `share` fits three characters, twice that any."""
    longest = max((len(score.name) for score in facts.scores), default=0)
    return min(max(share, -(-share * longest // 3)), 2 * share)


def part_of(score: DistrictScore, code: ComponentCode) -> ComponentScore | None:
    """Return one component of a score; None when the scheme has no such part."""
    return next((part for part in score.components if part.code is code), None)


def is_overdue(item: ItemFact) -> bool:
    """Return whether the item was due and open at the freeze: it earned nothing and was never completed."""
    return item.credit.credit == 0 and item.credit.days_late is None


def is_late(item: ItemFact) -> bool:
    """Return whether the item was completed after its due date."""
    return bool(item.credit.days_late)


def is_on_time(item: ItemFact) -> bool:
    """Return whether the item was completed by its due date."""
    return item.credit.credit == Fraction(1)


def is_counted(item: ItemFact) -> bool:
    """Return whether the item counts: open and not yet due does not."""
    return item.credit.credit is not None
