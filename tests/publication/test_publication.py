"""How a result becomes binding: publicity, objections, rulings, publication, and corrections that are seen."""

from __future__ import annotations

import pytest
from ledger.builders import CHIEF, CLERK, LEADER, on_sqlite
from publication.bench import (
    AFTER,
    DISTRICT,
    DISTRICT_HEAD,
    LAST_DAY,
    OPENED,
    OTHER_DISTRICT,
    Bench,
)

from config.errors import BadInput, Refused, UnknownName
from config.terms import AssessmentState, Population, Role
from database import Database, reading
from supervision.queries import publication as queries


def test_a_draft_is_opened_to_objections_and_then_published(bench: Bench) -> None:
    assert bench.open() == LAST_DAY
    assert bench.stored().state is AssessmentState.PUBLICITY
    bench.publish()
    published = bench.stored()
    assert (published.state, published.result) == (AssessmentState.PUBLISHED, bench.stored().result)
    assert bench.chain_is_whole()


def test_every_assessed_unit_is_told_once_until_when_it_may_object(bench: Bench) -> None:
    bench.open()
    assert bench.told_by_kind("publicity") == [unit.code for unit in bench.force.plan.districts]


@on_sqlite
def test_on_the_last_day_of_publicity_one_may_object_and_not_publish(bench: Bench) -> None:
    bench.open()
    with pytest.raises(Refused, match="公示期到 2022-08-02"):
        bench.publish(when="2022-08-02 23:59")
    assert bench.object_to(when="2022-08-02 23:59")


@on_sqlite
@pytest.mark.parametrize("when", ["2022-08-03 00:00", "2022-07-25 09:00"])
def test_outside_the_term_nobody_may_object(bench: Bench, when: str) -> None:
    bench.open()
    with pytest.raises(Refused):
        bench.object_to(when=when)


@on_sqlite
def test_a_draft_that_nobody_has_seen_is_neither_objected_to_nor_published_nor_corrected(bench: Bench) -> None:
    for step in (bench.object_to, bench.publish, bench.correct):
        with pytest.raises(Refused, match="草稿"):
            step()


@on_sqlite
def test_who_opened_it_does_not_publish_it_in_whosever_name(bench: Bench) -> None:
    bench.open(by=CLERK)
    with pytest.raises(Refused, match="另一人"):
        bench.publish(by=CLERK)
    bench.delegate(CLERK, to=CHIEF)
    with pytest.raises(Refused, match="另一人"):
        bench.publish(by=CHIEF)


@on_sqlite
def test_whose_own_unit_is_assessed_does_not_publish_the_result(supervised: Database) -> None:
    bench = Bench(supervised, population=Population.UNITS)
    bench.open(by=CLERK)
    with pytest.raises(Refused, match="所在单位"):
        bench.publish(by=CHIEF)
    bench.publish(by=LEADER)


@on_sqlite
@pytest.mark.parametrize("login", [DISTRICT_HEAD, "330102.liaison", "jxj.head", LEADER])
def test_only_the_office_opens_a_result(bench: Bench, login: str) -> None:
    with pytest.raises(Refused, match="公示"):
        bench.open(by=login)


@on_sqlite
def test_a_second_act_of_the_same_kind_is_refused_with_the_reason(bench: Bench) -> None:
    bench.open()
    with pytest.raises(Refused, match="公示"):
        bench.open()
    bench.publish()
    with pytest.raises(Refused, match="已发布"):
        bench.publish()


# --- objections


def test_an_open_objection_holds_up_publication_and_a_rejected_one_does_not(bench: Bench) -> None:
    bench.open()
    number = bench.object_to()
    with pytest.raises(Refused, match="1 件申诉"):
        bench.publish()
    bench.rule(number)
    assert bench.told_by_kind("objection_decided") == ["330102"]
    bench.publish()


@on_sqlite
def test_the_ruling_is_due_within_thirty_days(bench: Bench) -> None:
    bench.open()
    bench.object_to(when="2022-07-28")
    with reading(bench.database) as session:
        [line] = queries.objections(session, bench.force)
    assert (line.unit, line.ruling_due.isoformat()) == (DISTRICT, "2022-08-27")


