"""Who may change whose posts, and the register as managers see it, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from builders import CHIEF, CLERK, HEAD, LEADER, LIAISON, Office, at, day
from sqlalchemy import select
from sqlmodel import col

from config.errors import BadInput, Refused, UnknownName
from config.terms import Role
from database import reading, writing
from models import Account, Person
from supervision.ledger import people
from supervision.ledger.managing import refuse_leaving, refuse_unmanaged, seat
from supervision.queries.people_page import deputies, people_page, person_card

ON, NOW = day("2022-07-04"), at("2022-07-04")


def manage(office: Office, by: str, **what: Any) -> None:
    with writing(office.database) as session:
        refuse_unmanaged(session, office.force, by=office.who(session, by, NOW), **what)


def delegate(office: Office, login: str, to: str) -> None:
    with writing(office.database) as session:
        people.delegate(
            session, office.force.tenant_id, login=login, to=to, since=ON, until=ON + timedelta(days=5), reason="出差",
            at=NOW, by="console",
        )  # fmt: skip


def test_the_office_manages_others_and_a_unit_nobody(office: Office) -> None:
    manage(office, CLERK, login=LIAISON, to=HEAD, role=Role.LIAISON)
    for login in (LIAISON, LEADER, "auditor"):
        with pytest.raises(Refused, match="办公室或系统管理员管理"):
            manage(office, login, login=HEAD)


def test_nobody_gains_by_their_own_hand_nor_for_whom_they_stand_in(office: Office) -> None:
    delegate(office, HEAD, CLERK)
    for gains in (CLERK, HEAD):
        with pytest.raises(Refused, match="由另一位管理人员办理"):
            manage(office, CLERK, login=LEADER, to=gains)
    with reading(office.database) as session:
        clerk = office.who(session, CLERK, NOW)
    for leaves in (CLERK, HEAD):
        with pytest.raises(Refused, match="不能停用自己"):
            refuse_leaving(by=clerk, login=leaves)
    refuse_leaving(by=clerk, login=CHIEF)


def test_the_role_of_administrator_is_given_by_those_who_hold_it(office: Office) -> None:
    with pytest.raises(Refused, match="由系统管理员办理"):
        manage(office, CLERK, login=CHIEF, role=Role.ADMINISTRATOR)
    with writing(office.database) as session:
        people.appoint(
            session, office.force.tenant_id, login=CHIEF, role=Role.ADMINISTRATOR, unit_id=None,
            since=ON + timedelta(days=9), at=NOW, by="console",
        )  # fmt: skip
    with pytest.raises(Refused, match="由系统管理员办理"):
        manage(office, CLERK, login=CHIEF)


def test_a_post_has_its_unit_and_the_offices_people_that_of_the_office(office: Office) -> None:
    force = office.force
    assert seat(force, Role.OFFICE, "") == force.unit_id(force.plan.office.unit)
    assert seat(force, Role.LEADER, "") is None and seat(force, Role.LIAISON, "jxj") == force.unit_id("市经信局")
    with pytest.raises(BadInput, match="请选择单位"):
        seat(force, Role.UNIT_HEAD, "")
    with pytest.raises(UnknownName):
        seat(force, Role.UNIT_HEAD, "nowhere")


def test_the_register_is_searched_whatever_the_case_and_locks_show_while_they_last(office: Office) -> None:
    with writing(office.database) as session:
        tenant, row = office.force.tenant_id, session.scalars(select(Person).where(col(Person.login) == LIAISON)).one()
        people.put_contact(session, tenant, login=LIAISON, name="王芳", email="Wang.Fang@example.cn", phone=None,
                           at=NOW, by=CLERK)  # fmt: skip
        until = NOW + timedelta(minutes=5)
        session.add(Account(tenant_id=tenant, person_id=row.id or 0, password_hash="x", locked_until=until))
    with reading(office.database) as session:
        found = people_page(session, office.force, on=ON, at=NOW, words="WANG.fang 王")
        [(line, account)] = found.rows
        assert (line.login, line.email, account.locked_until, found.total) == (
            LIAISON, "Wang.Fang@example.cn", until, 1
        )  # fmt: skip
        assert person_card(session, office.force, LIAISON, on=ON, at=until).account.locked_until is None
        everybody = people_page(session, office.force, on=ON, at=NOW, size=7, page=2)
        assert len(everybody.rows) == 7 and everybody.page == 2 and everybody.total > 50
        none = people_page(session, office.force, on=ON, at=NOW, words="_")
        assert none.total == 0


def test_a_card_shows_both_sides_of_a_delegation_and_posts_of_the_past(office: Office) -> None:
    delegate(office, LIAISON, HEAD)
    with writing(office.database) as session:
        people.hand_over(
            session, office.force.tenant_id, login=LIAISON, to=HEAD, on=day("2022-07-11"), at=NOW, by="console"
        )
    with reading(office.database) as session:
        owner = person_card(session, office.force, LIAISON, on=day("2022-07-11"), at=NOW)
        deputy = person_card(session, office.force, HEAD, on=day("2022-07-11"), at=NOW)
        assert owner.given == deputy.taken and owner.given[0].deputy[0] == HEAD and not owner.taken
        assert owner.line.posts == () and owner.posts[0].until == day("2022-07-10")
        assert {post.role for post in deputy.line.posts} == {Role.LIAISON, Role.UNIT_HEAD}
        assert LIAISON not in dict(deputies(session, office.force, on=ON, but=LIAISON))
