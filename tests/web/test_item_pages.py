"""The page of an item: what can be done, what is refused, what is handed in, and who sees it at all."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from ledger.builders import CLERK, LIAISON, Office
from sqlalchemy import select
from sqlmodel import col
from web_client import Client, words

from config.terms import Action, Role, Status
from database import Database, reading
from models import Event, Evidence, Item, ProgressReport
from supervision import workflow

Enter = Callable[[str], Client]

NOT_ASKED = {Action.APPROVE_EXTENSION, Action.REJECT_EXTENSION}
"""Answers to an extension, which nobody has asked for in these tests."""


@pytest.fixture
def office(standing: Database) -> Office:
    return Office(standing)


def revision(page: str) -> str:
    return re.findall(r'name="revision" value="(\d+)"', page)[0]


def offered(page: str) -> set[str]:
    """Return the acts that the page offers as one's own."""
    own = page.split("<summary>代录（")[0]
    return set(re.findall(r'name="action" value="(\w+)"', own))


def one(database: Database, statement: Any) -> Any:
    with reading(database) as session:
        found = session.scalars(statement).one()
        session.expunge_all()
        return found


def pdf() -> bytes:
    return b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def docx() -> bytes:
    made = io.BytesIO()
    Document().save(made)
    return made.getvalue()


def one_of_each(office: Office) -> dict[Status, int]:
    """Return an item in every status there is, all of one unit; the office's clerk did what the office had to do."""
    july, acts = "2022-07-04 09:00", office.act
    found = {
        Status.ASSIGNED: office.an_item(assigned="2022-07-01"),
        Status.ACKNOWLEDGED: office.a_signed_item(assigned="2022-07-01"),
    }

    def signed(action: Action, by: str, **words: Any) -> int:
        number = office.a_signed_item(assigned="2022-07-01")
        acts(number, action, by=by, when=july, **words)
        return number

    def reported(*then: Action, **words: Any) -> int:
        number = signed(Action.REPORT_COMPLETION, LIAISON, comment="已办结")
        for hour, action in enumerate(then, 10):
            acts(number, action, by=CLERK, when=f"2022-07-04 {hour}:00", **words)
        return number

    found[Status.COMPLETION_REPORTED] = reported()
    found[Status.RETURNED] = reported(Action.RETURN_FOR_REWORK, comment="请补材料", date=date(2022, 7, 15))
    found[Status.COMPLETED] = reported(Action.VERIFY)
    found[Status.CLOSED] = reported(Action.VERIFY, Action.CLOSE)
    found[Status.ARCHIVED] = reported(Action.VERIFY, Action.CLOSE, Action.ARCHIVE)
    found[Status.SUSPENDED] = signed(Action.SUSPEND, CLERK, comment="待上级文件", reason="policy_change")
    found[Status.WITHDRAWN] = signed(Action.WITHDRAW, CLERK, comment="重复交办")
    found[Status.DISPUTED] = signed(Action.DISPUTE, LIAISON, comment="不属我局职责")
    found[Status.REGISTERED] = signed(Action.DISPUTE, LIAISON, comment="不属我局职责")
    acts(found[Status.REGISTERED], Action.ACCEPT_DISPUTE, by=CLERK, when="2022-07-04 10:00")
    assert set(found) == set(Status)
    return found


def test_the_page_offers_just_what_the_table_of_moves_permits_in_every_status_to_every_role(
    office: Office, signed_in: Enter
) -> None:
    items = one_of_each(office)
    people = {
        LIAISON: {Role.LIAISON}, "jxj.head": {Role.UNIT_HEAD}, "office.chief": {Role.OFFICE},
        "leader.signer": {Role.LEADER}, "auditor": {Role.AUDITOR}, "scjg.liaison": set[Role](),
    }  # fmt: skip
    for login, roles in people.items():
        person = signed_in(login)
        for status, number in items.items():
            permitted = {a.value for a in workflow.permitted(status, roles) if a not in NOT_ASKED}
            page = person.get(f"/items/{number}").text
            assert offered(page) == permitted, (login, status)
            recorded = workflow.permitted(status, {Role.LIAISON}) if login == "office.chief" else []
            assert set(re.findall(r'name="action" value="(\w+)"', page)) == permitted | {a.value for a in recorded}


def test_what_wants_somebody_else_is_not_offered_but_said(office: Office, signed_in: Enter) -> None:
    own = office.a_signed_item(unit="市市场监管局", assigned="2022-07-01")
    office.act(own, Action.REPORT_COMPLETION, by="scjg.liaison", when="2022-07-04 09:00", comment="已办结")
    page = signed_in("office.chief").get(f"/items/{own}")
    assert "verify" not in offered(page.text) and "须由外单位人员或领导小组领导办理" in words(page)
    assert "verify" in offered(signed_in("leader.signer").get(f"/items/{own}").text)


