"""`duban report` reads the stored run, makes every file the same each time, and writes all of them or none."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from bulletin_cases import the_facts
from chart_cases import a_case, a_district
from official_papers import converted, pdf_pages, pdf_text, squeezed, the_fonts

from cli import main
from config.errors import BadInput, FontsMissing
from config.plan import Plan
from config.terms import Action, AssessmentState, Level, Population
from database import Database, reading, writing
from documents import fonts
from documents.bulletin import report as reports
from documents.bulletin.bulletin import bulletin
from documents.bulletin.facts import Facts, is_on_time, is_overdue
from documents.bulletin.gathering import facts_of, newest
from documents.bulletin.report import File, Material, Report, report, write
from documents.official.render import as_docx
from models import Assessment
from supervision import in_force, scoring
from supervision.ledger.assessments import assess
from supervision.periods import parse_quarter
from supervision.workdays import published

sys.path.insert(0, str(Path(__file__).parents[1] / "ledger"))

from builders import CHIEF, CLERK, LEADER, LIAISON, Office, at, day

DISTRICTS = (
    a_district("330102", "上城区", value="600"),
    a_district("330105", "拱墅区", value="350", items_due=[{"due": "2022-06-30", "completed": None}]),
)
ALWAYS = ["考核通报.docx", "得分说明.docx", "评分工作簿.xlsx"]

on_sqlite = pytest.mark.parametrize("supervised_url", ["sqlite"], indirect=True)


def _material(plan: Plan, simulated: bool = True) -> Material:
    facts = the_facts(plan, *DISTRICTS)
    case = a_case(DISTRICTS)
    result = scoring.assess(scoring.read_case(case), calendar=published()).as_json()
    return Material(replace(facts, run=replace(facts.run, simulated=simulated)), case, result)


def _store(database: Database, quarter: str = "2022Q2", population: Population = Population.DISTRICTS) -> None:
    """Keep a run of DISTRICTS, or of two member units, as `duban assess` does."""
    units = (a_district("jxj", "市经信局"), a_district("kjj", "市科技局"))
    of_districts = population is Population.DISTRICTS
    case = {**a_case(DISTRICTS if of_districts else units, targets=of_districts), "quarter": quarter}
    result = scoring.assess(scoring.read_case(case), calendar=published()).as_json()
    with writing(database) as session:
        force = in_force.load(session)
        row = Assessment(
            tenant_id=force.tenant_id, plan_id=force.plan_id, quarter=quarter, population=population, vintage=1,
            as_of=date(2022, 7, 25), case=case, result=json.loads(json.dumps(result)),
            scheme_hash=str(result["scheme_hash"]), input_digest=str(result["input_digest"]), run_at=at("2022-07-25"),
        )  # fmt: skip
        session.add(row)


def _gathered(office: Office, quarter: str, population: Population) -> Facts:
    with reading(office.database) as session:
        run = newest(session, office.force, parse_quarter(quarter), population)
        return facts_of(session, office.force, run)


def _without_fonts() -> fonts.Fonts:
    raise FontsMissing("本机没有中文字体，不能排 PDF；请先安装（apt install fonts-noto-cjk）后重试")


# --- reading


@pytest.fixture
def office(supervised: Database) -> Office:
    """The office at work on each kind of database."""
    return Office(supervised)


def test_the_ledger_is_read_as_it_was_known_when_the_run_was_frozen(office: Office) -> None:
    moved, overdue = office.a_signed_item(title="延期的事项"), office.a_signed_item(title="逾期的事项")
    office.act(moved, Action.REQUEST_EXTENSION, by=LIAISON, comment="待省级办法", date=day("2022-08-31"))
    office.act(moved, Action.APPROVE_EXTENSION, by=CLERK, when="2022-07-21")
    office.act(moved, Action.REPORT_COMPLETION, by=LIAISON, when="2022-07-28", comment="已办结")
    office.act(moved, Action.VERIFY, by=CLERK, when="2022-07-29")
    paper = office.a_drafted_paper(overdue)
    office.review(paper, by=CHIEF)
    office.sign(paper, by=LEADER)
    with writing(office.database) as session:
        assess(
            session, office.force, parse_quarter("2022Q3"), Population.UNITS, as_of=day("2022-10-25"),
            at=at("2022-10-25"),
        )  # fmt: skip

    before = _gathered(office, "2022Q3", Population.UNITS)
    office.act(overdue, Action.REPORT_COMPLETION, by=LIAISON, when="2022-11-01", comment="已办结")
    office.act(overdue, Action.VERIFY, by=CLERK, when="2022-11-02")
    after = _gathered(office, "2022Q3", Population.UNITS)

    assert before == after
    items = {item.title: item for item in before.items["jxj"]}
    assert set(items) == {"延期的事项", "逾期的事项"}
    assert is_on_time(items["延期的事项"]) and items["延期的事项"].extensions == 1
    assert is_overdue(items["逾期的事项"]) and items["逾期的事项"].extensions == 0
    assert items["逾期的事项"].period == "2022年第二季度"
    (signed,) = before.papers
    assert (signed.unit, signed.level, signed.number) == ("jxj", Level.SUPERVISION_NOTICE, "杭小微办督〔2022〕1号")
    assert (signed.subject, signed.on_item, before.urged) == ("逾期的事项", True, {"jxj": 1})


@on_sqlite
def test_ranks_of_earlier_quarters_are_read_with_what_makes_them_hard_to_compare(office: Office) -> None:
    _store(office.database, "2021Q4")
    _store(office.database, "2022Q1")

    facts = _gathered(office, "2022Q1", Population.DISTRICTS)

    assert [(str(each.quarter), each.ranks) for each in facts.standings] == [
        ("2021Q4", (("上城区", 1), ("拱墅区", 2))), ("2022Q1", (("上城区", 1), ("拱墅区", 2))),
    ]  # fmt: skip
    assert ["不在同一年" in caveat for caveat in facts.caveats] == [True]


# --- making


@pytest.fixture(scope="module")
def made(hangzhou: Plan) -> Report:
    """The report on DISTRICTS, simulated."""
    the_fonts()
    return report(_material(hangzhou))


def _content(made: Report, name: str) -> bytes:
    (content,) = (file.content for file in made.files if file.name == name)
    return content


def test_the_same_run_gives_the_same_files(hangzhou: Plan, made: Report) -> None:
    first, second = made, report(_material(hangzhou))

    assert first.files == second.files
    assert first.refused is None
    assert [file.name for file in first.files if "/" not in file.name] == [
        "考核通报.docx", "得分说明.docx", "考核通报.pdf", "得分说明.pdf", "评分工作簿.xlsx",
    ]  # fmt: skip
    assert [file.name for file in first.files if file.name.endswith(".svg")] == [
        "图表/得分构成.svg", "图表/目标进度.svg", "图表/指标完成率.svg", "图表/数据报送.svg",
    ]  # fmt: skip


def test_the_pdf_says_everything_and_marks_every_page(hangzhou: Plan, made: Report) -> None:
    for name, paper in reports._papers(_material(hangzhou).facts, {}).items():
        content = _content(made, f"{name}.pdf")
        text, wanted = pdf_text(content), [line for line in _said(paper) if line]
        assert wanted and not [line for line in wanted if squeezed(line) not in text]
        assert all("模拟数据" in page for page in pdf_pages(content))
        assert "\ufffd" not in text and "\x00" not in text


def _said(paper: Any) -> list[str]:
    """Return the paragraphs, captions and single-line cells of a paper: what no layout may lose."""
    from bulletin_cases import _lines

    attached = [block for attachment in paper.attachments for block in attachment.blocks]
    return [line for line in _lines([*paper.blocks, *attached]) if len(line) < 200 and "\n" not in line]


def test_libreoffice_opens_the_bulletin_with_its_charts(made: Report, tmp_path: Path) -> None:
    text = pdf_text(converted(_content(made, "考核通报.docx"), tmp_path))

    assert squeezed("2022年第二季度区、县（市）考核得分与位次") in text
    assert squeezed("图1　2022年第二季度区、县（市）得分构成与位次") in text
    assert squeezed("抄送") in text


def test_the_workbook_and_the_bulletin_have_the_same_totals(made: Report) -> None:
    cells = {
        str(cell.value)
        for sheet in openpyxl.load_workbook(io.BytesIO(_content(made, "评分工作簿.xlsx")), data_only=True)
        for row in sheet.iter_rows()
        for cell in row
    }

    for score in made.facts.scores:
        assert {score.name, f"{float(score.total):g}"} <= cells


def test_without_a_font_the_documents_are_made_all_the_same(hangzhou: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "find", _without_fonts)

    found = report(_material(hangzhou))

    assert [file.name for file in found.files] == ALWAYS
    assert found.refused is not None and "apt install" in str(found.refused)


def test_a_font_without_a_glyph_spoils_nothing_but_what_needs_it(hangzhou: Plan) -> None:
    the_fonts()
    given = _material(hangzhou)
    first, *others = given.facts.result.districts
    odd = replace(given.facts.result, districts=(replace(first, name="\U0010fffd区"), *others))

    found = report(replace(given, facts=replace(given.facts, result=odd)))

    assert [file.name for file in found.files] == ALWAYS
    assert "U+10FFFD" in str(found.refused)


def test_without_pictures_the_bulletin_is_still_a_whole_paper(hangzhou: Plan) -> None:
    assert as_docx(bulletin(_material(hangzhou).facts, {})).startswith(b"PK")


# --- writing


def test_files_replace_what_was_there_and_leave_nothing_beside(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    write([File("图表/一.svg", b"1"), File("二.docx", b"2")], folder)

    paths = write([File("图表/一.svg", b"3"), File("二.docx", b"4")], folder)

    assert [path.read_bytes() for path in paths] == [b"3", b"4"]
    assert sorted(path.name for path in folder.rglob("*")) == sorted(["图表", "一.svg", "二.docx"])


def test_what_cannot_be_written_leaves_everything_as_it_was(tmp_path: Path) -> None:
    write([File("一.docx", b"old")], tmp_path)
    (tmp_path / "图表").write_text("in the way")

    with pytest.raises(BadInput, match=r"图表.*无法写入"):
        write([File("一.docx", b"new"), File("图表/二.svg", b"new")], tmp_path)

    assert (tmp_path / "一.docx").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["一.docx", "图表"])


# --- the command


@pytest.fixture
def duban(
    supervised_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Call duban on a database with the packaged plan."""
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DUBAN_DATABASE_URL", supervised_url)

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


