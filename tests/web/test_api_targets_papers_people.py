"""Targets, papers, people, messages, matters and forms through the API: the rules of the pages, for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from ledger.builders import CHIEF, CLERK, HEAD, LEADER, LIAISON, Level, Office
from ledger.builders import at as moment
from sqlalchemy import select
from sqlmodel import col
from web_program import Caller

from access.tokens import TokenScope
from config.terms import Channel, PaperState, RequestState, TargetState
from database import Database, reading, writing
from models import Delegation, Delivery, DistrictTarget, Matter, Notice, Paper, ReportingRequest
from supervision.ledger import reporting

Give = Callable[..., Caller]

DISTRICT, NEIGHBOUR = "330102.liaison", "330105.liaison"
"""The liaisons of 上城区 and 拱墅区."""


@pytest.fixture
def office(standing: Database) -> Office:
    return Office(standing)


def one(database: Database, statement: Any) -> Any:
    with reading(database) as session:
        found = session.scalars(statement).one()
        session.expunge_all()
        return found


def targets(caller: Caller, **wanted: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the caller sees, by indicator and district."""
    answer = caller.get("/targets", params=wanted)
    assert answer.status_code == 200, answer.text
    return {(line["indicator"], line["unit"]): line for each in answer.json()["indicators"] for line in each["targets"]}


# --- targets


def test_a_district_reads_its_own_targets_and_who_oversees_all_of_them(program: Give) -> None:
    own, every = targets(program(DISTRICT)), targets(program("auditor"))
    assert {unit for _, unit in own} == {"上城区"} and len({unit for _, unit in every}) == 13
    assert own.items() <= every.items()
    line = own["T06", "上城区"]
    assert isinstance(line["target"], str) and (line["version"], line["state"]) == (1, "proposed")
    neighbour = program(NEIGHBOUR)
    assert neighbour.get("/targets", params={"unit": "上城区"}).status_code == 404
    assert neighbour.get("/targets/T06/上城区").status_code == 404
    hidden, missing = (neighbour.get(f"/targets/T06/{unit}").json()["message"] for unit in ("上城区", "上天区"))
    assert hidden.replace("上城区", "上天区") == missing, "what is not seen is answered as what is not there"
    assert program(CHIEF).get("/targets/T99/330102").status_code == 404
    assert program(CHIEF).get("/targets", params={"unit": "市经信局"}).status_code == 422
    assert targets(program(LIAISON)) == {}, "a bureau of the city has none"


def test_a_district_confirms_and_objects_and_the_office_answers(program: Give, standing: Database) -> None:
    district, neighbour, clerk = program(DISTRICT), program(NEIGHBOUR), program(CLERK)
    assert neighbour.post("/targets/T06/330102/objection", {"comment": "过高"}).status_code == 404
    assert neighbour.post("/districts/330102/targets/confirm", {}).status_code == 404
    assert district.post("/targets/T06/330102/objection", {"comment": "  "}).status_code == 422
    said = district.post("/targets/T06/330102/objection", {"comment": "基数有误"})
    assert said.json() == {"unit": "上城区", "indicators": ["T06"], "state": "objected"}
    confirmed = district.post("/districts/上城区/targets/confirm", {}).json()
    assert "T06" not in confirmed["indicators"] and len(confirmed["indicators"]) > 5
    assert district.post("/targets/T06/330102/uphold", {"reason": "x"}).status_code == 403
    assert clerk.post("/targets/T06/330102/uphold", {"reason": "基数已核对"}).json()["state"] == "upheld"
    [version] = district.get("/targets/T06/上城区").json()["versions"]
    assert (version["comment"], version["answer"]) == ("基数有误", "基数已核对")
    assert district.post("/districts/上城区/targets/confirm", {"indicators": ["T06"]}).status_code == 200
    again = district.post("/districts/上城区/targets/confirm", {"indicators": ["T06"]})
    assert again.status_code == 409 and "不必重复" in again.json()["message"]
    assert "duban " not in district.post("/districts/上城区/targets/confirm", {}).json()["message"]


