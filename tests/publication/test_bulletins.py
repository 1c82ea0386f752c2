"""The bulletin of a published result: drafted, reviewed, signed by another, numbered, and receipted by every unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from ledger.builders import CHIEF, CLERK, LEADER, at, on_sqlite
from publication.bench import AFTER, DISTRICT, DISTRICT_HEAD, OTHER_DISTRICT, Bench

from config.errors import BadInput, Refused, StoreError, UnknownName
from config.terms import Level, PaperState, Population, Role
from database import Database, reading, writing
from database.check import down_and_up
from documents.bulletin.bulletin import bulletin
from documents.bulletin.corrections import replaced
from documents.bulletin.gathering import facts_of
from documents.papers.to_print import paper_to_print
from supervision.ledger import bulletins, papers
from supervision.queries import papers as queries
from supervision.queries.papers import PaperLine
from supervision.queries.sight import sight_of


@dataclass
class Desk:
    """Steps of a bulletin on a bench, each a transaction of its own."""

    bench: Bench

    def draft(self, by: str = CLERK, when: str = AFTER, run: int | None = None) -> int:
        return int(self._do(bulletins.draft, run or self.bench.run, by, f"{when} 09:00"))

    def review(self, paper: int, by: str = CLERK, when: str = AFTER) -> None:
        self._do(papers.review, paper, by, f"{when} 10:00")

    def send_back(self, paper: int, by: str = LEADER, when: str = AFTER, comment: str = "第二部分再核一遍") -> None:
        self._do(papers.send_back, paper, by, f"{when} 10:30", comment=comment)

    def sign(self, paper: int, by: str = LEADER, when: str = AFTER) -> str:
        return str(self._do(papers.sign, paper, by, f"{when} 11:00"))

    def serve(self, paper: int, unit: str | None = DISTRICT, by: str = CLERK, how: str = "当面送交") -> None:
        self._do(papers.serve, paper, by, "2022-08-04 09:00", how=how, unit=unit)

    def receipt(self, paper: int, unit: str | None = None, by: str = DISTRICT_HEAD) -> None:
        self._do(papers.receipt, paper, by, "2022-08-05 09:00", unit=unit)

    def signed(self, when: str = AFTER, run: int | None = None) -> tuple[int, str]:
        paper = self.draft(when=when, run=run)
        self.review(paper, when=when)
        return paper, self.sign(paper, when=when)

    def line(self, paper: int, seen_by: str | None = None) -> PaperLine | None:
        with reading(self.bench.database) as session:
            who = self.bench.who(session, seen_by, at(AFTER)) if seen_by else None
            sight = sight_of(session, self.bench.force, who) if who else None
            found = queries.papers(session, self.bench.force, sight=sight)
            return next((each for each in found if each.id == paper), None)

    def state(self, paper: int) -> PaperState:
        found = self.line(paper)
        assert found is not None
        return found.state

    def _do(self, step: Callable[..., Any], number: int, by: str, when: str, **more: Any) -> Any:
        with writing(self.bench.database) as session:
            who = self.bench.who(session, by, at(when))
            return step(session, self.bench.force, number, by=who, at=at(when), **more)


@pytest.fixture
def published(bench: Bench) -> Bench:
    bench.open()
    bench.publish()
    return bench


@pytest.fixture
def desk(published: Bench) -> Desk:
    return Desk(published)


def test_a_bulletin_gets_its_number_from_the_series_and_a_copy_for_every_unit(desk: Desk) -> None:
    paper = desk.draft()
    assert desk.state(paper) is PaperState.DRAFTED
    desk.review(paper)
    assert desk.bench.told_by_kind("bulletin") == [], "nothing goes out before the signature"
    assert desk.sign(paper) == "杭小微办通〔2022〕1号"
    line = desk.line(paper)
    assert line is not None and line.number == "杭小微办通〔2022〕1号"
    districts = [unit.code for unit in desk.bench.force.plan.districts]
    assert [copy.code for copy in line.copies] == districts == desk.bench.told_by_kind("bulletin")
    assert desk.bench.chain_is_whole()


def test_every_unit_receipts_its_own_copy_and_the_bulletin_is_as_far_as_the_last(desk: Desk) -> None:
    paper, _ = desk.signed()
    with pytest.raises(Refused, match="还没有送达上城区"):
        desk.receipt(paper)
    desk.serve(paper)
    desk.receipt(paper)
    line = desk.line(paper)
    assert line is not None and (line.state, line.served, line.receipted) == (PaperState.ISSUED, 1, 1)
    for unit in desk.bench.force.plan.districts[1:]:
        desk.serve(paper, unit.code)
    assert desk.state(paper) is PaperState.SERVED
    for unit in desk.bench.force.plan.districts[1:]:
        desk.receipt(paper, unit.code, by=CHIEF)
    assert desk.state(paper) is PaperState.RECEIPTED
    assert desk.bench.chain_is_whole()


@on_sqlite
def test_copies_are_served_once_to_units_that_have_one_with_words_how(desk: Desk) -> None:
    paper, _ = desk.signed()
    with pytest.raises(BadInput, match="哪个单位"):
        desk.serve(paper, unit=None)
    with pytest.raises(BadInput, match="方式"):
        desk.serve(paper, how=" ")
    with pytest.raises(UnknownName, match="没有发给市经信局"):
        desk.serve(paper, unit="市经信局")
    desk.serve(paper)
    with pytest.raises(Refused, match="已送达上城区"):
        desk.serve(paper)
    desk.receipt(paper)
    with pytest.raises(Refused, match="不必重复"):
        desk.receipt(paper)
    with pytest.raises(Refused, match="办公室"):
        desk.receipt(paper, unit=OTHER_DISTRICT)


@on_sqlite
def test_a_bulletin_shares_the_series_of_the_circulars_without_gaps(desk: Desk) -> None:
    first = desk.signed()[1]
    assert first == "杭小微办通〔2022〕1号"
    office = desk.bench
    number = office.a_signed_item()
    notice = office.a_drafted_paper(number)
    office.review(notice)
    office.sign(notice)
    office.reach(number, Level.SUPERVISION_NOTICE, "2022-08-03 16:00")
    office.escalate("2022-08-09")
    circular = office.paper_of(number).id or 0
    office.review(circular, when="2022-08-09 14:00")
    assert office.sign(circular, when="2022-08-09 15:00") == "杭小微办通〔2022〕2号"


@on_sqlite
def test_only_a_published_result_has_a_bulletin_and_just_one(bench: Bench) -> None:
    desk = Desk(bench)
    with pytest.raises(Refused, match="发布之后"):
        desk.draft(when="2022-07-26")
    bench.open()
    bench.publish()
    with pytest.raises(Refused, match="“起草通报”由"):
        desk.draft(by=DISTRICT_HEAD)
    paper = desk.draft()
    with pytest.raises(Refused, match=f"文书 {paper}，拟稿"):
        desk.draft()


@on_sqlite
def test_neither_who_drafted_nor_who_reviewed_it_signs_it(desk: Desk) -> None:
    paper = desk.draft(by=CHIEF)
    with pytest.raises(Refused, match="须在“审核”之后"):
        desk.sign(paper)
    desk.review(paper, by=CLERK)
    for hand in (CHIEF, CLERK):
        with pytest.raises(Refused, match="由另一人签发"):
            desk.sign(paper, by=hand)
    assert desk.sign(paper, by=LEADER)


@on_sqlite
def test_the_office_does_not_sign_the_bulletin_on_its_own_units_result(supervised: Database) -> None:
    bench = Bench(supervised, population=Population.UNITS)
    bench.open()
    bench.publish()
    bench.add_person("office.third", Role.OFFICE, "市市场监管局")
    desk = Desk(bench)
    paper = desk.draft()
    desk.review(paper, by=CHIEF)
    with pytest.raises(Refused, match="您所在单位"):
        desk.sign(paper, by="office.third")
    desk.sign(paper)
    line = desk.line(paper)
    assert line is not None and any(copy.copied for copy in line.copies), "central units get it for information"


@on_sqlite
def test_a_reviewed_paper_is_given_back_with_a_reason_and_reviewed_anew(desk: Desk) -> None:
    paper = desk.draft()
    with pytest.raises(Refused, match="须在“审核”之后"):
        desk.send_back(paper)
    desk.review(paper)
    with pytest.raises(BadInput, match="理由"):
        desk.send_back(paper, comment=" ")
    with pytest.raises(Refused, match="“退回”由"):
        desk.send_back(paper, by=DISTRICT_HEAD)
    desk.send_back(paper)
    line = desk.line(paper)
    assert line is not None and (line.state, line.remark) == (PaperState.DRAFTED, "第二部分再核一遍")
    desk.review(paper)
    line = desk.line(paper)
    assert line is not None and line.remark is None
    desk.sign(paper)
    with pytest.raises(Refused, match="已经办过"):
        desk.send_back(paper)
    with reading(desk.bench.database) as session:
        done = [step.what for step in queries.steps(session, desk.bench.force, paper)]
    assert done == ["拟稿", "审核", "退回拟稿", "审核", "签发"]


@on_sqlite
def test_nobody_of_the_addressed_unit_puts_off_a_paper_about_it(bench: Bench) -> None:
    number = bench.a_signed_item()
    paper = bench.a_drafted_paper(number)
    bench.review(paper)
    bench.add_person("office.jxj", Role.OFFICE, "市经信局")
    with pytest.raises(Refused, match="您所在单位"):
        Desk(bench).send_back(paper, by="office.jxj")
    Desk(bench).send_back(paper, when="2022-08-04")
    assert bench.paper_of(number).state is PaperState.DRAFTED


@on_sqlite
def test_a_unit_sees_its_own_copy_from_the_signature_on(desk: Desk) -> None:
    paper = desk.draft()
    assert desk.line(paper, DISTRICT_HEAD) is None
    desk.review(paper)
    desk.sign(paper)
    line = desk.line(paper, DISTRICT_HEAD)
    assert line is not None and [copy.unit for copy in line.copies] == ["上城区"]
    desk.serve(paper)
    seen = desk.line(paper, DISTRICT_HEAD)
    assert seen is not None and seen.state is PaperState.SERVED, "as far as its own copy"
    assert desk.line(paper, "jxj.liaison") is None


@on_sqlite
def test_the_signed_bulletin_bears_its_number_and_the_day_of_the_signature(desk: Desk) -> None:
    paper = desk.draft()
    with reading(desk.bench.database) as session:
        before = paper_to_print(session, desk.bench.force, paper)
    assert (before.number, before.state) == (None, "文号待编")
    desk.review(paper, when="2022-08-04")
    number = desk.sign(paper, when="2022-08-04")
    with reading(desk.bench.database) as session:
        after = paper_to_print(session, desk.bench.force, paper)
    assert (after.number, after.state, str(after.day)) == (number, "", "2022-08-04")


def corrected(desk: Desk) -> int:
    """Correct the published result by points that were granted since, and publish the correction."""
    bench = desk.bench
    number = bench.propose_points(when="2022-08-04")
    bench.decide_points(number, when="2022-08-04")
    run = bench.correct(when="2022-08-05", as_of="2022-08-05")
    bench.open(when="2022-08-08", run=run)
    bench.publish(when="2022-08-16", run=run)
    return run


@on_sqlite
def test_a_correction_gets_a_number_of_its_own_and_names_the_one_it_corrects(desk: Desk) -> None:
    first = desk.signed()[1]
    run = corrected(desk)
    second = desk.signed(when="2022-08-17", run=run)[1]
    assert (first, second) == ("杭小微办通〔2022〕1号", "杭小微办通〔2022〕2号")
    with reading(desk.bench.database) as session:
        facts = facts_of(session, desk.bench.force, desk.bench.stored(run))
    assert f"此前印发的通报（{first}）由本通报更正" in replaced(facts)
    assert bulletin(facts, {}).number == second


@on_sqlite
def test_what_is_being_corrected_is_not_sent_out(desk: Desk) -> None:
    paper = desk.draft()
    desk.review(paper)
    corrected(desk)
    assert desk.state(paper) is PaperState.CANCELLED
    with pytest.raises(Refused, match="正在更正"):
        desk.sign(paper, when="2022-08-17")
    with reading(desk.bench.database) as session, pytest.raises(Refused, match="已作废"):
        paper_to_print(session, desk.bench.force, paper)
    with pytest.raises(Refused, match="请办理最新一版"):
        desk.draft(when="2022-08-17")


@on_sqlite
def test_the_database_does_not_go_back_behind_a_number_that_was_given(desk: Desk) -> None:
    paper, number = desk.signed()
    with pytest.raises(StoreError, match="1 份考核通报已经签发编号"):
        down_and_up(desk.bench.database)
    line = desk.line(paper)
    assert line is not None and line.number == number


@on_sqlite
def test_a_paper_to_one_unit_is_served_on_no_other(bench: Bench) -> None:
    number = bench.a_signed_item()
    paper = bench.a_drafted_paper(number)
    bench.review(paper)
    bench.sign(paper)
    with pytest.raises(BadInput, match="只发给市经信局"):
        Desk(bench).serve(paper, unit=DISTRICT)
    Desk(bench).serve(paper, unit="市经信局")
    with pytest.raises(BadInput, match="只发给市经信局"):
        Desk(bench).receipt(paper, unit=DISTRICT)