Call = Callable[..., tuple[int, str, str]]


@on_sqlite
def test_a_quarter_that_was_not_assessed_is_refused_with_what_to_do(duban: Call, tmp_path: Path) -> None:
    code, out, err = duban("report", "2022Q2", "--out", tmp_path / "out")
    units = duban("report", "2022Q2", "--out", tmp_path / "out", "--population", "units")

    assert (code, out) == (2, "")
    assert err == "2022年第二季度还没有区、县（市）的考核结果，请先运行 duban assess 2022Q2\n"
    assert "duban assess 2022Q2 --population units" in units[2]
    assert not (tmp_path / "out").exists()


@on_sqlite
def test_both_populations_are_written_where_both_are_stored(duban: Call, supervised: Database, tmp_path: Path) -> None:
    the_fonts()
    _store(supervised)
    _store(supervised, population=Population.UNITS)

    code, out, err = duban("report", "2022Q2", "--out", tmp_path / "out", "--json")

    assert (code, err) == (0, "")
    printed = json.loads(out)
    assert printed["runs"] == [
        {"population": "districts", "vintage": 1, "as_of": "2022-07-25", "state": "draft"},
        {"population": "units", "vintage": 1, "as_of": "2022-07-25", "state": "draft"},
    ]
    assert all(Path(name).is_file() for name in printed["files"])
    assert str(tmp_path / "out" / "成员单位" / "考核通报.docx") in printed["files"]
    assert str(tmp_path / "out" / "评分工作簿.xlsx") in printed["files"]


