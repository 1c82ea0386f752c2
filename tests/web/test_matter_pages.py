"""Matters from outside the plan: the form, what comes of it, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ledger.builders import Office
from sqlalchemy import func, select
from sqlmodel import col
from web_client import Client, words

from config.terms import Responsibility
from database import Database, reading
from models import Evidence, Item, Matter

Enter = Callable[[str], Client]

FORM: dict[str, Any] = {
    "kind": "meeting", "document": "市政府第12次常务会议纪要", "received": "2022-07-01", "title": "园区用电清理",
    "content": "摸清底数\n逐户整改", "due": "2022-07-29", "lead": "fgw", "unit": ["jxj", "330102"],
}  # fmt: skip
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def rows(database: Database, statement: Any) -> list[Any]:
    with reading(database) as session:
        found = list(session.scalars(statement))
        session.expunge_all()
        return found


def test_a_matter_goes_to_its_units_with_the_lead_first_and_the_paper_with_each(
    signed_in: Enter, standing: Database
) -> None:
    clerk = signed_in("office.clerk")
    scan = [("file", ("纪要.pdf", PDF, "application/pdf"))]
    answer = clerk.post("/matters/new", FORM | {"declared": "yes"}, files=scan)
    told = words(clerk.follow(answer))
    assert "已立项，交办 3 个单位" in told and "市政府第12次常务会议纪要" in told and "摸清底数" in told
    items = rows(standing, select(Item).where(col(Item.matter_id).is_not(None)).order_by(col(Item.id)))
    assert [item.role for item in items] == [Responsibility.LEAD] + [Responsibility.SUPPORTING] * 2
    assert [file.item_id for file in rows(standing, select(Evidence))] == [item.id for item in items]
    unit = signed_in("330102.liaison")
    page = words(unit.get(f"/items/{items[-1].id}"))
    assert "会议议定事项（市政府第12次常务会议纪要，2022-07-01 收文）" in page and "纪要.pdf" in page
    listed = words(clerk.get("/matters?words=用电&kind=meeting"))
    assert "园区用电清理" in listed and "0 / 3" in listed


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"title": ""}, "事项名称"),
        ({"lead": ""}, "牵头单位"),
        ({"lead": "no-such"}, "no-such"),
        ({"kind": "plan"}, "不在此立项"),
        ({"kind": ""}, "来源"),
        ({"due": ""}, "期限"),
        ({"due": "2022-06-30"}, "已过"),
        ({"due": "七月底"}, "应为日期"),
        ({"received": "2022-08-01"}, "晚于今日"),
        ({"task": "99"}, "99"),
    ],
)
def test_a_form_that_is_refused_keeps_everything_that_was_filled_in(
    changed: dict[str, str], why: str, signed_in: Enter, standing: Database
) -> None:
    answer = signed_in("office.clerk").post("/matters/new", FORM | changed)
    assert answer.status_code in {404, 422} and why in words(answer)
    given = FORM | changed
    for name in ("document", "title", "received", "due"):
        assert not given[name] or f'value="{given[name]}"' in answer.text, name
    assert "逐户整改" in answer.text
    for code in ("jxj", "330102"):
        assert f'value="{code}" checked' in answer.text
    assert rows(standing, select(Matter)) == []


def test_a_file_without_the_declaration_stops_the_matter_and_says_that_it_must_be_chosen_again(
    signed_in: Enter, standing: Database
) -> None:
    scan = [("file", ("纪要.pdf", PDF, "application/pdf"))]
    answer = signed_in("office.clerk").post("/matters/new", FORM, files=scan)
    assert answer.status_code == 422 and "国家秘密" in words(answer) and "请重新选择" in words(answer)
    assert rows(standing, select(Matter)) == []


def test_a_form_sent_twice_assigns_nothing_twice_unless_it_is_meant(signed_in: Enter, standing: Database) -> None:
    clerk = signed_in("office.clerk")
    assert clerk.post("/matters/new", FORM).status_code == 303
    again = clerk.post("/matters/new", FORM)
    assert again.status_code == 409 and "没有重复立项" in words(again) and "另行立项" in words(again)
    assert rows(standing, select(func.count(col(Matter.id)))) == [1]
    assert clerk.post("/matters/new", FORM | {"again": "yes"}).status_code == 303
    assert rows(standing, select(func.count(col(Matter.id)))) == [2]


@pytest.mark.parametrize(
    ("login", "lists", "makes"),
    [("office.chief", 200, 200), ("leader.signer", 200, 403), ("auditor", 200, 403), ("jxj.head", 403, 403)],
)
def test_who_oversees_sees_the_matters_and_only_the_office_makes_them(
    login: str, lists: int, makes: int, signed_in: Enter, standing: Database
) -> None:
    Office(standing).a_matter()
    person = signed_in(login)
    assert person.get("/matters").status_code == lists
    assert person.get("/matters/1").status_code == lists
    assert person.get("/matters/new").status_code == makes
    assert (person.post("/matters/new", FORM | {"title": "另一事项"}).status_code == 303) is (makes == 200)


def test_a_matter_that_is_not_there_is_said_in_words(signed_in: Enter) -> None:
    answer = signed_in("office.chief").get("/matters/77")
    assert answer.status_code == 404 and "没有编号为 77 的计划外事项" in words(answer)
    assert "还没有计划外事项" in words(signed_in("office.chief").get("/matters"))
