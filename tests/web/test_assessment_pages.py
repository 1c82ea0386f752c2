"""Results on the portal: who sees what when, every score down to its figure, the way to publication by two hands."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from ledger.builders import Office, at
from publication.bench import DISTRICT, OTHER_DISTRICT, Bench
from publication.filings import file, file_again
from sqlalchemy import select, update
from web_client import Client, words
from web_program import Caller

from config.terms import AssessmentState
from database import Database, reading, writing
from models import Assessment, Objection, Plan, Veto
from supervision.ledger import reporting

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


@pytest.fixture
def corrected(standing: Database, stand_at: Callable[[str], None]) -> Bench:
    """A published result in which a figure was wrong, and its correction, a draft."""
    office = Office(standing)
    with writing(standing) as session:
        reporting.open_requests(session, office.force, as_of=date(2022, 7, 1), at=at("2022-07-01 08:40"))
    file(office, OTHER_DISTRICT, "40", "2022-07-15", "330105.liaison")
    request = file(office, DISTRICT, "40", "2022-07-15", "330102.liaison")
    found = Bench(standing)
    found.open()
    found.publish()
    file_again(office, request, "40", "2022-08-09", others={"T01": "50"})
    stand_at("2022-08-10")
    return found


def test_a_program_of_a_unit_does_not_learn_that_a_correction_is_being_drafted(
    corrected: Bench, program: Callable[..., Caller]
) -> None:
    corrected.correct(when="2022-08-10 10:00", as_of="2022-08-10", reason="上城区订正T01")
    unit, office = program("330102.liaison"), program("office.chief")
    assert [run["current"] for run in office.get("/assessments").json()["assessments"]] == [True, False]
    assert [run["current"] for run in unit.get("/assessments").json()["assessments"]] == [True]
    assert unit.get(f"/assessments/{corrected.run}").json()["current"] is True


def test_a_result_tells_no_program_of_a_veto_on_somebody_it_does_not_assess(
    corrected: Bench, standing: Database, program: Callable[..., Caller]
) -> None:
    corrected.veto(when="2022-08-10")
    path = f"/assessments/{corrected.run}"
    with writing(standing) as session:
        session.execute(update(Assessment).values(published_at=None, state=AssessmentState.PUBLICITY))
    district = program("330102.liaison")
    assert list(district.get(path).json()["vetoes"]) == ["330102"]
    with writing(standing) as session:
        session.execute(update(Veto).values(unit_id=corrected.force.unit_ids["scjg"]))
    assert district.get(path).json()["vetoes"] == {}


def test_a_correction_shows_what_it_replaces_which_filings_and_what_became_of_everybody(
    corrected: Bench, signed_in: Enter
) -> None:
    new = corrected.correct(when="2022-08-10 10:00", as_of="2022-08-10", reason="上城区订正T01")
    office = signed_in("office.chief")
    page = office.get(f"/assessments/{new}")
    text = words(page)
    assert "更正情况" in text and "上城区订正T01" in text and f'href="/assessments/{corrected.run}"' in page.text
    assert "更正前后对照" in text and "更正的报送" in text and "T01" in text
    assert re.search(r'href="/reports/\d+"', page.text), "the filing is one click away"
    unit = words(office.get(f"/assessments/{new}/330102"))
    assert "更正情况" in unit and "更正的报送" in unit
    assert "数据、总分、位次和等次均未改变" in words(office.get(f"/assessments/{new}/330110"))


def test_an_older_vintage_leads_on_to_the_newer_one_that_this_person_sees(
    corrected: Bench, signed_in: Enter, stand_at: Callable[[str], None]
) -> None:
    new = corrected.correct(when="2022-08-10 10:00", as_of="2022-08-10")
    old, link = f"/assessments/{corrected.run}", f'href="/assessments/{new}'
    office, district = signed_in("office.chief"), signed_in("330105.head")
    assert "更正结果发布前，仍以已发布的为准" in words(office.get(old)) and link in office.get(old).text
    assert link not in district.get(old).text and "更正" not in words(district.get(old)), "a draft is nobody's"
    assert "已有更新的一版" not in words(district.get("/assessments"))
    corrected.open(when="2022-08-11", run=new)
    stand_at("2022-08-11")
    page = words(district.get(f"/assessments/{new}"))
    assert "发布后公开" in page and "更正的报送" not in page, "another unit's figures before publication"
    corrected.publish(when="2022-08-20", run=new)
    stand_at("2022-08-20")
    assert "已由第 2 版更正" in words(district.get(old)) and f'{link}/330105"' in district.get(f"{old}/330105").text
    assert "更正的报送" in words(district.get(f"/assessments/{new}"))


def test_grounds_that_were_refused_stay_in_the_form(
    bench: Bench, signed_in: Enter, stand_at: Callable[..., None]
) -> None:
    bench.open()
    district = signed_in("330102.head")
    form = {"unit": "330102", "subject": "没有这一项", "grounds": "二季度的数据已经补报"}
    answer = district.post(f"/assessments/{bench.run}/object", form)
    assert answer.status_code in {404, 422} and "二季度的数据已经补报" in answer.text
