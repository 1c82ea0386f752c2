"""What the portal's tests share: people who are signed in, and a client for them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from web_client import ORIGIN, PASSWORD_HASH, Client
from web_program import Caller

from access import accounts, sign_ins, tokens
from access.accounts import Known
from access.tokens import TokenScope
from config.clock import now
from config.settings import Settings
from database import Database, reading, writing
from models import Plan
from supervision.ledger import people
from supervision.queries import register
from web.app import create_app

MONDAY = date(2022, 7, 4)
"""The day at which the plan of these tests stands."""


@pytest.fixture
def standing(_loaded_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """The packaged plan, standing still at a Monday. The pages hold no SQL: SQLite is enough for them."""
    shutil.copy(_loaded_sqlite, tmp_path / "standing.db")
    found = Database(f"sqlite:///{tmp_path / 'standing.db'}")
    with writing(found) as session:
        session.execute(update(Plan).values(demonstrated_until=MONDAY))
    yield found
    found.dispose()


@pytest.fixture
def app(standing: Database, tmp_path: Path) -> FastAPI:
    """The portal over it."""
    return create_app(Settings(home=tmp_path, portal_url=ORIGIN, database_url="unused"), standing)


@pytest.fixture
def signed_in(app: FastAPI, standing: Database) -> Callable[[str], Client]:
    """Sign somebody in without the form: `signed_in("scjg.liaison")` returns their client."""

    def enter(login: str) -> Client:
        with reading(standing) as session:
            tenant = session.connection().exec_driver_sql("SELECT min(id) FROM tenant").scalar_one()
            person = register.logins(session, tenant)[login]
        with writing(standing) as session:
            token = sign_ins.opened(session, Known(tenant, person, login), at=now(), terms=sign_ins.Terms())
        return Client(app, {"duban": token}, sign_ins.csrf_of(token))

    return enter


@pytest.fixture
def with_password(standing: Database) -> Callable[..., None]:
    """Give somebody the password of these tests: `with_password("scjg.liaison", must_change=True)`."""

    def give(login: str, *, must_change: bool = False) -> None:
        with writing(standing) as session:
            tenant = session.connection().exec_driver_sql("SELECT min(id) FROM tenant").scalar_one()
            accounts.put_hash(
                session,
                tenant,
                login=login,
                password_hash=PASSWORD_HASH,
                at=now(),
                by="console",
                must_change=must_change,
            )

    return give


@pytest.fixture
def switched_off(standing: Database) -> Callable[[str], None]:
    """Switch somebody off."""

    def off(login: str) -> None:
        with writing(standing) as session:
            tenant = session.connection().exec_driver_sql("SELECT min(id) FROM tenant").scalar_one()
            people.disable(session, tenant, login=login, at=now(), by="console")

    return off


@pytest.fixture
def program(app: FastAPI, standing: Database) -> Callable[..., Caller]:
    """Make a token for somebody: `program("jxj.liaison", TokenScope.READ)`; without scopes it has all of them."""

    def give(login: str, *scopes: TokenScope, days: int = 30) -> Caller:
        with reading(standing) as session:
            tenant = session.connection().exec_driver_sql("SELECT min(id) FROM tenant").scalar_one()
            person = register.logins(session, tenant)[login]
        with writing(standing) as session:
            known = Known(tenant, person, login)
            made = tokens.make_token(
                session, known, name=f"程序{now().timestamp()}", scopes=scopes or tuple(TokenScope), days=days, at=now()
            )
        return Caller(app, made)

    return give
