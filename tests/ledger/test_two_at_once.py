"""Two people, or two processes, acting on one item at the same moment: one wins, the other is told, nothing is lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence

from builders import CHIEF, CLERK, HEAD, LEADER, LIAISON, Office, at, day, on_a_server
from sqlalchemy import select
from sqlmodel import col

from config.errors import Conflict, DubanError, Refused
from config.plan import Plan
from config.terms import Action, MatterKind, Status
from database import Database, chain, reading, writing
from models import Matter
from supervision import cycle, in_force
from supervision.ledger.acts import Act, perform
from supervision.ledger.matters import add_matter
from supervision.ledger.plan import put_plan
from supervision.queries.people import actor

A, S = Action, Status


def at_once(office: Office, *things: Callable[[Office], object]) -> list[object]:
    """Do the things at the same moment, each on connections of its own; return what came of each."""
    outcomes: list[object] = [None] * len(things)
    start = threading.Barrier(len(things))

    def run(place: int, thing: Callable[[Office], object]) -> None:
        mine = Office(Database(office.database.url.render_as_string(hide_password=False)))
        start.wait()
        try:
            outcomes[place] = thing(mine)
        except DubanError as error:
            outcomes[place] = error
        finally:
            mine.database.dispose()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(things)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def sorts(outcomes: Sequence[object]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def test_of_many_who_saw_the_same_state_exactly_one_acts_and_the_others_are_told(office: Office) -> None:
    number = office.a_signed_item()
    seen = office.item(number).revision

    def report(by: str) -> Callable[[Office], object]:
        return lambda mine: mine.act(number, A.REPORT_PROGRESS, by=by, comment=by, revision=seen)

    outcomes = at_once(office, *(report(by) for by in (LIAISON, HEAD, LIAISON, HEAD)))
    assert sorts(outcomes) == Counter({"Done": 1, "Conflict": 3})
    assert all("刷新" in str(outcome) for outcome in outcomes if isinstance(outcome, Conflict))
    assert office.happened(number).count("report_progress") == 1
    assert office.item(number).revision == seen + 1
    assert office.chain_is_whole()


def test_without_a_revision_both_are_recorded_one_after_the_other(office: Office) -> None:
    number = office.a_signed_item()

    def report(by: str) -> Callable[[Office], object]:
        return lambda mine: mine.act(number, A.REPORT_PROGRESS, by=by, comment=by)

    assert sorts(at_once(office, *(report(by) for by in (LIAISON, HEAD, LIAISON)))) == Counter({"Done": 3})
    assert sorted(line.data["comment"] for line in office.history(number)[2:]) == sorted([LIAISON, HEAD, LIAISON])
    assert office.item(number).revision == 5
    assert office.chain_is_whole()


def test_of_two_opposite_decisions_one_holds(office: Office) -> None:
    number = office.a_reported_item()
    outcomes = at_once(
        office,
        lambda mine: mine.act(number, A.VERIFY, by=CLERK),
        lambda mine: mine.act(number, A.RETURN_FOR_REWORK, by=CHIEF, comment="缺名单", date=day("2022-08-31")),
    )
    assert sorts(outcomes) == Counter({"Done": 1, "Refused": 1})
    item = office.item(number)
    assert (item.completed_at is None) is (item.status is S.RETURNED)
    assert len(office.versions(number)) == (2 if item.status is S.RETURNED else 1)


def test_of_two_extensions_asked_for_at_once_one_waits(office: Office) -> None:
    number = office.a_signed_item()

    def ask(by: str) -> Callable[[Office], object]:
        return lambda mine: mine.act(number, A.REQUEST_EXTENSION, by=by, comment=by, date=day("2022-08-31"))

    assert sorts(at_once(office, ask(LIAISON), ask(HEAD))) == Counter({"Done": 1, "Refused": 1})
    assert office.extension(number).decision == "pending"


def test_an_act_and_the_morning_s_flow_do_not_undo_each_other(office: Office) -> None:
    number = office.a_signed_item()

    def complete(mine: Office) -> object:
        return mine.act(number, A.REPORT_COMPLETION, by=LIAISON, when="2022-08-01", comment="已办结")

    def climb(mine: Office) -> object:
        return len(cycle.escalate_overdue(mine.database, "", as_of=day("2022-08-01")).notices)

    outcomes = at_once(office, complete, climb, climb)
    assert sum(outcome for outcome in outcomes if isinstance(outcome, int)) <= 1
    item = office.item(number)
    assert (item.status, item.sweep_on) == (S.COMPLETION_REPORTED, None)
    open_rungs = [notice for notice in office.notices(number) if notice.rung and notice.cancelled_at is None]
    assert open_rungs == []
    assert office.chain_is_whole()


def test_matters_registered_at_once_are_numbered_in_a_row(office: Office) -> None:
    outcomes = at_once(office, *(lambda mine: mine.a_matter(by=CLERK) for _ in range(4)))
    assert sorts(outcomes) == Counter({"list": 4})
    with reading(office.database) as session:
        assert sorted(session.scalars(select(col(Matter.number)))) == [1, 2, 3, 4]


def test_two_generators_make_every_item_once(office: Office) -> None:
    def supervise(mine: Office) -> object:
        made = cycle.supervise_key_task(mine.database, "", 1, as_of=day("2022-07-01"))
        return sum(made.created.values())

    made = [outcome for outcome in at_once(office, supervise, supervise) if isinstance(outcome, int)]
    assert len(made) == 2
    assert min(made) == 0
    assert cycle.supervise_key_task(office.database, "", 1, as_of=day("2022-07-01")).created == {
        "items": 0, "retrospective": 0,
    }  # fmt: skip


def test_what_was_checked_still_holds_at_the_commit(office: Office) -> None:
    """The first takes the chain and looks; the second, which came meanwhile, sees what the first has done."""
    number = office.a_reported_item()
    came = threading.Event()
    outcomes: list[object] = []

    def second() -> None:
        came.wait()
        try:
            outcomes.append(office.act(number, A.VERIFY, by=LEADER))
        except Refused as error:
            outcomes.append(error)

    thread = threading.Thread(target=second)
    thread.start()
    with writing(office.database) as session:
        chain.lock(session, office.force.tenant_id)
        came.set()
        thread.join(timeout=0.5)
        assert thread.is_alive(), "the second waits for the first"
        clerk = office.who(session, CLERK, at("2022-07-20"))
        perform(session, office.force, Act(number, A.VERIFY, clerk, at("2022-07-20")))
    thread.join()
    [outcome] = outcomes
    assert "已经办过" in str(outcome)


@on_a_server
def test_one_tenant_does_not_wait_for_another(office: Office, hangzhou: Plan) -> None:
    neighbour = hangzhou.tenant.model_copy(update={"code": "ningbo", "name": "宁波市"})
    with writing(office.database) as session:
        word = hangzhou.office.model_copy(update={"word": "甬小微办"})
        put_plan(session, hangzhou.model_copy(update={"tenant": neighbour, "office": word}), at=at("2021-12-29"))
    with writing(office.database) as first, writing(office.database) as second:
        for session, code in ((first, "hangzhou/hangzhou-2021-2023"), (second, "ningbo/hangzhou-2021-2023")):
            force = in_force.load(session, code)
            clerk = actor(session, force.tenant_id, CLERK, on=day("2022-07-01"))
            add_matter(
                session, force, kind=MatterKind.MEETING, title="x", content="", source_document="x",
                received_on=day("2022-07-01"), units=["jxj"], due=day("2022-07-29"), by=clerk, at=at("2022-07-01"),
            )  # fmt: skip