def test_the_office_records_a_districts_word_only_with_its_source(program: Give) -> None:
    clerk = program(CLERK)
    bare = clerk.post("/districts/上城区/targets/confirm", {"indicators": ["T06"]})
    assert bare.status_code == 409 and "写明来源" in bare.json()["message"]
    given = {"indicators": ["T06"], "source": "3月5日复函"}
    assert clerk.post("/districts/上城区/targets/confirm", given).status_code == 200
    assert program("leader.signer").post("/districts/上城区/targets/confirm", given).status_code == 403


def test_a_change_of_targets_is_tried_first_and_then_written_once(program: Give, standing: Database) -> None:
    clerk, before = program(CLERK), targets(program(CLERK), indicator="T06")
    wanted = str(int(before["T06", "滨江区"]["target"]) + 1)
    given = {"target": wanted, "reason": "高新企业集中，会商同意"}
    key = {"Idempotency-Key": "t06"}
    tried = clerk.post("/targets/T06/滨江区", {**given, "dry_run": True}, headers=key).json()
    assert tried["applied"] is False and {line["version"] for line in tried["changes"]} == {None}
    assert targets(clerk, indicator="T06") == before
    first, second = (clerk.post("/targets/T06/滨江区", given, headers=key) for _ in range(2))
    assert first.json() == second.json() and second.headers["idempotent-replayed"] == "true"
    assert first.json()["applied"] and "滨江区" in first.json()["told"]
    after = targets(clerk, indicator="T06")
    assert (after["T06", "滨江区"]["target"], after["T06", "滨江区"]["by_hand"]) == (wanted, True)
    assert sum(int(line["target"]) for line in after.values()) == sum(int(line["target"]) for line in before.values())
    versions = clerk.get("/targets/T06/滨江区").json()["versions"]
    assert [(each["version"], each["set_by"]) for each in versions] == [(2, CLERK), (1, None)]


def test_a_split_and_a_baseline_are_the_offices_and_need_a_reason(program: Give, standing: Database) -> None:
    clerk, district = program(CLERK), program(DISTRICT)
    assert district.post("/targets/T06/split", {"reason": "x"}).status_code == 403
    assert district.post("/targets/T06/上城区", {"target": "1", "reason": "x"}).status_code == 403
    clerk.post("/targets/T06/滨江区", {"target": "400", "reason": "会商同意"})
    assert clerk.post("/targets/T06/split", {}).status_code == 422, "no reason"
    assert clerk.post("/targets/T06/split", {"reason": "x", "base": "不存在"}).status_code == 404
    back = clerk.post("/targets/T06/split", {"reason": "三季度会商"}).json()
    assert back["applied"] and any(line["unit"] == "滨江区" for line in back["changes"])
    for text in ("很多", "1e400", "-1", ""):
        assert clerk.post("/targets/T06/滨江区", {"target": text, "reason": "x"}).status_code == 422, text
    put = clerk.post("/targets/T28/桐庐县/baseline", {"baseline": "1", "reason": "2020年底台账"})
    assert put.status_code == 200, put.text
    newest = one(standing, select(DistrictTarget).where(col(DistrictTarget.version) == 2,
                                                        col(DistrictTarget.baseline).is_not(None)))  # fmt: skip
    assert newest.state is TargetState.PROPOSED


# --- papers


def a_paper(office: Office) -> tuple[int, int]:
    """Return an overdue item of 市经信局 and the 督办单 that the ladder drafted for it, on the Monday of the tests."""
    item = office.a_signed_item(due=date(2022, 6, 27), assigned="2022-06-01")
    office.escalate("2022-06-28")
    office.reach(item, Level.URGE, "2022-06-28 11:00")
    office.escalate("2022-06-30")
    return item, office.paper_of(item).id or 0