@on_sqlite
def test_without_a_font_the_rest_is_written_before_the_failure(
    duban: Call, supervised: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _store(supervised)
    monkeypatch.setattr(fonts, "find", _without_fonts)

    code, out, err = duban("report", "2022Q2", "--out", tmp_path / "out")

    assert code == 1
    assert err.startswith("PDF 和图表没有生成，其余文件已写好：") and "apt install" in err and err.count("\n") == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(ALWAYS)
    assert "考核通报.docx" in out


@on_sqlite
@pytest.mark.parametrize("out", ["file", "file/below", ""])
def test_a_place_that_is_no_folder_is_refused(duban: Call, supervised: Database, tmp_path: Path, out: str) -> None:
    _store(supervised)
    (tmp_path / "file").write_text("taken")

    code, printed, err = duban("report", "2022Q2", "--out", str(tmp_path / out) if out else "")

    assert (code, printed, err.count("\n")) == (2, "", 1)
    assert (tmp_path / "file").read_text() == "taken"


@on_sqlite
def test_a_result_that_was_tampered_with_is_not_published(duban: Call, supervised: Database, tmp_path: Path) -> None:
    _store(supervised)
    with writing(supervised) as session:
        row = session.get_one(Assessment, 1)
        changed = json.loads(json.dumps(row.result))
        changed["districts"][0]["total"] = "99.99"
        row.result = changed

    code, _, err = duban("report", "2022Q2", "--out", tmp_path / "out")

    assert code == 3 and "不一致" in err
    assert not (tmp_path / "out").exists()


def test_every_state_of_a_run_has_its_words() -> None:
    from documents.bulletin.bulletin import _STATES

    assert set(_STATES) == set(AssessmentState) - {AssessmentState.PUBLISHED}
