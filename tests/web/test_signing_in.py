"""Getting in and out: passwords, locks, expiry, forged forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from freezegun import freeze_time
from web_client import PASSWORD, Client, words

from access import passwords
from config.clock import now
from config.errors import BadInput

LIAISON = "scjg.liaison"

Enter = Callable[[str], Client]
Give = Callable[..., None]


def _try(app: FastAPI, login: str, password: str, **form: str) -> Client:
    client = Client(app)
    client.last = client.post("/sign-in", {"login": login, "password": password, **form})
    return client


def test_the_right_password_leads_home_with_a_cookie_that_scripts_and_other_sites_never_see(
    app: FastAPI, with_password: Give
) -> None:
    with_password(LIAISON)
    client = _try(app, LIAISON, PASSWORD)
    assert client.last.status_code == 303 and client.last.headers["location"] == "/"
    cookie = client.last.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("login", [LIAISON, "nobody.at.all", "scjg.head"])
def test_a_wrong_password_an_unknown_login_and_a_person_without_account_read_the_same(
    login: str, app: FastAPI, with_password: Give
) -> None:
    with_password(LIAISON)
    answer = _try(app, login, "Cuowu-kouling-1").last
    assert answer.status_code == 409 and "登录名或口令不对" in words(answer)
    assert PASSWORD not in answer.text and "duban=" not in answer.headers.get("set-cookie", "")


def test_wrong_passwords_in_a_row_shut_the_door_longer_and_longer_and_the_right_one_opens_it_after(
    app: FastAPI, with_password: Give
) -> None:
    with_password(LIAISON)
    start = now()
    with freeze_time(start):
        for _ in range(passwords.FREE_FAILURES + 1):
            assert "登录名或口令不对" in words(_try(app, LIAISON, "Cuowu-kouling-1").last)
        assert "之后再试" in words(_try(app, LIAISON, PASSWORD).last)
    with freeze_time(start + timedelta(seconds=61)):
        assert _try(app, LIAISON, "Cuowu-kouling-1").last.status_code == 409
        assert "之后再试" in words(_try(app, LIAISON, PASSWORD).last)
    with freeze_time(start + timedelta(seconds=61 + 121)):
        assert _try(app, LIAISON, PASSWORD).last.status_code == 303
        assert "登录名或口令不对" in words(_try(app, LIAISON, "Cuowu-kouling-1").last)


def test_delays_double_up_to_an_hour() -> None:
    minutes = [passwords.delay(failures).total_seconds() / 60 for failures in (0, 4, 5, 6, 7, 10, 11, 10_000)]
    assert minutes == [0, 0, 1, 2, 4, 32, 60, 60]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ab1-short", "10 至 128"),
        ("A1-" + "x" * 130, "10 至 128"),
        ("onlysmallletters", "至少三类"),
        ("Aa1Aa1Aa1Aa1", "重复字符"),
        ("SCJG.liaison-1", "不能包含登录名"),
    ],
)
def test_a_password_that_is_too_easy_is_refused_in_words(password: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        passwords.check(password, login=LIAISON)


def test_made_up_passwords_keep_the_rules_and_are_all_different() -> None:
    made = {passwords.made_up() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        passwords.check(password, login=LIAISON)


def test_a_password_made_up_by_somebody_else_is_changed_before_anything_is_shown(
    app: FastAPI, with_password: Give
) -> None:
    with_password(LIAISON, must_change=True)
    client = _try(app, LIAISON, PASSWORD)
    assert client.get("/").headers["location"] == "/account/password"
    client.csrf = client.secret()
    refused = client.post("/account/password", {"old": PASSWORD, "new": PASSWORD, "again": PASSWORD})
    assert refused.status_code == 422 and "与原口令相同" in words(refused)
    new = "Xin-kouling-2022"
    assert client.post("/account/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 303
    assert client.get("/account").status_code == 200
    assert _try(app, LIAISON, PASSWORD).last.status_code == 409
    assert _try(app, LIAISON, new).last.status_code == 303


def test_a_new_password_ends_every_other_sign_in(app: FastAPI, with_password: Give) -> None:
    with_password(LIAISON)
    here, there = _try(app, LIAISON, PASSWORD), _try(app, LIAISON, PASSWORD)
    here.csrf = here.secret()
    new = "Xin-kouling-2022"
    assert here.post("/account/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").headers["location"].startswith("/sign-in")


def test_after_half_an_hour_without_a_request_and_after_twelve_hours_in_any_case_one_signs_in_again(
    app: FastAPI, with_password: Give
) -> None:
    with_password(LIAISON)
    start = now()
    with freeze_time(start):
        idle, busy = _try(app, LIAISON, PASSWORD), _try(app, LIAISON, PASSWORD)
    for minutes in range(25, 12 * 60, 25):
        with freeze_time(start + timedelta(minutes=minutes)):
            assert busy.get("/account").status_code == 200
    with freeze_time(start + timedelta(minutes=31)):
        assert idle.get("/account").headers["location"] == "/sign-in?next=%2Faccount"
    with freeze_time(start + timedelta(hours=12)):
        assert busy.get("/account").status_code == 303


def test_what_was_typed_when_the_sign_in_ran_out_is_shown_and_not_lost(app: FastAPI) -> None:
    answer = Client(app, {"duban": "expired"}).post("/account/plan", {"plan": "进展：已完成七成<b>"})
    assert answer.status_code == 401
    assert "没有保存" in words(answer) and "进展：已完成七成&lt;b&gt;" in answer.text


def test_signing_out_ends_the_sign_in_on_the_server_too(signed_in: Enter) -> None:
    client = signed_in(LIAISON)
    copied = dict(client.cookies)
    assert client.post("/sign-out").status_code == 303
    assert Client(client.app, copied).get("/account").status_code == 303


def test_a_cookie_given_from_outside_is_never_taken_over(app: FastAPI, with_password: Give) -> None:
    with_password(LIAISON)
    client = Client(app, {"duban": "chosen-by-somebody-else"})
    client.post("/sign-in", {"login": LIAISON, "password": PASSWORD})
    assert client.cookies["duban"] != "chosen-by-somebody-else"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/\r\nX: 1", "javascript:1"]
)
def test_the_way_back_never_leads_elsewhere(target: str, app: FastAPI, with_password: Give) -> None:
    with_password(LIAISON)
    assert _try(app, LIAISON, PASSWORD, next=target).last.headers["location"] == "/"


# --- forged forms


def test_a_form_without_the_secret_of_its_page_is_refused_and_changes_nothing(signed_in: Enter) -> None:
    client = signed_in(LIAISON)
    for forged in ("", "0" * 64, signed_in("scjg.head").csrf):
        answer = client.post("/sign-out", {"csrf": forged})
        assert answer.status_code == 403 and "表单已失效" in words(answer)
    assert client.get("/account").status_code == 200


def test_a_form_sent_from_another_site_is_refused_by_what_the_browser_says_of_it(signed_in: Enter) -> None:
    client = signed_in(LIAISON)
    assert client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/account").status_code == 200


def test_somebody_who_was_switched_off_is_out_at_once(signed_in: Enter, switched_off: Callable[[str], None]) -> None:
    client = signed_in("scjg.head")
    switched_off("scjg.head")
    assert client.get("/account").status_code == 303
