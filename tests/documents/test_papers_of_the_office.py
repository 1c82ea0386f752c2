"""What the office's papers say, from what the database holds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from config.errors import Refused, UnknownName
from config.terms import Action, Level
from database import Database, reading, writing
from documents.official.content import Heading, Paper, Paragraph, Table
from documents.papers.assignment import assignment
from documents.papers.briefing import Reader, briefing
from documents.papers.ledger import COLUMNS, ledger, ledger_paper, ledger_workbook
from documents.papers.progress import progress_summary
from documents.papers.signed import signed_paper
from documents.papers.urging import urging
from models import Person, ReportingRequest
from supervision import cycle
from supervision.ledger import papers as signing
from supervision.periods import parse_quarter
from supervision.queries import items

sys.path.append(str(Path(__file__).parents[1] / "ledger"))  # the office at work is built where its acts are tested

from builders import CLERK, HEAD, LIAISON, Office, at, day, on_sqlite

A = Action
CENTRAL, CENTRAL_LIAISON = "浙江证监局", "zjzjj.liaison"
QUARTER = parse_quarter("2022Q2")


@pytest.fixture
def office(supervised: Database) -> Office:
    """The office at work, nothing assigned yet."""
    return Office(supervised)


def texts(value: object) -> Iterator[str]:
    """Yield every text of a paper."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def said(paper: Paper) -> str:
    return "\n".join(texts(paper))


def facts(paper: Paper) -> dict[str, str]:
    """Return the first table of a paper as what is said of what."""
    table = next(block for block in paper.blocks if isinstance(block, Table))
    return {str(row[0]): str(row[1]) for row in table.rows}


def made(office: Office, build: Any, *arguments: Any, **options: Any) -> Paper:
    with reading(office.database) as session:
        found: Paper = build(session, office.force, *arguments, **options)
        return found


def a_signed_paper(office: Office, **changes: Any) -> tuple[int, int]:
    """Return an item and its 督办单, signed on 2022-08-03."""
    number = office.a_signed_item(**changes)
    office.escalate("2022-08-01")
    office.reach(number, Level.URGE, "2022-08-01 11:00", login=changes.get("login", LIAISON))
    office.escalate("2022-08-03")
    paper = office.paper_of(number).id or 0
    office.review(paper)
    office.sign(paper)
    return number, paper


def a_signed_circular(office: Office, number: int, paper: int) -> int:
    with writing(office.database) as session:
        when = at("2022-08-04")
        signing.serve(session, office.force, paper, by=office.who(session, CLERK, when), at=when, how="当面送交")
    office.escalate("2022-08-10")
    circular = office.paper_of(number).id or 0
    office.review(circular, when="2022-08-10 14:00")
    office.sign(circular, when="2022-08-10 15:00")
    return circular


def test_a_signed_paper_bears_number_and_day_and_what_was_known_then(office: Office) -> None:
    _, paper = a_signed_paper(office)
    found = made(office, signed_paper, paper)
    assert (found.number, found.day, found.addressee) == ("杭小微办督〔2022〕1号", date(2022, 8, 3), "市经信局")
    assert found.title == "关于推进“小升规”（2022年第二季度）事项的督办单"
    assert found.signature is not None and found.signature.day == date(2022, 8, 3)
    assert found.red_head == "杭州市“小微企业三年成长计划”推进领导小组办公室"
    told = facts(found)
    assert told["责任单位"] == "市经信局（牵头）"
    assert told["逾期情况"] == "截至2022年8月3日已逾期5天"
    assert told["前期提示"] == "2022年8月1日催办"
    assert told["立项依据"].endswith("三（一）1")
    assert "现予督办" in said(found)
    assert found.copied_to == ("市市场监管局",)  # which leads the key task


def test_a_paper_printed_again_later_says_what_it_said(office: Office) -> None:
    number, paper = a_signed_paper(office)
    before = made(office, signed_paper, paper)
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-08-05", comment="已办结")
    office.act(number, A.VERIFY, by=CLERK, when="2022-08-08", comment="属实")
    assert made(office, signed_paper, paper) == before


