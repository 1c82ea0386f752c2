"""Every refusal of the API, and every page of one, names what can be done next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI
from web_client import ORIGIN, Client, words

from access import tokens
from access.accounts import Known
from access.tokens import TokenScope
from config.clock import now
from database import Database, reading, writing
from supervision.queries import register

Enter = Callable[[str], Client]


@pytest.fixture
def token(standing: Database) -> str:
    """A token of a liaison that reads and writes."""
    with reading(standing) as session:
        tenant = session.connection().exec_driver_sql("SELECT min(id) FROM tenant").scalar_one()
        person = register.logins(session, tenant)["scjg.liaison"]
    with writing(standing) as session:
        known = Known(tenant, person, "scjg.liaison")
        return tokens.make_token(session, known, name="t", scopes=list(TokenScope), days=1, at=now())


async def _too_much() -> AsyncIterator[bytes]:
    for _ in range(22):
        yield b" " * 2**20


def call(app: FastAPI, method: str, path: str, token: str = "", *, endless: bool = False, **given: str) -> str:
    """Return the error and the message of a refused call."""

    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"{ORIGIN}/api/v1") as client:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            content = _too_much() if endless else given.get("body", "").encode()
            return await client.request(method, path, headers=headers, content=content)

    answer = asyncio.run(sent())
    assert answer.status_code >= 400, answer.text
    found = answer.json()
    assert "\n" not in found["message"]
    return f"{found['error']}: {found['message']}"


@pytest.mark.parametrize(
    ("method", "path", "signed", "error", "next_step"),
    [("GET", "/items", False, "unauthorized", "请在“我的账号”中生成"),
     ("GET", "/board", True, "forbidden", "请换用权限足够的令牌"),
     ("GET", "/nowhere", True, "not_found", "请核对 /api/v1/openapi.json"),
     ("DELETE", "/items", True, "not_allowed", "请核对 /api/v1/openapi.json"),
     ("GET", "/items?page=x", True, "bad_input", "请对照接口说明改正后重新发送"),
     ("POST", "/items/1/acts", True, "bad_input", "请对照接口说明改正后重新发送")],
)  # fmt: skip
def test_a_refused_call_is_told_what_to_do_next(
    method: str, path: str, signed: bool, error: str, next_step: str, app: FastAPI, token: str
) -> None:
    said = call(app, method, path, token if signed else "")
    assert said.startswith(f"{error}: ") and next_step in said


def test_a_call_without_a_length_that_turns_out_too_large_is_told_the_limit(app: FastAPI, token: str) -> None:
    said = call(app, "POST", "/items/1/acts", token, endless=True)
    assert said.startswith("too_large: ") and "超过 20 MB" in said and "请压缩或拆分后再传" in said


def test_a_database_that_cannot_be_used_is_a_matter_for_the_administrator(
    app: FastAPI, token: str, standing: Database, signed_in: Enter
) -> None:
    client = signed_in("scjg.liaison")
    with writing(standing) as session:
        session.connection().exec_driver_sql("ALTER TABLE item RENAME TO item_away")
    said, page = call(app, "GET", "/items", token), client.get("/ledger")
    assert said.startswith("unavailable: ") and "告知系统管理员" in said
    assert page.status_code == 503 and "请稍后再试" in words(page)


def test_a_form_from_another_site_is_told_where_to_go(signed_in: Enter) -> None:
    refused = signed_in("office.chief").post("/people", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403 and "请打开本系统" in words(refused)


def test_what_is_read_is_marked_by_its_content_and_not_sent_twice(app: FastAPI, token: str) -> None:
    async def sent(**headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=f"{ORIGIN}/api/v1") as client:
            return await client.get("/me", headers={"Authorization": f"Bearer {token}", **headers})

    first = asyncio.run(sent())
    again = asyncio.run(sent(**{"If-None-Match": first.headers["etag"]}))
    assert first.json()["login"] == "scjg.liaison" and (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("area", ["papers", "assessments", "items", "reports"])
def test_a_number_beyond_all_numbers_is_not_there_like_any_other(signed_in: Callable[[str], Client], area: str) -> None:
    for number in ("999999999", "9999999999", "99999999999999999999"):
        assert signed_in("office.chief").get(f"/{area}/{number}").status_code == 404
