"""People on their pages: adding, appointing, standing in, handing over, switching off, and getting in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from ledger.builders import CHIEF, CLERK, HEAD, LEADER, LIAISON
from sqlalchemy import select
from sqlmodel import col
from web_client import PASSWORD, Client, words

from config.clock import now
from config.terms import Role
from database import Database, reading, writing
from models import Account, Event, Person, SignIn
from supervision import in_force
from supervision.ledger import people
from supervision.queries.people import Actor, actor
from supervision.queries.people_page import PersonCard, person_card

Enter = Callable[[str], Client]

ADMIN, SCJG = "admin", "scjg.liaison"
MONDAY, FRIDAY = "2022-07-04", "2022-07-08"
WANG = {"login": "wang.fang", "name": "王芳", "role": "liaison", "unit": "jxj", "email": "wang.fang@example.cn"}


@pytest.fixture
def admin(signed_in: Enter, standing: Database) -> Client:
    with writing(standing) as session:
        force = in_force.load(session)
        people.add_person(
            session, force.tenant_id, login=ADMIN, name="系统管理员", role=Role.ADMINISTRATOR, unit_id=None,
            since=date(2022, 1, 4), at=force.now, by="console",
        )  # fmt: skip
    return signed_in(ADMIN)


def card(database: Database, login: str) -> PersonCard:
    with reading(database) as session:
        force = in_force.load(session)
        return person_card(session, force, login, on=force.today, at=now())


def acting(database: Database, login: str) -> Actor:
    with reading(database) as session:
        force = in_force.load(session)
        return actor(session, force.tenant_id, login, on=force.today)


def last_event(database: Database) -> Event:
    with reading(database) as session:
        found = session.scalars(select(Event).order_by(col(Event.seq).desc()).limit(1)).one()
        session.expunge(found)
        return found


def typed(page: str, value: str) -> bool:
    return f'value="{value}"' in page


# --- the list


def test_the_list_names_posts_addresses_and_how_each_signs_in(signed_in: Enter, standing: Database) -> None:
    with writing(standing) as session:
        person = session.scalars(select(Person).where(col(Person.login) == SCJG)).one()
        person.email, person.phone = "scjg@example.cn", "0571-1"
        account = Account(tenant_id=person.tenant_id, person_id=person.id or 0, password_hash="x", must_change=True)
        account.locked_until, account.last_sign_in_at = now() + timedelta(minutes=5), now()
        session.add(account)
    shown = words(signed_in(CHIEF).get("/people?words=scjg@"))
    assert "scjg@example.cn" in shown and "0571-1" in shown and "共 1 条" in shown
    assert "口令错误已锁定" in shown and "最近登录" in shown and "市市场监管局联络员" in shown


def test_the_list_is_filtered_by_unit_and_words_and_paged(signed_in: Enter) -> None:
    chief = signed_in(CHIEF)
    first = words(chief.get("/people"))
    assert "第 1 / 2 页" in first and "下一页" in first
    assert "第 2 / 2 页" in words(chief.get("/people?page=99"))
    of_unit = chief.get("/people?unit=scjg").text
    assert SCJG in of_unit and 'href="/people/330102.liaison"' not in of_unit
    assert "没有符合条件的人员" in words(chief.get("/people?words=没有这个人"))
    assert "没有符合条件的人员" in words(chief.get("/people?words=%25"))


@pytest.mark.parametrize("login", [LIAISON, HEAD, LEADER, "auditor"])
def test_only_managers_see_the_register_and_change_it(login: str, signed_in: Enter, standing: Database) -> None:
    client = signed_in(login)
    assert client.get("/people").status_code == client.get(f"/people/{SCJG}").status_code == 403
    assert client.post(f"/people/{SCJG}/disable").status_code == 403
    assert client.post("/people", WANG).status_code == 403
    assert card(standing, SCJG).line.active


# --- adding and appointing


def test_a_person_is_added_with_a_first_post(signed_in: Enter, standing: Database) -> None:
    chief = signed_in(CHIEF)
    shown = words(chief.follow(chief.post("/people", WANG)))
    assert "已增加 wang.fang" in shown and "王芳" in shown and "未设口令" in shown
    found = card(standing, "wang.fang")
    assert [(post.role, post.unit, post.since) for post in found.posts] == [
        (Role.LIAISON, "市经信局", date(2022, 7, 4))
    ]
    assert last_event(standing).actor == CHIEF


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"login": "王芳"}, "登录名“王芳”不合要求"),
        ({"login": CHIEF}, "已有人使用"),
        ({"name": " "}, "请填写“姓名”"),
        ({"email": "wang.fang"}, "不是电子邮件地址"),
        ({"unit": ""}, "“联络员”属于某个单位，请选择单位"),
        ({"unit": "nowhere"}, "没有单位"),
        ({"role": ""}, "请选择“身份”"),
        ({"role": "system"}, "不是可以任命的身份"),
        ({"role": "administrator", "unit": ""}, "由系统管理员办理"),
        ({"since": "2022-13-01"}, "应为日期"),
    ],
)
def test_what_cannot_be_added_is_said_and_what_was_typed_stays(
    given: dict[str, str], why: str, signed_in: Enter, standing: Database
) -> None:
    before = last_event(standing).seq
    answer = signed_in(CHIEF).post("/people", WANG | {"phone": "0571-87654321"} | given)
    assert answer.status_code in {404, 409, 422} and why in words(answer) and "--" not in words(answer)
    assert typed(answer.text, "0571-87654321") and '<details class="card" open>' in answer.text
    assert last_event(standing).seq == before


def test_the_offices_people_belong_to_the_unit_that_houses_it(signed_in: Enter, standing: Database) -> None:
    assert signed_in(CHIEF).post("/people", WANG | {"role": "office", "unit": ""}).status_code == 303
    assert card(standing, "wang.fang").posts[0].unit == "市市场监管局"


def test_one_more_post_is_given_and_not_twice(signed_in: Enter, standing: Database) -> None:
    chief = signed_in(CHIEF)
    form = {"role": "unit_head", "unit": "fgw", "since": MONDAY, "until": FRIDAY}
    assert chief.post(f"/people/{SCJG}/appoint", form).status_code == 303
    assert {post.role for post in card(standing, SCJG).line.posts} == {Role.LIAISON, Role.UNIT_HEAD}
    again = chief.post(f"/people/{SCJG}/appoint", form)
    assert again.status_code == 409 and "不必重复任命" in words(again) and typed(again.text, FRIDAY)


# --- who may not


def test_nobody_names_themselves_or_whom_they_stand_in_for(signed_in: Enter, standing: Database) -> None:
    clerk = signed_in(CLERK)
    for path, form in (
        (f"/people/{CLERK}/appoint", {"role": "leader"}),
        (f"/people/{LEADER}/delegate", {"to": CLERK, "since": MONDAY, "until": FRIDAY, "reason": "出差"}),
        (f"/people/{LEADER}/hand-over", {"to": CLERK, "on": MONDAY}),
        (f"/people/{CLERK}/disable", {}),
    ):
        refused = clerk.post(path, form)
        assert refused.status_code == 409 and "由另一位管理人员办理" in words(refused), path
    assert not acting(standing, CLERK).holds(Role.LEADER)


def test_an_administrator_is_touched_by_administrators_alone(
    admin: Client, signed_in: Enter, standing: Database
) -> None:
    chief = signed_in(CHIEF)
    for path, form in (
        (f"/people/{ADMIN}/disable", {}),
        (f"/people/{ADMIN}/hand-over", {"to": CLERK, "on": MONDAY}),
        (f"/people/{ADMIN}/delegate", {"to": CLERK, "since": MONDAY, "until": FRIDAY, "reason": "出差"}),
        (f"/people/{ADMIN}/contact", {"name": "别人"}),
        (f"/people/{CLERK}/appoint", {"role": "administrator"}),
    ):
        refused = chief.post(path, form)
        assert refused.status_code == 409 and "由系统管理员办理" in words(refused), path
    assert "系统管理员" not in chief.get(f"/people/{CLERK}").text.partition("appoint-role")[2].partition("</select>")[0]
    assert admin.post(f"/people/{CLERK}/appoint", {"role": "administrator"}).status_code == 303
    assert acting(standing, CLERK).holds(Role.ADMINISTRATOR)


def test_whoever_stands_in_for_an_administrator_is_out_of_the_offices_reach_too(
    admin: Client, signed_in: Enter
) -> None:
    form = {"to": SCJG, "since": MONDAY, "until": FRIDAY, "reason": "出差"}
    assert admin.post("/account/delegation", form).status_code == 303
    refused = signed_in(CHIEF).post(f"/people/{SCJG}/delegate", form | {"to": CLERK})
    assert refused.status_code == 409 and "由系统管理员办理" in words(refused)


# --- standing in, handing over


def test_the_office_lets_somebody_stand_in_for_another_and_ends_it(signed_in: Enter, standing: Database) -> None:
    chief = signed_in(CHIEF)
    form = {"to": HEAD, "since": MONDAY, "until": FRIDAY, "reason": "出差"}
    shown = words(chief.follow(chief.post(f"/people/{SCJG}/delegate", form)))
    assert f"由 {HEAD} 代为办理" in shown and "代办中" in shown
    assert SCJG in acting(standing, HEAD).names
    twice = chief.post(f"/people/{SCJG}/delegate", form | {"reason": "另有公务"})
    assert twice.status_code == 409 and typed(twice.text, "另有公务")
    assert chief.post(f"/people/{SCJG}/end-delegation", {"on": MONDAY}).status_code == 303
    assert SCJG not in acting(standing, HEAD).names


@pytest.mark.parametrize(
    ("given", "why"),
    [({"until": ""}, "请填写“委托止日”"), ({"until": "2022-07-01", "since": "2022-06-30"}, "已过"),
     ({"since": "2022-07-11"}, "早于起日"), ({"reason": ""}, "请填写“委托事由”"), ({"to": "nobody"}, "没有登录名为"),
     ({"to": SCJG}, "委托成环")],
)  # fmt: skip
def test_a_delegation_that_cannot_be_keeps_what_was_typed(given: dict[str, str], why: str, signed_in: Enter) -> None:
    form = {"to": HEAD, "since": MONDAY, "until": FRIDAY, "reason": "到省里开会"} | given
    answer = signed_in(SCJG).post("/account/delegation", form)
    assert answer.status_code in {404, 409, 422} and why in words(answer)
    assert not form["reason"] or typed(answer.text, form["reason"])


def test_everybody_delegates_the_own_posts_and_ends_it(signed_in: Enter, standing: Database) -> None:
    own = signed_in(SCJG)
    assert "/account/delegation" in own.get("/account").text
    form = {"to": HEAD, "since": MONDAY, "until": FRIDAY, "reason": "休假", "login": CHIEF}
    assert "代办中" in words(own.follow(own.post("/account/delegation", form)))
    event = last_event(standing)
    assert (event.action, event.actor, event.data["login"]) == ("delegate", SCJG, SCJG)
    assert own.post("/account/delegation/end", {"on": MONDAY}).status_code == 303
    assert not card(standing, SCJG).given
    nothing = own.post("/account/delegation/end")
    assert nothing.status_code == 409 and "没有委托他人代办" in words(nothing)


def test_a_delegation_that_is_to_come_is_cancelled_before_it_begins(signed_in: Enter, standing: Database) -> None:
    own = signed_in(SCJG)
    form = {"to": HEAD, "since": "2022-07-11", "until": "2022-07-15", "reason": "休假"}
    page = own.follow(own.post("/account/delegation", form)).text
    assert "尚未开始" in page and 'name="on" value="2022-07-11"' in page
    assert own.post("/account/delegation/end", {"on": "2022-07-11"}).status_code == 303
    assert not card(standing, SCJG).given


def test_everybody_hands_over_the_own_post_once_they_are_sure(signed_in: Enter, standing: Database) -> None:
    own = signed_in(SCJG)
    form = {"to": HEAD, "on": MONDAY}
    unsure = own.post("/account/delegation/hand-over", form)
    assert unsure.status_code == 422 and "请先勾选" in words(unsure)
    assert f'value="{HEAD}" selected' in unsure.text
    shown = words(own.follow(own.post("/account/delegation/hand-over", form | {"sure": "yes"})))
    assert f"由 {HEAD} 接任" in shown and "没有任职" in shown
    assert Role.LIAISON in {post.role for post in card(standing, HEAD).line.posts}


# --- names and addresses


def test_an_address_is_put_in_place_and_the_audit_does_not_repeat_it(signed_in: Enter, standing: Database) -> None:
    chief = signed_in(CHIEF)
    form = {"name": "王芳", "email": "wang.fang@example.cn", "phone": "0571-1"}
    assert chief.post(f"/people/{SCJG}/contact", form).status_code == 303
    assert card(standing, SCJG).line.email == "wang.fang@example.cn"
    event = last_event(standing)
    assert event.data["changed"] == ["email", "name", "phone"] and "example.cn" not in str(event.data)
    assert "没有变化" in words(chief.post(f"/people/{SCJG}/contact", form))
    wrong = chief.post(f"/people/{SCJG}/contact", form | {"name": "王小芳", "email": "wang"})
    assert wrong.status_code == 422 and typed(wrong.text, "王小芳")


# --- accounts


def test_a_made_up_password_is_shown_once_and_has_to_be_changed(admin: Client, app: FastAPI) -> None:
    answer = admin.post(f"/people/{SCJG}/password")
    [made] = re.findall(r"<code>([^<]+)</code>", answer.text)
    assert answer.status_code == 200 and "不再显示" in words(answer)
    assert made not in admin.get(f"/people/{SCJG}").text and "初始口令，尚未修改" in admin.last.text
    client = Client(app)
    assert client.post("/sign-in", {"login": SCJG, "password": made}).status_code == 303
    assert client.get("/").headers["location"] == "/account/password"


def test_only_administrators_give_passwords_and_not_to_themselves(
    admin: Client, signed_in: Enter, standing: Database
) -> None:
    chief = signed_in(CHIEF)
    assert chief.post(f"/people/{SCJG}/password").status_code == 403
    assert "password" not in chief.get(f"/people/{SCJG}").text
    own = admin.post(f"/people/{ADMIN}/password")
    assert own.status_code == 409 and "在“我的账号”中修改" in words(own)
    assert chief.post("/people", WANG | {"sign_in": "yes"}).status_code == 409
    with reading(standing) as session:
        assert session.scalars(select(Person).where(col(Person.login) == "wang.fang")).all() == []
        assert session.scalars(select(Account)).all() == []


def test_an_administrator_adds_a_person_who_can_sign_in_at_once(admin: Client, app: FastAPI) -> None:
    answer = admin.post("/people", WANG | {"sign_in": "yes"})
    [made] = re.findall(r"<code>([^<]+)</code>", answer.text)
    assert Client(app).post("/sign-in", {"login": "wang.fang", "password": made}).status_code == 303


def test_who_is_switched_off_is_out_at_once_and_nothing_is_left_to_come_back_with(
    signed_in: Enter, standing: Database
) -> None:
    head, chief = signed_in(HEAD), signed_in(CHIEF)
    assert head.get("/account").status_code == 200
    assert "已停用" in words(chief.follow(chief.post(f"/people/{HEAD}/disable")))
    assert head.get("/account").headers["location"].startswith("/sign-in")
    with reading(standing) as session:
        person = session.scalars(select(Person).where(col(Person.login) == HEAD)).one()
        left = session.scalars(select(SignIn).where(col(SignIn.person_id) == person.id)).all()
        assert left and all(each.ended_at is not None for each in left)
    assert "已停用，不能设置口令" not in words(chief.get(f"/people/{HEAD}"))


def test_the_last_liaison_of_a_unit_is_not_switched_off(signed_in: Enter, standing: Database) -> None:
    refused = signed_in(CHIEF).post(f"/people/{SCJG}/disable")
    assert refused.status_code == 409 and "请先办理岗位交接" in words(refused)
    assert card(standing, SCJG).line.active


def test_an_unknown_person_is_not_there(signed_in: Enter) -> None:
    chief = signed_in(CHIEF)
    assert chief.get("/people/nobody").status_code == 404
    assert chief.post("/people/nobody/disable").status_code == 404


def test_before_an_initial_password_is_changed_nothing_is_delegated_or_handed_over(
    app: FastAPI, with_password: Callable[..., None], standing: Database
) -> None:
    with_password(SCJG, must_change=True)
    client = Client(app)
    client.post("/sign-in", {"login": SCJG, "password": PASSWORD})
    client.csrf = client.secret()
    form = {"to": HEAD, "on": MONDAY, "sure": "yes"}
    for path in ("/account", "/account/delegation"):
        assert client.get(path).headers["location"] == "/account/password"
    assert client.post("/account/delegation/hand-over", form).headers["location"] == "/account/password"
    assert card(standing, SCJG).line.posts
