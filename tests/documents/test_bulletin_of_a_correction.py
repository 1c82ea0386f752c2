"""A bulletin on a correction names the filings behind it, and the published result that it replaces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from bulletin_cases import PUBLISHED, rows_of, said, the_facts
from chart_cases import a_case, a_district
from ledger.builders import LEADER, Office, at, on_sqlite
from publication.bench import DISTRICT, OTHER_DISTRICT, Bench
from publication.filings import file, file_again

from config.plan import Plan
from database import Database, reading, writing
from documents.bulletin.bulletin import bulletin
from documents.bulletin.corrections import corrections
from documents.bulletin.facts import Facts, PastRun
from documents.bulletin.gathering import facts_of
from models import Assessment
from supervision.ledger import reporting
from supervision.scoring import read_case

CAPTION = "更正的报送"


@pytest.fixture
def request_id(supervised: Database) -> int:
    """The form of 上城区 for the second quarter, filed in time, as that of another district."""
    office = Office(supervised)
    with writing(supervised) as session:
        reporting.open_requests(session, office.force, as_of=date(2022, 7, 1), at=at("2022-07-01 08:40"))
    file(office, OTHER_DISTRICT, "30", "2022-07-15", "330105.liaison")
    return file(office, DISTRICT, "9", "2022-07-15", "330102.liaison", others={"T28": "5"})


@pytest.fixture
def bench(supervised: Database, request_id: int) -> Bench:
    """The quarter under publicity."""
    found = Bench(supervised)
    found.open()
    return found


def told(bench: Bench, run: int) -> Facts:
    with reading(bench.database) as session:
        return facts_of(session, bench.force, session.get_one(Assessment, run))


@on_sqlite
def test_the_corrected_form_is_named_with_figures_and_what_they_did(bench: Bench, request_id: int) -> None:
    bench.publish()
    file_again(bench, request_id, "9", "2022-08-05", others={"T28": "6"})
    number = bench.correct(when="2022-08-08", as_of="2022-08-08")
    facts = told(bench, number)
    [filing] = facts.corrected
    assert (filing.request, filing.subject, filing.before, filing.after) == (request_id, "T28", "5个", "6个")
    before, after = (
        next(row["total"] for row in bench.stored(run).result["districts"] if row["name"] == DISTRICT)
        for run in (None, number)
    )
    [row] = rows_of(corrections(facts), CAPTION)
    assert row["报表和周期"] == f"区县小微企业成长情况季报（2022年第二季度，任务编号{request_id}）"
    assert (row["单位"], row["原报"], row["更正为"]) == (DISTRICT, "5个", "6个")
    assert row["更正内容"].startswith("T28 ")
    assert row["总分"] == f"{before}→{after}" and before != after
    assert row["该项得分"].startswith("+") and row["位次"]
    assert "更正涉及1项报送任务，列表如下。" in said(corrections(facts))


@on_sqlite
def test_a_published_correction_says_when_the_first_result_was_published_and_what_it_replaces(
    bench: Bench, request_id: int
) -> None:
    bench.publish()
    file_again(bench, request_id, "9", "2022-08-05", others={"T28": "6"})
    number = bench.correct(when="2022-08-08", as_of="2022-08-08")
    draft = said(bulletin(told(bench, number), {}))
    assert f"本季度结果首次于2022年8月3日发布，为第1版（编号{bench.run}）。" in draft
    assert "本次发布" not in draft
    bench.open(run=number, when="2022-08-09")
    bench.publish(by=LEADER, run=number, when="2022-08-17")
    text = said(bulletin(told(bench, number), {}))
    assert (
        f"本季度结果首次于2022年8月3日发布，为第1版（编号{bench.run}）。本次发布的第2版（编号{number}）替代第1版，"
        "自2022年8月17日起以本版为准。" in text
    )
    assert f"本结果更正第1版（编号{bench.run}，2022年8月3日发布）。更正原因：订正数据。" in text
    assert "没有收到申诉" in text


@on_sqlite
def test_a_correction_of_what_was_never_published_says_so(bench: Bench, request_id: int) -> None:
    file_again(bench, request_id, "9", "2022-08-02", others={"T28": "6"})
    text = said(bulletin(told(bench, bench.correct()), {}))
    assert f"本季度结果此前只公示、未发布，第1版（编号{bench.run}，2022年7月26日公示）经公示需要更正。" in text
    assert "首次于" not in text


def test_what_came_by_paper_in_time_is_named_as_recorded_afterwards(bench: Bench) -> None:
    file(bench, "西湖区", "9", "2022-07-18", "office.clerk", source="7月18日纸质报表")
    rows = rows_of(corrections(told(bench, bench.correct())), CAPTION)
    assert {row["单位"] for row in rows} == {"西湖区"}
    assert all(row["原报"] == "—" for row in rows)
    [conduct] = [row for row in rows if row["更正内容"] == "报送情况"]
    assert conduct["更正为"] == "2022年7月18日报送（代录：7月18日纸质报表）"
    assert conduct["该项得分"].startswith("+")


def test_the_lineage_of_a_correction_of_a_correction_begins_with_the_first_result(hangzhou: Plan) -> None:
    past = (
        PastRun(3, 1, date(2022, 7, 26), date(2022, 8, 3)),
        PastRun(5, 2, date(2022, 8, 9), date(2022, 8, 17)),
    )
    run = replace(PUBLISHED, vintage=3, corrects=2, reason="再次订正", number=7, lineage=past)
    district = a_district("330102", "上城区")
    facts = the_facts(hangzhou, district, run=run, earlier=read_case(a_case([district])))
    text = said(bulletin(facts, {}))
    assert "首次于2022年8月3日发布，为第1版（编号3）。本次发布的第3版（编号7）替代第2版（编号5，" in text
    assert "本结果更正第2版（编号5，2022年8月17日发布）。更正原因：再次订正。" in text
