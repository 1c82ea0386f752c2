"""Items and matters by command: the life cycle, the list, the history, the parts."""

from __future__ import annotations

import pytest
from calling import JULY, ONLY_SQLITE, Duban, act, matter

ITEM_KEYS = {
    "id", "source", "key_task", "measure", "title", "unit", "role", "period", "status", "original_due", "due",
    "completed", "light", "rung",
}  # fmt: skip


def test_an_item_goes_from_assignment_to_the_archive(office: Duban) -> None:
    [item] = matter(office, "市经信局")

    signed = act(office, item, "acknowledge", "jxj.liaison")
    assert signed == {
        "item": item,
        "action": "acknowledge",
        "status": "acknowledged",
        "due": "2022-07-29",
        "revision": signed["revision"],
    }
    feedback = ("--comment", "过半", "--problems", "缺地", "--next-steps", "协调")
    act(office, item, "report_progress", "jxj.liaison", *feedback)
    act(office, item, "report_completion", "jxj.liaison", "--comment", "已清理完毕")
    assert act(office, item, "verify", "office.chief")["status"] == "completed"
    assert act(office, item, "close", "office.clerk")["status"] == "closed"
    assert act(office, item, "archive", "office.clerk")["status"] == "archived"

    history = office("history", item, "--json").data
    assert history["item"] == item
    assert [line["action"] for line in history["history"]] == [
        "assign", "acknowledge", "report_progress", "report_completion", "verify", "close", "archive",
    ]  # fmt: skip
    assert office("audit", "verify", "--json").data["whole"] is True


@ONLY_SQLITE
def test_an_act_that_already_holds_is_3_with_the_reason(office: Duban) -> None:
    [item] = matter(office, "市经信局")
    arguments = ("act", item, "acknowledge", "--by", "jxj.liaison", "--at", JULY)
    assert office(*arguments).code == 0

    again = office(*arguments)

    assert (again.code, again.out) == (3, "")
    assert "不必重复" in again.complaint


@ONLY_SQLITE
def test_an_act_that_lacks_something_names_the_option(office: Duban) -> None:
    [item] = matter(office, "市经信局")

    done = office("act", item, "request_extension", "--by", "jxj.liaison", "--at", JULY)

    assert done.code == 2
    assert "--comment" in done.complaint


@ONLY_SQLITE
def test_an_extension_moves_the_due_date_and_keeps_the_original(office: Duban) -> None:
    [item] = matter(office, "市经信局")
    act(office, item, "request_extension", "jxj.liaison", "--date", "2022-08-31", "--comment", "待省级办法")

    granted = act(office, item, "approve_extension", "office.chief")

    assert granted["due"] == "2022-08-31"
    [line] = [line for line in office("items", "--as-of", "2022-07-04", "--json").data["items"] if line["id"] == item]
    assert (line["original_due"], line["due"]) == ("2022-07-29", "2022-08-31")


@ONLY_SQLITE
def test_an_item_can_be_handed_on_suspended_and_recorded_for_a_unit(office: Duban) -> None:
    [item] = matter(office, "市经信局")

    act(office, item, "reassign", "office.clerk", "--to", "市科技局", "--comment", "职责调整")
    act(office, item, "acknowledge", "office.clerk", "--source", "7月4日来电")
    done = act(office, item, "suspend", "leader.signer", "--reason", "upstream", "--comment", "待省厅批复")

    assert done["status"] == "suspended"
    assert office("act", item, "suspend", "--by", "leader.signer", "--reason", "rain").code == 2


