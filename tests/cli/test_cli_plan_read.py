"""`duban plan read`: a document on the command line."""

from __future__ import annotations

from pathlib import Path

from calling import ROOT, Duban

DOCUMENT = ROOT / "tests" / "reading" / "documents" / "county-three-year.txt"


def test_a_document_is_printed_as_json_with_the_keys_of_show(duban: Duban) -> None:
    shown, read = duban("plan", "show", "--json").data, duban("plan", "read", DOCUMENT, "--json").data
    for key in ("plan", "goals", "indicators", "key_tasks", "units"):
        entry, like = (data[key] if key == "plan" else data[key][0] for data in (read, shown))
        assert set(like) <= set(entry), key
    assert set(shown["key_tasks"][0]["measures"][0]) <= {"code", "title", "cadence", "due", "clause"}
    assert read["rulings"] == [] and {"line", "message"} == set(read["warnings"][0])
    assert read["key_tasks"][2]["lead_units"] == ["县工信局", "县农业农村局"]


def test_a_draft_is_written_and_told(duban: Duban, tmp_path: Path) -> None:
    done = duban("plan", "read", DOCUMENT, "--out", tmp_path / "draft", "--json")
    assert done.data["draft"]["folder"] == str(tmp_path / "draft")
    assert {problem["file"] for problem in done.data["draft"]["problems"]} == {"units.yaml", "assessment.yaml"}
    again = duban("plan", "read", DOCUMENT, "--out", tmp_path / "draft")
    assert (again.code, again.out) == (2, "") and "已有内容" in again.complaint


def test_people_see_tables_and_what_to_look_at(duban: Duban, tmp_path: Path) -> None:
    done = duban("plan", "read", DOCUMENT, "--out", tmp_path / "draft")
    assert (done.code, done.err) == (0, "")
    for words in ("青禾县乡村产业提升三年行动方案", "建设标准化基地", "突破30亿元", "请核对", "review.md"):
        assert words in done.out


def test_what_is_no_document_is_refused_in_one_line(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"nothing")
    for file in (tmp_path / "plan.pdf", tmp_path / "missing.docx", ROOT):
        assert duban("plan", "read", file).code == 2