def test_who_recorded_a_request_for_the_unit_does_not_answer_it(office: Office, signed_in: Enter) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    form = {
        "action": "request_extension", "comment": "来电申请", "date": "2022-08-12", "source": "7月4日来电",
        "recorded": "yes", "revision": "2",
    }  # fmt: skip
    clerk = signed_in(CLERK)
    assert clerk.post(f"/items/{number}/act", form).status_code == 303
    page = clerk.get(f"/items/{number}")
    assert "申请延至 2022-08-12" in words(page) and "须由另一人办理" in words(page)
    assert not NOT_ASKED & {Action(each) for each in offered(page.text)}
    chief = offered(signed_in("office.chief").get(f"/items/{number}").text)
    assert {each.value for each in NOT_ASKED} <= chief


def test_an_item_past_its_date_says_why_no_extension_can_be_asked_for(office: Office, signed_in: Enter) -> None:
    number = office.a_signed_item(assigned="2022-06-01", due=date(2022, 6, 30))
    page = signed_in(LIAISON).get(f"/items/{number}")
    assert "request_extension" not in offered(page.text)
    assert "不能再申请延期" in words(page) and "已逾期 2 个工作日" in words(page)


def test_a_unit_signs_reports_with_evidence_and_the_office_verifies(
    office: Office, signed_in: Enter, standing: Database, tmp_path: Path
) -> None:
    number = office.an_item(assigned="2022-07-01")
    unit, chief = signed_in(LIAISON), signed_in("office.chief")

    def act(person: Client, action: str, **more: Any) -> str:
        files = more.pop("files", None)
        page = person.get(f"/items/{number}").text
        answer = person.post(
            f"/items/{number}/act", {"action": action, "revision": revision(page), **more}, files=files
        )
        return words(person.follow(answer))

    assert "现为“已签收”" in act(unit, "acknowledge")
    told = act(
        unit, "report_completion", comment="全部完成", problems="无", declared="yes",
        files=[("file", ("佐证.docx", docx(), "application/octet-stream"))],
    )  # fmt: skip
    assert "现为“报请办结”" in told and "佐证.docx" in told and "全部完成" in told
    assert "现为“办结”" in act(chief, "verify", comment="属实")
    kept = one(standing, select(Evidence))
    assert (tmp_path / "evidence" / kept.sha256[:2] / kept.sha256).read_bytes() == docx() or kept.size > 0
    answer = chief.get(f"/items/{number}/evidence/{kept.id}")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert len(answer.content) == kept.size
    assert one(standing, select(Event).where(col(Event.action) == "add_evidence")).item_id == number


def test_a_refused_act_keeps_every_word_that_was_typed(office: Office, signed_in: Enter, standing: Database) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    unit = signed_in(LIAISON)
    form = {"action": "request_extension", "date": "2022-07-01", "comment": "省级<办法>尚未出台", "revision": "2"}
    answer = unit.post(f"/items/{number}/act", form)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert "省级&lt;办法&gt;尚未出台" in answer.text and 'value="2022-07-01"' in answer.text
    assert "--" not in words(answer), "no hints for who types commands"
    assert one(standing, select(Item).where(col(Item.id) == number)).status is Status.ACKNOWLEDGED


def test_who_loses_the_race_is_told_and_changes_nothing(office: Office, signed_in: Enter, standing: Database) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    first, second = signed_in(LIAISON), signed_in("jxj.head")
    seen = revision(second.get(f"/items/{number}").text)
    done = first.post(f"/items/{number}/act", {"action": "report_completion", "comment": "完成", "revision": seen})
    assert done.status_code == 303
    answer = second.post(
        f"/items/{number}/act", {"action": "report_completion", "comment": "也完成了", "revision": seen}
    )
    assert answer.status_code == 409 and "刚被他人办理" in words(answer)
    assert one(standing, select(ProgressReport)).progress == "完成"


def test_words_whose_form_has_gone_are_still_there_to_be_copied(office: Office, signed_in: Enter) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    office.act(number, Action.REPORT_COMPLETION, by="jxj.head", when="2022-07-04 09:00", comment="已办结")
    form = {"action": "report_progress", "comment": "写了<很久>", "next_steps": "下周验收", "revision": "2"}
    answer = signed_in(LIAISON).post(f"/items/{number}/act", form)
    assert answer.status_code == 409 and "没有保存" in words(answer)
    assert "写了&lt;很久&gt;" in answer.text and "下周验收" in answer.text