@ONLY_SQLITE
def test_items_have_the_keys_of_the_contract_and_can_be_chosen(office: Duban) -> None:
    first, second = matter(office, "市经信局", "市科技局")
    act(office, first, "acknowledge", "jxj.liaison")

    def chosen(*options: str) -> list[int]:
        lines = office("items", *options, "--json").data["items"]
        assert all(set(line) >= ITEM_KEYS for line in lines)
        return [line["id"] for line in lines]

    assert chosen("--as-of", "2022-07-04") == [first, second]
    assert chosen("--as-of", "2022-07-04", "--status", "acknowledged") == [first]
    assert chosen("--as-of", "2022-07-04", "--status", "已签收") == [first]
    assert chosen("--as-of", "2022-07-04", "--unit", "kjj") == [second]
    assert chosen("--as-of", "2022-07-04", "--task", "1") == []
    assert chosen("--as-of", "2022-07-29", "--overdue") == []
    assert chosen("--as-of", "2022-07-30", "--overdue") == [first, second]


@ONLY_SQLITE
def test_items_are_typed_as_the_contract_says(office: Duban) -> None:
    matter(office, "市经信局")

    [line] = office("items", "--as-of", "2022-07-29", "--json").data["items"]

    assert (line["source"], line["role"], line["status"], line["light"]) == ("meeting", "lead", "assigned", "yellow")
    assert (line["key_task"], line["measure"], line["completed"], line["rung"]) == (None, None, None, None)
    assert (line["unit"], line["original_due"], line["due"]) == ("市经信局", "2022-07-29", "2022-07-29")


@ONLY_SQLITE
def test_a_part_of_an_item_is_given_to_a_person_of_the_unit(office: Duban) -> None:
    [item] = matter(office, "市经信局")
    at = ("--at", "2022-07-04T09:00:00+08:00")
    words = ("breakdown", item, "--title", "核对用地", "--due", "2022-07-15", "--by", "jxj.liaison", *at)

    part = office(*words, "--to", "jxj.head", "--json").data

    assert part["parent"] == item and part["item"] != item
    assert office(*words).code == 2
    assert office(*words, "--to", "jxj.head", "--bureau", "规划处").code == 2


@ONLY_SQLITE
def test_an_item_is_broken_down_to_a_bureau(office: Duban) -> None:
    [item] = matter(office, "市经信局")
    by = ("--by", "jxj.liaison", "--at", JULY)
    bureau = ("bureau", "add", "市经信局", "--code", "jxj-zxqy", "--name", "中小企业处")

    assert office(*bureau, *by).code == 0
    assert office(*bureau, *by).code == 3
    assert office("bureau", "list", "--json").data["bureaus"] == [
        {"code": "jxj-zxqy", "name": "中小企业处", "unit": "市经信局"}
    ]
    part = ("breakdown", item, "--title", "核对用地", "--due", "2022-07-15", "--bureau", "中小企业处")
    assert office(*part, *by, "--json").data["parent"] == item


@ONLY_SQLITE
@pytest.mark.parametrize(
    "command",
    ["items", "requests", "notices", "paper list", "user list", "forms", "plan show", "audit verify"],
)
def test_a_list_is_also_a_table_that_no_text_can_break(office: Duban, command: str) -> None:
    hostile = "[red]用电\x1b[2J\n清理[/red]"
    words = ("--kind", "meeting", "--title", hostile, "--document", "纪要", "--due", "2022-07-29", "--unit", "市经信局")
    assert office("matter", "add", *words, "--by", "office.clerk", "--at", "2022-07-01T09:00:00+08:00").code == 0

    done = office(*command.split())

    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out
    if command == "items":
        assert "[red]用电" in done.out


@ONLY_SQLITE
def test_text_that_is_no_utf8_is_refused_and_nothing_is_kept(office: Duban) -> None:
    words = ("--kind", "meeting", "--title", "\udcff用电", "--document", "纪要", "--due", "2022-07-29", "--unit", "jxj")

    done = office("matter", "add", *words, "--by", "office.clerk", "--at", JULY)

    assert (done.code, done.out) == (2, "")
    assert "UTF-8" in done.complaint
    assert office("items", "--as-of", "2022-07-01", "--json").data == {"items": []}
