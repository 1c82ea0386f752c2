"""督办单 and 通报: 拟稿 → 审核 → 签发 by a second person → 送达 → 回执, numbered without gaps."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from builders import CHIEF, CLERK, HEAD, LEADER, LIAISON, OWN_UNIT, Office, at, day, on_sqlite
from sqlalchemy import select
from sqlmodel import col

from config.errors import BadInput, DubanError, Refused, UnknownName
from config.terms import Action, DeliveryStatus, Level, PaperState, Role, Status
from database import reading, writing
from models import Delivery, Notice, Paper, Person, ReportingRequest
from notifications.in_person import log_personal_service
from supervision import cycle
from supervision.ledger import papers

A, S = Action, Status


def serve(office: Office, paper: int, when: str = "2022-08-04", by: str = CLERK, how: str = "当面送交") -> None:
    with writing(office.database) as session:
        papers.serve(session, office.force, paper, by=office.who(session, by, at(when)), at=at(when), how=how)


def receipt(office: Office, paper: int, when: str = "2022-08-05", by: str = HEAD) -> None:
    with writing(office.database) as session:
        papers.receipt(session, office.force, paper, by=office.who(session, by, at(when)), at=at(when))


def many_drafts(office: Office, count: int) -> list[int]:
    """Let so many items fall overdue until each has a drafted 督办单; return the papers' numbers."""
    items = [office.a_signed_item() for _ in range(count)]
    office.escalate("2022-08-01")
    for number in items:
        office.reach(number, Level.URGE, "2022-08-01 11:00")
    office.escalate("2022-08-03")
    return [office.paper_of(number).id or 0 for number in items]


def levels(office: Office, as_of: str) -> list[str]:
    return [notice.level for notice in office.escalate(as_of).notices]


def test_a_paper_goes_through_all_its_hands(office: Office) -> None:
    number = office.a_signed_item()
    paper = office.a_drafted_paper(number)
    notice = office.notices(number)[-1]
    assert (office.paper_of(number).state, notice.issued_at, notice.kind) == (
        PaperState.DRAFTED, None, "supervision_notice",
    )  # fmt: skip
    office.review(paper, by=CHIEF, when="2022-08-03 14:00")
    assert office.sign(paper, by=LEADER, when="2022-08-03 15:00") == "杭小微办督〔2022〕1号"
    serve(office, paper, when="2022-08-04")
    receipt(office, paper, when="2022-08-05")
    kept = office.paper_of(number)
    assert (kept.state, kept.year, kept.number) == (PaperState.RECEIPTED, 2022, 1)
    assert [kept.reviewed_at, kept.issued_at, kept.served_at, kept.receipted_at] == [
        at("2022-08-03 14:00"), at("2022-08-03 15:00"), at("2022-08-04"), at("2022-08-05"),
    ]  # fmt: skip
    notice = office.notices(number)[-1]
    assert (notice.issued_at, notice.delivered_at) == (at("2022-08-03 15:00"), at("2022-08-04"))
    done = [(line.action, line.actor) for line in office.history(number)[-4:]]
    assert done == [
        ("review_paper", CHIEF), ("sign_paper", LEADER), ("serve_paper", CLERK), ("receipt_paper", HEAD),
    ]  # fmt: skip
    assert office.history(number)[-3].data["number"] == "杭小微办督〔2022〕1号"
    assert office.chain_is_whole()


@on_sqlite
def test_nothing_goes_out_before_the_signature_and_everything_at_it(office: Office) -> None:
    number = office.a_signed_item()
    paper = office.a_drafted_paper(number)
    assert recipients(office, number) == []
    office.review(paper)
    assert recipients(office, number) == []
    office.sign(paper)
    assert recipients(office, number) == [HEAD, CHIEF, CLERK]  # by login
    assert office.line(number).rung is Level.SUPERVISION_NOTICE


def recipients(office: Office, number: int) -> list[str]:
    statement = (
        select(col(Person.login))
        .join(Delivery, col(Delivery.person_id) == col(Person.id))
        .join(Notice, col(Notice.id) == col(Delivery.notice_id))
        .where(col(Notice.item_id) == number, col(Notice.kind) == Level.SUPERVISION_NOTICE.value)
    )
    with reading(office.database) as session:
        return list(session.scalars(statement.order_by(col(Person.login))))


