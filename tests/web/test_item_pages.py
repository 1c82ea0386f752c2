"""The page of an item: what can be done, what is refused, what is handed in, and who sees it at all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
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


@pytest.mark.parametrize("login", [LIAISON, "jxj.head", "office.chief", "leader.signer", "auditor"])
def test_the_page_offers_just_what_the_table_of_moves_permits(login: str, office: Office, signed_in: Enter) -> None:
    roles = {LIAISON: Role.LIAISON, "jxj.head": Role.UNIT_HEAD, "office.chief": Role.OFFICE,
             "leader.signer": Role.LEADER, "auditor": Role.AUDITOR}  # fmt: skip
    person = signed_in(login)
    for number, status in [
        (office.an_item(assigned="2022-07-01"), Status.ASSIGNED),
        (office.a_signed_item(assigned="2022-07-01"), Status.ACKNOWLEDGED),
        (office.a_reported_item(assigned="2022-07-01", reported="2022-07-04"), Status.COMPLETION_REPORTED),
    ]:
        permitted = {a.value for a in workflow.permitted(status, {roles[login]}) if a not in NOT_ASKED}
        assert offered(person.get(f"/items/{number}").text) == permitted, status


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


@pytest.mark.parametrize("path", ["", "/act", "/evidence", "/parts", "/evidence/1"])
def test_another_units_item_is_as_if_it_were_not_there(path: str, office: Office, signed_in: Enter) -> None:
    number = office.an_item(assigned="2022-07-01")
    stranger = signed_in("330102.liaison")
    for address in (f"/items/{number}{path}", f"/items/99999{path}"):
        ask = stranger.get if path in {"", "/evidence/1"} else stranger.post
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
    form = {"action": "report_progress", "comment": "过半", "source": "7月4日来电", "revision": "2"}
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


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("报告.pdf", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "内容与扩展名不符"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "类型不能上传"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "内容与扩展名不符"),
        ("页.txt", b"<html><body>x</body></html>", "内容与扩展名不符"),
        ("页.html", b"<html></html>", "类型不能上传"),
        ("空.pdf", b"", "空文件"),
        ("假.docx", zipped("a.txt"), "内容与扩展名不符"),
        ("宏.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "含有宏"),
        ("压缩.zip", zipped("a.txt"), "类型不能上传"),
        ("程序.pdf", b"MZ\x90\x00" + b"\0" * 400, "内容与扩展名不符"),
        ("无扩展名", pdf(), "类型不能上传"),
    ],
)  # fmt: skip
def test_what_is_not_what_it_says_is_not_kept(
    name: str, content: bytes, why: str, office: Office, signed_in: Enter, tmp_path: Path
) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    answer = signed_in(LIAISON).post(
        f"/items/{number}/evidence", {"declared": "yes"}, files=[("file", (name, content, "application/pdf"))]
    )
    assert answer.status_code == 422 and why in words(answer)
    assert not (tmp_path / "evidence").exists()


def test_without_the_declaration_nothing_is_written_at_all(office: Office, signed_in: Enter, tmp_path: Path) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
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


def test_evidence_is_taken_from_the_unit_and_the_office_only(office: Office, signed_in: Enter) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    for login, status in [("leader.signer", 409), ("auditor", 409), ("office.clerk", 303)]:
        answer = signed_in(login).post(
            f"/items/{number}/evidence", {"declared": "yes"}, files=[("file", ("a.pdf", pdf(), "application/pdf"))]
        )
        assert answer.status_code == status, login
