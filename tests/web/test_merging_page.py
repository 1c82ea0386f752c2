"""The page on which a lead unit merges the others' feedback into its own report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ledger.builders import Office
from sqlalchemy import select
from sqlmodel import col
from web_client import Client, words

from config.terms import Action, Responsibility, Status
from database import Database, reading
from models import Item, ProgressReport

Enter = Callable[[str], Client]

LEAD = "scjg.liaison"
"""市市场监管局 leads key task 1."""


@pytest.fixture
def office(standing: Database) -> Office:
    return Office(standing)


@pytest.fixture
def led(office: Office) -> int:
    """An item of the lead, with one supporting unit that has reported and one that has not."""
    number = office.a_signed_item(unit="市市场监管局")
    other = office.a_signed_item(unit="市科技局", role=Responsibility.SUPPORTING)
    office.a_signed_item(unit="市财政局", role=Responsibility.SUPPORTING)
    words = {"comment": "已立项10个", "problems": "资金<未>到位", "next_steps": "七月底前拨付"}
    office.act(other, Action.REPORT_PROGRESS, by="kjj.liaison", when="2022-07-04 10:00", **words)
    return number


def reports(database: Database, number: int) -> list[ProgressReport]:
    with reading(database) as session:
        found = list(session.scalars(select(ProgressReport).where(col(ProgressReport.item_id) == number)))
        session.expunge_all()
        return found


def test_the_draft_names_its_sources_and_goes_out_as_the_leads_own_report(
    led: int, signed_in: Enter, standing: Database
) -> None:
    lead = signed_in(LEAD)
    assert f"/items/{led}/merge" in lead.get(f"/items/{led}").text
    page = lead.get(f"/items/{led}/merge")
    told = words(page)
    assert "市科技局：已立项10个" in told and "尚未反馈的单位：市财政局" in told
    assert "市科技局：资金&lt;未&gt;到位" in page.text
    form = {"comment": "市科技局：已立项10个，居全省前列", "problems": "", "next_steps": "", "revision": "2"}
    answer = lead.post(f"/items/{led}/merge", form | {"action": "report_progress"})
    assert "汇总已作为“进展反馈”报送" in words(lead.follow(answer))
    assert [report.progress for report in reports(standing, led)] == ["市科技局：已立项10个，居全省前列"]


def test_what_is_chosen_is_drafted_and_nothing_else(led: int, signed_in: Enter) -> None:
    page = signed_in(LEAD).get(f"/items/{led}/merge?from={led}&from=abc")
    assert "市科技局：已立项10个" not in page.text


def test_a_report_that_is_refused_keeps_the_text_even_when_the_item_has_moved_on(
    led: int, office: Office, signed_in: Enter, standing: Database
) -> None:
    lead = signed_in(LEAD)
    form = {"action": "report_progress", "comment": "写了很久的汇总", "revision": "2"}
    office.act(led, Action.REPORT_COMPLETION, by="scjg.head", when="2022-07-04 11:00", comment="已办结")
    answer = lead.post(f"/items/{led}/merge", form)
    assert answer.status_code == 409 and "刚被他人办理" in words(answer) and "写了很久的汇总" in answer.text
    unnamed = lead.post(f"/items/{led}/merge", form | {"action": "verify"})
    assert unnamed.status_code == 422 and "写了很久的汇总" in unnamed.text
    with reading(standing) as session:
        assert session.get_one(Item, led).status is Status.COMPLETION_REPORTED


def test_only_the_lead_merges(led: int, office: Office, signed_in: Enter) -> None:
    supporter = office.a_signed_item(unit="市财政局", role=Responsibility.SUPPORTING)
    assert signed_in("czj.liaison").get(f"/items/{led}/merge").status_code == 404
    foreign = signed_in("czj.liaison").post(f"/items/{led}/merge", {"action": "report_progress", "comment": "一段话"})
    assert foreign.status_code == 404 and "一段话" in foreign.text
    assert signed_in("czj.liaison").get(f"/items/{supporter}/merge").status_code == 409
    assert f"/items/{supporter}/merge" not in signed_in("czj.liaison").get(f"/items/{supporter}").text
    assert signed_in("leader.signer").get(f"/items/{led}/merge").status_code == 403
    assert signed_in("office.chief").post(f"/items/{led}/merge", {"action": "report_progress"}).status_code in {
        403,
        409,
    }