@on_sqlite
def test_while_a_paper_waits_for_its_signature_nothing_further_climbs(office: Office) -> None:
    number = office.a_signed_item()
    paper = office.a_drafted_paper(number)
    assert [levels(office, as_of) for as_of in ("2022-08-04", "2022-08-15", "2022-09-15")] == [[], [], []]
    office.review(paper, when="2022-09-15 14:00")
    office.sign(paper, when="2022-09-15 15:00")
    assert levels(office, "2022-09-30") == []
    serve(office, paper, when="2022-09-30")
    assert [levels(office, as_of) for as_of in ("2022-10-10", "2022-10-11", "2022-10-12")] == [[], ["circular"], []]


@on_sqlite
def test_the_reviewer_does_not_sign_and_nobody_signs_what_was_not_reviewed(office: Office) -> None:
    paper = office.a_drafted_paper(office.a_signed_item())
    with pytest.raises(Refused, match="须在“审核”之后"):
        office.sign(paper)
    office.review(paper, by=CHIEF)
    with pytest.raises(Refused, match="另一人"):
        office.sign(paper, by=CHIEF)
    office.sign(paper, by=CLERK)


@on_sqlite
def test_who_stands_in_for_the_reviewer_does_not_sign_either(office: Office) -> None:
    first, second = many_drafts(office, 2)
    office.add_person("wang.fang", Role.OFFICE)
    office.delegate(CHIEF, to="wang.fang")
    office.review(first, by=CHIEF)
    with pytest.raises(Refused, match="另一人"):
        office.sign(first, by="wang.fang")
    office.delegate(CLERK, to=LEADER)
    office.review(second, by=LEADER)
    with pytest.raises(Refused, match="另一人"):
        office.sign(second, by=CLERK)
    office.sign(second, by="wang.fang")


@on_sqlite
def test_a_paper_reviewed_by_a_deputy_names_both(office: Office) -> None:
    number = office.a_signed_item()
    paper = office.a_drafted_paper(number)
    office.delegate(CLERK, to=LEADER)
    office.review(paper, by=LEADER)
    assert (office.last(number).actor, office.last(number).acting_for) == (LEADER, CLERK)


@on_sqlite
def test_the_own_unit_of_the_office_gets_its_paper_from_a_leader(office: Office) -> None:
    number = office.a_signed_item(unit=OWN_UNIT)
    office.escalate("2022-08-01")
    office.reach(number, Level.URGE, "2022-08-01 11:00", login="scjg.liaison")
    office.escalate("2022-08-03")
    paper = office.paper_of(number).id or 0
    office.review(paper, by=CHIEF)
    with pytest.raises(Refused, match="您所在单位"):
        office.sign(paper, by=CLERK)
    office.sign(paper, by=LEADER)


@on_sqlite
def test_each_step_belongs_to_somebody_and_is_done_once(office: Office) -> None:
    paper = office.a_drafted_paper(office.a_signed_item())
    for step, by in ((office.review, LEADER), (office.review, LIAISON), (office.sign, LIAISON)):
        with pytest.raises(Refused, match="由领导小组"):
            step(paper, by=by)
    for later in (serve, receipt):
        with pytest.raises(Refused, match="须在"):
            later(office, paper, by=CLERK)
    office.review(paper)
    with pytest.raises(Refused, match="已经办过"):
        office.review(paper)
    office.sign(paper)
    with pytest.raises(Refused, match="已经办过"):
        office.sign(paper)
    with pytest.raises(BadInput, match="--how"):
        serve(office, paper, how=" ")
    with pytest.raises(Refused, match="领导小组办公室"):
        serve(office, paper, by=HEAD)
    serve(office, paper)
    with pytest.raises(Refused, match="领导小组办公室"):
        receipt(office, paper, by="kjj.head")
    receipt(office, paper, by=CLERK)
    with pytest.raises(Refused, match="已经办过"):
        receipt(office, paper)
    with pytest.raises(UnknownName, match="4711"):
        office.review(4711)


# --- numbers


