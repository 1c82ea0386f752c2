"""Everybody says on their own page by which channels they are reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import col
from web_client import Client, words

from database import Database, reading
from models import Person

ME = "scjg.liaison"

Enter = Callable[[str], Client]


def kept(standing: Database) -> str | None:
    with reading(standing) as session:
        return session.scalars(select(col(Person.channels)).where(col(Person.login) == ME)).one()


@pytest.fixture
def with_gateway(app: FastAPI) -> None:
    portal = app.state.portal
    app.state.portal = replace(portal, settings=replace(portal.settings, gateway_url="http://127.0.0.1:1/send"))


@pytest.mark.usefixtures("with_gateway")
def test_an_order_is_chosen_and_given_back_to_the_office(signed_in: Enter, standing: Database) -> None:
    me = signed_in(ME)
    assert "按办公室规定（电子邮件，发不到再用短信和政务消息）" in words(me.get("/account"))
    assert me.post("/account/channels", {"order": "gateway,email"}).status_code == 303
    assert kept(standing) == "gateway,email"
    assert '<option value="gateway,email" selected>' in me.get("/account").text
    again = me.post("/account/channels", {"order": "gateway,email"})
    assert again.status_code == 409 and "已经是这样" in words(again)
    assert me.post("/account/channels", {"order": ""}).status_code == 303
    assert kept(standing) is None


@pytest.mark.usefixtures("with_gateway")
@pytest.mark.parametrize("chosen", ["portal", "email,email", "robot", "email,"])
def test_an_order_that_is_none_is_refused(chosen: str, signed_in: Enter, standing: Database) -> None:
    answer = signed_in(ME).post("/account/channels", {"order": chosen})
    assert answer.status_code == 422 and "通知渠道应为" in words(answer)
    assert kept(standing) is None


def test_where_there_is_mail_alone_nothing_is_asked(signed_in: Enter) -> None:
    assert "通知渠道" not in words(signed_in(ME).get("/account"))
