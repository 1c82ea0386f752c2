"""People and the calendar by command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calling import ONLY_SQLITE, Duban, matter


@ONLY_SQLITE
def test_people_are_added_appointed_replaced_and_switched_off(office: Duban) -> None:
    at = ("--at", "2022-07-01T09:00:00+08:00")
    added = ("--name", "王芳", "--unit", "市经信局", "--role", "liaison", "--email", "wang.fang@example.cn")
    assert office("user", "add", "wang.fang", *added, *at, "--json").data["since"] == "2022-07-01"
    office("user", "add", "li.ming", "--name", "李明", "--unit", "jxj", "--role", "unit_head", *at)
    assert office("user", "appoint", "li.ming", "--unit", "jxj", "--role", "liaison", *at).code == 0
    delegated = ("--to", "li.ming", "--since", "2022-08-01", "--until", "2022-08-15", "--reason", "休假")
    assert office("user", "delegate", "wang.fang", *delegated, *at).code == 0

    listed = office("user", "list", "--unit", "市经信局", "--as-of", "2022-08-02", "--json").data["people"]

    people = {person["login"]: person for person in listed}
    assert people["wang.fang"]["stand_in"] == "li.ming"
    assert {post["role"] for post in people["li.ming"]["posts"]} == {"liaison", "unit_head"}
    ended = office("user", "end-delegation", "wang.fang", "--on", "2022-08-10", *at, "--json").data
    assert ended == {"login": "wang.fang", "on": "2022-08-10"}
    handed = office("user", "hand-over", "li.ming", "--to", "wang.fang", "--on", "2022-09-01", *at, "--json").data
    assert handed["posts"] == 2
    assert office("user", "disable", "li.ming", *at).code == 0
    assert office("user", "disable", "li.ming", *at).code == 3
    [item] = matter(office, "市经信局")
    assert office("act", item, "acknowledge", "--by", "li.ming", *at).code == 3


@ONLY_SQLITE
def test_a_stand_in_who_is_switched_off_is_not_listed_as_one(office: Duban) -> None:
    at = ("--at", "2022-07-01T09:00:00+08:00")
    office("user", "add", "li.ming", "--name", "李明", "--unit", "jxj", "--role", "unit_head", *at)
    days = ("--since", "2022-07-01", "--until", "2022-07-15", "--reason", "休假")
    assert office("user", "delegate", "jxj.liaison", "--to", "li.ming", *days, *at).code == 0

    def stand_in() -> str | None:
        listed = office("user", "list", "--as-of", "2022-07-04", "--json").data["people"]
        return next(person["stand_in"] for person in listed if person["login"] == "jxj.liaison")

    assert stand_in() == "li.ming"
    assert office("user", "disable", "li.ming", *at).code == 0
    assert stand_in() is None


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--role", "liaison"], "--unit"),
        (["--role", "office", "--email", "nobody"], "电子邮件"),
        (["--role", "system"], "系统"),
        (["--role", "liason", "--unit", "jxj"], "是不是：liaison"),
    ],
)
def test_a_person_that_cannot_be_is_refused(office: Duban, options: list[str], said: str) -> None:
    done = office("user", "add", "wang.fang", "--name", "王芳", *options)

    assert done.code == 2
    assert said in done.complaint


@ONLY_SQLITE
def test_a_calendar_is_shown_before_it_is_loaded(office: Duban, tmp_path: Path) -> None:
    [item] = matter(office, "市经信局")
    days = [{"name": "调整", "date": "2022-07-29", "isOffDay": True}]
    file = tmp_path / "2022.json"
    file.write_text(json.dumps({"year": 2022, "days": days}), encoding="utf-8")
    at = ("--at", "2022-07-04T09:00:00+08:00")

    shown = office("calendar", "load", file, *at, "--json").data
    untouched = office("workdays", "add", "2022-07-28", "1").out
    assert office("calendar", "load", file, "--apply", *at).code == 2
    loaded = office("calendar", "load", file, "--apply", "--by", "office.clerk", *at, "--json").data

    assert (shown["applied"], loaded["applied"]) == (False, True)
    assert shown["changes"] == loaded["changes"]
    [change] = [change for change in shown["changes"] if change["item"] == item]
    assert (change["from"], change["to"], change["unit"]) == ("2022-07-29", "2022-08-01", "市经信局")
    assert untouched == "2022-07-29\n"
    assert office("workdays", "add", "2022-07-28", "1").out == "2022-08-01\n"


@ONLY_SQLITE
def test_the_first_administrator_is_added_with_a_password_that_is_shown_once(office: Duban) -> None:
    added = office(
        "user", "add", "admin", "--name", "系统管理员", "--role", "administrator", "--sign-in", "--json"
    ).data
    again = office("user", "password", "admin", "--json").data
    assert added["initial_password"] != again["initial_password"]
    assert "只显示这一次" in office("user", "password", "admin").out
    assert office("user", "password", "nobody").code == 2


@ONLY_SQLITE
def test_a_password_is_taken_from_standard_input_and_refused_when_it_is_too_easy(office: Duban) -> None:
    assert office("user", "password", "jxj.liaison", "--stdin", "--json", stdin="Ganhao-zhi-2022\n").data == {
        "login": "jxj.liaison", "initial_password": None,
    }  # fmt: skip
    easy = office("user", "password", "jxj.liaison", "--stdin", stdin="12345\n")
    assert easy.code == 2 and "10 至 128" in easy.complaint
    assert office("user", "password", "jxj.liaison", "--stdin", stdin="").code == 2


@ONLY_SQLITE
def test_one_post_ends_and_what_may_not_stand_empty_wants_a_successor(office: Duban) -> None:
    at = ("--at", "2022-07-04T09:00:00+08:00")
    office("user", "appoint", "jxj.head", "--unit", "jxj", "--role", "liaison", "--since", "2022-07-01", *at)
    ended = office("user", "end-post", "jxj.liaison", "--role", "liaison", "--on", "2022-07-11", *at, "--json").data
    assert (ended["posts_left"], ended["to"], ended["on"]) == (0, None, "2022-07-11")
    alone = office("user", "end-post", "jxj.head", "--role", "liaison", "--on", "2022-07-11", *at)
    assert alone.code == 3 and "请先办理岗位交接" in alone.complaint
    taken = office("user", "end-post", "jxj.head", "--role", "liaison", "--to", "jxj.liaison", "--unit", "jxj", *at)
    assert taken.code == 0 and "由 jxj.liaison 接任" in taken.out
    assert office("user", "end-post", "jxj.head", "--role", "liaison", "--on", "2022-07-01", *at).code == 2
    last = office("user", "end-post", "jxj.head", "--role", "unit_head", *at)
    assert "还有 0 个任职" in last.out and "请尽快任命" in last.out
    assert office("user", "end-post", "jxj.head", "--role", "unit_head", *at).code == 3


@ONLY_SQLITE
def test_a_person_is_switched_on_again_with_access_given_anew(office: Duban) -> None:
    at = ("--at", "2022-07-04T09:00:00+08:00")
    assert office("user", "enable", "jxj.head", *at).code == 3
    for options, password, subject in (
        ([], True, None),
        (["--subject", "3f2a"], False, "3f2a"),
        (["--no-sign-in"], False, None),
    ):
        assert "请尽快任命" in office("user", "disable", "jxj.head", *at, "--json").data["warnings"][0]
        back = office("user", "enable", "jxj.head", *options, *at, "--json").data
        assert (bool(back["initial_password"]), back["subject"], back["posts"]) == (password, subject, 1)
    assert office("user", "enable", "jxj.head", "--subject", " ").code == 2
    assert office("audit", "verify").code == 0


@ONLY_SQLITE
def test_the_channels_of_a_person_are_shown_set_and_given_back_to_the_office(office: Duban) -> None:
    told = {"login": "jxj.liaison", "channels": ["email"], "own": False}
    assert office("user", "channels", "jxj.liaison", "--json").data == told
    done = office("user", "channels", "jxj.liaison", "gateway,email", "--json").data
    assert done == {"login": "jxj.liaison", "channels": ["gateway", "email"], "own": True}
    assert "短信和政务消息，发不到再用电子邮件" in office("user", "channels", "jxj.liaison").out
    assert office("user", "channels", "jxj.liaison", "gateway,email").code == 3
    assert office("user", "channels", "jxj.liaison", "default").code == 0
    for login, wanted in (("jxj.liaison", "fax"), ("nobody", "email"), ("jxj.liaison", "email,email")):
        refused = office("user", "channels", login, wanted)
        assert refused.code == 2 and refused.complaint
