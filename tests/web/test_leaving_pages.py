"""Leaving on the pages: one post ends, rights go with it at once, and who was switched off comes back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import date

import httpx
import pytest
from fastapi import FastAPI
from ledger.builders import CHIEF, CLERK, HEAD, LEADER, LIAISON, Office
from web_client import ORIGIN, Client, words

from access import accounts, calendar_links, tokens
from access.accounts import Known
from access.tokens import TokenScope
from config.clock import now
from config.settings import Settings
from config.terms import Role
from database import Database, reading, writing
from supervision import in_force
from supervision.ledger import people
from supervision.queries import register
from supervision.queries.people import actor
from web.app import create_app

Enter = Callable[[str], Client]

ADMIN, MONDAY = "admin", "2022-07-04"
OF_HEAD = {"role": "unit_head", "unit": "jxj", "on": MONDAY, "to": ""}
OF_LIAISON = OF_HEAD | {"role": "liaison"}


@pytest.fixture
def admin(signed_in: Enter, standing: Database) -> Client:
    with writing(standing) as session:
        force = in_force.load(session)
        people.add_person(
            session, force.tenant_id, login=ADMIN, name="系统管理员", role=Role.ADMINISTRATOR, unit_id=None,
            since=date(2022, 1, 4), at=force.now, by="console",
        )  # fmt: skip
    return signed_in(ADMIN)


def known(database: Database, login: str) -> Known:
    with reading(database) as session:
        tenant = session.connection().exec_driver_sql("SELECT min(id) FROM tenant").scalar_one()
        return Known(tenant, register.logins(session, tenant)[login], login)


def roles(database: Database, login: str) -> list[Role]:
    with reading(database) as session:
        force = in_force.load(session)
        return [each.role for each in actor(session, force.tenant_id, login, on=force.today).holdings]


def ask_api(app: FastAPI, token: str, path: str = "/items") -> int:
    async def sent() -> int:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"{ORIGIN}/api/v1") as client:
            return (await client.get(path, headers={"Authorization": f"Bearer {token}"})).status_code

    return asyncio.run(sent())


# --- one post


def test_before_a_post_ends_it_is_shown_what_stays_and_what_must_be_handed_over(
    signed_in: Enter, standing: Database
) -> None:
    office = Office(standing)
    part = office.a_part(office.a_signed_item(), assignee=HEAD, when=MONDAY)
    chief = signed_in(CHIEF)
    assert "end-post?role=unit_head&amp;unit=jxj" in chief.get(f"/people/{HEAD}").text
    page = chief.get(f"/people/{HEAD}/end-post?role=unit_head&unit=jxj")
    shown = words(page)
    assert "结束任职：市经信局分管负责人" in shown and "在办事项 1 项" in shown and "最后一个任职" in shown
    assert f'href="/items/{part}"' in page.text and "没有其他人任市经信局分管负责人" in shown
    refused = chief.post(f"/people/{HEAD}/end-post", OF_HEAD | {"on": "2022-07-08"})
    assert refused.status_code == 409 and "无人承接，请写明接任人" in words(refused)
    assert 'value="2022-07-08"' in refused.text and "--to" not in words(refused)
    done = chief.follow(chief.post(f"/people/{HEAD}/end-post", OF_HEAD | {"to": LIAISON}))
    assert f"由 {LIAISON} 接任，1 个子事项一并移交" in words(done) and "已没有其他任职" in words(done)
    assert roles(standing, HEAD) == [] and set(roles(standing, LIAISON)) == {Role.LIAISON, Role.UNIT_HEAD}


def test_the_last_liaison_does_not_vanish_and_a_missing_head_is_said(signed_in: Enter, standing: Database) -> None:
    chief = signed_in(CHIEF)
    refused = chief.post(f"/people/{LIAISON}/end-post", OF_LIAISON)
    assert refused.status_code == 409 and "请先办理岗位交接" in words(refused)
    done = words(chief.follow(chief.post(f"/people/{HEAD}/end-post", OF_HEAD)))
    assert "没有分管负责人" in done and "请尽快任命" in done
    assert roles(standing, LIAISON) == [Role.LIAISON]


def test_nobody_ends_an_own_post_and_an_administrators_is_ended_by_administrators(
    admin: Client, signed_in: Enter
) -> None:
    chief = signed_in(CHIEF)
    own = chief.post(f"/people/{CHIEF}/end-post", {"role": "office", "unit": "scjg", "on": MONDAY})
    assert own.status_code == 409 and "不能结束自己" in words(own)
    gains = chief.post(f"/people/{LEADER}/end-post", {"role": "leader", "unit": "", "on": MONDAY, "to": CHIEF})
    assert gains.status_code == 409 and "由另一位管理人员办理" in words(gains)
    page = chief.post(f"/people/{ADMIN}/end-post", {"role": "administrator", "unit": "", "on": MONDAY})
    assert page.status_code == 409 and "由系统管理员办理" in words(page)
    assert chief.get(f"/people/{CHIEF}").text.count("end-post") == 0, "not offered on one's own page"


@pytest.mark.parametrize("query", ["", "?role=nothing&unit=jxj", "?role=auditor&unit=", "?role=unit_head&unit=nowhere"])
def test_a_post_that_is_not_there_is_not_ended(query: str, signed_in: Enter) -> None:
    assert signed_in(CHIEF).get(f"/people/{HEAD}/end-post{query}").status_code in {404, 422}


# --- rights go with the last post


def test_with_the_last_post_browser_token_and_calendar_lose_their_rights_at_once(
    signed_in: Enter, standing: Database, app: FastAPI
) -> None:
    office = Office(standing)
    office.an_item(assigned="2022-07-01 08:35")
    head = signed_in(HEAD)
    with writing(standing) as session:
        token = tokens.make_token(session, known(standing, HEAD), name="t", scopes=list(TokenScope), days=9, at=now())
        link = calendar_links.make(session, known(standing, HEAD), at=now())
    feed = f"/calendar/{link}.ics"
    assert head.get("/work").status_code == head.get("/ledger").status_code == ask_api(app, token) == 200
    assert "BEGIN:VEVENT" in head.get(feed).text
    assert signed_in(CHIEF).post(f"/people/{HEAD}/end-post", OF_HEAD).status_code == 303
    for path in ("/work", "/ledger", "/reports", "/assessments", "/inbox", "/items/1", "/search?q=a"):
        assert head.get(path).status_code == 403, path
    assert "您现在没有任职" in words(head.last)
    assert head.post("/items/1/act", {"action": "acknowledge"}).status_code == 403
    assert ask_api(app, token) == ask_api(app, token, "/requests") == 403
    assert "BEGIN:VEVENT" not in head.get(feed).text
    assert head.get("/").headers["location"] == "/account" and "没有任职" in words(head.get("/account"))
    assert head.get("/help").status_code == 200


def test_whoever_stands_in_for_somebody_keeps_what_was_lent(signed_in: Enter, standing: Database) -> None:
    with writing(standing) as session:
        force = in_force.load(session)
        people.delegate(session, force.tenant_id, login=LIAISON, to=HEAD, since=force.today, until=date(2022, 7, 8),
                        reason="出差", at=force.now, by="console")  # fmt: skip
    head = signed_in(HEAD)
    assert signed_in(CHIEF).post(f"/people/{HEAD}/end-post", OF_HEAD).status_code == 303
    assert head.get("/work").status_code == 200


# --- off and on again


def test_who_comes_back_gets_a_new_password_and_nothing_old_opens(
    admin: Client, signed_in: Enter, standing: Database, app: FastAPI
) -> None:
    with writing(standing) as session:
        token = tokens.make_token(session, known(standing, HEAD), name="t", scopes=list(TokenScope), days=9, at=now())
    browser = signed_in(HEAD)
    assert "令牌和日历链接均已失效" in words(admin.follow(admin.post(f"/people/{HEAD}/disable")))
    assert "恢复使用" in words(admin.last) and "停用后不能登录" not in words(admin.last)
    answer = admin.post(f"/people/{HEAD}/enable", {"access": "password"})
    [made] = re.findall(r"<code>([^<]+)</code>", answer.text)
    assert roles(standing, HEAD) == [Role.UNIT_HEAD]
    assert ask_api(app, token) == 401 and browser.get("/work").status_code == 303
    client = Client(app)
    assert client.post("/sign-in", {"login": HEAD, "password": made}).status_code == 303
    assert client.get("/").headers["location"] == "/account/password"
    again = admin.post(f"/people/{HEAD}/enable", {"access": "password"})
    assert again.status_code == 409 and "没有停用，不必恢复" in words(again)


def test_the_office_brings_somebody_back_and_leaves_the_way_in_to_the_administrator(
    admin: Client, signed_in: Enter, standing: Database
) -> None:
    chief = signed_in(CHIEF)
    chief.post(f"/people/{HEAD}/disable")
    for access in ("password", "identity"):
        refused = chief.post(f"/people/{HEAD}/enable", {"access": access, "subject": "s"})
        assert refused.status_code == 409 and "请联系系统管理员" in words(refused)
    with reading(standing) as session:
        tenant = in_force.load(session).tenant_id
        assert not people.person(session, tenant, HEAD).active, "a refused coming back changes nothing"
    done = words(chief.follow(chief.post(f"/people/{HEAD}/enable")))
    assert "已恢复使用，现有 1 个任职" in done and "未设口令" in done
    for path in ("disable", "enable"):
        answer = chief.post(f"/people/{ADMIN}/{path}")
        assert answer.status_code == 409 and "由系统管理员办理" in words(answer)
    assert signed_in(CLERK).post("/people/nobody/enable").status_code == 404


def test_an_identity_is_bound_where_there_is_a_provider(admin: Client, standing: Database, app: FastAPI) -> None:
    given = Settings(home=app.state.portal.settings.home, portal_url=ORIGIN, oidc_issuer="https://id.example.cn",
                     oidc_client_id="duban", oidc_client_secret="x", database_url="unused")  # fmt: skip
    client = Client(create_app(given, standing), admin.cookies, admin.csrf)
    client.post(f"/people/{HEAD}/disable")
    refused = client.post(f"/people/{HEAD}/enable", {"access": "identity", "subject": " "})
    assert refused.status_code == 422 and 'value="identity" checked' in refused.text
    assert "已恢复使用" in words(
        client.follow(client.post(f"/people/{HEAD}/enable", {"access": "identity", "subject": "3f2a"}))
    )
    with reading(standing) as session:
        assert accounts.by_subject(session, "3f2a") == known(standing, HEAD)
