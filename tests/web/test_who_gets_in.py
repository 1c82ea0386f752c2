"""Every route with every role, signed in or not, and with another unit's objects."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from fastapi import FastAPI
from ledger.builders import at as moment
from publication.bench import Bench
from sqlalchemy import select, update
from sqlmodel import col
from starlette.routing import Route
from web_client import Client, words

from access import tokens
from access.accounts import Known
from access.tokens import TokenScope
from config.clock import now
from config.terms import Role
from database import Database, reading, writing
from models import Plan, ReportingRequest
from supervision import in_force
from supervision.ledger import people, reporting
from supervision.queries import register
from supervision.queries.people import Actor, Holding
from web.rules import Rule, declared, refuse_undeclared

Enter = Callable[[str], Client]

ROLES = {
    "330102.liaison": Role.LIAISON, "330102.head": Role.UNIT_HEAD, "office.chief": Role.OFFICE,
    "leader.signer": Role.LEADER, "auditor": Role.AUDITOR, "admin": Role.ADMINISTRATOR,
}  # fmt: skip
NAMES = {
    "unit": "330102", "indicator": "T01", "kind": "docx", "what": "progress", "code": "league", "secret": "guess",
    "login": "jxj.liaison", "year": "2022", "period": "2022Q2",
}  # fmt: skip
"""What stands in an address for each of its parameters; every other one is a number, and 1."""

FOREIGN = (
    "/items/1", "/items/1/act", "/items/1/evidence", "/items/1/parts", "/items/1/paper.docx", "/reports/{report}",
    "/reports/{report}/form.xlsx", "/reports/{report}/check", "/reports/{report}/evidence", "/progress/330102",
    "/record/330102", "/record/330102/rates.svg", "/record/330102/late", "/record/330102/acts",
    "/record/330102/2022Q2/expected", "/api/v1/items/1", "/api/v1/items/1/history",
    "/api/v1/items/1/acts", "/api/v1/items/1/evidence", "/api/v1/items/1/evidence/1", "/api/v1/items/1/paper",
    "/api/v1/items/1/parts", "/api/v1/requests/{report}", "/api/v1/requests/{report}/draft",
    "/api/v1/requests/{report}/submission", "/api/v1/requests/{report}/confirm", "/api/v1/requests/{report}/return",
    "/api/v1/requests/{report}/evidence", "/api/v1/requests/{report}/evidence/1",
    "/api/v1/targets/T06/330102/objection", "/api/v1/districts/330102/targets/confirm", "/api/v1/papers/1",
    "/api/v1/papers/1/file", "/api/v1/papers/1/receipt", "/api/v1/inbox/1", "/api/v1/people/jxj.liaison",
)  # fmt: skip
"""Addresses of another unit's objects: item 1 is 市经信局's, the report 上城区's."""


@pytest.fixture
def standing(standing: Database) -> Database:
    """An assigned item, the requests of a quarter, a draft assessment, and an administrator."""
    bench = Bench(standing)
    bench.an_item(assigned="2022-07-01")
    with writing(standing) as session:
        reporting.open_requests(session, bench.force, as_of=date(2022, 7, 4), at=moment("2022-07-04 08:40"))
    with writing(standing) as session:
        session.execute(update(Plan).values(demonstrated_until=date(2022, 7, 26)))
        people.add_person(
            session, bench.force.tenant_id, login="admin", name="系统管理员", role=Role.ADMINISTRATOR, unit_id=None,
            since=date(2022, 1, 4), at=now(), by="console",
        )  # fmt: skip
    return standing


