"""How one looks at a demonstration: everybody in it signs in with one password, made up for this installation."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from access import accounts, passwords
from config.clock import moment
from config.errors import StoreError
from config.reasons import reason
from config.terms import Role
from demo.people import DIRECTOR, MADE_UP, MAIL_DOMAIN, OPENS
from models import Person, Plan
from supervision.in_force import InForce
from supervision.ledger.people import add_person

ADMINISTRATOR = "admin"

_FILE = "demonstration-password"
_ONLY_THIS_USER = 0o600


def password_file(home: Path) -> Path:
    """Return where the password of an installation's demonstrations lies."""
    return home / _FILE


def kept_password(home: Path) -> str:
    """Return the password of the installation's demonstrations; empty when there is none."""
    try:
        return password_file(home).read_text().strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise StoreError(f"{password_file(home)} 无法读取（{reason(error)}）：请核对权限，或删去后再试") from None


def lies_at(session: Session, home: Path) -> Path | None:
    """Return where the password of the demonstration in the database lies; None when none plays, or it is not there."""
    plays = select(col(Plan.id)).where(col(Plan.demonstrated_until).is_not(None)).limit(1)
    path = password_file(home)
    return path if session.scalars(plays).first() is not None and path.exists() else None


def open_doors(session: Session, force: InForce, *, home: Path) -> None:
    """Let everybody who is made up sign in, an administrator besides, with the password that lies under `home`.

    Where none lies there, one is made up. Nothing happens when it has been done: whoever has changed the own password
    keeps it. One hash serves all, so it costs as much as one person.
    """
    at = max(force.now, moment(force.plan.issued, OPENS))
    password = kept_password(home)
    people = _made_up(session, force)
    if ADMINISTRATOR not in people:
        add_person(
            session, force.tenant_id, login=ADMINISTRATOR, name=f"系统管理员{MADE_UP}", role=Role.ADMINISTRATOR,
            unit_id=None, since=min(force.plan.start, force.plan.issued), at=at, by=DIRECTOR.login,
            email=f"{ADMINISTRATOR}@{MAIL_DOMAIN}", synthetic=True,
        )  # fmt: skip
        people = _made_up(session, force)
    elif password and accounts.of_person(session, force.tenant_id, people[ADMINISTRATOR]) is not None:
        return
    if not password:
        password = passwords.made_up()
        _keep(password_file(home), password)
    one_hash = passwords.hashed(password)
    for login in people:
        accounts.put_hash(
            session, force.tenant_id, login=login, password_hash=one_hash, at=at, by=DIRECTOR.login, must_change=False
        )


def _made_up(session: Session, force: InForce) -> dict[str, int]:
    """Return the numbers of all made-up people who are not switched off, by login."""
    statement = select(col(Person.login), col(Person.id)).where(
        col(Person.tenant_id) == force.tenant_id, col(Person.synthetic), col(Person.active)
    )
    rows = session.execute(statement.order_by(col(Person.login))).tuples()
    return {login: number or 0 for login, number in rows}


def _keep(path: Path, password: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # a file that is there may be readable by others
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_THIS_USER), "w") as file:
        file.write(f"{password}\n")
