"""The day of each person, in a real browser over the demonstration: from signing in to what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from portal_server import PASSWORD, Portal, Watched
from sqlalchemy import select
from sqlmodel import col

from config.terms import PaperState, Status
from database import reading
from models import Assessment, Item, Paper, Person, ReportingRequest, Unit

Window = Callable[..., Watched]


def one_item(portal: Portal, status: Status, *, of: str = "") -> tuple[int, str]:
    """Return number and unit's liaison of an item in that status; of the unit of that code when it is given."""
    with portal.database() as database, reading(database) as session:
        statement = (
            select(col(Item.id), col(Unit.code))
            .join(Unit, col(Unit.id) == col(Item.unit_id))
            .where(col(Item.status) == status, col(Item.retrospective).is_(False), col(Item.parent_id).is_(None))
            .order_by(col(Item.due).desc())
        )
        rows = session.execute(statement).tuples().all()
        logins = set(session.scalars(select(col(Person.login))))
    for number, code in rows:
        if f"{code}.liaison" in logins and of in {"", code}:
            return number or 0, f"{code}.liaison"
    raise AssertionError(f"the demonstration has no item that is {status}")


def said(page: Page) -> str:
    """Return the sentence that the page says once."""
    return page.get_by_role("status").first.inner_text()


def test_the_office_opens_what_a_number_counts_verifies_and_sees_it_done(window: Window, portal: Portal) -> None:
    number, _ = one_item(portal, Status.COMPLETION_REPORTED)
    office = window("office.chief")
    page = office.page
    expect(page.get_by_role("heading", name="督办总览", exact=True)).to_be_visible()
    office.look("board")
    tile = page.get_by_role("link", name=re.compile("待核验"))
    many = re.findall(r"\d+", tile.inner_text())[0]
    tile.click()
    expect(page.get_by_text(f"共 {many} 条").first).to_be_visible()
    office.look("ledger")
    page.get_by_label("关键字").fill(str(number))
    page.get_by_role("button", name="筛选").click()
    page.locator(f'a[href="/items/{number}"]').click()
    office.look("item")
    page.get_by_label("意见").first.fill("经核对属实")
    page.get_by_role("button", name="核验", exact=True).click()
    assert "现为“办结”" in said(page)
    expect(page.get_by_text("经核对属实")).to_be_visible()


def test_two_of_the_office_act_on_one_item_and_the_second_is_told(window: Window, portal: Portal) -> None:
    number, _ = one_item(portal, Status.COMPLETION_REPORTED)
    first, second = window("office.chief"), window("office.clerk")
    second.open(f"/items/{number}")
    first.open(f"/items/{number}").get_by_role("button", name="核验", exact=True).click()
    assert "现为“办结”" in said(first.page)
    second.page.get_by_label("意见").first.fill("同意")
    second.page.get_by_role("button", name="核验", exact=True).click()
    expect(second.page.get_by_role("alert")).to_contain_text("刚被他人办理")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_unit_reports_with_evidence_and_a_refused_date_keeps_the_words(
    scripts: bool, window: Window, portal: Portal, tmp_path: Path
) -> None:
    number, liaison = one_item(portal, Status.ACKNOWLEDGED)
    unit = window(liaison, scripts=scripts)
    page = unit.page
    expect(page.get_by_role("heading", name="我的工作", exact=True)).to_be_visible()
    if scripts:
        unit.look("work")
    unit.open(f"/items/{number}")
    page.locator("summary", has_text="申请延期").first.click()
    page.get_by_label("申请延至").fill("2022-07-01")
    page.get_by_label("延期理由").fill("省级办法尚未出台")
    page.get_by_role("button", name="申请延期").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("延期理由")).to_have_value("省级办法尚未出台")
    paper = tmp_path / "说明.txt"
    paper.write_text("进展说明", encoding="utf-8")
    page.get_by_label("进展情况").first.fill("已完成七成")
    page.get_by_label("存在的问题").first.fill("用地指标不足")
    page.locator('input[type="file"]').first.set_input_files(str(paper))
    page.locator('input[name="declared"]').first.check()
    page.get_by_role("button", name="进展反馈").click()
    assert "已“进展反馈”" in said(page)
    expect(page.get_by_role("link", name="说明.txt").first).to_be_visible()


