"""The demonstration of the river city: everything happens, everything holds, and everything says it is made up."""

from __future__ import annotations

import mailbox
from email.header import decode_header, make_header

import pytest
from sqlmodel import col
from theatre import FIRST, SECOND, Played

from config import clock
from config.clock import day_of
from config.terms import (
    Action,
    AssessmentState,
    Decision,
    DeliveryStatus,
    FigureState,
    Level,
    NoticeKind,
    PaperState,
    ReleaseStatus,
    RequestState,
    Role,
    Status,
    TargetState,
)
from database import chain, reading
from demo import run, words
from demo.people import MADE_UP, MAIL_DOMAIN
from models import (
    Adjustment,
    Assessment,
    DataRelease,
    Delivery,
    DistrictTarget,
    Event,
    Figure,
    Item,
    Matter,
    Notice,
    Objection,
    Paper,
    Person,
    ProgressReport,
    ReportingRequest,
    SeriesValue,
    Submission,
)
from supervision import in_force
from supervision.queries.people import actor
from supervision.queries.targets import district_board

pytestmark = pytest.mark.xdist_group("demonstration")  # one player for all that look at the same play


def test_the_audit_finds_nothing_on_any_evening(played: Played) -> None:
    assert played.findings == ()


def test_the_chain_is_whole(played: Played) -> None:
    with reading(played.theatre.database) as session:
        assert chain.verify(session, played.stage.force.tenant_id) == []


def test_everybody_is_made_up_and_has_an_address_that_leads_nowhere_but_for_one_without(played: Played) -> None:
    people = played.theatre.rows(Person)
    assert all(person.synthetic and person.name.endswith(MADE_UP) for person in people)
    without = [person for person in people if person.email is None]
    assert len(without) == 1
    assert all(person.email.endswith(f"@{MAIL_DOMAIN}") for person in people if person not in without)


def test_every_mail_says_that_it_is_made_up(played: Played) -> None:
    mails = list(mailbox.Maildir(played.theatre.settings.home / "mail"))
    assert len(mails) > 100
    for mail in mails:
        assert "模拟数据" in str(make_header(decode_header(mail["Subject"])))
        assert mail["To"].rpartition("@")[2].rstrip(">").endswith(".invalid")


def test_every_assessment_and_every_word_of_a_person_says_that_it_is_made_up(played: Played) -> None:
    theatre = played.theatre
    assert all(run.synthetic for run in theatre.rows(Assessment))
    texts = [report.progress for report in theatre.rows(ProgressReport)]
    texts += [matter.source_document for matter in theatre.rows(Matter)]
    texts += [submission.file_name for submission in theatre.rows(Submission)]
    texts += [
        event.data["comment"]
        for event in theatre.rows(Event, col(Event.actor).not_like("flow:%"))
        if event.data.get("comment")
    ]
    assert len(texts) > 50
    assert all(words.MADE_UP in text for text in texts)


def test_everything_that_can_happen_to_an_item_happens(played: Played) -> None:
    by_people = {event.action for event in played.theatre.rows(Event, col(Event.actor).not_like("flow:%"))}
    left_out = {Action.ASSIGN, Action.ARCHIVE, Action.REJECT_EXTENSION}
    assert {action.value for action in set(Action) - left_out} <= by_people
    assert {"register_matter", "delegate", "review_paper", "sign_paper", "serve_paper", "receipt_paper"} <= by_people
    assert {"submit", "confirm", "return_submission"} <= by_people


def test_sub_items_recorded_calls_urgent_matters_and_stand_ins_occur(played: Played) -> None:
    theatre = played.theatre
    assert theatre.rows(Item, col(Item.parent_id).is_not(None))
    assert theatre.rows(ProgressReport, col(ProgressReport.recorded_from).is_not(None))
    assert theatre.rows(Item, col(Item.urgent))
    assert theatre.rows(Event, col(Event.acting_for).is_not(None))
    finished = theatre.rows(Item, col(Item.parent_id).is_not(None), col(Item.status) != Status.WITHDRAWN)
    assert {part.status for part in finished} <= {Status.COMPLETED, Status.CLOSED, Status.ACKNOWLEDGED}


def test_requests_come_in_on_time_late_returned_and_not_at_all(played: Played) -> None:
    requests = played.theatre.rows(ReportingRequest)
    assert any(request.late for request in requests)
    assert any(request.returned for request in requests)
    assert {RequestState.CONFIRMED, RequestState.MISSING} <= {request.state for request in requests}
    states = {figure.state for figure in played.theatre.rows(Figure)}
    assert states == set(FigureState)


