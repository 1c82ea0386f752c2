"""One post ends and the others stay; a person comes back as who they were: on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from builders import CHIEF, CLERK, HEAD, LEADER, LIAISON, OTHER_UNIT, UNIT, Office, at, day
from sqlalchemy import select
from sqlmodel import Session, col

from access import accounts, calendar_links, sign_ins, tokens
from access.accounts import Known
from access.closing import close_account
from access.tokens import TokenScope
from config.errors import BadInput, Refused
from config.terms import Role
from database import chain, reading, writing
from models import Appointment, Event, Item, Person
from supervision.ledger import people
from supervision.ledger.people import Left
from supervision.queries.hands import is_same_hand
from supervision.queries.leaving import leaving
from supervision.queries.people import actor

ON, NOW = day("2022-07-04"), at("2022-07-04")


def appoint(office: Office, login: str, role: Role, unit: str | None = None) -> None:
    with writing(office.database) as session:
        people.appoint(
            session, office.force.tenant_id, login=login, role=role,
            unit_id=None if unit is None else office.force.unit_id(unit), since=day("2022-07-01"), at=NOW, by="console",
        )  # fmt: skip


def end(office: Office, login: str, role: Role, unit: str | None = UNIT, on: str = "2022-07-04", **given: Any) -> Left:
    with writing(office.database) as session:
        return people.end_post(
            session, office.force.tenant_id, login=login, role=role, on=day(on), at=NOW, by="console",
            unit_id=None if unit is None else office.force.unit_id(unit), **given,
        )  # fmt: skip


def roles(office: Office, login: str, on: str = "2022-07-04") -> list[tuple[Role, str | None]]:
    with reading(office.database) as session:
        held = actor(session, office.force.tenant_id, login, on=day(on)).holdings
    return [(each.role, office.force.unit_names.get(each.unit_id or 0)) for each in held]


def last_event(session: Session) -> Event:
    return session.scalars(select(Event).order_by(col(Event.seq).desc()).limit(1)).one()


def test_one_post_ends_and_the_others_stay(office: Office) -> None:
    appoint(office, HEAD, Role.LIAISON, UNIT)
    appoint(office, HEAD, Role.LIAISON, OTHER_UNIT)
    left = end(office, HEAD, Role.LIAISON)
    assert (left.posts, left.sub_items, left.warnings) == (2, (), ())
    assert roles(office, HEAD) == [(Role.LIAISON, OTHER_UNIT), (Role.UNIT_HEAD, UNIT)]
    with reading(office.database) as session:
        event = last_event(session)
        assert (event.action, event.data["login"], event.data["role"]) == ("end_post", HEAD, "liaison")
        assert not list(chain.verify(session, office.force.tenant_id))


def test_a_post_ends_with_its_day_and_the_past_is_not_rewritten(office: Office) -> None:
    appoint(office, HEAD, Role.LIAISON, UNIT)
    end(office, HEAD, Role.LIAISON, on="2022-07-11")
    assert (Role.LIAISON, UNIT) in roles(office, HEAD, "2022-07-10")
    assert (Role.LIAISON, UNIT) not in roles(office, HEAD, "2022-07-11")
    with pytest.raises(BadInput, match="早于办理当日"):
        end(office, HEAD, Role.UNIT_HEAD, on="2022-07-01")
    with pytest.raises(Refused, match="没有任“联络员”"):
        end(office, HEAD, Role.LIAISON, on="2022-07-11")


def test_a_post_that_is_to_come_is_taken_back(office: Office) -> None:
    with writing(office.database) as session:
        people.appoint(session, office.force.tenant_id, login=CLERK, role=Role.AUDITOR, unit_id=None,
                       since=day("2022-08-01"), at=NOW, by="console")  # fmt: skip
    end(office, CLERK, Role.AUDITOR, unit=None)
    assert (Role.AUDITOR, None) not in roles(office, CLERK, "2022-08-02")


def test_what_must_not_stand_empty_does_not(office: Office) -> None:
    with pytest.raises(Refused, match="单位唯一的联络员，卸任后通知无人接收"):
        end(office, LIAISON, Role.LIAISON)
    assert roles(office, LIAISON) == [(Role.LIAISON, UNIT)]
    with writing(office.database) as session:
        people.add_person(session, office.force.tenant_id, login="admin", name="系统管理员", role=Role.ADMINISTRATOR,
                          unit_id=None, since=ON, at=NOW, by="console")  # fmt: skip
    with pytest.raises(Refused, match="唯一的系统管理员"):
        end(office, "admin", Role.ADMINISTRATOR, unit=None)
    with writing(office.database) as session, pytest.raises(Refused, match="唯一的系统管理员，停用后"):
        people.disable(session, office.force.tenant_id, login="admin", at=NOW, by="console")
    end(office, CLERK, Role.OFFICE, unit=None)
    with pytest.raises(Refused, match="办公室唯一的人员"):
        end(office, CHIEF, Role.OFFICE, unit=None)


def test_a_head_may_leave_and_it_is_said_what_is_missing_then(office: Office) -> None:
    left = end(office, HEAD, Role.UNIT_HEAD)
    assert left.posts == 0 and "没有分管负责人" in left.warnings[0]
    assert roles(office, HEAD) == []
    assert "文书无人签发" in end(office, LEADER, Role.LEADER, unit=None).warnings[0]


def test_somebody_takes_the_post_over_with_its_sub_items_and_is_the_same_hand(office: Office) -> None:
    parent = office.a_signed_item()
    part = office.a_part(parent, assignee=LIAISON)
    appoint(office, LIAISON, Role.AUDITOR)
    left = end(office, LIAISON, Role.LIAISON, to=HEAD)
    assert left.sub_items == (part,) and left.posts == 1
    assert roles(office, LIAISON) == [(Role.AUDITOR, None)]
    assert (Role.LIAISON, UNIT) in roles(office, HEAD)
    with reading(office.database) as session:
        assignee = session.get_one(Person, session.get_one(Item, part).assignee_person_id)
        assert assignee.login == HEAD
        event = last_event(session)
        assert (event.action, event.data["to"], event.data["sub_items"]) == ("hand_over", HEAD, [part])
        assert is_same_hand(session, office.who(session, HEAD, NOW), {LIAISON})


def test_sub_items_are_not_left_to_nobody_and_are_named(office: Office) -> None:
    part = office.a_part(office.a_signed_item(), assignee=HEAD)
    with pytest.raises(Refused, match=rf"子事项 {part}“核对企业名单”，卸任后无人承接"):
        end(office, HEAD, Role.UNIT_HEAD)
    appoint(office, HEAD, Role.LIAISON, UNIT)
    assert end(office, HEAD, Role.UNIT_HEAD).sub_items == (), "another post in the unit keeps them"


def test_what_stays_and_what_has_to_be_handed_over_is_shown_before(office: Office) -> None:
    part = office.a_part(office.a_signed_item(), assignee=HEAD)
    with reading(office.database) as session:
        found = leaving(session, office.force, HEAD, Role.UNIT_HEAD, office.force.unit_id(UNIT), on=ON)
    assert (found.items, found.parts, found.others, found.last) == (1, ((part, "核对企业名单"),), (), True)
    appoint(office, LIAISON, Role.UNIT_HEAD, UNIT)
    with reading(office.database) as session:
        found = leaving(session, office.force, HEAD, Role.UNIT_HEAD, office.force.unit_id(UNIT), on=ON)
    assert len(found.others) == 1


def test_who_is_switched_on_again_is_who_they_were_with_access_given_anew(office: Office) -> None:
    tenant = office.force.tenant_id
    with writing(office.database) as session:
        number = session.scalars(select(col(Person.id)).where(col(Person.login) == HEAD)).one() or 0
        known = Known(tenant, number, HEAD)
        accounts.put_hash(session, tenant, login=HEAD, password_hash="old", at=NOW, by="console", must_change=False)
        accounts.put_subject(session, tenant, login=HEAD, subject="s1", at=NOW, by="console")
        cookie = sign_ins.opened(session, known, at=NOW, terms=sign_ins.Terms())
        token = tokens.make_token(session, known, name="t", scopes=[TokenScope.READ], days=9, at=NOW)
        link = calendar_links.make(session, known, at=NOW)
    with writing(office.database) as session, pytest.raises(Refused, match="没有停用，不必恢复"):
        people.enable(session, tenant, login=HEAD, at=NOW, by="console")
    with writing(office.database) as session:
        people.disable(session, tenant, login=HEAD, at=NOW, by="console")
    with writing(office.database) as session:
        assert people.enable(session, tenant, login=HEAD, at=NOW, by="console") == 1
        close_account(session, tenant, number, login=HEAD, at=NOW, by="console")
    assert roles(office, HEAD) == [(Role.UNIT_HEAD, UNIT)]
    with reading(office.database) as session:
        assert tokens.bearer(session, token, at=NOW) is None
        assert sign_ins.found(session, cookie, at=NOW, terms=sign_ins.Terms()) is None
        assert calendar_links.whose(session, link) is None and accounts.by_subject(session, "s1") is None
        account = accounts.of_person(session, tenant, number)
        assert account is not None and account.password_hash is None
        actions = [event.action for event in session.scalars(select(Event).order_by(col(Event.seq)))]
        assert actions[-3:] == ["disable_person", "enable_person", "close_account"]
        assert not list(chain.verify(session, tenant))
        assert session.scalars(select(col(Appointment.id)).where(col(Appointment.person_id) == number)).all()


def test_ends_that_are_settled_one_after_the_other_leave_no_unit_without_a_liaison(office: Office) -> None:
    appoint(office, HEAD, Role.LIAISON, UNIT)
    end(office, LIAISON, Role.LIAISON, on="2022-08-01")
    with pytest.raises(Refused, match="自 2022-08-01 起是单位唯一的联络员"):
        end(office, HEAD, Role.LIAISON, on="2022-07-11")
    with writing(office.database) as session, pytest.raises(Refused, match="停用后通知无人接收"):
        people.disable(session, office.force.tenant_id, login=HEAD, at=NOW, by="console")
    assert (Role.LIAISON, UNIT) in roles(office, HEAD, "2022-08-01")


def test_whoever_takes_a_post_over_holds_it_beyond_the_end_of_an_own_term(office: Office) -> None:
    appoint(office, HEAD, Role.LIAISON, UNIT)
    end(office, HEAD, Role.LIAISON, on="2022-08-01")
    end(office, LIAISON, Role.LIAISON, on="2022-07-11", to=HEAD)
    for day_ in ("2022-07-31", "2022-08-01"):
        assert roles(office, HEAD, day_).count((Role.LIAISON, UNIT)) == 1
