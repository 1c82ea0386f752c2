"""Everybody of a demonstration signs in with one password, which only its owner reads."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlmodel import col
from theatre import FIRST, Played, Theatre

from access import accounts, passwords
from access.accounts import Known
from config import clock
from config.plan import Plan
from config.terms import Role
from database import chain, reading, writing
from demo import run
from demo.accounts import ADMINISTRATOR, kept_password, lies_at, password_file
from demo.people import MADE_UP
from models import Account, Event, Person
from supervision import in_force
from supervision.queries.people import actor

pytestmark = pytest.mark.xdist_group("demonstration")


def test_every_made_up_person_signs_in_with_the_password_that_lies_under_home(played: Played) -> None:
    theatre = played.theatre
    password = kept_password(theatre.settings.home)
    passwords.check(password, login=ADMINISTRATOR)
    assert stat.S_IMODE(password_file(theatre.settings.home).stat().st_mode) == 0o600
    people = theatre.rows(Person)
    held = theatre.rows(Account)
    assert {account.person_id for account in held} == {person.id for person in people}
    assert len({account.password_hash for account in held}) == 1 and not any(account.must_change for account in held)
    assert passwords.matches(password, held[0].password_hash)
    told = theatre.rows(Event, col(Event.action) == "put_password")
    assert len(told) == len(people) and password not in str([event.data for event in told])


def test_an_administrator_is_made_up_besides(played: Played) -> None:
    with reading(played.theatre.database) as session:
        force = in_force.load(session)
        found = actor(session, force.tenant_id, ADMINISTRATOR, on=force.today)
    assert found.holds(Role.ADMINISTRATOR) and found.name.endswith(MADE_UP)


def test_signing_in_works_and_a_password_that_was_changed_is_kept_by_the_next_run(
    river_city: Plan, tmp_path: Path
) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    theatre.opened(FIRST)
    password, at = kept_password(tmp_path), clock.now()
    known = accounts.attempt(theatre.database, tenant="", login=ADMINISTRATOR, password=password, at=at)
    assert known.login == ADMINISTRATOR and not known.must_change
    with writing(theatre.database) as session:
        accounts.change_password(session, known, old=password, new="Bieren-buzhi-2024", at=at)
    before = theatre.head()
    theatre.opened(FIRST)
    assert theatre.head() == before and kept_password(tmp_path) == password


def test_when_the_file_is_gone_a_new_password_is_made_up_for_all(river_city: Plan, tmp_path: Path) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    theatre.opened(FIRST)
    old = kept_password(tmp_path)
    password_file(tmp_path).unlink()
    theatre.opened(FIRST)
    new = kept_password(tmp_path)
    assert new and new != old
    for login in (ADMINISTRATOR, theatre.rows(Person)[0].login):
        known = accounts.attempt(theatre.database, tenant="", login=login, password=new, at=clock.now())
        assert isinstance(known, Known)
    with reading(theatre.database) as session:
        assert chain.verify(session, in_force.load(session).tenant_id) == []


def test_another_installation_has_another_password_and_the_same_story(river_city: Plan, tmp_path: Path) -> None:
    one, other = Theatre.at(tmp_path / "one", river_city), Theatre.at(tmp_path / "other", river_city)
    one.opened(FIRST)
    other.opened(FIRST)
    assert kept_password(tmp_path / "one") != kept_password(tmp_path / "other")
    assert one.head() == other.head()


def test_where_the_password_lies_is_told_only_of_a_demonstration(river_city: Plan, tmp_path: Path) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    password_file(tmp_path).write_text("of another database\n")
    with reading(theatre.database) as session:
        assert lies_at(session, tmp_path) is None
    theatre.opened(FIRST)
    with reading(theatre.database) as session:
        assert lies_at(session, tmp_path) == password_file(tmp_path)
        assert lies_at(session, tmp_path / "elsewhere") is None


def test_a_demonstration_that_began_without_passwords_gets_them(river_city: Plan, tmp_path: Path) -> None:
    theatre = Theatre.at(tmp_path, river_city)
    with pytest.MonkeyPatch.context() as before:
        before.setattr(run, "open_doors", lambda *_, **__: None)
        theatre.opened(FIRST)
    assert not theatre.rows(Account)
    theatre.opened(FIRST)
    assert {account.person_id for account in theatre.rows(Account)} == {person.id for person in theatre.rows(Person)}
