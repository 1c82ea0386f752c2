"""The office's board, and the ledger: what is shown to whom, kept, exported and done together."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import col
from web_client import Client, words

from config.terms import Status
from database import Database, reading
from models import Item, SavedView
from supervision import cycle

CODE = "hangzhou-2021-2023"
FRIDAY = "2022-07-01"

Enter = Callable[[str], Client]


@pytest.fixture
def standing(standing: Database) -> Database:
    """Two key tasks under way."""
    for task in (1, 3):
        cycle.supervise_key_task(standing, CODE, task, as_of=date.fromisoformat(FRIDAY))
    return standing


def rows(page: str) -> list[str]:
    """Return the table's rows of a ledger page."""
    return re.findall(r"<tr><td>.*?</tr>|<tr>\s*<td class=\"number\" data-label=\"编号\">.*?</tr>", page, re.DOTALL)


def numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<a href="/items/(\d+)">', page)]


def items(database: Database, status: Status) -> list[Item]:
    with reading(database) as session:
        found = list(
            session.scalars(select(Item).where(col(Item.status) == status, col(Item.retrospective).is_(False)))
        )
        session.expunge_all()
        return found


def test_each_number_on_the_board_opens_a_list_of_just_so_many(signed_in: Enter) -> None:
    office = signed_in("office.chief")
    page = office.get("/board").text
    tiles = re.findall(r'<a href="(/ledger[^"]*)"><strong>(\d+)</strong>', page)
    assert len(tiles) >= 8
    for address, number in tiles:
        shown = office.get(address.replace("&amp;", "&"))
        assert f"共 {number} 条" in words(shown), address


def test_every_cell_of_the_matrix_opens_a_list_of_just_so_many(signed_in: Enter) -> None:
    office = signed_in("leader.signer")
    page = office.get("/board").text
    matrix = page[page.index('class="cards matrix"') :]
    cells = re.findall(r'<a href="(/ledger[^"]*)" aria-label="[^"]* (\d+) 项">', matrix)
    assert cells
    for address, number in cells[::7]:
        assert f"共 {number} 条" in words(office.get(address.replace("&amp;", "&"))), address


@pytest.mark.parametrize(("login", "status"), [("jxj.liaison", 403), ("330102.head", 403), ("auditor", 200)])
def test_the_board_is_for_who_oversees(login: str, status: int, signed_in: Enter) -> None:
    assert signed_in(login).get("/board").status_code == status


def test_a_district_sees_its_own_rows_only_whatever_it_asks_for(signed_in: Enter) -> None:
    district = signed_in("330102.liaison")
    shown = district.get("/ledger?scope=all").text
    assert numbers(shown) and "上城区" in shown
    assert "拱墅区" not in "".join(rows(shown))
    assert "共 0 条" in words(district.get("/ledger?scope=all&unit=330105"))
    assert "拱墅区" not in words(district.get("/ledger?scope=all&words=拱墅区")).split("共")[1]


@pytest.mark.parametrize("query", ["task=99", "unit=nowhere", "due_from=yesterday", "status=done", "page=x", "page=-1"])
def test_what_cannot_be_asked_is_told_beside_the_list(query: str, signed_in: Enter) -> None:
    answer = signed_in("office.chief").get(f"/ledger?{query}")
    assert answer.status_code in {404, 422} and 'role="alert"' in answer.text


def test_a_view_is_kept_opened_and_deleted_by_its_owner_alone(signed_in: Enter, standing: Database) -> None:
    office, other = signed_in("office.chief"), signed_in("office.clerk")
    kept = office.post("/ledger/views", {"name": "三号任务", "query": "task=3&scope=all"})
    assert "视图“三号任务”已保存" in words(office.follow(kept))
    assert "task=3" in office.get("/ledger").text and "三号任务" not in other.get("/ledger").text
    with reading(standing) as session:
        [view] = session.scalars(select(col(SavedView.id)))
    other.post("/ledger/views/delete", {"view": str(view)})
    assert "三号任务" in office.get("/ledger").text
    office.post("/ledger/views/delete", {"view": str(view)})
    assert "三号任务" not in office.get("/ledger").text