def test_nothing_is_dated_by_the_clock(played: Played) -> None:
    first, last = played.days[0], played.days[-1]
    for event in played.theatre.rows(Event):
        assert first <= day_of(event.at) <= last
    instants = [event.at for event in played.theatre.rows(Event)]
    assert instants == sorted(instants)


def test_every_rung_after_the_due_date_was_preceded_by_a_delivered_warning(played: Played) -> None:
    """Computed from the notices and deliveries alone, without the rules that made them."""
    theatre, calendar = played.theatre, played.stage.force.calendar
    offsets = [rung.offset for rung in played.stage.force.ladder.after_due]
    delivered = {
        delivery.notice_id
        for delivery in theatre.rows(Delivery, col(Delivery.status) == DeliveryStatus.DELIVERED, col(Delivery.of_unit))
    }
    notices = theatre.rows(Notice, col(Notice.rung).is_not(None), col(Notice.issued_at).is_not(None))
    held = {(n.item_id, n.request_id, n.due_version, n.rung): n for n in notices}
    checked = 0
    for (item, request, version, rung), notice in held.items():
        if rung <= 0:
            assert day_of(notice.issued_at) <= notice.due
        elif rung == offsets[0]:
            assert notice.kind is NoticeKind.URGE
            assert day_of(notice.issued_at) > notice.due
        else:
            before = held[item, request, version, offsets[offsets.index(rung) - 1]]
            warned = day_of(before.delivered_at)
            assert before.id in delivered or before.kind is NoticeKind.SUPERVISION_NOTICE
            assert calendar.count(warned, day_of(notice.issued_at)) - 1 >= rung - before.rung
            checked += 1
    assert checked


def test_a_retrospective_item_is_never_chased_and_never_done(played: Played) -> None:
    past = {item.id for item in played.theatre.rows(Item, col(Item.retrospective))}
    assert past
    assert not [notice for notice in played.theatre.rows(Notice) if notice.item_id in past]


def test_papers_are_numbered_without_gaps_and_signed_by_a_second_person(played: Played) -> None:
    papers = played.theatre.rows(Paper)
    signed = [paper for paper in papers if paper.number is not None]
    for series in {paper.series for paper in signed}:
        numbers = sorted(paper.number for paper in signed if paper.series == series)
        assert numbers == list(range(1, len(numbers) + 1))
    assert Level.SUPERVISION_NOTICE in {paper.level for paper in signed}
    assert all(paper.reviewed_by != paper.issued_by for paper in signed)
    assert PaperState.RECEIPTED in {paper.state for paper in papers}


def test_every_item_stands_as_the_chain_says(played: Played) -> None:
    """An item that was changed beside the ledger would differ from its last event."""
    last: dict[int, str] = {}
    for event in played.theatre.rows(Event, col(Event.item_id).is_not(None)):
        if "to" in event.data and isinstance(event.data["to"], str):
            last[event.item_id] = event.data["to"]
    acted_on = [item for item in played.theatre.rows(Item) if item.id in last]
    assert len(acted_on) > 50
    assert all(item.status.value == last[item.id] for item in acted_on)


def test_nobody_has_decided_on_the_own_units_item(played: Played) -> None:
    units = {item.id: item.unit_id for item in played.theatre.rows(Item, col(Item.parent_id).is_(None))}
    deciding = {Action.VERIFY.value, Action.RETURN_FOR_REWORK.value, Action.APPROVE_EXTENSION.value}
    with reading(played.theatre.database) as session:
        for event in played.theatre.rows(Event, col(Event.action).in_(deciding)):
            if event.item_id in units:
                by = actor(session, played.stage.force.tenant_id, event.actor, on=day_of(event.at))
                assert by.holds(Role.OFFICE) or by.holds(Role.LEADER)
                assert units[event.item_id] not in by.unit_ids


def test_districts_and_member_units_are_ranked_and_differ(played: Played) -> None:
    runs = {(run.quarter, run.population.value): run.result["districts"] for run in played.theatre.rows(Assessment)}
    districts = runs[SECOND, "districts"]
    assert {line["rank"] for line in districts} >= {1, 2}
    assert len({line["grade"] for line in districts}) > 1
    assert len(runs[SECOND, "units"]) == 4


