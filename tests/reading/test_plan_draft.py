"""The draft of a plan folder: `duban plan check` reads it and asks for what nobody can know from the document."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_documents import CASES, text_of

from config.errors import BadInput
from config.plan import check_plan, load_plan
from documents.plans.draft import Written, write_draft
from documents.plans.reading import draft_of
from documents.plans.source import plain
from documents.plans.unsettled import TO_FILL_IN


def _written(name: str, folder: Path) -> Written:
    return write_draft(draft_of(plain(text_of(name))), folder, name=f"{name}.txt")


EXPECTED = {
    "articles": ["没有成员名册"],
    "chapters-and-sections": ["缺少 issued", "6 位数字", "没有成员名册"],
    "county-three-year": ["没有成员名册", "没有成员名册"],
    "decimal-numbering": ["6 位数字", "没有成员名册"],
    "flat-notice": ["没有成员名册"],
    "industry-targets": ["没有成员名册", "与原文“翻一番”不符", "“倍”不在原文"],
    "joint-notice": [],
    "label-forms": ["缺少 end", "缺少 issued", "缺少 start", "没有成员名册", "没有成员名册"],
    "ministry-opinions": ["没有成员名册"],
    "dates-of-many-shapes": ["没有成员名册", "没有成员名册"],
    "footnoted-units": ["没有成员名册"],
    "ministry-actions": [],
    "party-and-government": ["没有成员名册", "没有成员名册", "“待填写”不在 units.yaml"],
    "mixed-levels": ["6 位数字", "没有成员名册", "没有成员名册"],
    "nested-measures": ["没有成员名册", "没有成员名册"],
    "provincial-planning": ["没有成员名册"],
    "staged-goals": ["缺少 issued", "6 位数字", "没有成员名册"],
    "task-list": ["没有成员名册", "没有成员名册"],
    "without-numbers": ["缺少 end", "缺少 start", "没有成员名册"],
    "zone-plan": ["没有成员名册"],
    "work-points": ["没有成员名册", "没有成员名册"],
    "wrapped-city": ["没有成员名册"],
}
"""What `duban plan check` asks for in each draft, and nothing else."""


@pytest.mark.parametrize("name", sorted(CASES))
def test_check_asks_only_for_what_the_document_cannot_say(tmp_path: Path, name: str) -> None:
    written = _written(name, tmp_path / "draft")
    errors = [problem.message for problem in written.problems if problem.severity == "error"]
    assert len(errors) == len(EXPECTED[name]), errors
    for says, message in zip(EXPECTED[name], errors, strict=True):
        assert says in message


def test_a_draft_loads_once_what_is_missing_has_been_filled_in(tmp_path: Path) -> None:
    written = _written("wrapped-city", tmp_path / "my-city")
    file = written.folder / "units.yaml"
    missing = "- name: 各区县（市）政府\n  purpose: responsible\n"
    members = "  memberships:\n  - {units: [市商务局], start: 2022-01-01, source: office ruling}\n"
    text = file.read_text(encoding="utf-8")
    assert text.count(missing) == 1
    file.write_text(text.replace(missing, missing + members), encoding="utf-8")
    plan = load_plan(written.folder)
    assert (plan.code, plan.title) == ("my-city", "望江市个体工商户帮扶三年行动计划（2022—2024年）")
    assert [task.lead for task in plan.key_tasks][:2] == ["市税务局", "市国资委"]
    assert [str(indicator.target) for indicator in plan.indicators][:4] == ["126000", "35000", "8000", "24000"]
    assert plan.indicator("T02").subset_of == "T01"


def test_deadlines_become_due_rules_of_measures(tmp_path: Path) -> None:
    written = _written("county-three-year", tmp_path / "draft")
    text = (written.folder / "tasks.yaml").read_text(encoding="utf-8")
    for rule in ("on 2024-06-30", "month_end 12", "period_end", "day 20 month +1"):
        assert f"due: {rule}" in text
    assert "source: 二（一）1：2024年6月底前" in text


def test_the_list_of_what_is_to_be_settled_names_lines_and_keys(tmp_path: Path) -> None:
    written = _written("county-three-year", tmp_path / "draft")
    review = (written.folder / "review.md").read_text(encoding="utf-8")
    assert "- 第 28 行：正文有多个时限" in review
    assert "- units.yaml:" in review and TO_FILL_IN in review and "county-three-year.txt" in review


def test_written_twice_a_draft_is_the_same(tmp_path: Path) -> None:
    first, second = (_written("work-points", tmp_path / name / "draft").folder for name in ("a", "b"))
    for file in first.iterdir():
        assert file.read_bytes() == (second / file.name).read_bytes()


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="已有内容"):
        _written("work-points", tmp_path)
    with pytest.raises(BadInput):
        _written("work-points", tmp_path / "plan.yaml")
    with pytest.raises(BadInput):
        _written("work-points", tmp_path / "plan.yaml" / "below")
    assert [file.name for file in tmp_path.iterdir()] == ["plan.yaml"]


def test_a_document_that_says_nothing_gives_a_draft_that_check_can_read(tmp_path: Path) -> None:
    written = write_draft(draft_of(plain("没有什么内容。\n")), tmp_path / "draft", name="x.txt")
    assert any(problem.severity == "error" for problem in written.problems)
    assert check_plan(written.folder) == list(written.problems)
