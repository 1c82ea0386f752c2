"""Forms as workbooks for the tests: made from a database, filled in as a unit would, changed as nobody should."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filings import hangzhou_plan, saved
from needed import libreoffice
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from reporting_office import Office, at

from config.plan import Plan
from database import reading
from documents.forms.content import FormContent, form_content
from documents.forms.layout import SHEET, write_form
from documents.rows import Row, Sheet
from documents.sheets import read_submission

QUARTER = {"form": "district-quarterly", "unit": "上城区", "period": "2022Q2"}
LISTING = {"form": "listing-districts-quarterly", "unit": "市地方金融监管局", "period": "2022Q2"}


def content_of(office: Office, when: str = "07-02", **of: str) -> FormContent:
    with reading(office.database) as session:
        return form_content(session, office.force, **(QUARTER | of), at=at(when))


def form_of(office: Office, when: str = "07-02", **of: str) -> bytes:
    return write_form(content_of(office, when, **of))


class Form:
    """A form opened in a spreadsheet program: cells by heading and row, rows by indicator and district."""

    def __init__(self, content: bytes) -> None:
        self.book: Workbook = load_workbook(io.BytesIO(content))
        self.sheet: Worksheet = self.book[SHEET]
        self.heading = next(row for row in range(1, 16) if self.sheet.cell(row, 1).value == "代码")
        self.columns = {cell.value: cell.column for cell in self.sheet[self.heading] if cell.value}
        self.last = self.sheet.max_row

    def row(self, code: str, area: str = "") -> int:
        rows = range(self.heading + 1, self.last + 1)
        return next(r for r in rows if self.at(r, "代码") == code and (not area or self.at(r, "区县") == area))

    def at(self, row: int, heading: str) -> Any:
        return self.sheet.cell(row, self.columns[heading]).value

    def put(self, row: int, heading: str, value: Any) -> None:
        self.sheet.cell(row, self.columns[heading]).value = value

    def cell(self, code: str, heading: str, area: str = "") -> str:
        return str(self.sheet.cell(self.row(code, area), self.columns[heading]).coordinate)

    def rule(self, code: str) -> DataValidation:
        """Return what may be typed into the value's cell of an indicator that has one line."""
        place = self.cell(code, "本期值")
        return next(rule for rule in self.sheet.data_validations.dataValidation if str(rule.sqref) == place)

    def fill(self, values: Mapping[str, Any], note: str = "") -> Form:
        for code, value in values.items():
            self.put(self.row(code), "本期值", value)
            if note:
                self.put(self.row(code), "说明", note)
        return self

    def saved(self) -> bytes:
        return saved(self.book)


def filled_in(content: bytes, plan: Plan | None = None, **of: str) -> Sheet:
    """Return what a form says when it is taken for the one of `of`."""
    return read_submission(content, "表.xlsx").of(plan or hangzhou_plan(), **(QUARTER | of))


def row_of(sheet: Sheet, code: str) -> Row:
    return next(row for row in sheet.rows if row.indicator == code)


def through_libreoffice(content: bytes, folder: Path, kind: str = "xlsx") -> Path:
    """Return the file that LibreOffice saves; without it the test is skipped, and fails where it must be there."""
    source = folder / "filled.xlsx"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [libreoffice(), profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "out" / f"filled.{kind}"