@on_sqlite
def test_a_draft_has_neither_number_nor_day_and_says_what_it_is(office: Office) -> None:
    number = office.a_signed_item()
    paper = office.a_drafted_paper(number)
    draft = made(office, signed_paper, paper)
    assert (draft.number, draft.state) == (None, "（拟稿）")
    assert draft.signature is not None and draft.signature.day is None
    assert draft.imprint is not None and draft.imprint.day is None
    office.review(paper)
    assert made(office, signed_paper, paper).state == "（送审稿）"


@on_sqlite
def test_a_cancelled_paper_is_not_printed(office: Office) -> None:
    number = office.a_signed_item()
    paper = office.a_drafted_paper(number)
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-08-03 16:00", comment="已办结")
    with pytest.raises(Refused, match="已作废"):
        made(office, signed_paper, paper)
    with pytest.raises(UnknownName, match="没有编号为 999 的文书"):
        made(office, signed_paper, 999)


@on_sqlite
def test_a_circular_goes_to_the_group_and_to_the_leaders(office: Office) -> None:
    circular = a_signed_circular(office, *a_signed_paper(office))
    found = made(office, signed_paper, circular)
    assert (found.number, found.addressee) == ("杭小微办通〔2022〕1号", "领导小组各成员单位")
    assert found.copied_to == ("领导小组领导", "市市场监管局")
    assert found.title.endswith("逾期未办结情况的通报")
    assert facts(found)["前期提示"] == "2022年8月1日催办\n2022年8月3日督办单（杭小微办督〔2022〕1号）"


@on_sqlite
def test_a_circular_on_a_district_goes_to_the_districts(office: Office) -> None:
    number = office.a_signed_item(unit="上城区")
    office.escalate("2022-08-01")
    office.reach(number, Level.URGE, "2022-08-01 11:00", login="330102.liaison")
    office.escalate("2022-08-03")
    paper = office.paper_of(number).id or 0
    office.review(paper)
    office.sign(paper)
    assert made(office, signed_paper, a_signed_circular(office, number, paper)).addressee == "各区县（市）政府"


@on_sqlite
def test_papers_to_central_units_ask_and_never_supervise(office: Office) -> None:
    number = office.a_signed_item(unit=CENTRAL)
    office.escalate("2022-08-01")
    office.reach(number, Level.URGE, "2022-08-01 11:00", login=CENTRAL_LIAISON)
    office.escalate("2022-08-03")
    paper = office.paper_of(number).id or 0
    office.review(paper)
    office.sign(paper)
    circular = a_signed_circular(office, number, paper)
    found = [
        made(office, assignment, number), made(office, urging, number), made(office, signed_paper, paper),
        made(office, signed_paper, circular),
    ]  # fmt: skip
    for each in found:
        assert each.title.endswith("函") and each.addressee == "中国证券监督管理委员会浙江监管局"
        words = said(each).replace("中国证券监督管理委员会浙江监管局", "")
        assert not any(word in words for word in ("督", "通报", "催办", "交办", "逾期", "引以为戒")), each.title
    assert [each.number for each in found] == [None, None, "杭小微办函〔2022〕1号", "杭小微办函〔2022〕2号"]
    assert facts(found[3])["前期去函"] == "2022年8月1日\n2022年8月3日（杭小微办函〔2022〕1号）"
    assert "特此函商" in said(found[2]) and "特此函告" in said(found[3])
    assert all("商请" in said(each) for each in found[:3])
    assert "抄送贵单位" in said(found[3]) and "领导小组领导" not in found[3].copied_to


@on_sqlite
def test_an_urging_repeats_what_the_ladder_did(office: Office) -> None:
    number = office.a_signed_item()
    with pytest.raises(Refused, match="还没有催办"):
        made(office, urging, number)
    office.escalate("2022-08-01")
    found = made(office, urging, number)
    assert (found.day, found.number, found.state) == (date(2022, 8, 1), None, f"事项编号：{number}")
    assert facts(found)["逾期情况"] == "截至2022年8月1日已逾期3天"
    with pytest.raises(UnknownName, match="没有编号为 999 的交办事项"):
        made(office, urging, 999)
    with pytest.raises(UnknownName, match="没有编号为 999 的报送任务"):
        made(office, urging, 999, reports=True)


