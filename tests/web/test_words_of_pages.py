"""A page never tells people to type commands."""

from __future__ import annotations

import pytest

from web.wording import for_page


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("没有编号为 7 的交办事项；请用 duban items 查看", "没有编号为 7 的交办事项"),
        ("“退回”必须写明新的期限（--date，如 2022-07-29）", "“退回”必须写明新的期限（如 2022-07-29）"),
        ("更正必须写明理由（--reason）", "更正必须写明理由"),
        ("签发时刻早于审核时刻，请核对 --at", "签发时刻早于审核时刻"),
        ("期限 2022-07-01 已过，请用 --date 写明新的期限", "期限 2022-07-01 已过，请写明新的期限"),
        ("数据库里还没有计划：请先运行 duban init", "数据库里还没有计划："),
        ("还有 3 条数据疑点待核查（duban flag list），核查后才能发布", "还有 3 条数据疑点待核查，核查后才能发布"),
        ("本单位人员直接办理，不必写明来源（--source）", "本单位人员直接办理，不必写明来源"),
        ("期限已过，不能再申请延期", "期限已过，不能再申请延期"),
    ],
)
def test_hints_for_the_command_line_are_left_out(line: str, shown: str) -> None:
    assert for_page(line).rstrip("：") == shown.rstrip("：")
