"""本单位记录: rates with what they count, lapses, scores, and who did what; a unit sees its own alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from ledger.builders import CLERK
from ledger.builders import at as moment
from publication.bench import AFTER, Bench
from sqlalchemy import update
from web_client import Client, words

from config.terms import Action
from database import Database, writing
from models import Plan
from supervision.ledger import reporting

Enter = Callable[[str], Client]

OWN, OWN_LIAISON, FOREIGN_LIAISON = "/record/330102", "330102.liaison", "330105.liaison"
DISTRICT, DUE = "上城区", date(2022, 7, 20)
NUMBER = re.compile(rf'<a href="({OWN}/[^"/]+/[^"/]+)">(\d+)</a>')


@pytest.fixture
def bench(standing: Database) -> Bench:
    """A district in August: one item done in time, one late, one open and urged, its forms never filed, a score."""
    found = Bench(standing)
    with writing(standing) as session:
        reporting.open_requests(session, found.force, as_of=date(2022, 7, 4), at=moment("2022-07-04 08:40"))
        reporting.close_windows(session, found.force, as_of=date(2022, 7, 26), at=moment("2022-07-26"))
    for reported in ("2022-07-20", "2022-07-22"):
        number = found.a_signed_item(unit=DISTRICT, due=DUE, assigned="2022-07-01", title=f"{reported}办结")
        found.act(number, Action.REPORT_COMPLETION, by=OWN_LIAISON, when=reported, comment="已办结")
        found.act(number, Action.VERIFY, by=CLERK, when="2022-07-25")
    found.a_signed_item(unit=DISTRICT, due=DUE, assigned="2022-07-01", title="尚未办结")
    found.escalate("2022-07-21")
    found.open()
    found.publish()
    with writing(standing) as session:
        session.execute(update(Plan).values(demonstrated_until=date.fromisoformat(AFTER)))
    return found


def test_the_own_record_is_one_click_away_and_says_how_things_stand(bench: Bench, signed_in: Enter) -> None:
    district = signed_in(OWN_LIAISON)
    assert '<a href="/record">本单位记录</a>' in district.get("/work").text
    page = words(district.follow(district.get("/record")))
    assert "本单位记录" in page and "截至 2022-08-03" in page
    assert "2022年第二季度 33.3%（1/3）" in page
    assert "2022年初以来 3 1 1 0 1 33.3% 53.3%" in page
    assert "2022-07-21 催办" in page and "怎样算" in page and "交办或者转办到本单位时期限已过" in page


def test_every_number_leads_to_a_list_of_just_so_many(bench: Bench, signed_in: Enter) -> None:
    district = signed_in(OWN_LIAISON)
    page = district.get(OWN).text
    numbers = NUMBER.findall(page)
    assert {path.rpartition("/")[2] for path, _ in numbers} >= {"due", "on-time", "a-little-late", "open", "expected"}
    for path, many in numbers:
        assert f"共 {many} 条" in words(district.get(path)), path
    for path, many in re.findall(r'<a href="(/(?:ledger|reports)\?[^"]*)"><strong>(\d+)</strong>', page):
        listed = words(district.get(path.replace("&amp;", "&")))
        assert f"共 {many} 条" in listed, path


def test_the_score_leads_to_its_explanation(bench: Bench, signed_in: Enter) -> None:
    district = signed_in(OWN_LIAISON)
    [path] = set(re.findall(rf'<a href="(/assessments/{bench.run}/330102)">', district.get(OWN).text))
    assert "怎样得分" in words(district.get(path))


def test_the_chart_is_drawn_and_has_its_table_beside_it(bench: Bench, signed_in: Enter) -> None:
    district = signed_in(OWN_LIAISON)
    assert f'<img src="{OWN}/rates.svg"' in district.get(OWN).text
    drawn = district.get(f"{OWN}/rates.svg")
    assert drawn.headers["content-type"] == "image/svg+xml" and "<svg" in drawn.text


def test_what_was_late_is_listed_with_days_and_what_was_done(bench: Bench, signed_in: Enter) -> None:
    page = words(signed_in(OWN_LIAISON).get(f"{OWN}/late"))
    assert "2022-07-20 尚未办结 — 10 到期未办结 — 2022-07-21 催办" in page
    assert "2022-07-20 2022-07-22办结 2022-07-22 2 逾期 10 个工作日以内办结" in page
    assert "未报" in page and "2022-07-20办结" not in page


def test_the_acts_are_the_own_peoples_unless_all_are_asked_for(bench: Bench, signed_in: Enter) -> None:
    district = signed_in(OWN_LIAISON)
    own = words(district.get(f"{OWN}/acts"))
    assert "报请办结" in own and "签收" in own and "催办" not in own and "共 5 条" in own
    everybodys = words(district.get(f"{OWN}/acts?by=all"))
    assert "催办" in everybodys and "核验" in everybodys and "发出报送通知" in everybodys
    assert "其他记录" not in everybodys
    assert district.get(f"{OWN}/acts?page=0").status_code == 422
    assert district.get(f"{OWN}/acts?by=nobody").status_code == 422
    assert "第 1 /" not in words(district.get(f"{OWN}/acts?page=99"))


def test_another_units_record_is_not_there(bench: Bench, signed_in: Enter) -> None:
    foreign, office = signed_in(FOREIGN_LIAISON), signed_in("office.chief")
    for tail in ("", "/late", "/acts", "/rates.svg", "/2022Q2/open", "/2022Q2/expected"):
        answer, nobodys = foreign.get(f"{OWN}{tail}"), foreign.get(f"/record/nobody{tail}")
        assert (answer.status_code, nobodys.status_code) == (404, 404), tail
        assert words(answer) == words(nobodys), tail
        assert office.get(f"{OWN}{tail}").status_code == 200, tail


def test_who_oversees_is_offered_every_unit(bench: Bench, signed_in: Enter) -> None:
    for login in ("office.chief", "leader.signer", "auditor"):
        person = signed_in(login)
        page = person.get("/record").text
        assert page.count('<li><a href="/record/') == len(bench.force.plan.units), login
        assert '<a href="/record" aria-current="page">各单位记录</a>' in page, login
        assert "上城区记录" in words(person.get(OWN)), login


def test_a_list_that_no_number_leads_to_is_not_there(bench: Bench, signed_in: Enter) -> None:
    district = signed_in(OWN_LIAISON)
    for path in ("2022Q2/nothing", "2021Q1/due", "2022-07/due", "x/due", "2022Q2%00/due"):
        assert district.get(f"{OWN}/{path}").status_code == 404, path


def test_a_unit_without_a_history_is_told_when_there_will_be_one(standing: Database, signed_in: Enter) -> None:
    district = signed_in(OWN_LIAISON)
    page = words(district.get(OWN))
    assert "还没有可以统计的事项、报表和文书" in page and "还没有公示或者发布过的考核结果" in page
    assert district.get(f"{OWN}/rates.svg").status_code == 404
    assert "没有逾期的" in words(district.get(f"{OWN}/late"))
    assert "还没有办理记录" in words(district.get(f"{OWN}/acts"))