def test_a_view_without_a_name_keeps_the_filter_on_the_page(signed_in: Enter) -> None:
    answer = signed_in("office.chief").post("/ledger/views", {"name": " ", "query": "task=3"})
    assert answer.status_code == 422 and "请填写“视图名称”" in words(answer)
    assert re.search(r'<option value="3" selected>', answer.text)


def test_the_export_is_exactly_what_the_list_shows(signed_in: Enter) -> None:
    office = signed_in("office.chief")
    query = "task=1&scope=all&sort=unit&descending=yes"
    answer = office.get(f"/ledger.xlsx?{query}")
    assert "attachment" in answer.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    exported = [int(str(row[0])) for row in sheet.iter_rows(min_row=3, values_only=True)]
    pages = [numbers(office.get(f"/ledger?{query}&page={page}").text) for page in range(1, -(-len(exported) // 50) + 1)]
    assert [number for page in pages for number in page] == exported
    assert "模拟数据" in str(sheet["A1"].value)


def test_many_are_verified_together_and_a_refusal_keeps_nothing_else_back(signed_in: Enter, standing: Database) -> None:
    unit = signed_in("330102.liaison")
    mine = [item for item in items(standing, Status.ASSIGNED) if item.id in numbers(unit.get("/ledger").text)][:2]
    office = signed_in("office.chief")
    chosen = [f"{item.id}/{item.revision}" for item in mine]
    answer = office.post("/ledger/together", {"action": "verify", "item": chosen, "query": "status=assigned"})
    assert answer.status_code == 409 and "以下未办理" in words(answer)
    fresh = items(standing, Status.REGISTERED)[:1]
    stale = f"{mine[0].id}/999"
    answer = office.post(
        "/ledger/together", {"action": "assign", "item": [*(f"{i.id}/{i.revision}" for i in fresh), stale]}
    )
    assert "刚被他人办理" in words(answer)
    assert {item.id for item in fresh} <= {item.id for item in items(standing, Status.ASSIGNED)}


def test_what_was_refused_stays_ticked_on_the_same_page(signed_in: Enter, standing: Database) -> None:
    office = signed_in("office.chief")
    last = numbers(office.get("/ledger?page=2").text)[-1]
    answer = office.post("/ledger/together", {"action": "verify", "item": f"{last}/999", "query": "page=2"})
    assert f"事项 {last}" in words(answer) and "0 个事项已办理" in words(answer)
    assert re.search(rf'value="{last}/\d+" aria-label="勾选事项 {last}" checked', answer.text)
    assert "第 2 /" in words(answer)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"action": "verify"}, "请先勾选事项"),
        ({"action": "verify", "item": "x/1"}, "事项编号"),
        ({"action": "verify", "item": "²/1"}, "事项编号"),
        ({"action": "verify", "item": f"1/{'9' * 30}"}, "事项版本"),
        ({"action": "withdraw", "item": "1/1"}, "请选择要一并办理的事"),
        ({"item": "1/1"}, "请选择要一并办理的事"),
    ],
)
def test_what_cannot_be_done_together_is_told(form: dict[str, str], says: str, signed_in: Enter) -> None:
    answer = signed_in("office.chief").post("/ledger/together", form)
    assert answer.status_code == 422 and says in words(answer)


def test_the_board_shows_an_act_at_once(signed_in: Enter) -> None:
    office = signed_in("office.chief")
    unsigned = re.compile(r"(\d+) 未签收")
    [before] = unsigned.findall(words(office.get("/board")))
    unit = signed_in("330102.liaison")
    number = next(each for each in numbers(unit.get("/ledger?status=assigned").text))
    unit.follow(unit.post(f"/items/{number}/act", {"action": "acknowledge", "revision": "1"}))
    assert unsigned.findall(words(office.get("/board"))) == [str(int(before) - 1)]


def test_an_age_of_what_is_overdue_can_be_asked_for_by_hand(signed_in: Enter) -> None:
    office = signed_in("office.chief")
    shown = office.get("/ledger?overdue_from=1&overdue_to=5").text
    assert re.search(r'name="overdue_to" type="number" value="5"', shown) and '<details class="more" open>' in shown


def test_units_do_nothing_together(signed_in: Enter) -> None:
    unit = signed_in("330102.liaison")
    assert "一并" not in unit.get("/ledger").text
    assert unit.post("/ledger/together", {"action": "verify", "item": "1/1"}).status_code == 403