@on_sqlite
def test_numbers_run_without_gaps_for_each_kind_and_year(office: Office) -> None:
    first, second, third = many_drafts(office, 3)
    for paper in (first, second, third):
        office.review(paper)
    assert [office.sign(second), office.sign(first)] == ["杭小微办督〔2022〕1号", "杭小微办督〔2022〕2号"]
    assert office.sign(third, when="2023-01-03 09:00") == "杭小微办督〔2023〕1号"
    serve(office, first, when="2022-08-04")
    office.escalate("2022-08-10")
    with reading(office.database) as session:
        circular = session.scalars(select(col(Paper.id)).where(col(Paper.level) == Level.CIRCULAR)).one()
    office.review(circular or 0, when="2022-08-10 14:00")
    assert office.sign(circular or 0, when="2022-08-10 15:00") == "杭小微办通〔2022〕1号"


@on_sqlite
def test_a_draft_that_came_to_nothing_uses_up_no_number(office: Office) -> None:
    first, second = many_drafts(office, 2)
    office.review(first)
    with reading(office.database) as session:
        notice = session.get_one(Notice, session.get_one(Paper, first).notice_id)
        number = notice.item_id or 0
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-08-03 16:00", comment="已办结")
    office.review(second)
    assert office.sign(second) == "杭小微办督〔2022〕1号"


def test_two_who_sign_at_once_get_two_numbers_in_a_row(office: Office) -> None:
    drafts = many_drafts(office, 6)
    for paper in drafts:
        office.review(paper)
    numbers: list[str] = []
    failures: list[BaseException] = []
    start = threading.Barrier(2)

    def sign(mine: list[int], by: str) -> None:
        start.wait()
        try:
            numbers.extend(office.sign(paper, by=by) for paper in mine)
        except BaseException as error:
            failures.append(error)

    _together(lambda: sign(drafts[::2], LEADER), lambda: sign(drafts[1::2], CLERK))
    assert failures == []
    assert sorted(numbers) == [f"杭小微办督〔2022〕{number}号" for number in range(1, 7)]
    assert office.chain_is_whole()


def test_two_who_sign_the_same_paper_at_once_sign_it_once(office: Office) -> None:
    [paper] = many_drafts(office, 1)
    office.review(paper)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def sign(by: str) -> None:
        start.wait()
        try:
            outcomes.append(office.sign(paper, by=by))
        except DubanError as error:
            outcomes.append(type(error).__name__)

    _together(lambda: sign(LEADER), lambda: sign(CLERK))
    assert sorted(outcomes) == ["Refused", "杭小微办督〔2022〕1号"]