def test_a_paper_goes_through_two_hands_and_its_unit_sees_it_only_then(
    office: Office, program: Give, standing: Database
) -> None:
    item, paper = a_paper(office)
    unit, chief, clerk, leader = (program(login) for login in (LIAISON, CHIEF, CLERK, LEADER))
    assert unit.get("/papers").json() == {"papers": []}
    assert {unit.get(f"/papers/{paper}{part}").status_code for part in ("", "/file")} == {404}
    assert unit.post(f"/papers/{paper}/review", None).status_code == 403
    reviewed = chief.post(f"/papers/{paper}/review", None)
    assert (reviewed.json()["state"], reviewed.json()["item"]) == ("reviewed", item)
    refused = chief.post(f"/papers/{paper}/sign", None)
    assert refused.status_code == 409 and "另一人签发" in refused.json()["message"]
    assert leader.post(f"/papers/{paper}/return", {"comment": "写明天数"}).json()["state"] == "drafted"
    chief.post(f"/papers/{paper}/review", None)
    key = {"Idempotency-Key": "sign-1"}
    signed = [leader.post(f"/papers/{paper}/sign", None, headers=key).json() for _ in range(2)]
    assert signed[0] == signed[1] and signed[0]["number"] == "杭小微办督〔2022〕1号"
    assert [each["id"] for each in unit.get("/papers").json()["papers"]] == [paper]
    assert unit.get(f"/papers/{paper}").json()["steps"] == [], "whose hands it went through is the office's"
    assert [each["what"] for each in chief.get(f"/papers/{paper}").json()["steps"]][-1] == "签发"
    assert clerk.post(f"/papers/{paper}/serve", {"how": " "}).status_code == 422
    assert clerk.post(f"/papers/{paper}/serve", {"how": "当面送交"}).json()["state"] == "served"
    assert program(DISTRICT).post(f"/papers/{paper}/receipt", {}).status_code == 404
    assert unit.post(f"/papers/{paper}/receipt", {}).json()["state"] == "receipted"
    assert one(standing, select(Paper)).state is PaperState.RECEIPTED


def test_papers_are_handed_out_as_files_to_who_sees_them(office: Office, program: Give) -> None:
    item, paper = a_paper(office)
    got = program("auditor").get(f"/papers/{paper}/file")
    assert got.content[:2] == b"PK" and got.headers["content-disposition"].startswith("attachment;")
    own = program(LIAISON).get(f"/items/{item}/paper", params={"of": "urge"})
    assert own.content[:2] == b"PK" and "%E5%82%AC%E5%8A%9E%E5%8D%95" in own.headers["content-disposition"]
    assert program(DISTRICT).get(f"/items/{item}/paper").status_code == 404
    assert program(LIAISON).get(f"/items/{item}/paper", params={"format": "html"}).status_code == 422


# --- people


def test_a_unit_sees_its_own_people_and_no_secrets_of_anybodys(program: Give) -> None:
    own = program(LIAISON)
    seen = own.get("/people").json()
    assert {each["login"] for each in seen["people"]} == {LIAISON, HEAD} and seen["total"] == 2
    everybody = program("auditor").get("/people", params={"size": 5}).json()
    assert everybody["total"] > 50 and len(everybody["people"]) == 5
    assert own.get("/people", params={"unit": "市科技局"}).json()["people"] == []
    posts = own.get(f"/people/{HEAD}").json()["posts"]
    assert [(post["role"], post["unit"]) for post in posts] == [("unit_head", "市经信局")]
    assert own.get(f"/people/{DISTRICT}").status_code == own.get("/people/nobody").status_code == 404
    text = program(CHIEF).get(f"/people/{LIAISON}").text.lower()
    assert not any(word in text for word in ("password", "locked", "token", "subject"))


def test_the_units_are_listed_with_the_groups_they_belong_to(program: Give) -> None:
    found = {each["name"]: each for each in program(DISTRICT).get("/units").json()["units"]}
    assert found["上城区"]["kind"] == "district" and found["上城区"]["code"] == "330102"
    assert any("区县" in each["group"] or "区、县" in each["group"] for each in found["上城区"]["memberships"])
    plan = program(DISTRICT).get("/plan").json()
    assert len(plan["key_tasks"]) == 12 and len(plan["indicators"]) == 39


def test_somebody_lets_another_stand_in_and_acts_alone_again(program: Give, standing: Database) -> None:
    person = program(LIAISON)
    given = {"to": HEAD, "since": "2022-07-04", "until": "2022-07-08", "reason": "出差"}
    assert person.post("/me/delegation", {**given, "until": "2022-07-01"}).status_code == 422
    assert person.post("/me/delegation", {**given, "reason": " "}).status_code == 422
    assert person.post("/me/delegation", {**given, "to": "nobody"}).status_code == 404
    assert program(LIAISON, TokenScope.READ).post("/me/delegation", given).status_code == 403
    done = person.post("/me/delegation", given).json()["given"]
    assert [(each["owner"], each["deputy"]) for each in done] == [(LIAISON, HEAD)]
    assert person.post("/me/delegation", given).status_code == 409
    assert person.post("/me/delegation/end", {"on": "2022-07-06"}).json()["given"][0]["until"] == "2022-07-05"
    assert one(standing, select(Delegation)).until == date(2022, 7, 5)


