"""文号: one series for each kind of paper, one for the letters to central units, over all plans of an office."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import as_file, files

import pytest
from alembic import command
from builders import CLERK, LEADER, LIAISON, Office, at, on_sqlite
from sqlalchemy import text

from config.errors import Refused, StoreError
from config.numbering import document_number, series_of
from config.plan import Plan
from config.plan import Series as Kinds
from config.terms import Level, UnitKind
from database import Database, reading, upgrade, writing
from database.upgrade import alembic_config
from supervision import in_force
from supervision.ledger import papers
from supervision.ledger.plan import put_plan
from supervision.queries.papers import papers as listed
from supervision.queries.people import actor

CENTRAL, CENTRAL_LIAISON = "浙江证监局", "zjzjj.liaison"
MINE, THEIRS = ("市经信局", LIAISON), (CENTRAL, CENTRAL_LIAISON)
BEFORE = "0004"
"""The schema before a paper kept its series."""


def reviewed(office: Office, *of: tuple[str, str]) -> list[int]:
    """Let an item of each unit fall overdue; return the papers, reviewed."""
    items = [office.a_signed_item(unit=unit) for unit, _ in of]
    office.escalate("2022-08-01")
    for number, (_, liaison) in zip(items, of, strict=True):
        office.reach(number, Level.URGE, "2022-08-01 11:00", login=liaison)
    office.escalate("2022-08-03")
    found = [office.paper_of(number).id or 0 for number in items]
    for paper in found:
        office.review(paper)
    return found


def numbers(office: Office) -> dict[int, str | None]:
    with reading(office.database) as session:
        return {paper.id: paper.number for paper in listed(session, office.force)}


def changed(plan: Plan, *, word: str = "", city: str = "", **changes: str) -> Plan:
    """Return the plan with another 机关代字, tenant, code or title, as a folder would give it."""
    content = plan.model_dump(mode="json") | changes
    content["office"]["word"] = word or content["office"]["word"]
    content["tenant"]["code"] = city or content["tenant"]["code"]
    return Plan.model_validate(content, context={"stored": True})


def beside(office: Office, plan: Plan) -> Office:
    """Return the same office at work on a second plan in the same database."""
    with writing(office.database) as session:
        force = put_plan(session, plan, at=at("2022-06-01 09:00"))
        other = Office.__new__(Office)
        other.__dict__ |= office.__dict__ | {"force": force}
        office.force = in_force.load(session, f"hangzhou/{office.force.plan.code}")
    return other


# --- which series


def test_a_central_unit_is_written_to_and_everybody_else_is_supervised(hangzhou: Plan) -> None:
    found = {
        (level, unit): series_of(hangzhou.office, level, unit)
        for level in (Level.SUPERVISION_NOTICE, Level.CIRCULAR)
        for unit in UnitKind
    }
    assert {series for (_, unit), series in found.items() if unit is UnitKind.CENTRAL} == {"杭小微办函"}
    assert {s for (level, u), s in found.items() if level is Level.CIRCULAR and u is not UnitKind.CENTRAL} == {
        "杭小微办通"
    }
    assert found[Level.SUPERVISION_NOTICE, UnitKind.DISTRICT] == "杭小微办督"


def test_the_plan_says_what_its_series_are_called(hangzhou: Plan) -> None:
    own = hangzhou.office.model_copy(update={"series": Kinds(supervision_notice="督查", letter="便函")})
    assert series_of(own, Level.SUPERVISION_NOTICE, UnitKind.MUNICIPAL) == "杭小微办督查"
    assert document_number(series_of(own, Level.CIRCULAR, UnitKind.CENTRAL), 2022, 7) == "杭小微办便函〔2022〕7号"


def test_a_plan_with_the_usual_series_has_the_digest_it_had_before_series_were_data(hangzhou: Plan) -> None:
    usual = hangzhou.model_copy(update={"office": hangzhou.office.model_copy(update={"series": Kinds()})})
    content = usual.model_dump(mode="json")
    del content["office"]["series"]
    assert (
        Plan.model_validate(content, context={"stored": True}).digest
        == Plan.model_validate(usual.model_dump(mode="json"), context={"stored": True}).digest
    )


def test_letters_run_for_themselves_without_gaps_whatever_they_stand_for(office: Office) -> None:
    first, letter, second, other = reviewed(office, MINE, THEIRS, MINE, THEIRS)
    assert [office.sign(paper) for paper in (first, letter, second, other)] == [
        "杭小微办督〔2022〕1号", "杭小微办函〔2022〕1号", "杭小微办督〔2022〕2号", "杭小微办函〔2022〕2号",
    ]  # fmt: skip
    with writing(office.database) as session:
        when = at("2022-08-04")
        papers.serve(session, office.force, letter, by=office.who(session, CLERK, when), at=when, how="机要交换")
    office.escalate("2022-08-10")
    with reading(office.database) as session:
        [circular] = [paper for paper in listed(session, office.force) if paper.kind == "circular"]
    office.review(circular.id, when="2022-08-10 14:00")
    assert circular.letter
    assert office.sign(circular.id, when="2022-08-10 15:00") == "杭小微办函〔2022〕3号"


@on_sqlite
def test_a_paper_keeps_its_number_when_the_word_of_the_office_changes(office: Office, hangzhou: Plan) -> None:
    first, second = reviewed(office, MINE, MINE)
    office.sign(first)
    with writing(office.database) as session:
        put_plan(session, changed(hangzhou, word="杭微办"), at=at("2022-08-03 15:30"))
    office.reload()
    assert office.sign(second, when="2022-08-03 16:00") == "杭微办督〔2022〕1号"
    assert numbers(office) == {first: "杭小微办督〔2022〕1号", second: "杭微办督〔2022〕1号"}


# --- several plans in one database


def test_two_plans_of_one_office_share_their_series_and_never_repeat_a_number(office: Office, hangzhou: Plan) -> None:
    other = beside(office, changed(hangzhou, code="hangzhou-next", title="下一个计划"))
    first, third, letter = reviewed(office, MINE, MINE, THEIRS)
    second, reply = reviewed(other, MINE, THEIRS)
    signed = [each.sign(paper) for each, paper in ((office, first), (other, second), (office, third))]
    assert signed == [f"杭小微办督〔2022〕{number}号" for number in (1, 2, 3)]
    assert [other.sign(reply), office.sign(letter)] == ["杭小微办函〔2022〕1号", "杭小微办函〔2022〕2号"]


@on_sqlite
def test_another_city_cannot_take_the_word_of_a_plan_that_is_loaded(office: Office, hangzhou: Plan) -> None:
    with writing(office.database) as session, pytest.raises(Refused, match="机关代字“杭小微办”已由同一数据库中的计划"):
        put_plan(session, changed(hangzhou, city="ningbo"), at=at("2022-06-01"))


@on_sqlite
def test_no_city_changes_its_word_to_that_of_another(office: Office, hangzhou: Plan) -> None:
    with writing(office.database) as session:
        put_plan(session, changed(hangzhou, city="ningbo", word="甬小微办"), at=at("2022-06-01"))
    with writing(office.database) as session, pytest.raises(Refused, match="机关代字"):
        put_plan(session, changed(hangzhou, word="甬小微办"), at=at("2022-06-02"))


@on_sqlite
def test_a_word_that_stands_on_signed_papers_stays_taken_when_their_office_gives_it_up(
    office: Office, hangzhou: Plan
) -> None:
    [letter] = reviewed(office, THEIRS)
    office.sign(letter)
    with writing(office.database) as session:
        put_plan(session, changed(hangzhou, word="杭微办"), at=at("2022-09-01"))
    with writing(office.database) as session, pytest.raises(Refused, match="机关代字“杭小微办”"):
        put_plan(session, changed(hangzhou, city="ningbo"), at=at("2022-09-02"))


def test_of_two_cities_that_take_one_word_at_the_same_moment_one_is_refused(database: Database, hangzhou: Plan) -> None:
    start = threading.Barrier(2)

    def load(city: str) -> str:
        start.wait()
        try:
            with writing(database) as session:
                put_plan(session, changed(hangzhou, city=city), at=at("2022-01-04"))
        except Refused:
            return "refused"
        return "loaded"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(load, ("hangzhou", "ningbo"))) == ["loaded", "refused"]


# --- several processes at once


def sign_elsewhere(url: str, code: str, mine: list[int], by: str, start: threading.Barrier) -> list[str]:
    """Sign the papers one by one in a process of its own, as `duban paper sign` does."""
    database = Database(url)
    start.wait()
    found = []
    for paper in mine:
        with writing(database) as session:
            force, when = in_force.load(session, code), at("2022-08-03 15:00")
            found.append(papers.sign(session, force, paper, by=actor(session, force.tenant_id, by, on=when.date()),
                                     at=when))  # fmt: skip
    database.dispose()
    return found


def test_processes_that_sign_at_once_for_two_plans_neither_repeat_a_number_nor_leave_one_out(
    office: Office, hangzhou: Plan
) -> None:
    other = beside(office, changed(hangzhou, code="hangzhou-next", title="下一个计划"))
    here, there = reviewed(office, *[MINE, THEIRS] * 4), reviewed(other, *[MINE, THEIRS] * 2)
    url, codes = office.database.url.render_as_string(hide_password=False), ("hangzhou-2021-2023", "hangzhou-next")
    work = [(codes[0], here[:4], LEADER), (codes[0], here[4:], CLERK), (codes[1], there, LEADER)]
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(len(work)) as pool:
        start = manager.Barrier(len(work))
        waiting = [pool.apply_async(sign_elsewhere, (url, code, mine, by, start)) for code, mine, by in work]
        signed = [number for each in waiting for number in each.get(timeout=60)]
    wanted = {f"杭小微办{kind}〔2022〕{number}号" for kind in "督函" for number in range(1, 7)}
    assert sorted(signed) == sorted(wanted)
    assert {*numbers(office).values(), *numbers(other).values()} == wanted
    assert office.chain_is_whole()


def test_a_signature_that_fails_at_the_last_moment_leaves_no_gap(office: Office) -> None:
    first, second = reviewed(office, MINE, MINE)

    class PowerCut(Exception):
        pass

    with pytest.raises(PowerCut), writing(office.database) as session:
        when = at("2022-08-03 15:00")
        papers.sign(session, office.force, first, by=office.who(session, LEADER, when), at=when)
        raise PowerCut
    assert office.sign(second) == "杭小微办督〔2022〕1号"
    assert office.sign(first) == "杭小微办督〔2022〕2号"


# --- the change of the schema


def down(database: Database) -> None:
    with as_file(files("migrations")) as folder, writing(database) as session:
        config = alembic_config(str(folder))
        config.attributes["connection"] = session.connection()
        command.downgrade(config, BEFORE)


def kept(database: Database) -> list[tuple[int, int | None, int | None]]:
    with reading(database) as session:
        return [(row.id, row.year, row.number) for row in session.execute(text("SELECT * FROM paper ORDER BY id"))]


def test_signed_papers_keep_their_numbers_through_an_upgrade_and_back(office: Office) -> None:
    first, letter, draft = reviewed(office, MINE, THEIRS, MINE)
    office.sign(first)
    office.sign(letter)
    before = numbers(office)
    down(office.database)
    assert kept(office.database) == [(first, 2022, 1), (letter, None, None), (draft, None, None)]
    upgrade(office.database)
    assert numbers(office) == before == {
        first: "杭小微办督〔2022〕1号", letter: "杭小微办函〔2022〕1号", draft: None,
    }  # fmt: skip
    assert office.sign(draft) == "杭小微办督〔2022〕2号"


def test_a_paper_to_a_central_unit_keeps_the_number_that_it_was_given_under_the_older_version(office: Office) -> None:
    old, new = reviewed(office, THEIRS, THEIRS)
    office.force = replace(office.force, plan=as_it_was(office.force.plan))
    assert office.sign(old) == "杭小微办督〔2022〕1号"
    down(office.database)
    assert [*kept(office.database)] == [(old, 2022, 1), (new, None, None)]
    upgrade(office.database)
    office.reload()
    assert numbers(office)[old] == "杭小微办督〔2022〕1号"
    assert office.sign(new) == "杭小微办函〔2022〕1号"


def as_it_was(plan: Plan) -> Plan:
    """Return the plan with 督 for everybody."""
    return plan.model_copy(update={"office": plan.office.model_copy(update={"series": Kinds(letter="督")})})


def test_an_upgrade_names_the_two_papers_that_bear_one_number_and_changes_nothing(
    office: Office, hangzhou: Plan
) -> None:
    other = beside(office, changed(hangzhou, code="hangzhou-next", word="杭新办"))
    [first], [second] = reviewed(office, MINE), reviewed(other, MINE)
    office.sign(first)
    other.sign(second)
    down(office.database)
    with writing(office.database) as session:  # as two plans numbered on their own before they shared a series
        recorded = "jsonb_set(data, '{number}', '\"杭小微办督〔2022〕1号\"')"
        if office.database.is_sqlite:
            recorded = "json_set(data, '$.number', '杭小微办督〔2022〕1号')"
        session.execute(text(f"UPDATE event SET data = {recorded} WHERE action = 'sign_paper'"))
    with pytest.raises(StoreError, match=f"文书 {first} 与文书 {second} 的文号同为“杭小微办督〔2022〕1号”"):
        upgrade(office.database)
    assert [*kept(office.database)] == [(first, 2022, 1), (second, 2022, 1)]
