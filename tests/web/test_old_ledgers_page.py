"""Taking over the ledger that an office kept before: columns, errors by cell, all lines or none, once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlmodel import col
from web_client import Client, words

from config.terms import Status
from database import Database, reading
from models import Item, Notice, ProgressReport

Enter = Callable[[str], Client]
HEADINGS = ["序号", "督办事项", "承办单位", "完成时限", "办结时间", "办理情况"]
ROWS = [
    [1, "清理园区用电", "市经信局、市发改委", date(2022, 8, 31), None, ""],
    [2, "修订准入清单", "市市场监管局", "2021年3月31日", "2021.3.20", "已印发"],
]


def book(rows: list[list[object]]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["某市督办台账"])
    for row in [HEADINGS, *rows]:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def upload(client: Client, content: bytes, name: str = "台账.xlsx") -> str:
    return client.post("/imports", files=[("file", (name, content, "x/y"))]).text


def mapping(page: str, do: str, **columns: str) -> dict[str, str]:
    """Return the form of the page as it came, with some columns otherwise."""
    found = dict(re.findall(r'name="(digest|name)" value="([^"]*)"', page))
    for field, options in re.findall(r'<select id="column-(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="(\d+)" selected>', options)
        found[f"column-{field}"] = chosen[0] if chosen else ""
    return found | {f"column-{field}": value for field, value in columns.items()} | {"do": do}


@pytest.fixture
def clerk(signed_in: Enter) -> Client:
    return signed_in("office.clerk")


def items(database: Database) -> list[Item]:
    with reading(database) as session:
        found = list(session.scalars(select(Item).order_by(col(Item.id))))
        session.expunge_all()
        return found


def test_the_columns_are_guessed_tried_and_taken_over_once(clerk: Client, standing: Database) -> None:
    page = upload(clerk, book(ROWS))
    tried = clerk.post("/imports/take", mapping(page, "try"))
    assert tried.status_code == 200 and "导入 2 行" in words(tried) and items(standing) == []
    done = clerk.post("/imports/take", mapping(tried.text, "take"))
    assert "2 个事项已交办，1 个作为历史记录" in words(clerk.follow(done))
    found = items(standing)
    assert [(item.status, item.retrospective) for item in found] == [
        (Status.ASSIGNED, False), (Status.ASSIGNED, False), (Status.CLOSED, True),
    ]  # fmt: skip
    with reading(standing) as session:
        assert len(session.scalars(select(Notice)).all()) == 2, "history tells nobody"
        assert session.scalars(select(ProgressReport)).one().progress == "已印发"
    again = clerk.post("/imports/take", mapping(tried.text, "take"))
    assert again.status_code == 409 and "已经导入过" in words(again) and len(items(standing)) == 3


def test_every_wrong_cell_is_named_and_nothing_is_taken_over(clerk: Client, standing: Database) -> None:
    wrong = [
        *ROWS,
        [3, "", "市经信局", date(2022, 8, 31), None, ""],
        [4, "整治", "不存在的局", "下个月", None, ""],
        [5, "早该办完", "市经信局", date(2022, 6, 1), None, ""],
    ]
    page = upload(clerk, book(wrong))
    answer = clerk.post("/imports/take", mapping(page, "take"))
    assert answer.status_code == 422 and items(standing) == []
    told = dict(re.findall(r'<tr><th scope="row">([A-Z]+\d+)</th><td>(.*?)</td></tr>', answer.text))
    assert set(told) == {"B5", "C6", "D6", "D7"}
    assert "没有单位“不存在的局”" in told["C6"] and "已过而没有办结日期" in told["D7"]


def test_a_needed_column_is_asked_for_and_a_csv_is_read_too(clerk: Client) -> None:
    page = upload(clerk, "事项名称,责任单位,期限\n清理,市经信局,2022-08-31\n".encode("gb18030"), "台账.csv")
    answer = clerk.post("/imports/take", mapping(page, "try", units=""))
    assert answer.status_code == 422 and "责任单位" in words(answer)
    assert "导入 1 行" in words(clerk.post("/imports/take", mapping(page, "try")))


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.xlsx"), (b"PK\x03\x04broken", "a.xlsx"), (b"x,y\n1,2\n", "a.csv"), (b"<html>", "a.csv"), (b"a", "a.exe")],
)
def test_what_is_no_ledger_is_refused_in_a_line(content: bytes, name: str, clerk: Client) -> None:
    answer = clerk.post("/imports", files=[("file", (name, content, "x/y"))])
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_only_the_office_takes_over(signed_in: Enter) -> None:
    assert signed_in("jxj.liaison").get("/imports").status_code == 403
    assert signed_in("office.clerk").post("/imports/take", {"digest": "../../etc/passwd"}).status_code == 422
