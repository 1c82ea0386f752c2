"""An assessed quarter to take to publication: who, when, and the steps with sane defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.builders import CHIEF, CLERK, LEADER, Office, at, day
from sqlalchemy import select
from sqlmodel import col

from config.terms import Population
from database import reading, writing
from models import Assessment, Flag, Notice
from supervision.ledger import assessments, flags, objections, publication, verdicts
from supervision.periods import parse_period

QUARTER, AS_OF = "2022Q2", "2022-07-25"
"""Frozen on the day that the plan's own rule gives: a Monday."""
OPENED, LAST_DAY, AFTER = "2022-07-26", date(2022, 8, 2), "2022-08-03"
"""Opened on a Tuesday; five working days, the day of opening not counted; and the day after."""

DISTRICT, DISTRICT_HEAD, OTHER_DISTRICT = "上城区", "330102.head", "拱墅区"


@dataclass
class Bench(Office):
    """The office with a draft of a quarter; each step is a transaction of its own."""

    population: Population = Population.DISTRICTS
    run: int = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.run = self.assess()

    def assess(self, as_of: str = AS_OF) -> int:
        with writing(self.database) as session:
            made = assessments.assess(
                session, self.force, parse_period(QUARTER), self.population, as_of=day(as_of), at=at(f"{as_of} 18:00")
            )
            return made.id or 0

    def open(self, by: str = CLERK, when: str = OPENED, run: int | None = None) -> date:
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            return publication.open_publicity(session, self.force, run or self.run, by=who, at=at(when))

    def publish(self, by: str = LEADER, when: str = AFTER, run: int | None = None) -> None:
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            publication.publish(session, self.force, run or self.run, by=who, at=at(when))

    def correct(self, by: str = CHIEF, when: str = AFTER, reason: str = "订正数据", as_of: str = AFTER) -> int:
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            made = publication.correct(
                session, self.force, self.run, as_of=day(as_of), reason=reason, by=who, at=at(when)
            )
            return made.id or 0

    def object_to(self, by: str = DISTRICT_HEAD, when: str = "2022-07-28", **changes: Any) -> int:
        words = {"subject": "T01", "grounds": "二季度数据已经补报"} | changes
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            return objections.object_to(session, self.force, self.run, by=who, at=at(when), **words).id or 0

    def rule(self, number: int, by: str = LEADER, when: str = "2022-07-29", uphold: bool = False) -> None:
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            objections.rule(session, self.force, number, uphold=uphold, ruling="已经核对", by=who, at=at(when))

    def propose_points(self, points: str = "1.0", by: str = CLERK, when: str = "2022-07-20", **changes: Any) -> int:
        words = {"unit": DISTRICT, "reason": "经验全省推广"} | changes
        with writing(self.database) as session:
            made = verdicts.propose_adjustment(
                session, self.force, parse_period(QUARTER), words["unit"], Decimal(points), reason=words["reason"],
                by=self.who(session, by, at(when)), at=at(when),
            )  # fmt: skip
            return made.id or 0

    def decide_points(self, number: int, by: str = LEADER, when: str = "2022-07-21", approve: bool = True) -> None:
        with writing(self.database) as session:
            verdicts.decide_adjustment(
                session, self.force, number, approve=approve, comment="", by=self.who(session, by, at(when)),
                at=at(when),
            )  # fmt: skip

    def veto(self, by: str = CLERK, decided_by: str = LEADER, when: str = "2022-07-27") -> int:
        with writing(self.database) as session:
            made = verdicts.propose_veto(
                session, self.force, parse_period(QUARTER), DISTRICT, reason="统计造假", evidence="执法认定书",
                by=self.who(session, by, at(when)), at=at(when),
            )  # fmt: skip
            verdicts.decide_veto(
                session, self.force, made.id or 0, approve=True, comment="", by=self.who(session, decided_by, at(when)),
                at=at(when),
            )  # fmt: skip
            return made.id or 0

    def a_flag(self, unit: str = DISTRICT) -> int:
        with writing(self.database) as session:
            row = Flag(
                tenant_id=self.force.tenant_id, plan_id=self.force.plan_id, assessment_id=self.run,
                unit_id=self.force.unit_id(unit), subject="T01", kind="copied", words="与上期完全相同", evidence={},
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id or 0

    def find_out(self, flag: int, by: str = CHIEF, when: str = "2022-07-29", upheld: bool = False) -> None:
        with writing(self.database) as session:
            who = self.who(session, by, at(when))
            flags.decide_flag(session, self.force, flag, upheld=upheld, comment="已查凭证", by=who, at=at(when))

    # --- what came of it

    def stored(self, run: int | None = None) -> Assessment:
        with reading(self.database) as session:
            found = session.get_one(Assessment, run or self.run)
            session.expunge_all()
            return found

    def told_by_kind(self, kind: str) -> list[str]:
        """Return to which units notices of that kind were made, by code."""
        with reading(self.database) as session:
            rows = session.scalars(select(col(Notice.unit_id)).where(col(Notice.kind) == kind).order_by(col(Notice.id)))
            return [self.force.unit_codes[unit] for unit in rows]
