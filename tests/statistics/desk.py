"""A statistical desk at work on the packaged plan: files of values, who records them, and what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from config.clock import ZONE, day_of
from config.terms import FigureState
from database import Database, chain, reading, writing
from documents.data_files import read_data_file
from models import Figure, Form, Indicator, ReportingRequest, Submission
from supervision import in_force
from supervision.in_force import InForce
from supervision.indices.reading import COLUMNS, REQUIRED, Defaults, read_values
from supervision.ledger.releases import Made, release
from supervision.ledger.series import File, Recorded, record
from supervision.periods import parse_period
from supervision.queries.people import actor
from supervision.queries.series import Place, Point, all_vintages, points

CLERK, CHIEF, LEADER, LIAISON, STRANGER = (
    "office.clerk", "office.chief", "leader.signer", "scjg.liaison", "jxj.liaison",
)  # fmt: skip

on_sqlite = pytest.mark.parametrize("supervised_url", ["sqlite"], indirect=True)
"""For rules that have nothing to do with the kind of database."""

FEES = "series,area,period,value,source\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text if ":" in text else f"{text} 10:00").replace(tzinfo=ZONE)


def day(text: str) -> date:
    return date.fromisoformat(text)


@dataclass
class Desk:
    """The desk; each thing done is a transaction of its own."""

    database: Database
    folder: Path

    @cached_property
    def force(self) -> InForce:
        with reading(self.database) as session:
            return in_force.load(session)

    def file(self, text: str, encoding: str = "utf-8") -> Path:
        path = self.folder / "values.csv"
        path.write_bytes(text.encode(encoding))
        return path

    def record(
        self,
        text: str,
        *,
        by: str = CLERK,
        when: str = "2022-08-01",
        defaults: Defaults = Defaults(),  # noqa: B008 - frozen
        correction: str = "",
        encoding: str = "utf-8",
    ) -> Recorded:
        table = read_data_file(self.file(text, encoding), COLUMNS, required=REQUIRED)
        with writing(self.database) as session:
            who = actor(session, self.force.tenant_id, by, on=day_of(at(when)))
            values = read_values(table, self.force.plan, defaults)
            file = File(table.name, table.digest)
            return record(session, self.force, values, file, by=who, at=at(when), correction=correction)

    def fees(self, value: str, *, period: str = "2022H1", released: str = "", **options: Any) -> Recorded:
        """Record the fee burden of the city."""
        text = f"series,area,period,value,released,source\nfee-burden,杭州市,{period},{value},{released},检测表\n"
        return self.record(text, **options)

    def release(self, code: str, period: str, *, when: str, by: str = CHIEF, reason: str = "") -> Made:
        with writing(self.database) as session:
            who = actor(session, self.force.tenant_id, by, on=day_of(at(when)))
            return release(session, self.force, code, parse_period(period), by=who, at=at(when), reason=reason)

    def known(self, code: str, as_of: str, recorded_before: str | None = None) -> Mapping[Place, Point]:
        before = at(recorded_before) if recorded_before else None
        with reading(self.database) as session:
            return points(session, self.force, [code], as_of=day(as_of), recorded_before=before)

    def value(self, as_of: str, period: str = "2022H1", recorded_before: str | None = None) -> str | None:
        """Return the fee burden of the city as known on a day."""
        found = self.known("fee-burden", as_of, recorded_before).get(("fee-burden", "杭州市", period))
        return None if found is None else str(found.value)

    def vintages(self, code: str = "fee-burden") -> list[Point]:
        with reading(self.database) as session:
            return [point for group in all_vintages(session, self.force, [code]).values() for point in group]

    def is_whole(self) -> bool:
        with reading(self.database) as session:
            return chain.verify(session, self.force.tenant_id) == []

    def figures(self, unit: str, values: Mapping[tuple[str, str], str], *, when: str = "2022-07-20") -> None:
        """Put confirmed figures of a unit: by indicator and period."""
        with writing(self.database) as session:
            keys = {"tenant_id": self.force.tenant_id, "plan_id": self.force.plan_id}
            unit_id = self.force.unit_id(unit)
            forms = {row.code: row.id or 0 for row in session.scalars(select(Form))}
            indicators = {row.code: row.id or 0 for row in session.scalars(select(Indicator))}
            asked = ReportingRequest(
                **keys, form_id=forms["district-quarterly"], unit_id=unit_id, period="2022Q2", opens=day("2022-07-01"),
                due=day("2022-07-20"), closes=day("2022-07-24"), clock_started_on=day("2022-07-01"),
                ladder_id=self.force.ladder_id,
            )  # fmt: skip
            session.add(asked)
            session.flush()
            filed = Submission(
                **keys, request_id=asked.id or 0, version=1, digest="x", file_name="x.csv", filed_at=at(when)
            )  # fmt: skip
            session.add(filed)
            session.flush()
            for (code, period), value in values.items():
                session.add(
                    Figure(
                        **keys, indicator_id=indicators[code], unit_id=unit_id, period=period, version=1,
                        submission_id=filed.id or 0, state=FigureState.NUMBER, value=Decimal(value), filed_at=at(when),
                        confirmed_at=at(when),
                    )
                )  # fmt: skip
