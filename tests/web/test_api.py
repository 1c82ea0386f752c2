"""The JSON API: the same rules as the pages, tokens with scopes, paging, ETags, writes that happen once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from ledger.builders import LIAISON, Office
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select
from sqlmodel import col
from starlette.types import ASGIApp, Receive, Scope, Send
from web_client import HOST, ORIGIN, Client, words
from web_program import Caller

from access.tokens import TokenScope
from config.clock import now
from config.terms import Status
from database import Database, reading
from models import Item, ProgressReport

READ = TokenScope.READ

Give = Callable[..., Caller]


@pytest.fixture
def office(standing: Database) -> Office:
    return Office(standing)


def test_without_a_valid_token_nothing_is_told(app: FastAPI, program: Give) -> None:
    for token in ("", "duban_nonsense", "x" * 5000):
        answer = Caller(app, token).get("/items")
        assert answer.status_code == 401 and answer.json()["error"] == "unauthorized"
    old = program(LIAISON, days=1)
    with freeze_time(now() + timedelta(days=2)):
        assert old.get("/me").status_code == 401


def test_a_token_reads_what_its_person_sees_and_no_more(office: Office, program: Give) -> None:
    number = office.an_item(assigned="2022-07-01")
    assert program(LIAISON).get(f"/items/{number}").json()["unit"] == "市经信局"
    stranger = program("330102.liaison")
    assert stranger.get(f"/items/{number}").status_code == 404
    assert stranger.get("/items", params={"scope": "all"}).json()["total"] == 0
    assert stranger.get("/board").status_code == 403


def test_a_reading_token_writes_nothing(office: Office, program: Give) -> None:
    number = office.an_item(assigned="2022-07-01")
    answer = program(LIAISON, READ).post(f"/items/{number}/acts", {"action": "acknowledge"})
    assert answer.status_code == 403
    assert office.item(number).status is Status.ASSIGNED


def test_an_act_follows_the_same_rules_and_says_why_not(office: Office, program: Give) -> None:
    number = office.an_item(assigned="2022-07-01")
    caller = program(LIAISON)
    assert caller.post(f"/items/{number}/acts", {"action": "report_completion", "comment": "x"}).status_code == 409
    done = caller.post(f"/items/{number}/acts", {"action": "acknowledge", "revision": 1}).json()
    assert (done["status"], done["revision"]) == ("acknowledged", 2)
    lost = caller.post(f"/items/{number}/acts", {"action": "report_progress", "comment": "x", "revision": 1})
    assert lost.status_code == 409 and lost.json()["error"] == "conflict"
    unknown = caller.post(f"/items/{number}/acts", {"action": "acknowledge", "colour": "red"})
    assert unknown.status_code == 422


def test_the_same_key_does_it_once_and_answers_the_same(office: Office, program: Give, standing: Database) -> None:
    number = office.a_signed_item(assigned="2022-07-01")
    caller = program(LIAISON)
    body = {"action": "report_progress", "comment": "已完成七成"}
    key = {"Idempotency-Key": "7f3a-1"}
    first, second = (caller.post(f"/items/{number}/acts", body, headers=key) for _ in range(2))
    assert first.json() == second.json() and second.headers["idempotent-replayed"] == "true"
    with reading(standing) as session:
        assert len(session.scalars(select(ProgressReport)).all()) == 1
    other = caller.post(f"/items/{number}/acts", {**body, "comment": "另一件"}, headers=key)
    assert other.status_code == 409 and "换一个键" in other.json()["message"]


def test_pages_follow_each_other_and_an_etag_spares_the_same_answer(office: Office, program: Give) -> None:
    made = {office.an_item(assigned="2022-07-01") for _ in range(5)}
    caller = program(LIAISON)
    pages = [caller.get("/items", params={"size": 2, "page": page}).json() for page in (1, 2, 3)]
    assert {row["id"] for page in pages for row in page["items"]} == made
    assert {page["total"] for page in pages} == {5} and {page["pages"] for page in pages} == {3}
    answer = caller.get("/items")
    again = caller.get("/items", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    office.an_item(assigned="2022-07-01")
    assert caller.get("/items", headers={"If-None-Match": answer.headers["etag"]}).status_code == 200


def test_tokens_are_made_shown_once_and_ended_on_the_account_page(
    signed_in: Callable[[str], Client], app: FastAPI
) -> None:
    person = signed_in(LIAISON)
    page = person.post("/account/tokens", {"name": "统计平台", "scope": ["read"], "days": "30"})
    token = page.text.split("<code>")[1].split("</code>")[0]
    assert Caller(app, token).get("/me").json()["login"] == LIAISON
    shown = person.get("/account")
    assert "统计平台" in words(shown) and token not in shown.text
    assert person.post("/account/tokens", {"name": "统计平台", "scope": ["read"]}).status_code == 422
    assert person.post("/account/tokens", {"name": "无权限"}).status_code == 422
    number = shown.text.split('name="token" value="')[1].split('"')[0]
    signed_in("jxj.head").post("/account/tokens/revoke", {"token": number})
    assert Caller(app, token).get("/me").status_code == 200, "somebody else's token is left alone"
    person.post("/account/tokens/revoke", {"token": number})
    assert Caller(app, token).get("/me").status_code == 401


def test_the_calendar_feed_is_reached_by_its_secret_alone(
    office: Office, signed_in: Callable[[str], Client], app: FastAPI
) -> None:
    number = office.an_item(assigned="2022-07-01")
    person = signed_in(LIAISON)
    first, second = (
        person.post("/account/calendar").text.split("<code>")[1].split("</code>")[0].removeprefix(ORIGIN)
        for _ in range(2)
    )
    feed = Client(app).get(second)
    assert feed.headers["content-type"].startswith("text/calendar")
    assert f"/items/{number}" in feed.text.replace("\r\n ", "") and "DTSTART;VALUE=DATE:20220729" in feed.text
    assert Client(app).get(first).status_code == 404, "the earlier link ended"
    assert Client(app).get("/calendar/guess.ics").status_code == 404


def test_the_description_is_whole_and_needs_no_token(app: FastAPI) -> None:
    described = Client(app).get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"] and {"401", "403", "422"} <= set(operation["responses"]), (method, path)


def _over_tls(app: FastAPI) -> ASGIApp:
    """Return the application as it is reached through TLS, which it asks of every other machine."""

    async def reached(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "scheme": "https"}, receive, send)

    return reached


@pytest.mark.parametrize("login", ["office.chief", "330102.liaison"])
def test_nothing_a_program_sends_breaks_the_api_or_is_answered_otherwise_than_described(
    login: str, app: FastAPI, program: Give, office: Office, standing: Database
) -> None:
    """Schemathesis over the whole description: no 500, no undocumented answer."""
    office.a_signed_item(assigned="2022-07-01")
    office.an_item(unit="上城区", assigned="2022-07-01")
    caller = program(login)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", _over_tls(app), headers={"Host": HOST})
    headers = {"Authorization": f"Bearer {caller.token}", "Host": HOST}
    checks = (
        not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    )  # fmt: skip

    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def sent(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=checks)

        sent()
    with reading(standing) as session:
        assert session.scalars(select(Item).where(col(Item.id) == 1)).one()
