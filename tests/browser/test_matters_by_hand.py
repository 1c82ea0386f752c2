"""A matter from outside the plan, in a real browser: the office puts it to its units, and the lead merges."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect
from portal_server import Watched

Window = Callable[..., Watched]


def test_a_matter_is_put_to_units_signed_reported_and_merged_by_its_lead(window: Window, tmp_path: Path) -> None:
    scan = tmp_path / "纪要.txt"
    scan.write_text("会议纪要（模拟数据）", encoding="utf-8")
    office = window("office.clerk")
    page = office.open("/matters")
    page.get_by_role("link", name="立项", exact=True).click()
    office.look("matter-new")
    page.get_by_label("来源（必填）", exact=True).select_option("meeting")
    page.get_by_label("来源文件（必填）").fill("市政府第12次常务会议纪要（模拟数据）")
    page.get_by_label("来源文件扫描件").set_input_files(str(scan))
    page.get_by_label("事项名称").fill("园区用电清理（模拟数据）")
    page.get_by_label("期限").fill("2022-08-31")
    page.get_by_label("牵头单位").select_option("fgw")
    page.get_by_label("市经信局", exact=True).check()
    page.get_by_role("button", name="立项并交办").click()
    expect(page.get_by_role("alert")).to_contain_text("国家秘密")
    expect(page.get_by_label("事项名称")).to_have_value("园区用电清理（模拟数据）")
    expect(page.get_by_label("市经信局", exact=True)).to_be_checked()
    page.get_by_label("来源文件扫描件").set_input_files(str(scan))
    page.get_by_label("所传材料不涉及国家秘密").check()
    page.get_by_role("button", name="立项并交办").click()
    expect(page.get_by_role("status").first).to_contain_text("交办 2 个单位")
    office.look("matter")
    lead, support = (
        page.get_by_role("row", name=re.compile(unit)).get_by_role("link").first.inner_text()
        for unit in ("市发改委", "市经信局")
    )

    unit = window("jxj.liaison")
    page = unit.open(f"/items/{support}")
    expect(page.get_by_role("link", name="纪要.txt")).to_be_visible()
    page.get_by_role("button", name="签收").click()
    page.get_by_label("进展情况").first.fill("已清理三处园区")
    page.get_by_role("button", name="进展反馈").click()
    expect(page.get_by_role("status").first).to_contain_text("已“进展反馈”")

    head = window("fgw.liaison")
    page = head.open(f"/items/{lead}")
    page.get_by_role("button", name="签收").click()
    page.get_by_role("link", name="汇总各单位反馈后报送").click()
    head.look("merging")
    draft = page.get_by_label("进展情况（必填）")
    expect(draft).to_have_value("市经信局：已清理三处园区")
    draft.fill("市经信局已清理三处园区，其余按期推进")
    page.get_by_role("button", name="进展反馈").click()
    expect(page.get_by_role("status").first).to_contain_text("汇总已作为“进展反馈”报送")
    expect(page.get_by_role("heading", name="进展反馈", exact=True).first).to_be_visible()
    head.look("item-merged")
