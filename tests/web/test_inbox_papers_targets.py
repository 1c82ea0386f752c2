"""Messages, papers and targets: who sees what, who may do what, and what counts as received."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from ledger.builders import CHIEF, CLERK, LEADER, LIAISON, Office, at
from sqlalchemy import select
from sqlmodel import col
from web_client import Client, words

from config.terms import Channel, Level, PaperState, TargetState
from database import Database, reading
from models import Delivery, DistrictTarget, Notice, Paper

Enter = Callable[[str], Client]


@pytest.fixture
def office(standing: Database) -> Office:
    return Office(standing)


def paper_state(database: Database, number: int) -> PaperState:
    with reading(database) as session:
        return session.get_one(Paper, number).state


def test_opening_a_message_counts_as_received_and_is_recorded_once(
    office: Office, signed_in: Enter, standing: Database
) -> None:
    office.an_item(assigned="2022-07-01")
    unit = signed_in(LIAISON)
    inbox = unit.get("/inbox")
    [number] = re.findall(r'href="/inbox/(\d+)"', inbox.text)
    assert "未读" in words(inbox)
    for _ in range(2):
        assert "去办理事项" in words(unit.get(f"/inbox/{number}"))
    with reading(standing) as session:
        opened = select(Delivery).where(col(Delivery.channel) == Channel.PORTAL)
        assert len(session.scalars(opened).all()) == 1
        assert session.get_one(Notice, int(number)).delivered_at is not None
    assert "没有未读的消息" in words(unit.get("/inbox?unread=yes"))


def test_nobody_reads_anothers_message(office: Office, signed_in: Enter) -> None:
    office.an_item(assigned="2022-07-01")
    [number] = re.findall(r'href="/inbox/(\d+)"', signed_in(LIAISON).get("/inbox").text)
    assert signed_in("330102.liaison").get(f"/inbox/{number}").status_code == 404
    assert signed_in(CLERK).get(f"/inbox/{number}").status_code == 404


def test_a_paper_goes_through_two_hands_and_the_unit_sees_it_only_then(
    office: Office, signed_in: Enter, standing: Database
) -> None:
    item = office.a_signed_item(due=at("2022-06-27").date(), assigned="2022-06-01")
    office.escalate("2022-06-28")
    office.reach(item, Level.URGE, "2022-06-28 11:00")
    office.escalate("2022-06-30")
    paper = office.paper_of(item).id or 0
    unit, chief, clerk, leader = (signed_in(login) for login in (LIAISON, CHIEF, CLERK, LEADER))
    assert f"/papers/{paper}.pdf" not in unit.get("/papers").text
    assert unit.get(f"/papers/{paper}.docx").status_code == 404
    assert leader.post(f"/papers/{paper}/review").status_code == 403
    assert chief.post(f"/papers/{paper}/review").status_code == 303
    refused = chief.post(f"/papers/{paper}/sign")
    assert refused.status_code == 409 and "由另一人签发" in words(refused)
    assert "杭小微办督〔2022〕1号" in words(leader.follow(leader.post(f"/papers/{paper}/sign")))
    assert unit.get(f"/papers/{paper}.docx").headers["content-disposition"].endswith(".docx")
    assert clerk.post(f"/papers/{paper}/serve", {"how": ""}).status_code == 422
    assert clerk.post(f"/papers/{paper}/serve", {"how": "当面送交"}).status_code == 303
    assert unit.post(f"/papers/{paper}/receipt").status_code == 303
    assert paper_state(standing, paper) is PaperState.RECEIPTED


def test_a_district_confirms_its_targets_and_objects_to_one_with_a_reason(signed_in: Enter, standing: Database) -> None:
    district, other, office = signed_in("330102.liaison"), signed_in("330105.liaison"), signed_in(CHIEF)
    page = district.get("/targets").text
    first = re.findall(r'action="/targets/330102/(T\d\d)/object"', page)[0]
    empty = district.post(f"/targets/330102/{first}/object", {"comment": " "})
    assert empty.status_code == 422
    assert district.post(f"/targets/330102/{first}/object", {"comment": "基数有误"}).status_code == 303
    assert other.post("/targets/330102/confirm").status_code == 409
    confirmed = words(district.follow(district.post("/targets/330102/confirm")))
    assert "已确认" in confirmed
    answered = office.post(f"/targets/330102/{first}/uphold", {"comment": "经核对基数无误"})
    assert answered.status_code == 303
    assert "经核对基数无误" in words(district.get("/targets"))
    with reading(standing) as session:
        states = {row.state for row in session.scalars(select(DistrictTarget).where(col(DistrictTarget.unit_id) == 17))}
    assert states <= {TargetState.CONFIRMED, TargetState.UPHELD, TargetState.PROPOSED}


def test_a_district_that_is_not_there_is_told_so_whatever_is_said_to_its_targets(signed_in: Enter) -> None:
    district, office = signed_in("330102.liaison"), signed_in(CHIEF)
    answers = [
        district.post("/targets/999/confirm"),
        district.post("/targets/999/T06/object", {"comment": "x"}),
        office.post("/targets/999/T06/uphold", {"comment": "x"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_a_district_sees_no_other_districts_targets(signed_in: Enter) -> None:
    page = words(signed_in("330102.liaison").get("/targets?unit=330105"))
    assert "拱墅区的目标任务" not in page
    assert "拱墅区" in words(signed_in(CHIEF).get("/targets"))


def test_search_finds_own_items_every_unit_and_every_clause(office: Office, signed_in: Enter) -> None:
    number = office.an_item(assigned="2022-07-01")
    mine = words(signed_in(LIAISON).get("/search?q=小升规"))
    assert f"{number} 推进“小升规”" in mine and "条款和指标（" in mine
    foreign = words(signed_in("330105.liaison").get("/search?q=小升规"))
    assert "没有找到您能查看的事项" in foreign
    assert "上城区" in words(signed_in("330105.liaison").get("/search?q=上城"))
    assert "&lt;script&gt;" in signed_in(LIAISON).get("/search?q=<script>").text


@pytest.mark.parametrize("login", [LIAISON, "330102.head", CHIEF, LEADER, "auditor"])
def test_every_line_of_the_menu_can_be_opened_by_who_is_shown_it(login: str, signed_in: Enter) -> None:
    person = signed_in(login)
    page = person.follow(person.get("/"))
    paths = re.findall(r'<li><a href="(/[a-z]+)"', page.text)
    assert len(paths) >= 5
    for path in [*paths, "/help", "/account", "/search"]:
        answer = person.get(path)
        if answer.status_code == 303:  # a district is led on to its own page
            answer = person.follow(answer)
        assert answer.status_code == 200, (path, words(answer))


@pytest.mark.parametrize("path", ["/documents/progress.docx", "/documents/briefing.docx"])
def test_material_of_a_quarter_is_made_for_who_oversees(path: str, signed_in: Enter) -> None:
    answer = signed_in(CLERK).get(f"{path}?quarter=2022Q1")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
    assert signed_in(CLERK).get(f"{path}?quarter=2022").status_code == 422
    assert signed_in(LIAISON).get(f"{path}?quarter=2022Q1").status_code == 403
