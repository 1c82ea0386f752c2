"""Forms of districts, filed and confirmed, returned and filed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.builders import CHIEF, Office, at
from publication.bench import DISTRICT

from database import writing
from supervision.ledger import reporting


@dataclass(frozen=True)
class Line:
    """One line of a filed form, as it was typed."""

    indicator: str
    value_text: str
    note: str = "已核对"
    area: str = ""
    unit_of_measure: str = ""
    cell: str = ""
    label: str = ""
    unreadable: str = ""


@dataclass(frozen=True)
class Form:
    """A filed form."""

    rows: tuple[Line, ...]
    name: str = "报送.xlsx"


def file(
    office: Office, unit: str, value: str, when: str, by: str, source: str | None = None,
    others: Mapping[str, str] | None = None, confirmed: bool = True,
) -> int:  # fmt: skip
    """File and confirm the quarterly form of a district, every indicator with the same number but for `others`."""
    codes = office.force.plan.form("district-quarterly").indicators
    sheet = Form(tuple(Line(code, (others or {}).get(code, value)) for code in codes))
    with writing(office.database) as session:
        who = office.who(session, by, at(when))
        filed = reporting.submit(
            session, office.force, form="district-quarterly", unit=unit, period="2022Q2", sheet=sheet, by=who,
            at=at(when), recorded_from=source,
        )  # fmt: skip
        if confirmed:
            chief = office.who(session, CHIEF, at(when))
            reporting.confirm(session, office.force, filed.request_id, by=chief, at=at(when))
        return filed.request_id


def send_back(office: Office, request: int, when: str, due: str = "2022-08-12") -> None:
    """Give a form back to be corrected by `due`."""
    with writing(office.database) as session:
        reporting.return_submission(
            session, office.force, request, by=office.who(session, CHIEF, at(when)), at=at(when), comment="有误",
            due=at(due).date(),
        )  # fmt: skip


def file_again(office: Office, request: int, value: str, when: str, others: Mapping[str, str] | None = None) -> None:
    """Give the form of 上城区 back to be corrected, and file it with other numbers."""
    send_back(office, request, when)
    file(office, DISTRICT, value, when, "330102.liaison", others=others)