def test_words_about_an_item_that_went_to_another_unit_meanwhile_are_not_lost(office: Office, signed_in: Enter) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    unit = signed_in(LIAISON)
    form = {"action": "report_progress", "comment": "写了很久", "revision": revision(unit.get(f"/items/{number}").text)}
    office.act(number, Action.REASSIGN, by="leader.signer", when="2022-07-04 09:00", comment="职责调整", to_unit="kjj")
    answer = unit.post(f"/items/{number}/act", form)
    assert answer.status_code == 404 and "写了很久" in answer.text and "无权查看" in words(answer)


def test_a_character_that_cannot_be_kept_is_told(office: Office, signed_in: Enter) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    form = {"action": "report_progress", "comment": "已\0完成", "revision": "2"}
    answer = signed_in(LIAISON).post(f"/items/{number}/act", form)
    assert answer.status_code == 422 and "无法保存的字符" in words(answer)


def test_the_timeline_tells_every_event_in_words(office: Office, signed_in: Enter) -> None:
    chief = signed_in("office.chief")
    for status, number in one_of_each(office).items():
        page = chief.get(f"/items/{number}").text
        told = page.split('<ol class="timeline" reversed>')[1].split("</ol>")[0]
        told = re.sub(r"<[^>]+>", " ", told)
        assert not re.search(r"[a-z]{3,}|[{}\[\]]|其他记录", told), (status, told)


def test_the_office_logs_that_a_notice_was_given_by_telephone_once(
    office: Office, signed_in: Enter, standing: Database
) -> None:
    number = office.an_item(assigned="2022-07-01")
    [notice] = office.notices(number)
    clerk = signed_in(CLERK)
    form = {"notice": str(notice.id), "person": "jxj.head", "how": "7月4日电话告知"}
    told = words(clerk.follow(clerk.post(f"/items/{number}/served", form)))
    assert "送达已登记" in told and "7月4日电话告知" in told and "接收人：" in told
    assert office.notices(number)[0].delivered_at is not None
    again = clerk.post(f"/items/{number}/served", form | {"how": "又打了一次"})
    assert again.status_code == 409 and 'value="又打了一次"' in again.text
    assert 'value="jxj.head" selected' in again.text
    assert clerk.post(f"/items/{number}/served", form | {"person": "kjj.liaison"}).status_code == 409
    other = office.an_item(assigned="2022-07-01")
    assert clerk.post(f"/items/{other}/served", form).status_code == 422, "a notice of another item"
    assert signed_in(LIAISON).post(f"/items/{number}/served", form).status_code == 403


def test_parts_roll_up_and_hold_back_the_whole(office: Office, signed_in: Enter) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    part = office.a_part(number, when="2022-07-04 09:00")
    unit = signed_in(LIAISON)
    page = words(unit.get(f"/items/{number}"))
    assert "共 1 个：已办结 0 个，办理中 1 个" in page and "全部办结后才能报请办结" in page
    form = {"action": "report_completion", "comment": "已办结", "revision": "2"}
    refused = unit.post(f"/items/{number}/act", form)
    assert refused.status_code == 409 and str(part) in words(refused)
    assert f"上级事项 {number}" in words(signed_in("jxj.head").get(f"/items/{part}"))


@pytest.mark.parametrize("path", ["", "/act", "/evidence", "/parts", "/merge", "/evidence/1"])
def test_another_units_item_is_as_if_it_were_not_there(path: str, office: Office, signed_in: Enter) -> None:
    number = office.an_item(assigned="2022-07-01")
    stranger = signed_in("330102.liaison")
    for address in (f"/items/{number}{path}", f"/items/99999{path}"):
        ask = stranger.get if path in {"", "/merge", "/evidence/1"} else stranger.post
        answer = ask(address)
        assert answer.status_code == 404
        assert re.sub(r"\d+", "N", words(answer)).count("无权查看") == 1


def test_the_office_records_what_came_by_telephone_and_says_from_where(
    office: Office, signed_in: Enter, standing: Database
) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    clerk = signed_in(CLERK)
    without = clerk.post(f"/items/{number}/act", {"action": "report_progress", "comment": "过半", "revision": "2"})
    assert without.status_code == 409
    form = {"action": "report_progress", "comment": "过半", "source": "", "recorded": "yes", "revision": "2"}
    unnamed = clerk.post(f"/items/{number}/act", form)
    assert unnamed.status_code == 422 and "请填写“代录来源”" in words(unnamed) and "过半" in unnamed.text
    form |= {"source": "7月4日来电"}
    assert clerk.post(f"/items/{number}/act", form).status_code == 303
    assert one(standing, select(ProgressReport)).recorded_from == "7月4日来电"
    assert "办公室代录，来源：7月4日来电" in words(clerk.get(f"/items/{number}"))