# --- messages, matters, parts


def test_reading_a_message_opens_nothing_and_saying_so_counts_as_received(
    office: Office, program: Give, standing: Database
) -> None:
    office.an_item(assigned="2022-07-01")
    unit = program(LIAISON)
    [message] = unit.get("/inbox", params={"unread": True}).json()["messages"]
    assert unit.get(f"/inbox/{message['id']}").json()["opened"] is False
    assert program(DISTRICT).get(f"/inbox/{message['id']}").status_code == 404
    assert program(DISTRICT).post("/inbox/opened", {"messages": [message["id"]]}).json() == {"opened": 0}
    opened = [unit.post("/inbox/opened", {"messages": [message["id"]]}).json()["opened"] for _ in range(2)]
    assert opened == [1, 0] and unit.get(f"/inbox/{message['id']}").json()["opened"] is True
    assert one(standing, select(Delivery).where(col(Delivery.channel) == Channel.PORTAL)).notice_id == message["id"]
    assert unit.get("/inbox").json()["total"] == 1
    assert unit.get("/notices").status_code == 403


def test_the_office_reads_every_notice_and_records_a_service_by_telephone(
    office: Office, program: Give, standing: Database
) -> None:
    item, chief = office.an_item(assigned="2022-07-01"), program(CHIEF)
    [notice] = chief.get("/notices", params={"item": item}).json()["notices"]
    assert notice["unit"] == "市经信局" and {each["channel"] for each in notice["deliveries"]} == {"email"}
    path = f"/notices/{notice['id']}/served"
    assert chief.post(path, {"person": DISTRICT, "how": "电话"}).status_code == 409
    assert chief.post(path, {"person": "nobody", "how": "电话"}).status_code == 404
    assert chief.post("/notices/999/served", {"person": LIAISON, "how": "电话"}).status_code == 404
    assert chief.post(path, {"person": LIAISON, "how": "电话告知"}).json()["person"] == LIAISON
    assert one(standing, select(Notice)).delivered_at is not None


def test_a_matter_is_put_to_its_units_once(program: Give, standing: Database) -> None:
    chief = program(CHIEF)
    given = {
        "kind": "meeting", "title": "园区用电清理", "source_document": "市政府第12次常务会议纪要",
        "units": ["市发改委", "市经信局"], "due": "2022-08-31",
    }  # fmt: skip
    made = chief.post("/matters", given).json()
    assert len(made["items"]) == 2
    twice = chief.post("/matters", given)
    assert twice.status_code == 409 and "没有重复立项" in twice.json()["message"]
    assert chief.post("/matters", {**given, "again": True}).json()["matter"] == made["matter"] + 1
    shown = chief.get(f"/matters/{made['matter']}").json()
    assert [item["unit"] for item in shown["items"]] == ["市发改委", "市经信局"]
    assert chief.get("/matters", params={"words": "用电"}).json()["total"] == 2
    assert chief.get("/matters/99").status_code == 404
    assert chief.post("/matters", {**given, "kind": "plan", "again": True}).status_code == 422
    assert program(LIAISON).post("/matters", given).status_code == 403
    assert program(LEADER).post("/matters", given).status_code == 403
    merged = program("fgw.liaison").get(f"/items/{made['items'][0]}/merging").json()
    assert merged["silent"] == ["市经信局"] and merged["own"]["unit"] == "市发改委"
    assert program(LIAISON).get(f"/items/{made['items'][1]}/merging").status_code == 409, "it leads nothing"
    with reading(standing) as session:
        assert len(session.scalars(select(Matter)).all()) == 2