@on_sqlite
def test_one_objection_to_a_line_waits_at_a_time(bench: Bench) -> None:
    bench.open()
    first = bench.object_to()
    with pytest.raises(Refused, match="不必重复"):
        bench.object_to()
    assert bench.object_to(subject="") > first
    bench.rule(first)
    assert bench.object_to() > first


@on_sqlite
def test_an_objection_names_a_line_of_the_score_and_gives_grounds(bench: Bench) -> None:
    bench.open()
    with pytest.raises(UnknownName, match="没有“T99”"):
        bench.object_to(subject="T99")
    with pytest.raises(BadInput, match="理由"):
        bench.object_to(grounds="  ")


@on_sqlite
def test_only_an_assessed_unit_objects_and_only_for_itself(bench: Bench) -> None:
    bench.open()
    with pytest.raises(Refused, match="被考核单位"):
        bench.object_to(by="jxj.head")
    with pytest.raises(Refused, match="被考核单位"):
        bench.object_to(unit=OTHER_DISTRICT)


@on_sqlite
def test_who_belongs_to_two_districts_says_for_which(bench: Bench) -> None:
    bench.open()
    bench.delegate("330105.head", to=DISTRICT_HEAD)
    with pytest.raises(BadInput, match="--unit"):
        bench.object_to()
    bench.object_to(unit=OTHER_DISTRICT)


@on_sqlite
def test_neither_scorer_nor_objector_rules(bench: Bench) -> None:
    bench.open(by=CLERK)
    number = bench.object_to()
    with pytest.raises(Refused, match="另一人"):
        bench.rule(number, by=CLERK)
    with pytest.raises(Refused, match="复核"):
        bench.rule(number, by=DISTRICT_HEAD)
    bench.rule(number, by=CHIEF)
    with pytest.raises(Refused, match="已有复核决定"):
        bench.rule(number, by=LEADER)


# --- corrections


def test_after_an_upheld_objection_the_result_is_corrected_and_goes_the_whole_way_again(bench: Bench) -> None:
    bench.open()
    bench.rule(bench.object_to(), uphold=True)
    with pytest.raises(Refused, match="correct"):
        bench.publish()
    bench.decide_points(bench.propose_points(when="2022-07-29"), when="2022-07-29")
    new = bench.correct()
    corrected = bench.stored(new)
    assert (corrected.vintage, corrected.corrects, corrected.state) == (2, 1, AssessmentState.DRAFT)
    with pytest.raises(Refused, match="第 2 版"):
        bench.publish()
    bench.open(run=new, when="2022-08-04")
    bench.publish(run=new, when="2022-08-12")
    assert bench.stored(new).state is AssessmentState.PUBLISHED


@on_sqlite
def test_a_published_result_never_changes_whatever_is_decided_later(bench: Bench) -> None:
    bench.open()
    bench.publish()
    before = bench.stored()
    bench.decide_points(bench.propose_points(when="2022-08-04"), when="2022-08-04")
    assert bench.assess() == bench.run
    bench.correct(when="2022-08-05", as_of="2022-08-05")
    after = bench.stored()
    assert (after.result, after.case, after.state) == (before.result, before.case, AssessmentState.PUBLISHED)


@on_sqlite
def test_once_shown_a_result_is_not_assessed_anew_for_another_day(bench: Bench) -> None:
    assert bench.assess("2022-07-26") != bench.run
    bench.run = bench.assess("2022-07-26")
    bench.open(when="2022-07-27")
    with pytest.raises(Refused, match="correct"):
        bench.assess("2022-07-28")


@on_sqlite
def test_a_correction_says_why_and_corrects_something(bench: Bench) -> None:
    bench.open()
    with pytest.raises(BadInput, match="理由"):
        bench.correct(reason=" ")
    with pytest.raises(BadInput, match="早于"):
        bench.correct(as_of="2022-07-24")
    with pytest.raises(Refused, match="没有变化"):
        bench.correct()
    assert bench.stored().vintage == 1 == len({line.id for line in _runs(bench)})


def _runs(bench: Bench) -> list[queries.RunLine]:
    with reading(bench.database) as session:
        return queries.runs(session, bench.force)


@on_sqlite
def test_a_draft_that_a_later_one_replaced_goes_nowhere(bench: Bench) -> None:
    bench.assess("2022-07-26")
    with pytest.raises(Refused, match="第 2 版"):
        bench.open()
    assert [(line.vintage, line.current) for line in _runs(bench)] == [(2, True), (1, False)]


