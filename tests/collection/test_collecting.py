"""From the opened window to the confirmed figure, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from reporting_office import Office, at
from sqlalchemy import func, select
from sqlmodel import col

from config.errors import BadInput, Conflict, Refused, UnknownName
from config.terms import Channel, DeliveryStatus, NoticeKind, RequestState, SubmissionState
from database import chain, reading, writing
from models import Delivery, Figure, Notice, ReportingRequest
from supervision.collection.filing import Unacceptable
from supervision.ledger import notices, people
from supervision.ledger.reporting import Closed
from supervision.queries.people import Recipient

Q2 = {"T01": "480", "T02": "100", "T28": "0", "T12": "不适用"}


def numbers_of(office: Office) -> list[tuple[int, int, str, date, date, date]]:
    with reading(office.database) as session:
        row = ReportingRequest
        columns = (col(row.form_id), col(row.unit_id), col(row.period), col(row.opens), col(row.due), col(row.closes))
        return sorted(session.execute(select(*columns)).tuples().all())


# ---------------------------------------------------------------- opening


def test_a_request_opens_once_with_one_notice_to_the_liaison(office: Office) -> None:
    opened = office.open("04-01")
    assert opened.requests > len(opened.notices) > 0  # the windows of December closed long ago: nobody is told
    assert office.open("04-01").requests == 0
    draft = next(d for d in opened.notices if d.unit_id == office.force.unit_id("上城区"))
    assert [r.login for r in draft.recipients] == ["330102.liaison"]
    assert "2022年4月20日" in draft.because
    assert len(office.notices(draft.request_id or 0)) == 1


def test_a_late_run_opens_the_same_requests_as_a_daily_one(office: Office, supervised_url: str) -> None:
    days = [f"{month:02}-{day:02}" for month in range(1, 8) for day in (1, 2, 12, 28)]
    for day in days:
        office.open(day)
    daily = numbers_of(office)
    with writing(office.database) as session:  # as if nothing had ever run
        for table in (Delivery, Notice, ReportingRequest):
            session.execute(table.__table__.delete())  # type: ignore[attr-defined]
    office.open(days[-1])
    assert numbers_of(office) == daily


def test_two_runs_at_once_open_every_request_once(office: Office) -> None:
    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(office.open, ["07-01", "07-01"]))
    assert sum(each.requests for each in opened) == len(numbers_of(office))
    assert 0 in [each.requests for each in opened]


def test_a_request_starts_its_clock_on_the_day_it_is_opened(desk: Office) -> None:
    desk.open("07-04")
    filed = desk.submit(Q2, "07-05")
    request = desk.request(filed.request_id)
    assert (request.opens, request.clock_started_on) == (date(2022, 7, 1), date(2022, 7, 4))


# ---------------------------------------------------------------- filing


def test_figures_are_filed_with_zero_not_applicable_and_nothing_apart(office: Office) -> None:
    office.open("07-01")
    filed = office.submit(Q2, "07-18")
    assert (filed.state, filed.version, filed.late, filed.figures) == ("filed", 1, False, 4)
    known = office.known("07-19", confirmed_only=False)
    assert known["T01", "330102"] == "480"
    assert known["T28", "330102"] == "0"
    assert known["T12", "330102"] == "not_applicable"
    assert known["T33", "330102"] == "blank"
    assert office.request(filed.request_id).state is RequestState.FILED


def test_the_same_content_twice_changes_nothing(office: Office) -> None:
    office.open("07-01")
    office.submit(Q2, "07-18")
    again = office.submit(dict(reversed(Q2.items())), "07-19")
    assert (again.state, again.version, again.figures) == ("unchanged", 1, 4)
    assert len(office.versions(again.request_id)) == 1
    assert [event.action for event in office.events(again.request_id)] == ["open_request", "submit"]


def test_the_same_content_after_the_window_is_still_unchanged(office: Office) -> None:
    filed = office.submit(Q2, "07-18")
    office.confirm(filed.request_id, "07-19")
    assert office.submit(Q2, "07-20").state == "unchanged"
    assert office.submit(Q2, "08-20").state == "unchanged"


def test_a_correction_is_a_new_version_and_overwrites_nothing(office: Office) -> None:
    office.open("07-01")
    office.submit(Q2, "07-18")
    second = office.submit(Q2 | {"T01": "481"}, "07-19")
    assert second.version == 2
    states = [version.state for version in office.versions(second.request_id)]
    assert states == [SubmissionState.SUPERSEDED, SubmissionState.FILED]
    assert office.known("07-19 09:00", confirmed_only=False)["T01", "330102"] == "480"
    assert office.known("07-20", confirmed_only=False)["T01", "330102"] == "481"


def test_a_cell_left_out_of_the_correction_holds_nothing_any_more(office: Office) -> None:
    office.submit(Q2, "07-18")
    office.submit({"T01": "480"}, "07-19")
    assert office.known("07-20", confirmed_only=False)["T02", "330102"] == "blank"


def test_an_open_window_does_not_wait_for_the_flow(office: Office) -> None:
    filed = office.submit(Q2, "07-02")
    assert office.request(filed.request_id).opens == date(2022, 7, 1)
    assert [event.action for event in office.events(filed.request_id)] == ["open_request", "submit"]


@pytest.mark.parametrize(("when", "late"), [("07-20 23:59", False), ("07-21 00:00", True), ("07-24 23:59", True)])
def test_late_begins_at_the_midnight_that_ends_the_due_date(desk: Office, when: str, late: bool) -> None:
    desk.open("07-01")
    filed = desk.submit(Q2, when)
    assert filed.late is late
    assert desk.request(filed.request_id).late is late


def test_who_is_only_asked_after_the_due_date_is_not_late(office: Office) -> None:
    office.open("07-22")
    assert office.submit(Q2, "07-23").late is False
    assert {"late": False, "returned": 0, "missing": False} in office.facts("07-25")


@pytest.mark.parametrize(
    ("when", "words"), [("06-30 23:59", "尚未开放|不在开放期"), ("07-25 00:00", "已关闭|不在开放期")]
)
def test_outside_the_window_filing_is_refused_with_the_dates(desk: Office, when: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        desk.submit(Q2, when)
    assert "7" in str(refusal.value)
    desk.open("07-01")
    with pytest.raises(Refused, match=words):
        desk.submit(Q2, when)


def test_a_faulty_file_changes_nothing_and_names_every_cell(office: Office) -> None:
    office.open("07-01")
    before = len(numbers_of(office))
    with pytest.raises(Unacceptable) as refusal:
        office.submit({"T01": "480", "T02": "481", "T04": "—", "T99": "5", "T07": "1.5"}, "07-18")
    assert [problem.where for problem in refusal.value.problems] == ["B3", "B4", "B5", "B6"]
    with reading(office.database) as session:
        assert session.scalars(select(func.count()).select_from(Figure)).one() == 0
    assert len(numbers_of(office)) == before


def test_an_empty_form_is_no_submission(desk: Office) -> None:
    with pytest.raises(BadInput, match="没有填任何数"):
        desk.submit({"T01": "", "T02": ""}, "07-18")


def test_a_figure_that_falls_needs_a_note(office: Office) -> None:
    office.submit({"T01": "500"}, "04-18", period="2022Q1")
    with pytest.raises(Unacceptable, match="小于 2022Q1 的 500"):
        office.submit({"T01": "400"}, "07-18")
    assert office.submit({"T01": "400"}, "07-18", note="剔除重复登记").state == "filed"


def test_what_was_returned_is_no_yardstick(office: Office) -> None:
    first = office.submit({"T01": "5000"}, "04-18", period="2022Q1")
    office.send_back(first.request_id, "04-19")
    assert office.submit({"T01": "480"}, "07-18").state == "filed"


def test_a_figure_of_another_district_is_no_yardstick(office: Office) -> None:
    office.submit({"T01": "500"}, "04-18", period="2022Q1", unit="滨江区", by="330108.liaison")
    assert office.submit({"T01": "400"}, "07-18").state == "filed"


def test_a_bureau_is_asked_why_the_city_is_not_the_sum(office: Office) -> None:
    for district in office.force.plan.districts:
        office.submit({"T33": "10"}, "07-18", unit=district.name, by=f"{district.code}.liaison")
    city = {"form": "training-quarterly", "unit": "市人力社保局"}
    by = f"{office.force.plan.unit('市人力社保局').code}.head"
    with pytest.raises(Unacceptable, match="合计 130，与全市数 131 不一致"):
        office.submit({"T33": "131"}, "07-19", by=by, **city)
    assert office.submit({"T33": "130"}, "07-19", by=by, **city).state == "filed"


def test_two_filings_at_once_are_two_versions(office: Office) -> None:
    office.open("07-01")
    with ThreadPoolExecutor(2) as pool:
        filed = list(pool.map(lambda value: office.submit({"T01": value}, "07-18"), ["480", "481"]))
    assert sorted(each.version for each in filed) == [1, 2]
    states = [version.state for version in office.versions(filed[0].request_id)]
    assert states == [SubmissionState.SUPERSEDED, SubmissionState.FILED]


def test_the_same_file_sent_twice_at_once_is_filed_once(office: Office) -> None:
    office.open("07-01")
    with ThreadPoolExecutor(2) as pool:
        filed = list(pool.map(lambda _: office.submit(Q2, "07-18"), range(2)))
    assert sorted(each.state for each in filed) == ["filed", "unchanged"]


# ---------------------------------------------------------------- who may file


@pytest.mark.parametrize("by", ["330102.liaison", "330102.head"])
def test_a_units_own_people_file_for_it(desk: Office, by: str) -> None:
    assert desk.submit(Q2, "07-18", by=by).state == "filed"


@pytest.mark.parametrize("by", ["330105.liaison", "scjg.liaison", "leader.signer", "auditor"])
def test_nobody_else_files_for_it(desk: Office, by: str) -> None:
    with pytest.raises(Refused, match="上城区的联络员或分管负责人"):
        desk.submit(Q2, "07-18", by=by)


def test_the_office_records_for_a_unit_only_with_its_source(office: Office) -> None:
    with pytest.raises(Refused, match="来源"):
        office.submit(Q2, "07-18", by="office.clerk")
    filed = office.submit(Q2, "07-18", by="office.clerk", recorded_from="7月18日电话报告")
    assert office.versions(filed.request_id)[0].recorded_from == "7月18日电话报告"
    assert office.events(filed.request_id)[-1].data["recorded_from"] == "7月18日电话报告"
    with pytest.raises(Refused, match="另一人"):
        office.confirm(filed.request_id, "07-19", by="office.clerk")
    assert office.confirm(filed.request_id, "07-19", by="office.chief").state is RequestState.CONFIRMED


def test_a_unit_states_no_source_for_itself(desk: Office) -> None:
    with pytest.raises(BadInput, match="代录"):
        desk.submit(Q2, "07-18", recorded_from="电话")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"form": "quarterly"}, "district-quarterly"),
        ({"unit": "市税务局"}, "上城区"),
        ({"unit": "火星区"}, "火星区"),
        ({"period": "2022-06"}, "2022Q3"),
        ({"period": "2024Q1"}, "2023Q4"),
        ({"period": "二季度"}, "无法识别"),
    ],
)
def test_names_that_do_not_fit_are_answered_with_those_that_do(desk: Office, keys: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        desk.submit(Q2, "07-18", **keys)


def test_what_was_due_before_the_plan_was_issued_is_not_filed(desk: Office) -> None:
    with pytest.raises(Refused, match="印发"):
        desk.submit(Q2, "07-18", period="2021Q2")


# ---------------------------------------------------------------- deciding


def test_figures_count_from_their_confirmation_on(office: Office) -> None:
    filed = office.submit(Q2, "07-18")
    assert office.known("07-19") == {}
    decided = office.confirm(filed.request_id, "07-19", comment="核对无误")
    assert (decided.state, decided.version) == (RequestState.CONFIRMED, 1)
    assert office.known("07-19") == {}  # known_at is exclusive
    assert office.known("07-20")["T01", "330102"] == "480"
    assert office.known("07-20")["T12", "330102"] == "not_applicable"


def test_a_returned_submission_starts_a_new_ladder_with_a_date_and_tells_the_unit(office: Office) -> None:
    office.open("07-01")
    filed = office.submit(Q2, "07-06")
    decided = office.send_back(filed.request_id, "07-08", comment="T01 与上季不符")
    request = office.request(filed.request_id)
    assert decided.due == request.due == date(2022, 7, 13)  # three working days after Friday the 8th
    assert (request.state, request.returned, request.due_version) == (RequestState.RETURNED, 1, 2)
    assert request.clock_started_on == request.sweep_on == date(2022, 7, 8)
    assert request.closes == date(2022, 7, 24)
    kind, key, deliveries = office.notices(filed.request_id)[-1]
    assert (kind, key, deliveries) == ("submission_returned", f"request/{filed.request_id}/returned/v2", 2)
    again = office.submit(Q2 | {"T01": "490"}, "07-12")
    assert (again.version, again.late) == (2, False)
    assert office.request(filed.request_id).sweep_on is None


def test_lateness_stays_that_of_the_first_filing(office: Office) -> None:
    office.open("07-01")
    filed = office.submit(Q2, "07-19")
    office.send_back(filed.request_id, "07-20", due="07-21")
    assert office.submit(Q2 | {"T01": "490"}, "07-23").late is True
    assert office.request(filed.request_id).late is False
    assert {"late": False, "returned": 1, "missing": False} in office.facts("07-25")


def test_a_returned_content_is_not_filed_again_unchanged(office: Office) -> None:
    filed = office.submit(Q2, "07-18")
    office.send_back(filed.request_id, "07-19", comment="T01 偏小")
    with pytest.raises(Refused, match=r"完全相同.*T01 偏小"):
        office.submit(Q2, "07-20")
    assert office.submit(Q2, "07-20", note="已与统计部门核对").version == 2


def test_filing_and_returning_end_the_ladder_before(office: Office) -> None:
    office.open("07-01")
    number = office.submit({"T01": "1"}, "07-02").request_id
    office.send_back(number, "07-04", due="07-06")
    unit = office.force.unit_id("上城区")
    with writing(office.database) as session:
        person = office.who(session, "330102.liaison", at("07-07")).person_id or 0
        draft = notices.Draft(
            key=notices.rung_key(None, number, version=2, offset=1), kind=NoticeKind.URGE, unit_id=unit, because="逾期",
            recipients=(Recipient(person, "330102.liaison", True),), request_id=number, due_version=2, rung=1,
        )  # fmt: skip
        notices.make(session, office.force, [draft], at=at("07-07"))
    office.submit({"T01": "2"}, "07-08")
    with reading(office.database) as session:
        notice = session.scalars(select(Notice).where(col(Notice.rung) == 1)).one()
        delivery = session.scalars(select(Delivery).where(col(Delivery.notice_id) == notice.id)).one()
        assert notice.cancelled_at is not None
        assert (delivery.status, delivery.channel) == (DeliveryStatus.CANCELLED, Channel.EMAIL)


@pytest.mark.parametrize("comment", ["", "  "])
def test_a_return_says_why(desk: Office, comment: str) -> None:
    filed = desk.submit(Q2, "07-18")
    with pytest.raises(BadInput, match="意见"):
        desk.send_back(filed.request_id, "07-19", comment=comment)


@pytest.mark.parametrize(
    ("when", "due", "error", "words"),
    [
        ("07-19", "07-25", BadInput, "晚于窗口关闭日"),
        ("07-19", "07-23", BadInput, "晚于窗口关闭日"),  # a Saturday moves to Monday the 25th
        ("07-19", "07-19", BadInput, "至少留一个工作日"),
        ("07-19", "07-01", BadInput, "至少留一个工作日"),
        ("07-22", "", Refused, "来不及重报"),  # the next working day is Monday the 25th, and it closes on the 24th
    ],
)
def test_a_date_that_cannot_be_kept_is_refused(
    desk: Office, when: str, due: str, error: type[Exception], words: str
) -> None:
    filed = desk.submit(Q2, "07-18")
    with pytest.raises(error, match=words):
        desk.send_back(filed.request_id, when, due=due)
    assert desk.request(filed.request_id).state is RequestState.FILED


def test_the_default_date_stays_within_the_window(desk: Office) -> None:
    filed = desk.submit(Q2, "07-18")
    assert desk.send_back(filed.request_id, "07-21").due == date(2022, 7, 22)


def test_nobody_decides_on_their_own_filing_or_their_own_unit(office: Office) -> None:
    filed = office.submit({"T01": "480"}, "07-18", form="market-quarterly", unit="市市场监管局", by="scjg.liaison")
    for by in ("office.clerk", "office.chief"):  # the office sits in that very bureau
        with pytest.raises(Refused, match="所在单位"):
            office.confirm(filed.request_id, "07-19", by=by)
        with pytest.raises(Refused, match="所在单位"):
            office.send_back(filed.request_id, "07-19", by=by)
    assert office.confirm(filed.request_id, "07-19", by="leader.signer").state is RequestState.CONFIRMED


def test_the_lead_unit_of_every_figure_may_decide_and_others_may_not(desk: Office) -> None:
    upgrade = {"form": "district-upgrade-monthly", "period": "2022-06"}
    filed = desk.submit({"T06": "5"}, "07-08", **upgrade)
    with pytest.raises(Refused, match="牵头单位市经信局"):
        desk.confirm(filed.request_id, "07-09", by="kjj.head")
    assert desk.confirm(filed.request_id, "07-09", by="jxj.head").state is RequestState.CONFIRMED
    mixed = desk.submit(Q2, "07-18")
    with pytest.raises(Refused, match="由领导小组办公室办理"):
        desk.confirm(mixed.request_id, "07-19", by="jxj.head")


def test_a_decision_needs_something_to_decide_on(desk: Office) -> None:
    opened = desk.open("07-01")
    number = opened.notices[0].request_id or 0
    for decide in (desk.confirm, desk.send_back):
        with pytest.raises(Refused, match="尚未报送"):
            decide(number, "07-18")
        with pytest.raises(UnknownName, match="999999"):
            decide(999999, "07-18")


def test_a_decision_is_made_once_and_on_what_was_seen(office: Office) -> None:
    filed = office.submit(Q2, "07-18")
    seen = office.request(filed.request_id).revision
    office.submit(Q2 | {"T01": "481"}, "07-19")
    with pytest.raises(Conflict, match="刷新"):
        office.confirm(filed.request_id, "07-19", revision=seen)
    office.confirm(filed.request_id, "07-19")
    with pytest.raises(Refused, match="不必重复"):
        office.confirm(filed.request_id, "07-20")


def test_confirmed_figures_are_corrected_only_after_a_return(office: Office) -> None:
    filed = office.submit(Q2, "07-18")
    office.confirm(filed.request_id, "07-19")
    with pytest.raises(Refused, match=r"已审核通过.*退回"):
        office.submit(Q2 | {"T01": "481"}, "07-19")
    decided = office.send_back(filed.request_id, "08-15", comment="漏报一个园区")
    assert decided.due == date(2022, 8, 18)
    assert office.request(filed.request_id).closes == date(2022, 8, 18)
    office.submit(Q2 | {"T01": "481"}, "08-16")
    assert office.known("08-17")["T01", "330102"] == "480"
    office.confirm(filed.request_id, "08-17")
    assert office.known("08-18")["T01", "330102"] == "481"
    assert office.known("08-01")["T01", "330102"] == "480"


# ---------------------------------------------------------------- closing


def test_what_was_never_filed_is_missing_after_the_closing_day(office: Office) -> None:
    office.open("07-01")
    office.close("07-24")  # sweeps up the windows of the spring, and leaves those that close today
    filed = office.submit(Q2, "07-24")
    office.confirm(filed.request_id, "07-24")
    open_still = sum(1 for row in numbers_of(office) if row[5] == date(2022, 7, 24))
    assert office.close("07-25") == Closed(missing=open_still - 1, confirmed=0, kept=0)
    assert office.close("07-25") == Closed(missing=0, confirmed=0, kept=0)
    assert office.facts("07-25", unit="330108").count({"late": True, "returned": 0, "missing": True}) == 2
    with pytest.raises(Refused, match="已关闭"):
        office.submit(Q2, "07-25", unit="滨江区", by="330108.liaison")


def test_what_the_office_left_undecided_is_confirmed_but_for_claims(office: Office) -> None:
    filed = office.submit(Q2, "07-18")
    assert office.close("07-25").confirmed == 1
    request = office.request(filed.request_id)
    assert request.state is RequestState.CONFIRMED
    version = office.versions(filed.request_id)[0]
    assert version.decided_by is None and "自动通过" in (version.comment or "")
    known = office.known("07-26")
    assert known["T01", "330102"] == "480"
    assert ("T12", "330102") not in known  # a claim of 不适用 waits for a person
    office.confirm(filed.request_id, "07-27")
    assert office.known("07-28")["T12", "330102"] == "not_applicable"
    with pytest.raises(Refused, match="不必重复"):
        office.confirm(filed.request_id, "07-28")


def test_what_was_returned_and_not_filed_again_is_missing(office: Office) -> None:
    filed = office.submit(Q2, "07-18")
    office.send_back(filed.request_id, "07-19")
    assert office.close("07-25").missing == 1
    request = office.request(filed.request_id)
    assert (request.state, request.sweep_on) == (RequestState.MISSING, None)
    assert {"late": False, "returned": 1, "missing": True} in office.facts("07-25")
    assert office.known("07-26") == {}


def test_a_correction_that_never_came_leaves_the_confirmed_figures(office: Office) -> None:
    filed = office.submit(Q2, "07-18")
    office.confirm(filed.request_id, "07-19")
    office.send_back(filed.request_id, "08-15")
    assert office.close("08-19").kept == 1
    assert office.request(filed.request_id).state is RequestState.CONFIRMED
    assert office.known("08-20")["T01", "330102"] == "480"
    assert {"late": False, "returned": 1, "missing": False} in office.facts("08-20")


def test_closing_late_makes_the_same_rows(office: Office) -> None:
    office.open("07-01")
    office.close("10-31")
    with reading(office.database) as session:
        states = set(session.scalars(select(col(ReportingRequest.state))))
    assert states == {RequestState.MISSING}


def test_closing_ends_the_ladder(office: Office) -> None:
    office.open("07-01")
    office.close("07-25")
    with reading(office.database) as session:
        sweeping = select(func.count()).select_from(ReportingRequest).where(col(ReportingRequest.sweep_on).is_not(None))
        assert session.scalars(sweeping).one() == 0


# ---------------------------------------------------------------- the record


def test_every_act_is_a_link_of_an_unbroken_chain(office: Office) -> None:
    office.open("07-01")
    number = office.submit(Q2, "07-12").request_id
    office.send_back(number, "07-13")
    office.submit(Q2 | {"T01": "490"}, "07-14")
    office.confirm(number, "07-15", by="office.chief")
    office.close("07-25")
    events = office.events(number)
    assert [event.action for event in events] == ["open_request", "submit", "return_submission", "submit", "confirm"]
    assert [event.actor for event in events][1:3] == ["330102.liaison", "office.clerk"]
    with reading(office.database) as session:
        assert chain.verify(session, office.force.tenant_id) == []


def test_a_deputy_acts_in_the_name_of_who_delegated(office: Office) -> None:
    with writing(office.database) as session:
        people.delegate(
            session, office.force.tenant_id, login="330102.liaison", to="330105.liaison", since=date(2022, 7, 1),
            until=date(2022, 7, 31), reason="休假", at=at("07-01"), by="office.clerk",
        )  # fmt: skip
    filed = office.submit(Q2, "07-18", by="330105.liaison")
    assert office.events(filed.request_id)[-1].acting_for == "330102.liaison"


def test_nobody_confirms_what_a_stand_in_filed_for_them(desk: Office) -> None:
    with writing(desk.database) as session:
        people.delegate(
            session, desk.force.tenant_id, login="office.chief", to="330105.liaison", since=date(2022, 7, 1),
            until=date(2022, 7, 18), reason="出差", at=at("07-01"), by="office.clerk",
        )  # fmt: skip
    filed = desk.submit(Q2, "07-18", by="330105.liaison", recorded_from="7月18日电话报告")
    assert desk.events(filed.request_id)[-1].acting_for == "office.chief"
    for decide in (desk.confirm, desk.send_back):
        with pytest.raises(Refused, match="另一人"):
            decide(filed.request_id, "07-19", by="office.chief")
    assert desk.confirm(filed.request_id, "07-19", by="office.clerk").state is RequestState.CONFIRMED


def test_a_figure_never_changes_but_for_its_confirmation(office: Office) -> None:
    filed = office.submit(Q2, "07-18")

    def rows() -> list[tuple[object, ...]]:
        columns = [c for c in Figure.__table__.columns if c.name != "confirmed_at"]  # type: ignore[attr-defined]
        with reading(office.database) as session:
            statement = select(*columns).where(col(Figure.version) == 1).order_by(col(Figure.id))
            return [tuple(row) for row in session.execute(statement)]

    before = rows()
    office.send_back(filed.request_id, "07-19")
    office.submit(Q2 | {"T01": "490"}, "07-20")
    office.confirm(filed.request_id, "07-21")
    office.close("07-25")
    assert rows() == before


def test_a_request_of_another_plan_is_not_found(office: Office) -> None:
    filed = office.submit(Q2, "07-18")
    office.force = replace(office.force, plan_id=office.force.plan_id + 1)
    with pytest.raises(UnknownName):
        office.confirm(filed.request_id, "07-19")