@on_sqlite
def test_a_request_is_urged_in_its_own_words(office: Office) -> None:
    cycle.collect_figures(office.database, "", as_of=day("2022-04-01"))
    with reading(office.database) as session:
        request = session.scalars(
            select(ReportingRequest)
            .where(col(ReportingRequest.due) > day("2022-04-01"))
            .order_by(col(ReportingRequest.due), col(ReportingRequest.id))
            .limit(1)
        ).one()
        number, first = request.id or 0, office.force.calendar.add(request.due, 1)
    cycle.escalate_overdue(office.database, "", as_of=first)
    found = made(office, urging, number, reports=True)
    assert "应于" in said(found) and "报送任务" in said(found) and "办结" not in said(found)
    assert "报送期限" in facts(found) and "截止填报" in facts(found)


@on_sqlite
def test_an_assignment_says_who_what_until_when_and_from_where(office: Office) -> None:
    [number] = office.a_matter(content="逐户核对转供电价格", urgent=True)
    found = made(office, assignment, number)
    assert (found.title, found.urgency, found.day) == ("关于办理园区用电清理事项的交办单", "特急", date(2022, 7, 1))
    told = facts(found)
    assert (told["立项依据"], told["具体要求"]) == ("会议议定事项（市政府第12次常务会议纪要）", "逐户核对转供电价格")
    assert told["办理期限"] == "2022年7月29日"


@on_sqlite
def test_an_extension_stands_in_the_facts_beside_the_first_date(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.REQUEST_EXTENSION, by=LIAISON, when="2022-07-28", comment="待批", date=day("2022-08-31"))
    office.act(number, A.APPROVE_EXTENSION, by=CLERK, when="2022-07-28 15:00", comment="同意")
    office.escalate("2022-09-01")
    told = facts(made(office, urging, number))
    assert (told["原定期限"], told["办理期限"]) == ("2022年7月29日", "2022年8月31日（经同意延期1次）")


@on_sqlite
def test_a_title_of_three_hundred_characters_is_cut_in_the_title_and_whole_in_the_facts(office: Office) -> None:
    [number] = office.a_matter(title="清" * 300)
    found = made(office, assignment, number)
    assert len(found.title) < 100 and facts(found)["事项"] == "清" * 300


def feedback(office: Office, number: int, by: str, text: str, when: str = "2022-07-12", **more: str) -> None:
    office.act(number, A.REPORT_PROGRESS, by=by, when=when, comment=text, **more)


def test_progress_is_merged_by_key_task_the_lead_first_and_who_is_silent_is_named(office: Office) -> None:
    jxj = office.a_signed_item(period="2022Q2")
    scjg = office.a_signed_item(unit="市市场监管局", period="2022Q2", title="推进“个转企”")
    late = office.a_signed_item(unit="市工商联", period="2022Q2")
    earlier = office.a_signed_item(period="2022Q1", title="上一季度的事")
    feedback(office, jxj, LIAISON, "已培育100家。", problems="用地紧张", next_steps="抓紧协调")
    feedback(office, scjg, "scjg.liaison", "已转200户", problems="无")
    feedback(office, earlier, LIAISON, "补报上季度")
    found = made(office, progress_summary, QUARTER, as_of=day("2022-08-01"))
    words = said(found)
    headings = [block.text for block in found.blocks if isinstance(block, Heading)]
    assert headings[:4] == [
        "以提质增效为目标，壮大小微企业发展活力", "持续引导小微企业提档升级（牵头单位：市市场监管局）", "进展情况",
        "存在的问题",
    ]  # fmt: skip
    spoken = [[run.text for run in block.runs] for block in found.blocks if isinstance(block, Paragraph)]
    assert ["市市场监管局（牵头）：", "推进“个转企”，已转200户。"] in spoken
    assert ["市经信局：", "推进“小升规”，已培育100家。"] in spoken
    assert spoken.index(["市市场监管局（牵头）：", "推进“个转企”，已转200户。"]) < spoken.index(
        ["市经信局：", "推进“小升规”，已培育100家。"]
    )
    assert ["未反馈：", "市工商联尚未反馈。"] in spoken
    assert "补报上季度" not in words and "推进“个转企”，无" not in words
    assert "应反馈进展的事项共3项，已反馈2项，逾期未反馈1项。" in words
    assert late