def test_a_part_is_given_to_ones_own_people_and_shows_on_the_page(office: Office, signed_in: Enter) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    unit = signed_in(LIAISON)
    form = {"title": "核对用地", "due": "2022-07-15", "assignee": "jxj.head"}
    assert "核对用地" in words(unit.follow(unit.post(f"/items/{number}/parts", form)))
    refused = unit.post(f"/items/{number}/parts", form | {"due": "2022-12-01"})
    assert refused.status_code == 422 and "核对用地" in refused.text and "2022-12-01" in refused.text
    foreign = unit.post(f"/items/{number}/parts", form | {"assignee": "330102.liaison"})
    assert foreign.status_code == 409


# --- what is handed in


def test_what_is_not_what_it_says_is_neither_kept_nor_recorded(
    office: Office, signed_in: Enter, standing: Database, tmp_path: Path
) -> None:
    number, unit = office.a_signed_item(assigned="2022-07-01"), signed_in(LIAISON)
    page = ("报告.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "application/pdf")
    for path, form in [
        ("evidence", {"declared": "yes"}),
        ("act", {"declared": "yes", "action": "report_progress", "comment": "过半", "revision": "2"}),
    ]:
        answer = unit.post(f"/items/{number}/{path}", form, files=[("file", page)])
        assert answer.status_code == 422 and "内容与扩展名不符" in words(answer)
    assert not (tmp_path / "evidence").exists()
    with reading(standing) as session:
        assert session.scalars(select(Evidence)).all() == session.scalars(select(ProgressReport)).all() == []


def test_without_the_declaration_nothing_is_written_at_all(office: Office, signed_in: Enter, tmp_path: Path) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    form = {"action": "report_progress", "comment": "过半", "revision": "2"}
    report = signed_in(LIAISON).post(f"/items/{number}/act", form, files=[("file", ("a.pdf", pdf(), "x/y"))])
    assert report.status_code == 422 and "过半" in report.text and "请重新选择" in words(report)
    answer = signed_in(LIAISON).post(f"/items/{number}/evidence", files=[("file", ("a.pdf", pdf(), "x/y"))])
    assert answer.status_code == 422 and "国家秘密" in words(answer)
    assert not (tmp_path / "evidence").exists()


def test_a_name_with_folders_in_it_writes_nowhere_else_and_the_same_file_is_kept_once(
    office: Office, signed_in: Enter, standing: Database, tmp_path: Path
) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    unit = signed_in(LIAISON)
    for name in ("../../../etc/passwd.pdf", 'C:\\tmp\\"报告".pdf'):
        sent = unit.post(
            f"/items/{number}/evidence", {"declared": "yes"}, files=[("file", (name, pdf(), "application/pdf"))]
        )
        assert sent.status_code == 303
    kept = one(standing, select(Evidence))
    assert kept.file_name == "passwd.pdf"
    assert [path.name for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == [kept.sha256]


def test_evidence_is_taken_from_the_unit_and_the_office_only(office: Office, signed_in: Enter, tmp_path: Path) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    for login, status in [("leader.signer", 409), ("auditor", 409), ("office.clerk", 303)]:
        answer = signed_in(login).post(
            f"/items/{number}/evidence", {"declared": "yes"}, files=[("file", ("a.pdf", pdf(), "application/pdf"))]
        )
        assert answer.status_code == status, login
        assert (tmp_path / "evidence").exists() is (status == 303), "a stranger's file is not even kept"


def test_evidence_of_one_item_is_not_handed_out_with_another(office: Office, signed_in: Enter) -> None:
    mine, other = office.a_signed_item(assigned="2022-07-01"), office.a_signed_item(assigned="2022-07-01")
    unit = signed_in(LIAISON)
    sent = unit.post(f"/items/{mine}/evidence", {"declared": "yes"}, files=[("file", ("a.pdf", pdf(), "x/y"))])
    assert sent.status_code == 303
    page = unit.get(f"/items/{mine}").text
    [file] = re.findall(rf"/items/{mine}/evidence/(\d+)", page)
    answer = unit.get(f"/items/{mine}/evidence/{file}")
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.content == pdf()
    assert unit.get(f"/items/{other}/evidence/{file}").status_code == 404
    assert unit.get(f"/items/{mine}/evidence/999").status_code == 404
