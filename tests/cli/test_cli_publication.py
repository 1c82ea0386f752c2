"""The commands on the way of a result to publication, called as an office would."""

from __future__ import annotations

import pytest
from calling import ONLY_SQLITE, Duban

pytestmark = ONLY_SQLITE

ASSESSED = ("--as-of", "2022-04-25")


def on(day: str) -> tuple[str, str]:
    return "--at", f"2022-{day}T10:00:00+08:00"


def the_draft(office: Duban) -> str:
    """Assess the first quarter and return the number of its run."""
    office("assess", "2022Q1", *ASSESSED)
    [run] = office("assessment", "list", "--json").data["assessments"]
    assert (run["state"], run["current"]) == ("draft", True)
    return str(run["id"])


def test_a_result_goes_from_draft_through_an_objection_to_publication(office: Duban) -> None:
    run = the_draft(office)
    opened = office("assessment", "open", run, "--by", "office.clerk", *on("04-26"), "--json").data
    assert opened == {"assessment": int(run), "state": "publicity", "until": "2022-05-06"}

    raised = office(
        "objection", "raise", run, "--grounds", "已补报", "--by", "330102.head", *on("04-28"), "--json"
    ).data
    early = office("assessment", "publish", run, "--by", "leader.signer", *on("05-07"))
    assert (early.code, "1 件申诉" in early.complaint) == (3, True)
    number = str(raised["objection"])
    ruled = office(
        "objection", "reject", number, "--ruling", "逾期属实", "--by", "office.chief", *on("04-29"), "--json"
    )
    assert ruled.data == {"objection": int(number), "decision": "rejected"}
    [line] = office("objection", "list", "--json").data["objections"]
    assert (line["unit"], line["ruling"]) == ("上城区", "逾期属实")

    done = office("assessment", "publish", run, "--by", "leader.signer", *on("05-07"), "--json").data
    assert done == {"assessment": int(run), "state": "published"}
    checked = office("assessment", "check", run, "--json").data
    assert checked == {"assessment": int(run), "same_result": True, "same_input": True, "changes": []}


def test_points_and_a_veto_are_decided_by_somebody_else_and_seen_in_the_result(office: Duban) -> None:
    propose = ("2022Q1", "上城区", "--reason", "经验推广", "--by", "office.clerk", *on("04-20"))
    points = office("adjustment", "propose", propose[0], propose[1], "0.5", *propose[2:], "--json").data
    assert office("adjustment", "approve", str(points["id"]), "--by", "office.clerk", *on("04-21")).code == 3
    office("adjustment", "approve", str(points["id"]), "--by", "leader.signer", *on("04-21"))
    result = office("assess", "2022Q1", *ASSESSED, "--json").data
    assert {d["name"]: d["adjustments"] for d in result["districts"]}["上城区"] == "0.500000"

    veto = office("veto", "propose", *propose[:2], "--evidence", "认定书", *propose[2:], "--json").data
    office("veto", "approve", str(veto["id"]), "--by", "leader.signer", *on("04-26"))
    shown = office("assess", "2022Q1", *ASSESSED).out
    assert "→一票否决" in shown
    assert "一票否决：上城区（经验推广）" in shown


def test_a_correction_is_a_new_draft_that_names_what_it_corrects(office: Duban) -> None:
    run = the_draft(office)
    office("assessment", "open", run, "--by", "office.clerk", *on("04-26"))
    correct = ("assessment", "correct", run, "--reason", "订正", "--by", "office.chief", *on("04-28"))
    refused = office(*correct, "--as-of", "2022-04-28")
    assert (refused.code, "没有变化" in refused.complaint) == (3, True)

    propose = ("adjustment", "propose", "2022Q1", "上城区", "--reason", "漏记", "--by", "office.clerk", *on("04-27"))
    points = office(*propose, "--json", "--", "-0.5").data
    approved = office("adjustment", "approve", str(points["id"]), "--by", "leader.signer", *on("04-27"))
    assert (approved.code, f"duban assessment correct {run}" in approved.complaint) == (0, True)
    made = office(*correct, "--as-of", "2022-04-28", "--json").data
    assert (made["vintage"], made["corrects"]) == (2, 1)
    states = [(run["vintage"], run["state"], run["current"]) for run in _runs(office)]
    assert states == [(2, "draft", True), (1, "publicity", False)]
    effect = office("analysis", "correction", "2022Q1", "--json").data
    past = {"assessment": int(run), "vintage": 1, "opened": "2022-04-26", "published": None}
    assert (effect["lineage"], effect["requests"]) == ([past], [])
    shown = office("analysis", "correction", "2022Q1").out
    assert f"由第 1 版（编号 {run}，2022-04-26 公示，未发布）更正而来" in shown


def _runs(office: Duban) -> list[dict[str, object]]:
    found: list[dict[str, object]] = office("assessment", "list", "--quarter", "2022Q1", "--json").data["assessments"]
    return found


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["assessment", "open", "99", "--by", "office.clerk"], "没有编号为 99 的考核结果"),
        (["assessment", "open", "一", "--by", "office.clerk"], "不是整数"),
        (["objection", "uphold", "9", "--ruling", "x", "--by", "leader.signer"], "没有编号为 9 的申诉"),
        (["flag", "clear", "9", "--comment", "x", "--by", "office.chief"], "没有编号为 9 的数据疑点"),
        (["adjustment", "propose", "2022Q1", "上城区", "很多", "--reason", "x", "--by", "office.clerk"], "不是数字"),
        (["adjustment", "propose", "2022Q1", "上城区", "0_5", "--reason", "x", "--by", "office.clerk"], "不是数字"),
        (["veto", "approve", "9", "--by", "leader.signer"], "没有编号为 9 的一票否决"),
        (["assessment", "list", "--quarter", "2022"], "季度"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(office: Duban, command: list[str], said: str) -> None:
    done = office(*command)
    assert (done.code, said in done.complaint) == (2, True)
