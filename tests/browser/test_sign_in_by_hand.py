"""Signing in, as a person sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from portal_server import PASSWORD, Watched

Window = Callable[..., Watched]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_wrong_password_is_told_and_the_right_one_leads_home(scripts: bool, window: Window) -> None:
    watched = window(scripts=scripts)
    page = watched.sign_in("office.chief", "Cuowu-kouling-1")
    expect(page.get_by_role("alert")).to_contain_text("登录名或口令不对")
    expect(page.get_by_label("登录名")).to_have_value("office.chief")
    watched.sign_in("office.chief", PASSWORD)
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def test_the_way_goes_back_to_the_page_that_was_asked_for(window: Window) -> None:
    watched = window()
    page = watched.open("/account")
    page.get_by_label("登录名").fill("jxj.liaison")
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()


def test_an_expired_sign_in_shows_what_was_typed(window: Window) -> None:
    watched = window("jxj.liaison")
    page = watched.open("/account/password")
    page.get_by_label("原口令").fill(PASSWORD)
    page.context.clear_cookies()
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.get_by_role("button", name="修改口令").click()
    expect(page.get_by_role("heading", name="登录已失效")).to_be_visible()
    expect(page.get_by_text(PASSWORD)).to_have_count(0)


def test_the_page_to_sign_in_looks_well(window: Window) -> None:
    nobody = window()
    nobody.open("/sign-in")
    nobody.look("sign-in")