def at(path: str) -> str:
    """Return the path with something in the place of each parameter."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: NAMES.get(found[1], "1"), path)


def routes(app: FastAPI) -> list[tuple[str, str, Rule]]:
    found = [(methods, path, rule) for methods, path, rule in declared(app.routes) if rule and path != "/static"]
    assert len(found) > 60
    return found


def bearer(database: Database, login: str) -> str:
    with reading(database) as session:
        tenant = session.connection().exec_driver_sql("SELECT min(id) FROM tenant").scalar_one()
        person = register.logins(session, tenant)[login]
    with writing(database) as session:
        known, name = Known(tenant, person, login), f"t{now().timestamp()}"
        return tokens.make_token(session, known, name=name, scopes=list(TokenScope), days=1, at=now())


def ask(client: Client, method: str, path: str, token: str = "") -> int:
    if path.startswith("/api/"):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = client.get(path, **headers) if method == "GET" else client.post(path, headers=headers)
        return answer.status_code
    return client.get(path).status_code if method == "GET" else client.post(path).status_code


def test_nobody_gets_in_anywhere_without_signing_in(app: FastAPI) -> None:
    for method, path, rule in routes(app):
        status = ask(Client(app), method, at(path))
        if rule.public:
            assert status not in {401, 403, 500}, (method, path)
        elif path.startswith("/api/") or method == "POST":
            assert status == 401, (method, path, status)
        else:
            answer = Client(app).get(at(path))
            assert (status, answer.headers["location"][:8]) == (303, "/sign-in"), (method, path)


@pytest.mark.parametrize("login", list(ROLES))
def test_each_role_gets_in_just_where_its_rule_says(
    login: str, app: FastAPI, signed_in: Enter, standing: Database
) -> None:
    held = Actor(login, 1, login, (Holding(ROLES[login], None),))
    token = bearer(standing, login)
    for method, path, rule in routes(app):
        if path in {"/sign-out", "/account/password"} and method == "POST":
            continue
        status = ask(signed_in(login), method, at(path), token)
        assert status != 500, (method, path)
        if rule.public or rule.admits(held):
            assert status != 401, (method, path, status)
            assert status != 403 or method == "POST", (method, path, status)
        else:
            assert status == 403, (method, path, rule.name, status)


def test_another_units_objects_are_not_there_for_a_unit(app: FastAPI, signed_in: Enter, standing: Database) -> None:
    with reading(standing) as session:
        force = in_force.load(session)
        report = session.scalars(
            select(col(ReportingRequest.id)).where(col(ReportingRequest.unit_id) == force.unit_id("330102"))
        ).first()
    assert report
    known = {(method, path) for method, path, _ in routes(app)}
    token = bearer(standing, "330105.liaison")
    for path in FOREIGN:
        address = path.format(report=report)
        for method in ("GET", "POST"):
            pattern = [route for route in known if route[0] == method and _matches(route[1], address)]
            if pattern:
                status = ask(signed_in("330105.liaison"), method, address, token)
                assert status in {404, 422}, (method, address, status)


def _matches(path: str, address: str) -> bool:
    pattern = re.sub(r"\{\w+:int\}", r"\\d+", path)
    pattern = re.sub(r"\{\w+\}", r"[^/]+", pattern)
    return re.fullmatch(pattern, address) is not None


def test_a_role_that_was_taken_away_is_gone_with_the_next_request(signed_in: Enter, standing: Database) -> None:
    office = signed_in("office.clerk")
    assert office.get("/board").status_code == 200
    with writing(standing) as session:
        session.connection().exec_driver_sql(
            "UPDATE appointment SET until = '2022-07-01' WHERE person_id ="
            " (SELECT id FROM person WHERE login = 'office.clerk')"
        )
    assert office.get("/board").status_code == 403


def test_a_route_without_a_rule_keeps_the_portal_from_starting() -> None:
    async def naked() -> None: ...

    with pytest.raises(LookupError, match="GET /naked"):
        refuse_undeclared([Route("/naked", naked)])


def test_what_a_failure_page_says_leads_on(signed_in: Enter) -> None:
    answer = signed_in("330102.liaison").get("/board")
    assert answer.status_code == 403 and "您的身份不能进入这个页面" in words(answer) and "我的工作" in words(answer)