# --- points, vetoes, flags


@on_sqlite
def test_points_count_once_somebody_else_has_approved_them_by_the_day(bench: Bench) -> None:
    number = bench.propose_points("1.5", when="2022-07-26")
    with pytest.raises(Refused, match="另一人"):
        bench.decide_points(number, by=CLERK, when="2022-07-26")
    assert _adjustments(bench, bench.assess("2022-07-26")) == []
    bench.decide_points(number, when="2022-07-27")
    assert _adjustments(bench, bench.assess("2022-07-27")) == [{"points": "1.5", "reason": "经验全省推广"}]


def _adjustments(bench: Bench, run: int) -> list[dict[str, str]]:
    [row] = [row for row in bench.stored(run).case["districts"] if row["name"] == DISTRICT]
    return list(row["adjustments"])


@on_sqlite
@pytest.mark.parametrize("points", ["0", "5.01", "-5.01", "0.001"])
def test_points_beyond_the_schemes_limit_are_refused(bench: Bench, points: str) -> None:
    with pytest.raises(BadInput, match="加减分"):
        bench.propose_points(points)


@on_sqlite
def test_nobody_proposes_points_for_the_own_unit_and_no_unit_for_itself(bench: Bench) -> None:
    with pytest.raises(Refused, match="所在单位"):
        bench.propose_points(unit="市市场监管局")
    with pytest.raises(Refused, match="提出加减分"):
        bench.propose_points(by=DISTRICT_HEAD)


@on_sqlite
def test_the_same_points_for_the_same_reason_are_proposed_once(bench: Bench) -> None:
    bench.propose_points()
    with pytest.raises(Refused, match="不必重复"):
        bench.propose_points("2")


@on_sqlite
def test_a_veto_stands_on_an_unpublished_result_and_reaches_a_published_one_by_correction_only(bench: Bench) -> None:
    bench.open()
    bench.publish()
    bench.veto(when="2022-08-04")
    with reading(bench.database) as session:
        assert queries.vetoes(session, bench.stored()) == {}
    corrected = bench.stored(bench.correct(when="2022-08-05", as_of="2022-08-05"))
    with reading(bench.database) as session:
        assert queries.vetoes(session, corrected) == {bench.force.unit_id(DISTRICT): "统计造假"}


@on_sqlite
def test_a_flag_waits_for_a_person_who_is_not_of_the_unit(bench: Bench) -> None:
    flag = bench.a_flag()
    bench.open()
    with pytest.raises(Refused, match="1 条数据疑点"):
        bench.publish()
    bench.add_person("two.hats", Role.OFFICE)
    bench.delegate(DISTRICT_HEAD, to="two.hats")
    with pytest.raises(Refused, match="所在单位"):
        bench.find_out(flag, by="two.hats")
    bench.find_out(flag)
    with pytest.raises(Refused, match="已经核查"):
        bench.find_out(flag)
    bench.publish()


@on_sqlite
def test_nothing_is_dated_before_what_it_answers(bench: Bench) -> None:
    with pytest.raises(Refused, match="--at"):
        bench.open(when="2022-07-25 17:59")
    bench.open(when=OPENED)
    number = bench.object_to(when="2022-07-28")
    with pytest.raises(Refused, match="--at"):
        bench.rule(number, when="2022-07-27")
    points = bench.propose_points(when="2022-07-28")
    with pytest.raises(Refused, match="--at"):
        bench.decide_points(points, when="2022-07-27")


@on_sqlite
def test_every_step_is_one_entry_of_the_chain(bench: Bench) -> None:
    bench.open()
    bench.rule(bench.object_to())
    bench.publish(when=AFTER)
    rows = bench.snapshot()["event"]
    actions = [value for row in rows for value in row if value in _STEPS]
    assert actions == list(_STEPS)
    assert bench.chain_is_whole()


_STEPS = ("assess", "open_publicity", "raise_objection", "rule_objection", "publish_assessment")


@on_sqlite
def test_a_result_under_publicity_is_not_opened_a_second_time(bench: Bench) -> None:
    bench.open()
    with pytest.raises(Refused, match="已在公示，公示期到 2022-08-02 为止"):
        bench.open()
