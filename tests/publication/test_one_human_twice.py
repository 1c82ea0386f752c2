"""Where an act takes two people, no delegation, second post, handover or second account makes one human two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ledger.builders import CHIEF, CLERK, LEADER, at, day
from publication.bench import AFTER, DISTRICT, QUARTER, Bench

from config.errors import Refused
from config.terms import Role
from database import writing
from supervision.ledger import people, verdicts
from supervision.periods import parse_period

on_sqlite = pytest.mark.parametrize("supervised_url", ["sqlite"], indirect=True)
pytestmark = on_sqlite

TAKEN = "2022-07-26 17:00"
"""After the first act and before the second."""


def appoint(bench: Bench, login: str, role: Role) -> None:
    with writing(bench.database) as session:
        people.appoint(
            session, bench.force.tenant_id, login=login, role=role, unit_id=None, since=day("2022-01-04"),
            at=at(TAKEN), by="console",
        )  # fmt: skip


def hand_over(bench: Bench, login: str, to: str, on: str = "2022-07-27") -> None:
    with writing(bench.database) as session:
        people.hand_over(session, bench.force.tenant_id, login=login, to=to, on=day(on), at=at(TAKEN), by="console")


def put_contact(bench: Bench, login: str, **contact: str | None) -> None:
    words: dict[str, Any] = {"name": login, "email": None, "phone": None} | contact
    with writing(bench.database) as session:
        people.put_contact(session, bench.force.tenant_id, login=login, at=at(TAKEN), by="console", **words)


def disable(bench: Bench, login: str) -> None:
    with writing(bench.database) as session:
        people.disable(session, bench.force.tenant_id, login=login, at=at(TAKEN), by="console")


# --- the acts: what the first person does, and what the second does then


def points(bench: Bench, first: str) -> Callable[[str], object]:
    number = bench.propose_points(by=first, when="2022-07-26")
    return lambda second: bench.decide_points(number, by=second, when="2022-07-28")


def veto(bench: Bench, first: str) -> Callable[[str], object]:
    with writing(bench.database) as session:
        number = verdicts.propose_veto(
            session, bench.force, parse_period(QUARTER), DISTRICT, reason="统计造假", evidence="执法认定书",
            by=bench.who(session, first, at("2022-07-26")), at=at("2022-07-26"),
        ).id  # fmt: skip

    def decide(second: str) -> None:
        with writing(bench.database) as session:
            verdicts.decide_veto(
                session, bench.force, number or 0, approve=True, comment="",
                by=bench.who(session, second, at("2022-07-28")), at=at("2022-07-28"),
            )  # fmt: skip

    return decide


def publication(bench: Bench, first: str) -> Callable[[str], object]:
    bench.open(by=first)
    return lambda second: bench.publish(by=second, when=AFTER)


def ruling(bench: Bench, first: str) -> Callable[[str], object]:
    bench.open(by=first)
    number = bench.object_to(when="2022-07-27")
    return lambda second: bench.rule(number, by=second, when="2022-07-29")


ACTS = [points, veto, publication, ruling]

# --- the routes: what happens between the two acts, and under which login the same human comes back


def stands_in_for_the_approver(bench: Bench) -> str:
    bench.delegate(LEADER, to=CLERK)
    return CLERK


def holds_both_posts(bench: Bench) -> str:
    appoint(bench, CLERK, Role.LEADER)
    return CLERK


def is_handed_the_approvers_post(bench: Bench) -> str:
    hand_over(bench, LEADER, to=CLERK)
    return CLERK


def takes_the_post_over_with_an_account_of_the_own(bench: Bench) -> str:
    bench.add_person("li.ming", Role.LEADER)
    hand_over(bench, CLERK, to="li.ming")
    return "li.ming"


def takes_the_post_over_in_two_steps(bench: Bench) -> str:
    bench.add_person("zhao.yi", Role.OFFICE)
    bench.add_person("li.ming", Role.LEADER)
    hand_over(bench, CLERK, to="zhao.yi")
    hand_over(bench, "zhao.yi", to="li.ming", on="2022-07-28")
    return "li.ming"


def has_left_and_comes_back_under_another_login(bench: Bench) -> str:
    bench.add_person("wang.wu2", Role.LEADER)
    put_contact(bench, CLERK, name="王五", phone="139 0000 1111")
    put_contact(bench, "wang.wu2", name="王 五", phone="+86-13900001111")
    disable(bench, CLERK)
    return "wang.wu2"


def has_a_second_account_with_the_same_address(bench: Bench) -> str:
    bench.add_person("wang.wu2", Role.LEADER)
    put_contact(bench, CLERK, name="王五", email="Wang.Wu@example.cn")
    put_contact(bench, "wang.wu2", name="王五", email="wang.wu@example.cn")
    return "wang.wu2"


def lets_a_second_account_be_stood_in_for(bench: Bench) -> str:
    bench.add_person("wang.wu2", Role.OFFICE)
    put_contact(bench, CLERK, name="王五", email="wang.wu@example.cn")
    put_contact(bench, "wang.wu2", name="王五", email="wang.wu@example.cn")
    bench.delegate("wang.wu2", to=LEADER)
    return LEADER


def is_stood_in_for_by_the_approver(bench: Bench) -> str:
    bench.delegate(CLERK, to=LEADER)
    return LEADER


def is_stood_in_for_over_two_steps(bench: Bench) -> str:
    bench.delegate(CLERK, to=CHIEF)
    bench.delegate(CHIEF, to=LEADER)
    return LEADER


ROUTES = [
    stands_in_for_the_approver, holds_both_posts, is_handed_the_approvers_post,
    takes_the_post_over_with_an_account_of_the_own, takes_the_post_over_in_two_steps,
    has_left_and_comes_back_under_another_login, has_a_second_account_with_the_same_address,
    lets_a_second_account_be_stood_in_for, is_stood_in_for_by_the_approver, is_stood_in_for_over_two_steps,
]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "route"),
    [(points, route) for route in ROUTES] + [(act, route) for act in ACTS[1:] for route in ROUTES[::3]],
    ids=lambda each: each.__name__,
)
def test_one_human_cannot_be_both(bench: Bench, act: Callable[..., Any], route: Callable[[Bench], str]) -> None:
    decide = act(bench, CLERK)
    with pytest.raises(Refused, match="须由另一人办理"):
        decide(route(bench))


def test_who_was_stood_in_for_at_the_first_act_cannot_do_the_second(bench: Bench) -> None:
    bench.add_person("deputy", Role.LEADER)
    bench.delegate(CHIEF, to="deputy", until="2022-07-26")
    decide = points(bench, "deputy")
    for login in (CHIEF, "deputy"):
        with pytest.raises(Refused, match="须由另一人办理"):
            decide(login)


@pytest.mark.parametrize("act", [points, ruling], ids=lambda each: each.__name__)
def test_people_who_share_only_a_name_or_the_offices_telephone_are_two(bench: Bench, act: Callable[..., Any]) -> None:
    bench.add_person("second", Role.LEADER)
    put_contact(bench, CLERK, name="王五", phone="0571-87654321", email="office@example.cn")
    put_contact(bench, "second", name="李四", phone="0571-87654321", email="office@example.cn")
    bench.add_person("namesake", Role.LEADER)
    put_contact(bench, "namesake", name="王五", phone="0571-11112222")
    act(bench, CLERK)("second")
