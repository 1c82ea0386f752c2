"""Results on the portal: who sees what when, every score down to its figure, the way to publication by two hands."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from publication.bench import Bench
from sqlalchemy import select, update
from web_client import Client, words

from config.terms import AssessmentState
from database import Database, reading, writing
from models import Assessment, Objection, Plan

Enter = Callable[[str], Client]


@pytest.fixture
def stand_at(standing: Database) -> Callable[[str], None]:
    """Let the plan stand at a day."""

    def stand(day: str) -> None:
        with writing(standing) as session:
            session.execute(update(Plan).values(demonstrated_until=date.fromisoformat(day)))

    return stand


@pytest.fixture
def bench(standing: Database, stand_at: Callable[[str], None]) -> Bench:
    """The second quarter assessed, a draft, on the morning after."""
    found = Bench(standing)
    stand_at("2022-07-26")
    return found


def state(database: Database, number: int) -> AssessmentState:
    with reading(database) as session:
        return session.get_one(Assessment, number).state


def test_a_draft_is_seen_by_who_oversees_and_by_nobody_assessed(bench: Bench, signed_in: Enter) -> None:
    assert signed_in("leader.signer").get(f"/assessments/{bench.run}").status_code == 200
    for login in ("330102.head", "jxj.liaison"):
        assert signed_in(login).get(f"/assessments/{bench.run}").status_code == 404
        assert "还没有公示或发布的考核结果" in words(signed_in(login).get("/assessments"))


def test_from_draft_by_objection_to_publication_each_step_by_its_own_hand(
    bench: Bench, signed_in: Enter, standing: Database, stand_at: Callable[[str], None]
) -> None:
    path = f"/assessments/{bench.run}"
    clerk, chief, leader, district = (
        signed_in(login) for login in ("office.clerk", "office.chief", "leader.signer", "330102.head")
    )
    assert "公示期到 2022-08-02 为止" in words(clerk.follow(clerk.post(f"{path}/open")))
    assert "已在公示" in words(clerk.post(f"{path}/open"))
    page = district.get(f"{path}/330102")
    assert page.status_code == 200 and "提出申诉" in page.text
    assert district.get(f"{path}/330105").status_code == 404, "another's lines before publication"
    empty = district.post(f"{path}/object", {"subject": "T01", "grounds": " "})
    assert empty.status_code == 422
    assert district.post(f"{path}/object", {"subject": "T01", "grounds": "二季度数据已补报"}).status_code == 303
    assert "二季度数据已补报" in words(chief.get(path))
    assert "二季度数据已补报" not in words(signed_in("330105.head").get(path))
    with reading(standing) as session:
        number = session.scalars(select(Objection)).one().id
    assert chief.post(f"{path}/objections/{number}", {"ruling": "x"}).status_code == 422, "no conclusion chosen"
    ruled = chief.post(f"{path}/objections/{number}", {"uphold": "no", "ruling": "截止后补报，不予采纳"})
    assert ruled.status_code == 303
    early = leader.post(f"{path}/publish")
    assert early.status_code == 409 and "期满后才能发布" in words(early)
    stand_at("2022-08-03")
    assert clerk.post(f"{path}/publish").status_code == 409, "not by who opened it"
    assert leader.post(f"{path}/publish").status_code == 303
    assert state(standing, bench.run) is AssessmentState.PUBLISHED
    assert district.get(f"{path}/330105").status_code == 200, "published, everybody sees everything"
    assert "没有变化" in words(clerk.post(f"{path}/correct", {"reason": "核对"}))


def test_each_line_says_how_it_came_about_and_a_missing_figure_is_said_to_be_missing(
    bench: Bench, signed_in: Enter
) -> None:
    page = words(signed_in("office.chief").get(f"/assessments/{bench.run}/330102"))
    assert "未报，权重" in page and "得 0 分" in page
    assert "督办单、通报共扣" in page and "office ruling" not in page


def test_the_files_of_a_result_come_together(bench: Bench, signed_in: Enter) -> None:
    answer = signed_in("office.chief").get(f"/assessments/{bench.run}/report.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert "考核通报.docx" in names and "评分工作簿.xlsx" in names
    bench.open()
    assert signed_in("330102.head").get(f"/assessments/{bench.run}/report.zip").status_code == 404


@pytest.mark.parametrize("path", ["open", "publish", "correct", "flags/1", "objections/1"])
def test_units_decide_nothing_about_results(path: str, bench: Bench, signed_in: Enter, standing: Database) -> None:
    assert signed_in("330102.head").post(f"/assessments/{bench.run}/{path}").status_code == 403
    assert state(standing, bench.run) is AssessmentState.DRAFT


def test_a_score_leads_to_the_submitted_figure_in_four_clicks(bench: Bench, signed_in: Enter) -> None:
    office = signed_in("office.chief")
    runs = office.get("/assessments").text
    [run] = re.findall(r'href="(/assessments/\d+)"', runs)[:1]
    [unit] = re.findall(rf'href="({run}/330102)"', office.get(run).text)
    assert office.get(unit).status_code == 200
