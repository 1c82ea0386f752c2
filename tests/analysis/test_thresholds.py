"""The thresholds of the analysis are data of the plan: defaults, switches, and mistakes named by line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from config.plan import Plan, packaged_plan
from config.plan.files import Reading, read_file
from config.plan.schema.analysis import Irregularities, default_irregularities, default_outlook, default_robustness
from config.plan.schema.assessment import AssessmentFile

PACKAGED = (packaged_plan() / "assessment.yaml").read_text(encoding="utf-8")


def reading_of(folder: Path, *changes: tuple[str, str]) -> Reading[AssessmentFile]:
    """Read the packaged assessment.yaml with these replacements, each of which finds its place."""
    text = PACKAGED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "assessment.yaml").write_text(text, encoding="utf-8")
    return read_file(folder, "assessment.yaml", AssessmentFile)


def line_of(text: str) -> int:
    return PACKAGED[: PACKAGED.index(text)].count("\n") + 1


def _from(key: str) -> str:
    """Return the text from a section of the file to its end."""
    return PACKAGED[PACKAGED.index(f"\n{key}:") :]


def test_hangzhou_rules_on_every_threshold_itself(hangzhou: Plan) -> None:
    rules = hangzhou.assessment.irregularities
    checks = [getattr(rules, name) for name in Irregularities.model_fields]
    sources = [check.source for check in (*checks, hangzhou.assessment.robustness, hangzhou.assessment.outlook)]
    assert all(source.startswith("office ruling") for source in sources)
    assert [scheme.final.conduct for scheme in hangzhou.assessment.schemes if scheme.final] == ["whole_plan"] * 2


def test_a_plan_that_says_nothing_has_the_defaults_that_come_with_duban(tmp_path: Path) -> None:
    found = reading_of(tmp_path, (_from("irregularities"), "\n")).content
    assert found is not None
    assert found.irregularities == default_irregularities()
    assert (found.robustness, found.outlook) == (default_robustness(), default_outlook())


def test_a_single_check_can_be_changed_or_switched_off_and_the_others_stay(tmp_path: Path) -> None:
    section = (
        "\nirregularities:\n  fall: null\n  late_surge: {share: 0.7, history: 5, sigmas: 2, source: office ruling}\n"
    )
    found = reading_of(tmp_path, (_from("irregularities"), section)).content
    assert found is not None
    rules = found.irregularities
    assert rules.fall is None
    assert rules.late_surge is not None
    assert (str(rules.late_surge.share), rules.bunching) == ("0.7", default_irregularities().bunching)


def test_a_stored_plan_keeps_its_thresholds(hangzhou: Plan) -> None:
    data = hangzhou.model_dump(mode="json")
    data["assessment"]["irregularities"]["fall"] = None
    again = Plan.model_validate(data)
    assert again.assessment.irregularities.fall is None
    assert again.assessment.irregularities.bunching == hangzhou.assessment.irregularities.bunching
    for key in ("irregularities", "robustness", "outlook"):  # stored before there were any
        del data["assessment"][key]
    assert Plan.model_validate(data).assessment.irregularities == default_irregularities()


SLIPS = [
    ("width: 0.005, near: 0.03", "width: 0.005, near: 0.001", "near 应大于 width", "bunching:"),
    ("width: 0.005", "width: 0", "width：必须大于 0", "bunching:"),
    ("last_day_jump: {factor: 3", "last_day_jump: {factor: 1", "factor：必须大于 1", "last_day_jump:"),
    ("late_surge: {share: 0.5", "late_surge: {share: 1.5", "share：不得大于 1", "late_surge:"),
    ("repeated: {history: 3", "repeated: {history: 1", "history：不得小于 2", "repeated:"),
    ("fall: {tolerance: 0, ", "fall: {", "缺少 tolerance", "fall:"),
    (", source: office ruling：累计数不应减少", "", "缺少 source", "fall:"),
    ("  taken_back:", "  taken_bak:", "不认识的键 taken_bak", "taken_back:"),
    (
        "chance: 0.001, source: office ruling：照抄",
        "chance: 1, source: office ruling：照抄",
        "chance：必须小于 1",
        "repeated:",
    ),
    ("dominant: 2", "dominant: 0.5", "dominant：必须大于 1", "robustness: {"),
    ("confidence: 0.9", "confidence: 90", "confidence：必须小于 1", "outlook: {"),
    ("final: {conduct: whole_plan", "final: {conduct: all", "只能是", "    final:"),
]


@pytest.mark.parametrize(("old", "new", "says", "place"), SLIPS, ids=[slip[2] for slip in SLIPS])
def test_a_slip_in_a_threshold_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, says: str, place: str
) -> None:
    problems = reading_of(tmp_path, (old, new)).problems
    assert [problem.line for problem in problems if says in problem.message] == [line_of(place)], list(_texts(problems))


def _texts(problems: Iterable[object]) -> Iterable[str]:
    return (str(problem) for problem in problems)
