"""Evidence through the API: declared, looked at, kept once, and handed out to who may see what it is about."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from docx import Document
from ledger.builders import CHIEF, HEAD, LIAISON, Office
from ledger.builders import at as moment
from sqlalchemy import select
from sqlmodel import col
from web_program import Caller

from access.tokens import TokenScope
from database import Database, reading, writing
from models import Event, Evidence, ReportingRequest
from supervision.ledger import reporting

Give = Callable[..., Caller]

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
STRANGER = "330102.liaison"


@pytest.fixture
def office(standing: Database) -> Office:
    return Office(standing)


def docx() -> bytes:
    made = io.BytesIO()
    Document().save(made)
    return made.getvalue()


def send(
    caller: Caller, path: str, *files: tuple[str, bytes], declared: bool | None = True, key: str = ""
) -> httpx.Response:
    data = {} if declared is None else {"declared": "true" if declared else "false"}
    headers = {"Idempotency-Key": key} if key else {}
    return caller.call(
        "POST", path, data=data, files=[("file", (name, content)) for name, content in files], headers=headers
    )


def rows_of(database: Database, table: Any) -> int:
    with reading(database) as session:
        return len(session.scalars(select(table)).all())


def a_request(office: Office, unit: str) -> int:
    """Return the number of a request of the unit, which has just been opened."""
    with writing(office.database) as session:
        reporting.open_requests(session, office.force, as_of=date(2022, 7, 4), at=moment("2022-07-04 08:40"))
        of_unit = col(ReportingRequest.unit_id) == office.force.unit_id(unit)
        return session.scalars(select(col(ReportingRequest.id)).where(of_unit)).first() or 0


def test_a_unit_hands_in_files_and_its_overseers_get_them_back_as_they_were(
    office: Office, program: Give, standing: Database
) -> None:
    number, content = office.a_signed_item(assigned="2022-07-01"), docx()
    sent = send(program(LIAISON), f"/items/{number}/evidence", ("总结.docx", content), ("附件.pdf", PDF))
    assert sent.status_code == 200, sent.text
    assert [each["file_name"] for each in sent.json()["evidence"]] == ["总结.docx", "附件.pdf"]
    first = sent.json()["evidence"][0]
    assert (first["size"], len(first["sha256"]), bool(first["by"])) == (len(content), 64, True)
    office_program = program(CHIEF, TokenScope.READ)
    listed = office_program.get(f"/items/{number}/evidence").json()["evidence"]
    assert [each["id"] for each in listed] == [each["id"] for each in sent.json()["evidence"]]
    got = office_program.get(f"/items/{number}/evidence/{first['id']}")
    assert got.content == content and got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["content-type"] == first["media_type"] and got.headers["x-content-type-options"] == "nosniff"
    again = office_program.get(
        f"/items/{number}/evidence/{first['id']}", headers={"If-None-Match": got.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    with reading(standing) as session:
        events = session.scalars(select(Event).where(col(Event.action) == "add_evidence")).all()
        assert [event.item_id for event in events] == [number, number]


@pytest.mark.parametrize(
    ("declared", "name", "content", "why"),
    [
        (False, "总结.pdf", PDF, "涉密材料不得上传"),
        (None, "总结.pdf", PDF, "涉密材料不得上传"),
        (True, "总结.zip", PDF, "类型不能上传"),
        (True, "总结.docx", PDF, "内容与扩展名不符"),
        (True, "总结.pdf", b"", "空文件"),
        (True, "页面.txt", b"<html><script>1</script></html>", "内容与扩展名不符"),
    ],
)
def test_what_is_not_declared_or_not_what_its_name_says_is_not_kept(
    declared: bool | None, name: str, content: bytes, why: str, office: Office, program: Give, tmp_path: Path
) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    answer = send(program(LIAISON), f"/items/{number}/evidence", (name, content), declared=declared)
    assert answer.status_code == 422 and why in answer.json()["message"], answer.text
    assert not (tmp_path / "evidence").exists()


def test_a_call_without_a_file_says_what_is_missing(office: Office, program: Give) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    answer = program(LIAISON).call("POST", f"/items/{number}/evidence", data={"declared": "true"})
    assert answer.status_code == 422 and "file" in answer.json()["message"]
    broken = program(LIAISON).call(
        "POST", f"/items/{number}/evidence", content=b"--nothing", headers={"Content-Type": "multipart/form-data"}
    )
    assert (broken.status_code, broken.json()["error"]) == (422, "bad_input")


def test_a_file_that_comes_twice_is_one_piece_of_evidence(office: Office, program: Give, standing: Database) -> None:
    number, caller = office.a_signed_item(assigned="2022-07-01"), program(LIAISON)
    first = send(caller, f"/items/{number}/evidence", ("总结.pdf", PDF), key="a-1")
    same_call = send(caller, f"/items/{number}/evidence", ("总结.pdf", PDF), key="a-1")
    without_key = send(caller, f"/items/{number}/evidence", ("另名.pdf", PDF))
    assert first.json() == same_call.json() == without_key.json()
    assert same_call.headers["idempotent-replayed"] == "true"
    assert rows_of(standing, Evidence) == 1
    other = send(caller, f"/items/{number}/evidence", ("总结.pdf", PDF + b" "), key="a-1")
    assert other.status_code == 409 and "换一个键" in other.json()["message"]


def test_who_may_not_hand_in_is_refused_before_a_file_is_kept(office: Office, program: Give, tmp_path: Path) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    path = f"/items/{number}/evidence"
    assert send(program("auditor"), path, ("总结.pdf", PDF)).status_code == 409
    assert send(program(STRANGER), path, ("总结.pdf", PDF)).status_code == 404
    assert send(program(LIAISON, TokenScope.READ), path, ("总结.pdf", PDF)).status_code == 403
    assert send(Caller(program(LIAISON).app, "x"), path, ("总结.pdf", PDF)).status_code == 401
    assert not (tmp_path / "evidence").exists()


def test_evidence_of_one_thing_is_not_handed_out_with_another_or_to_another_unit(office: Office, program: Give) -> None:
    mine, other = (office.a_signed_item(assigned="2022-07-01") for _ in range(2))
    owner, stranger = program(LIAISON), program(STRANGER)
    piece = send(owner, f"/items/{mine}/evidence", ("总结.pdf", PDF)).json()["evidence"][0]["id"]
    assert owner.get(f"/items/{other}/evidence/{piece}").status_code == 404
    assert owner.get(f"/items/{mine}/evidence/{piece + 1}").status_code == 404
    assert stranger.get(f"/items/{mine}/evidence/{piece}").status_code == 404
    assert stranger.get(f"/items/{mine}/evidence").status_code == 404
    request = a_request(office, "上城区")
    assert stranger.get(f"/requests/{request}/evidence/{piece}").status_code == 404


def test_figures_are_supported_by_files_of_the_unit_that_reports_them(
    office: Office, program: Give, standing: Database
) -> None:
    request = a_request(office, "上城区")
    unit, neighbour = program(STRANGER), program("330105.liaison")
    text = "市场主体名录".encode("gb18030")
    sent = send(unit, f"/requests/{request}/evidence", ("名录.txt", text))
    [piece] = sent.json()["evidence"]
    got = program(CHIEF).get(f"/requests/{request}/evidence/{piece['id']}")
    assert got.content == text and got.headers["content-type"] == "text/plain", "its encoding is not ours to name"
    assert unit.get(f"/requests/{request}/evidence").json()["evidence"] == [piece]
    for answer in (
        neighbour.get(f"/requests/{request}/evidence"),
        neighbour.get(f"/requests/{request}/evidence/{piece['id']}"),
        send(neighbour, f"/requests/{request}/evidence", ("a.pdf", PDF)),
    ):
        assert answer.status_code == 404
    assert send(program(HEAD), f"/requests/{request}/evidence", ("a.pdf", PDF)).status_code == 404
    with reading(standing) as session:
        assert session.scalars(select(Evidence)).one().request_id == request


def test_a_call_over_the_limit_is_told_so(office: Office, program: Give, tmp_path: Path) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    answer = send(program(LIAISON), f"/items/{number}/evidence", ("大.pdf", PDF + b"0" * (21 * 2**20)))
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert not (tmp_path / "evidence").exists()
