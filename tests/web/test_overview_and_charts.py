"""The one page for leaders, and the charts with the tables beside them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from publication.bench import Bench
from sqlalchemy import update
from web_client import Client, words

from database import Database, writing
from models import Plan

Enter = Callable[[str], Client]


@pytest.fixture
def bench(standing: Database) -> Bench:
    """The second quarter assessed, on the morning after; one item overdue and urged."""
    found = Bench(standing)
    found.a_signed_item(due=date(2022, 7, 20), assigned="2022-07-01")
    found.escalate("2022-07-21")
    with writing(standing) as session:
        session.execute(update(Plan).values(demonstrated_until=date(2022, 7, 26)))
    return found


def test_before_the_first_assessment_the_page_says_what_is_missing(signed_in: Enter) -> None:
    page = words(signed_in("leader.signer").get("/overview"))
    assert "还没有考核过" in page and "没有逾期的事项" in page


def test_the_page_shows_what_is_red_since_when_and_what_was_done(bench: Bench, signed_in: Enter) -> None:
    leader = signed_in("leader.signer")
    assert leader.get("/").headers["location"] == "/overview"
    page = words(leader.get("/overview"))
    assert "红灯事项（1）" in page and "2022-07-20" in page and "2022-07-21 催办" in page
    assert "上城区" in page and "位次区间" in page


def test_every_chart_is_drawn_without_anything_from_outside_and_has_a_table(bench: Bench, signed_in: Enter) -> None:
    leader = signed_in("leader.signer")
    page = leader.get("/overview").text
    charts = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', page)
    assert charts and page.count("<summary>数据表</summary>") == len(charts)
    for address, alternative in charts[:2]:
        answer = leader.get(address)
        assert answer.headers["content-type"] == "image/svg+xml" and "<svg" in answer.text
        assert alternative and "<script" not in answer.text
    assert leader.get(re.sub(r"/\w+\.svg", "/nothing.svg", charts[0][0])).status_code == 404


@pytest.mark.parametrize(("login", "status"), [("330102.head", 200), ("330105.head", 404), ("office.chief", 200)])
def test_a_districts_way_to_its_targets_is_seen_by_itself_and_who_oversees(
    login: str, status: int, bench: Bench, signed_in: Enter
) -> None:
    person = signed_in(login)
    assert person.get("/progress/330102").status_code == status
    assert person.get("/progress/330102/T01").status_code == status
    drawn = person.get("/progress/330102/T01/trajectory.svg")
    assert drawn.status_code == status
    if status == 200:
        assert "<svg" in drawn.text and "T01" in words(person.get("/progress/330102"))


def test_units_are_not_shown_the_one_page(bench: Bench, signed_in: Enter) -> None:
    assert signed_in("330102.head").get("/overview").status_code == 403
    assert signed_in("330102.head").get("/timeliness").status_code == 403


def test_the_map_shows_the_districts_by_each_subject_with_a_table_and_the_source(
    bench: Bench, signed_in: Enter
) -> None:
    leader = signed_in("leader.signer")
    page = leader.get("/map")
    subjects = re.findall(r'<option value="([^"]+)"', page.text)
    assert subjects[0] == "progress" and {"overdue", "indicator-T01"} < set(subjects)
    assert "score" not in subjects  # nothing has been published yet
    for subject in ("progress", "overdue"):
        shown = leader.get(f"/map?subject={subject}").text
        assert "2021年" in shown and "不作划界依据" in shown
        assert "330113</td><td>临平区" in shown
        assert re.search(rf'<img src="/map/{subject}.svg" alt="分级地图，13个单位', shown)
    drawn = leader.get("/map/overdue.svg")
    assert drawn.headers["content-type"] == "image/svg+xml" and "<svg" in drawn.text and "<script" not in drawn.text
    assert leader.get("/map?subject=nothing").status_code == leader.get("/map/nothing.svg").status_code == 404


def test_overdue_items_on_the_map_are_those_of_the_ledger(bench: Bench, signed_in: Enter) -> None:
    bench.a_signed_item(due=date(2022, 7, 20), assigned="2022-07-01", unit="330102")
    row = re.search(
        r"<td>330102</td><td>上城区</td><td>(\d+)</td>", signed_in("auditor").get("/map?subject=overdue").text
    )
    assert row is not None and row[1] == "1"


def test_a_district_sees_published_scores_on_the_map_and_no_draft(bench: Bench, signed_in: Enter) -> None:
    district = signed_in("330105.head")
    assert "还没有公布过考核结果" in words(district.get("/map"))
    assert district.get("/map/progress.svg").status_code == 404
    bench.open()
    assert district.get("/map/score.svg").status_code == 404
    bench.publish()
    page = district.get("/map?subject=score")
    assert "按2022年第二季度考核结果（已发布）" in words(page) and "上城区" in page.text
    assert district.get("/map/score.svg").status_code == 200
    assert district.get("/map?subject=overdue").status_code == 404
