"""A unit fills in its form on the page: draft, checks, the head's word, filing, workbook; the office decides."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlmodel import SQLModel, col
from web_client import Client, words

from config.clock import moment
from config.terms import RequestState, SubmissionState
from database import Database, reading, writing
from models import Figure, FormDraft, Plan, ReportingRequest, Submission
from supervision import in_force
from supervision.ledger import reporting

Enter = Callable[[str], Client]
Row = TypeVar("Row", bound=SQLModel)
DAY = date(2022, 7, 11)


@pytest.fixture
def standing(standing: Database) -> Database:
    """The window of the second quarter is open."""
    with writing(standing) as session:
        session.execute(update(Plan).values(demonstrated_until=DAY))
    with writing(standing) as session:
        force = in_force.load(session)
        reporting.open_requests(session, force, as_of=DAY, at=moment(DAY, force.now.timetz()))
    return standing


@pytest.fixture
def number(standing: Database) -> int:
    """The quarterly form of 上城区."""
    with reading(standing) as session:
        force = in_force.load(session)
        return (
            session.scalars(
                select(col(ReportingRequest.id)).where(
                    col(ReportingRequest.unit_id) == force.unit_id("330102"), col(ReportingRequest.period) == "2022Q2"
                )
            ).first()
            or 0
        )


@pytest.fixture
def liaison(signed_in: Enter) -> Client:
    return signed_in("330102.liaison")


@pytest.fixture
def head(signed_in: Enter) -> Client:
    return signed_in("330102.head")


def fields(page: str) -> list[str]:
    """Return the keys of the lines that can be filled in."""
    return re.findall(r'name="v:([^"]+)"', page)


def filled(page: str, value: str = "40", **changes: str) -> dict[str, str]:
    found = {f"v:{key}": value for key in fields(page)} | {f"n:{key}": "已核对" for key in fields(page)}
    [revision] = set(re.findall(r'name="revision" value="(\d+)"', page)[:1])
    return found | {"revision": revision} | changes


def rows(database: Database, table: type[Row]) -> list[Row]:
    with reading(database) as session:
        found = list(session.scalars(select(table)))
        session.expunge_all()
        return found


def test_a_form_goes_from_draft_to_head_to_the_office_and_is_confirmed(
    liaison: Client, head: Client, number: int, signed_in: Enter, standing: Database
) -> None:
    path = f"/reports/{number}"
    page = liaison.get(path).text
    assert "送分管负责人确认" in page and "确认并报送" not in page
    assert "草稿已保存" in words(liaison.follow(liaison.post(path, filled(page, do="save"))))
    assert 'value="40"' in head.get(path).text, "the head sees the draft"
    told = liaison.follow(liaison.post(path, filled(liaison.get(path).text, do="ask")))
    assert "已送本单位分管负责人确认" in words(told) and rows(standing, Submission) == []
    assert "待您确认的报表" in words(head.get("/work"))
    filed = head.follow(head.post(path, filled(head.get(path).text, do="file")))
    assert "第 1 次报送已收到" in words(filed) and rows(standing, FormDraft) == []
    assert {figure.value for figure in rows(standing, Figure)} == {40}
    office = signed_in("office.clerk")
    [revision] = re.findall(r'/confirm".*?name="revision" value="(\d+)"', office.get(path).text, re.DOTALL)
    assert "已审核通过" in words(office.follow(office.post(f"{path}/confirm", {"revision": revision})))
    assert [each.state for each in rows(standing, Submission)] == [SubmissionState.CONFIRMED]


def test_a_liaison_cannot_pass_the_head_by(liaison: Client, number: int, standing: Database) -> None:
    page = liaison.get(f"/reports/{number}").text
    answer = liaison.post(f"/reports/{number}", filled(page, do="file"))
    assert answer.status_code == 409 and "须经本单位分管负责人确认" in words(answer)
    assert rows(standing, Submission) == [] and 'value="40"' in answer.text


def test_what_is_wrong_stands_beside_its_cell_and_everything_typed_is_kept(
    head: Client, number: int, standing: Database
) -> None:
    page = head.get(f"/reports/{number}").text
    first, second = fields(page)[:2]
    wrong = {f"v:{first}": "很多家", f"v:{second}": "-3", f"n:{second}": "备注<在此>"}
    answer = head.post(f"/reports/{number}", filled(page, do="file") | wrong)
    assert answer.status_code == 422 and rows(standing, Submission) == []
    told = dict(re.findall(r'<ul class="problems" id="p:([^"]+)">(.*?)</ul>', answer.text))
    assert "不是数" in told[first] and told[second]
    assert 'value="很多家"' in answer.text and "备注&lt;在此&gt;" in answer.text
    assert 'value="很多家"' in head.get(f"/reports/{number}").text, "the draft was kept"


def test_the_script_is_told_the_same_and_nothing_is_kept(head: Client, number: int, standing: Database) -> None:
    page = head.get(f"/reports/{number}").text
    first = fields(page)[0]
    answer = head.post(f"/reports/{number}/check", filled(page) | {f"v:{first}": "1e5"})
    assert "科学计数法" in answer.json()["problems"][first][0]
    assert rows(standing, FormDraft) == []


def test_two_of_one_unit_do_not_overwrite_each_other(liaison: Client, head: Client, number: int) -> None:
    path = f"/reports/{number}"
    seen = head.get(path).text
    liaison.post(path, filled(liaison.get(path).text, do="save"))
    answer = head.post(path, filled(seen, value="99", do="save"))
    assert answer.status_code == 409 and "另一位同事" in words(answer)
    assert 'value="99"' in answer.text, "what was typed is still there"
    assert 'value="40"' in liaison.get(path).text


def test_the_head_gives_a_draft_back_with_a_word(liaison: Client, head: Client, number: int) -> None:
    path = f"/reports/{number}"
    liaison.post(path, filled(liaison.get(path).text, do="save"))
    liaison.post(path, filled(liaison.get(path).text, do="ask"))
    assert head.post(f"{path}/back", {"comment": " "}).status_code == 422
    head.post(f"{path}/back", {"comment": "T01 请再核"})
    assert "T01 请再核" in words(liaison.get(path))
    assert liaison.post(f"{path}/back", {"comment": "x"}).status_code == 409


def test_the_workbook_comes_back_into_the_draft_and_its_errors_stand_beside_the_cells(
    liaison: Client, number: int
) -> None:
    path = f"/reports/{number}"
    book = load_workbook(io.BytesIO(liaison.get(f"{path}/form.xlsx").content))
    sheet = next(each for each in book.worksheets if each.sheet_state == "visible")
    headings = {cell.value: cell for row in sheet.iter_rows(max_row=12) for cell in row if cell.value}
    value = next(cell for text, cell in headings.items() if str(text).startswith("本期"))
    sheet.cell(value.row + 1, value.column).value = 41
    made = io.BytesIO()
    book.save(made)
    answer = liaison.post(
        f"{path}/workbook", {"revision": "0"}, files=[("file", ("上城区.xlsx", made.getvalue(), "x/y"))]
    )
    page = answer.text if answer.status_code == 422 else liaison.follow(answer).text
    assert 'value="41"' in page
    bad = liaison.post(f"{path}/workbook", {"revision": "1"}, files=[("file", ("a.xlsx", b"no", "x/y"))])
    assert bad.status_code == 422 and 'role="alert"' in bad.text


def test_no_other_unit_sees_a_form_before_it_is_published(number: int, signed_in: Enter) -> None:
    for login in ("330105.liaison", "jxj.head"):
        assert signed_in(login).get(f"/reports/{number}").status_code == 404
        assert signed_in(login).get(f"/reports/{number}/form.xlsx").status_code == 404
    assert signed_in("330105.liaison").post(f"/reports/{number}", {"do": "file"}).status_code == 404
    listed = words(signed_in("330105.liaison").get("/reports"))
    assert "拱墅区" in listed and "上城区" not in listed


def test_the_office_records_a_paper_form_and_another_of_the_office_returns_it(
    number: int, signed_in: Enter, standing: Database
) -> None:
    clerk, chief = signed_in("office.clerk"), signed_in("office.chief")
    page = clerk.get(f"/reports/{number}").text
    codes = sorted(set(re.findall(r"<tr><td>(T\d\d)</td>", page)))
    csv = "indicator,value,note\n" + "\n".join(f"{code},40,已核对" for code in codes)
    file = [("file", ("纸质.csv", csv.encode(), "text/csv"))]
    assert clerk.post(f"/reports/{number}/recorded", {"source": ""}, files=file).status_code == 422
    done = clerk.post(f"/reports/{number}/recorded", {"source": "7月11日盖章报表"}, files=file)
    assert "已代录为第 1 次报送" in words(clerk.follow(done))
    assert clerk.post(f"/reports/{number}/confirm").status_code == 409, "not by who recorded it"
    assert chief.post(f"/reports/{number}/return", {"comment": ""}).status_code == 422
    assert "已退回" in words(chief.follow(chief.post(f"/reports/{number}/return", {"comment": "T01 偏小"})))
    assert rows(standing, ReportingRequest)[0].id and number
    assert {r.state for r in rows(standing, ReportingRequest) if r.id == number} == {RequestState.RETURNED}