@on_sqlite
def test_the_counts_of_feedback_add_up_and_name_who_owes_how_much(office: Office) -> None:
    feedback(office, office.a_signed_item(), LIAISON, "已培育100家")
    office.a_signed_item(title="欠的一件")
    for unit in ("市工商联", "上城区", "上城区"):
        office.a_signed_item(unit=unit)
    office.a_signed_item(unit="市市场监管局", due=day("2022-08-31"))
    found = made(office, progress_summary, QUARTER, as_of=day("2022-08-01"))
    assert "应反馈进展的事项共6项，已反馈1项，逾期未反馈4项，未到期或暂停计时1项。" in said(found)
    [table] = [block for block in found.blocks if isinstance(block, Table)]
    task, total = table.rows[0], table.rows[-1]
    assert task[2:] == ("6", "1", "4", "1", "上城区2项；市经信局、市工商联各1项")
    assert total[0] == "合计" and total[2:6] == ("6", "1", "4", "1")


@on_sqlite
def test_the_kinds_of_items_in_a_briefing_add_up_to_what_was_registered(office: Office) -> None:
    import re

    office.a_signed_item()
    office.act(office.a_signed_item(title="有异议的"), A.DISPUTE, by=LIAISON, when="2022-07-05", comment="不归我单位")
    found = made(office, briefing, QUARTER, reader=Reader.GROUP, as_of=day("2022-08-01"))
    [told] = re.findall(r"累计立项.*?。", said(found))
    total, *kinds = map(int, re.findall(r"(\d+)项", told))
    assert total == sum(kinds) == 2 and "有异议或暂缓1项" in told


@on_sqlite
def test_units_in_the_same_words_are_named_together_and_items_too(office: Office) -> None:
    for unit in ("330102", "330105"):
        name = office.force.plan.unit(unit).name
        for title in ("甲事", "乙事"):
            feedback(office, office.a_signed_item(unit=name, title=title), f"{unit}.liaison", "已完成")
    found = made(office, progress_summary, QUARTER, as_of=day("2022-08-01"))
    spoken = [[run.text for run in block.runs] for block in found.blocks if isinstance(block, Paragraph)]
    assert ["上城区、拱墅区：", "甲事、乙事，已完成。"] in spoken


@on_sqlite
def test_what_is_not_due_yet_is_not_held_against_anybody(office: Office) -> None:
    office.a_signed_item(period="2022Q2", due=day("2022-07-20"))
    found = made(office, progress_summary, QUARTER, as_of=day("2022-07-20"))
    assert "没有逾期未反馈的事项" in said(found) and "尚未反馈" not in said(found)


@on_sqlite
def test_the_briefing_speaks_to_the_group_and_reports_to_the_office_above(office: Office) -> None:
    number = office.a_signed_item()
    office.a_signed_item(unit="市工商联")
    feedback(office, number, LIAISON, "已培育100家", problems="用地紧张", next_steps="抓紧协调")
    group = made(office, briefing, QUARTER, reader=Reader.GROUP, as_of=day("2022-08-01"))
    province = made(office, briefing, QUARTER, reader=Reader.PROVINCE, as_of=day("2022-08-01"))
    assert (group.red_head, group.state, group.addressee) == ("工作简报", "2022年第2期", "领导小组各成员")
    assert "市工商联" in said(group) and "抓紧补报" in said(group)
    assert (province.addressee, province.signatory) == ("省“小微企业三年成长计划”工作领导小组办公室", "")
    assert province.title.endswith("实施情况的报告") and "特此报告" in said(province)
    assert "杭州市经济和信息化局：" in said(province) and "杭州市工商业联合会部分任务进展情况尚未反馈" in said(province)
    assert "有逾期事项" in said(group) and "有逾期事项" not in said(province)