def test_the_plan_remembers_how_far_it_was_played(played: Played) -> None:
    with reading(played.theatre.database) as session:
        assert in_force.load(session).demonstrated_until == played.days[-1]


def test_the_first_verdict_goes_the_whole_way_to_publication(played: Played) -> None:
    published = played.theatre.rows(Assessment, col(Assessment.quarter) == FIRST)
    assert {run.state for run in published} == {AssessmentState.PUBLISHED}
    assert all(run.opened_by != run.published_by for run in published)
    objections = played.theatre.rows(Objection)
    assert objections and all(objection.decision is Decision.REJECTED for objection in objections)


def test_the_last_verdict_is_a_draft_that_nobody_has_answered_yet(played: Played) -> None:
    drafts = played.theatre.rows(Assessment, col(Assessment.quarter) == SECOND)
    assert {run.state for run in drafts} == {AssessmentState.DRAFT}


def test_points_are_proposed_by_one_and_approved_by_another(played: Played) -> None:
    adjustments = played.theatre.rows(Adjustment)
    assert adjustments and all(row.decision is Decision.APPROVED for row in adjustments)
    assert all(row.proposed_by_person_id != row.decided_by_person_id for row in adjustments)
    assert all(words.MADE_UP in row.reason for row in adjustments)


# --- targets and statistics


def test_targets_are_sent_out_confirmed_objected_to_and_answered(played: Played) -> None:
    theatre = played.theatre
    actions = [event.action for event in theatre.rows(Event, col(Event.action).like("%target%"))]
    assert actions.index("tell_targets") < actions.index("object_to_target") < actions.index("uphold_target")
    assert actions.count("object_to_target") == 2
    assert {"change_targets", "confirm_targets"} <= set(actions)
    rows = theatre.rows(DistrictTarget)
    newest = {(row.indicator_id, row.unit_id): row for row in sorted(rows, key=lambda row: row.version)}
    assert {row.state for row in newest.values()} == {TargetState.CONFIRMED}
    assert all(words.MADE_UP in (row.comment or words.MADE_UP) for row in rows)
    assert all(words.MADE_UP in (row.reason or words.MADE_UP) for row in rows)


def test_the_office_hears_of_every_objection_to_a_target(played: Played) -> None:
    notices = played.theatre.rows(Notice, col(Notice.kind) == NoticeKind.TARGET_OBJECTION)
    assert len(notices) == 2
    assert all(notice.delivered_at is not None for notice in notices)


def test_the_lowered_target_counts_and_the_districts_still_add_up(played: Played) -> None:
    [event] = played.theatre.rows(Event, col(Event.action) == "change_targets")
    code = event.data["targets"][0]["indicator"]
    with reading(played.theatre.database) as session:
        [board] = district_board(
            session, in_force.load(session), known_at=clock.moment(played.days[-1], run.OPENS), indicator=code
        )
    assert board.total == board.indicator.target
    assert {line.version for line in board.lines} == {2}


def test_returns_are_filed_and_a_rise_of_the_fee_burden_is_told_once(played: Played) -> None:
    theatre = played.theatre
    values = theatre.rows(SeriesValue)
    assert len(values) > 5
    assert all(value.note == "模拟数据" and words.MADE_UP in value.source for value in values)
    alerts = theatre.rows(Notice, col(Notice.kind) == NoticeKind.DATA_ALERT)
    assert len(alerts) == 1 and "缴费负担率" in alerts[0].because
    assert alerts[0].delivered_at is not None


def test_statistics_are_released_when_due_by_somebody_who_did_not_record_them(played: Played) -> None:
    releases = played.theatre.rows(DataRelease)
    assert {made.code for made in releases} == {"shop-data", "shop-indices"}
    assert {made.status for made in releases} == {ReleaseStatus.PROVISIONAL, ReleaseStatus.FINAL}
    delays = [(day_of(made.released_at) - made.due).days for made in releases]
    assert all(made.synthetic for made in releases)
    assert 0 in delays and min(delays) == 0 and max(delays) <= 7  # a return that comes late holds a release up
    recorders = {value.recorded_by_person_id for value in played.theatre.rows(SeriesValue)}
    assert recorders.isdisjoint(made.released_by_person_id for made in releases)


def test_some_forms_come_back_as_workbooks_and_some_as_tables(played: Played) -> None:
    endings = {submission.file_name.rpartition(".")[2] for submission in played.theatre.rows(Submission)}
    assert endings == {"csv", "xlsx"}