def _together(*things: Callable[[], None]) -> None:
    threads = [threading.Thread(target=thing) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- what the item does meanwhile


def test_a_completion_before_the_signature_cancels_the_paper_and_what_has_not_gone_out(office: Office) -> None:
    number = office.a_signed_item()
    paper = office.a_drafted_paper(number)
    office.review(paper)
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-08-03 16:00", comment="已办结")
    assert office.paper_of(number).state is PaperState.CANCELLED
    assert office.notices(number)[-1].cancelled_at == at("2022-08-03 16:00")
    with pytest.raises(Refused, match="已作废"):
        office.sign(paper)


def test_a_signed_paper_goes_its_way_when_the_item_is_done_meanwhile(office: Office) -> None:
    number = office.a_signed_item()
    paper = office.a_drafted_paper(number)
    office.review(paper)
    office.sign(paper)
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-08-03 16:00", comment="已办结")
    kept = office.paper_of(number)
    assert (kept.state, kept.number) == (PaperState.ISSUED, 1)
    assert office.notices(number)[-1].cancelled_at is None
    waiting = select(col(Delivery.status)).join(Notice, col(Notice.id) == col(Delivery.notice_id))
    with reading(office.database) as session:
        found = session.scalars(waiting.where(col(Notice.kind) == Level.SUPERVISION_NOTICE.value)).all()
    assert set(found) == {DeliveryStatus.CREATED}
    serve(office, paper)
    receipt(office, paper)


def test_completion_ends_what_was_on_its_way_even_of_a_notice_that_somebody_has_had(office: Office) -> None:
    number = office.a_signed_item()
    office.escalate("2022-08-01")
    office.reach(number, Level.URGE, "2022-08-01 11:00")
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-08-01 12:00", comment="已办结")
    urge = office.notices(number)[-1]
    assert (urge.cancelled_at, urge.delivered_at) == (None, at("2022-08-01 11:00"))
    assert office.line(number).rung is Level.URGE
    with reading(office.database) as session:
        left = session.scalars(select(col(Delivery.status)).where(col(Delivery.notice_id) == urge.id)).all()
    assert DeliveryStatus.CREATED not in left
    assert DeliveryStatus.DELIVERED in left


@on_sqlite
def test_reminders_that_have_not_gone_out_do_not_go_out_after_the_completion(office: Office) -> None:
    number = office.a_signed_item()
    office.escalate("2022-07-22")
    office.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-07-22 12:00", comment="已办结")
    remind = office.notices(number)[-1]
    assert (remind.kind, remind.cancelled_at) == ("remind", at("2022-07-22 12:00"))
    assert office.line(number).rung is None  # what nobody has had was no rung
    with reading(office.database) as session:
        left = session.scalars(select(col(Delivery.status)).where(col(Delivery.notice_id) == remind.id)).all()
    assert set(left) == {DeliveryStatus.CANCELLED}


@on_sqlite
def test_nobody_signs_while_a_dispute_is_open(office: Office) -> None:
    number = office.a_signed_item()
    paper = office.a_drafted_paper(number)
    office.review(paper)
    office.act(number, A.DISPUTE, by=LIAISON, when="2022-08-03 14:30", comment="非我职责")
    with pytest.raises(Refused, match="异议"):
        office.sign(paper)
    office.act(number, A.REJECT_DISPUTE, by=CLERK, when="2022-08-04", comment="职责明确")
    office.sign(paper, when="2022-08-04 15:00")


@on_sqlite
def test_an_extension_granted_cancels_the_draft(office: Office) -> None:
    number = office.a_signed_item()
    office.act(number, A.REQUEST_EXTENSION, by=LIAISON, when="2022-07-29", comment="x", date=day("2022-08-31"))
    office.a_drafted_paper(number)
    office.act(number, A.APPROVE_EXTENSION, by=CLERK, when="2022-08-03 14:00")
    assert office.paper_of(number).state is PaperState.CANCELLED


# --- on reporting requests


@on_sqlite
def test_a_paper_on_missing_figures_goes_the_same_way_and_wakes_the_request(office: Office) -> None:
    cycle.collect_figures(office.database, "", as_of=day("2022-04-01"))
    with reading(office.database) as session:
        still_open = select(ReportingRequest).where(col(ReportingRequest.due) > day("2022-04-01"))
        request = session.scalars(still_open.order_by(col(ReportingRequest.due)).limit(1)).one()
        number, calendar = request.id or 0, office.force.calendar
        unit, first = office.force.unit_codes[request.unit_id], calendar.add(request.due, 1)
    cycle.escalate_overdue(office.database, "", as_of=first)
    reach_request(office, number, f"{unit}.liaison", f"{first} 11:00")
    drafted = calendar.add(first, 2).isoformat()
    cycle.escalate_overdue(office.database, "", as_of=day(drafted))
    with reading(office.database) as session:
        about = select(col(Paper.id)).join(Notice, col(Notice.id) == col(Paper.notice_id))
        paper = session.scalars(about.where(col(Notice.request_id) == number)).one() or 0
    office.review(paper, when=f"{drafted} 14:00")
    assert office.sign(paper, when=f"{drafted} 15:00").startswith("杭小微办督〔2022〕")
    assert the_request(office, number).sweep_on is None
    serve(office, paper, when=f"{drafted} 16:00")
    assert (the_request(office, number).sweep_on, the_request(office, number).rung) == (
        day(drafted), Level.SUPERVISION_NOTICE,
    )  # fmt: skip


def the_request(office: Office, number: int) -> ReportingRequest:
    with reading(office.database) as session:
        found = session.get_one(ReportingRequest, number)
        session.expunge(found)
    return found


def reach_request(office: Office, number: int, login: str, when: str) -> None:
    with writing(office.database) as session:
        notice = session.scalars(
            select(Notice).where(col(Notice.request_id) == number, col(Notice.kind) == Level.URGE.value)
        ).one()
        person = session.scalars(select(Person).where(col(Person.login) == login)).one()
        log_personal_service(
            session, tenant_id=notice.tenant_id, plan_id=notice.plan_id, notice_id=notice.id or 0,
            person_id=person.id or 0, by_person_login=CLERK, at=at(when), how="电话告知",
        )  # fmt: skip