def test_a_file_that_is_too_large_is_refused_in_words(window: Window, portal: Portal, tmp_path: Path) -> None:
    number, liaison = one_item(portal, Status.ACKNOWLEDGED)
    unit = window(liaison)
    page = unit.open(f"/items/{number}")
    large = tmp_path / "大.txt"
    large.write_text("x" * (21 * 2**20))
    page.get_by_text("上传材料", exact=True).click()
    page.locator("#file-evidence").set_input_files(str(large))
    page.locator('form[action$="/evidence"] input[name="declared"]').check()
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("大.txt 超过 20 MB")
    expect(page.get_by_role("button", name="上传", exact=True)).to_be_visible()


def test_a_district_opens_its_result_down_to_what_it_filed(window: Window, portal: Portal) -> None:
    district = window("330102.head")
    page = district.page
    district.open("/assessments")
    page.get_by_role("link", name=re.compile("2022Q1")).first.click()
    expect(page.get_by_text("（本单位）")).to_be_visible()
    district.look("assessment")
    page.get_by_role("link", name="上城区", exact=True).click()
    district.look("assessment-of-a-unit")
    page.locator('a[href^="/reports/"]').nth(1).click()
    expect(page.get_by_role("heading", name="报送记录")).to_be_visible()
    district.look("report")


def test_a_wrong_cell_is_told_beside_it_while_it_is_typed(window: Window, portal: Portal) -> None:
    office = window("office.chief")
    with portal.database() as database, reading(database) as session:
        number = session.scalars(
            select(col(ReportingRequest.id)).where(col(ReportingRequest.period) == "2022Q2").order_by("id")
        ).first()
        code = session.scalars(
            select(col(Unit.code))
            .join(ReportingRequest, col(ReportingRequest.unit_id) == col(Unit.id))
            .where(col(ReportingRequest.id) == number)
        ).one()
    page = office.open(f"/reports/{number}")
    page.get_by_label("退回意见").fill("请核对")
    page.get_by_role("button", name="退回", exact=True).click()
    assert "已退回" in said(page)
    unit = window(f"{code}.liaison")
    page = unit.open(f"/reports/{number}")
    cell = page.locator("input.figure").first
    cell.fill("很多家")
    expect(page.locator("ul.problems li").first).to_contain_text("不是数")
    page.get_by_role("button", name="保存草稿").click()
    assert "草稿已保存" in said(page)
    unit.look("report-draft")
    expect(page.locator("input.figure").first).to_have_value("很多家")


def test_a_leader_sees_one_page_that_fits_paper_and_signs(window: Window, portal: Portal, artifacts: Path) -> None:
    leader = window("leader.signer")
    page = leader.page
    expect(page.get_by_role("heading", name="目标进度")).to_be_visible()
    leader.look("overview")
    page.pdf(path=str(artifacts / "overview.pdf"), format="A4")
    with portal.database() as database, reading(database) as session:
        paper = session.scalars(select(Paper).where(col(Paper.state) == PaperState.DRAFTED)).first()
        assert paper is not None
        number = paper.id
    window("office.clerk").open("/papers").get_by_role("button", name=f"审核文书 {number}", exact=True).click()
    leader.open("/papers")
    leader.look("papers")
    page.get_by_role("button", name=f"签发文书 {number}", exact=True).click()
    assert "已签发，文号" in said(page)


def test_a_result_is_opened_to_objections_and_an_objection_is_raised(window: Window, portal: Portal) -> None:
    with portal.database() as database, reading(database) as session:
        run = session.scalars(
            select(col(Assessment.id)).where(col(Assessment.quarter) == "2022Q2").order_by(col(Assessment.id))
        ).first()
    office = window("office.clerk")
    page = office.open(f"/assessments/{run}")
    office.look("assessment-draft")
    page.get_by_role("button", name="开始公示").click()
    assert "已公示" in said(page)
    district = window("330105.head")
    page = district.open(f"/assessments/{run}/330105")
    page.get_by_label("申诉理由").fill("二季度数据已补报")
    page.get_by_role("button", name="提出申诉").click()
    assert "申诉已提交" in said(page)


def test_the_keyboard_alone_leads_past_the_menu_into_the_work(window: Window) -> None:
    office = window("office.chief")
    page = office.page
    page.bring_to_front()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_nobody_gets_in_with_an_old_cookie_after_signing_out(window: Window) -> None:
    unit = window("jxj.liaison")
    page = unit.page
    cookies = page.context.cookies()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("您已退出")).to_be_visible()
    page.context.add_cookies(cookies)
    unit.open("/work")
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    assert PASSWORD not in page.content()