@on_sqlite
def test_a_plan_without_an_office_above_reports_to_nobody_above(office: Office) -> None:
    from dataclasses import replace

    plain = office.force.plan.model_copy(
        update={"office": office.force.plan.office.model_copy(update={"superior": None})}
    )
    office.force = replace(office.force, plan=plain)
    with pytest.raises(Refused, match="superior"):
        made(office, briefing, QUARTER, reader=Reader.PROVINCE, as_of=day("2022-08-01"))


@on_sqlite
def test_a_briefing_without_anything_to_say_is_still_a_paper(office: Office) -> None:
    found = made(office, briefing, QUARTER, reader=Reader.GROUP, as_of=day("2022-08-01"))
    assert "应反馈进展的事项共0项" in said(found)


@on_sqlite
def test_the_ledger_is_the_same_rows_on_paper_and_in_the_workbook(office: Office, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    office.a_signed_item()
    office.a_matter(title='=HYPERLINK("http://x")\n换行 <b>&')
    with reading(office.database) as session:
        lines = items.items(session, office.force, as_of=day("2022-08-01"))
        found = ledger(session, office.force, lines, as_of=day("2022-08-01"))
    content = ledger_workbook(found)
    assert ledger_workbook(found) == content
    (tmp_path / "ledger.xlsx").write_bytes(content)
    sheet = load_workbook(tmp_path / "ledger.xlsx").active
    assert sheet is not None
    rows = [tuple(cell.value or "" for cell in row) for row in sheet.iter_rows(min_row=2)]
    assert rows[0] == tuple(column.title for column in COLUMNS)
    [table] = ledger_paper(found).blocks
    assert isinstance(table, Table)
    assert tuple(rows[1:]) == table.rows == found.rows
    assert len(found.rows) == len(lines) == 2
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n"}  # no formula


@on_sqlite
def test_a_ledger_without_rows_is_a_table_with_headings(office: Office) -> None:
    with reading(office.database) as session:
        found = ledger(session, office.force, [], as_of=day("2022-08-01"))
    assert ledger_paper(found).blocks == (Table(COLUMNS, ()),)
    assert ledger_workbook(found)


@on_sqlite
def test_made_up_people_mark_every_paper(office: Office) -> None:
    number, paper = a_signed_paper(office)
    assert made(office, signed_paper, paper).mark == ""
    with writing(office.database) as session:
        session.execute(update(Person).where(col(Person.login) == HEAD).values(synthetic=True))
    as_of = day("2022-08-01")
    found = [
        made(office, signed_paper, paper), made(office, assignment, number), made(office, urging, number),
        made(office, progress_summary, QUARTER, as_of=as_of),
        made(office, briefing, QUARTER, reader=Reader.GROUP, as_of=as_of),
        made(office, briefing, QUARTER, reader=Reader.PROVINCE, as_of=as_of),
    ]  # fmt: skip
    assert {each.mark for each in found} == {"模拟数据"}


@on_sqlite
def test_the_paper_of_a_bureau_is_worded_for_the_unit_above_it(office: Office) -> None:
    from supervision.ledger.bureaus import add_bureau

    with writing(office.database) as session:
        when = at("2022-07-01")
        who = office.who(session, CENTRAL_LIAISON, when)
        add_bureau(session, office.force, unit=CENTRAL, code="zjzjj.gs", name="公司监管处", by=who, at=when)
    office.reload()
    number = office.a_part(office.a_signed_item(unit=CENTRAL), by=CENTRAL_LIAISON, bureau="公司监管处")
    found = made(office, assignment, number)
    assert (found.addressee, found.title) == ("公司监管处", "关于商请办理核对企业名单（2022年第二季度）事项的函")