def test_a_unit_breaks_its_item_down_and_the_item_shows_its_parts(office: Office, program: Give) -> None:
    number, unit = office.a_signed_item(assigned="2022-07-01"), program(LIAISON)
    given = {"title": "核对企业名单", "due": "2022-07-22", "assignee": HEAD}
    part = unit.post(f"/items/{number}/parts", given).json()["part"]
    shown = unit.get(f"/items/{number}").json()
    assert [each["id"] for each in shown["parts"]] == [part]
    assert shown["dues"][0]["due"] == "2022-07-29" and shown["reports"] == []
    assert program(DISTRICT).post(f"/items/{number}/parts", given).status_code == 404
    assert unit.post(f"/items/{number}/parts", {**given, "bureau": "x"}).status_code == 422
    assert unit.post(f"/items/{number}/parts", {**given, "due": "2022-09-01"}).status_code == 422


# --- forms


def a_request(office: Office, unit: str) -> int:
    with writing(office.database) as session:
        reporting.open_requests(session, office.force, as_of=date(2022, 7, 4), at=moment("2022-07-04 08:40"))
        of_unit = col(ReportingRequest.unit_id) == office.force.unit_id(unit)
        still_open = of_unit, col(ReportingRequest.state) == RequestState.OPEN, col(ReportingRequest.period) == "2022Q2"
        return session.scalars(select(ReportingRequest).where(*still_open)).all()[0].id or 0


def test_figures_leave_a_unit_by_its_heads_hand_only(office: Office, program: Give, standing: Database) -> None:
    number = a_request(office, "上城区")
    liaison, head = program(DISTRICT), program("330102.head")
    form = liaison.get(f"/requests/{number}").json()
    rows = [{"indicator": line["indicator"], "area": line["area"], "value": "0"} for line in form["lines"]]
    assert rows and form["draft_revision"] == 0 and form["versions"] == []
    refused = liaison.post(f"/requests/{number}/submission", {"rows": rows})
    assert refused.status_code == 409 and "分管负责人" in refused.json()["message"]
    wrong = [{"indicator": "T99", "value": "1"}, {**rows[0], "value": "很多"}]
    draft = f"/requests/{number}/draft"
    bad = liaison.post(draft, {"rows": wrong, "revision": 0, "ask_head": True}).json()
    assert bad["asks_head"] is False and [each["where"] for each in bad["problems"]] == ["rows[0]", "rows[1]"]
    lost = liaison.post(draft, {"rows": rows, "revision": 0})
    assert lost.status_code == 409 and lost.json()["error"] == "conflict"
    for stranger in (NEIGHBOUR, LIAISON):
        assert program(stranger).get(f"/requests/{number}").status_code == 404
        assert program(stranger).post(draft, {"rows": rows, "revision": 0}).status_code == 404
    kept = liaison.post(draft, {"rows": rows, "revision": bad["revision"], "ask_head": True}).json()
    assert kept["asks_head"] and kept["problems"] == []
    assert head.get(f"/requests/{number}").json()["asks_head"] is True
    filed = head.post(f"/requests/{number}/submission", {"rows": rows})
    assert (filed.json()["version"], filed.json()["figures"]) == (1, len(rows))
    shown = liaison.get(f"/requests/{number}").json()
    assert (shown["state"], shown["draft_revision"], shown["versions"][0]["filed_by"]) == (
        "filed",
        0,
        "上城区分管负责人",
    )


def test_the_office_files_for_a_unit_only_with_the_source_of_the_figures(office: Office, program: Give) -> None:
    number, clerk = a_request(office, "上城区"), program(CLERK)
    form = clerk.get(f"/requests/{number}").json()
    rows = [{"indicator": line["indicator"], "area": line["area"], "value": "0"} for line in form["lines"]]
    bare = clerk.post(f"/requests/{number}/submission", {"rows": rows})
    assert bare.status_code == 409 and "写明来源" in bare.json()["message"]
    given = {"rows": rows, "source": "7月4日报来盖章纸质报表"}
    assert clerk.post(f"/requests/{number}/submission", given).status_code == 200
    [version] = clerk.get(f"/requests/{number}").json()["versions"]
    assert version["recorded_from"] == given["source"]
    pretended = program(DISTRICT).post(f"/requests/{number}/submission", given)
    assert pretended.status_code == 422, "a unit records for nobody, and its head is not passed by so"
