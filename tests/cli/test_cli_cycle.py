"""The daily commands: what they make, whom they tell, and what waits for a signature."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from calling import ONLY_SQLITE, Duban, matter

from cli import cycle as cycle_commands
from supervision.cycle import Incomplete, Made


def test_a_run_makes_everything_once(office: Duban) -> None:
    first = office("supervise", "--as-of", "2022-01-04", "--json").data
    again = office("supervise", "--as-of", "2022-01-04", "--json").data

    assert set(first) == {"as_of", "created", "notices"}
    assert first["as_of"] == "2022-01-04" and first["created"]["items"] > 0
    assert set(again["created"].values()) == {0}


@ONLY_SQLITE
def test_the_ladder_is_climbed_and_told(office: Duban) -> None:
    [item] = matter(office, "市经信局")

    climbed = office("escalate", "--as-of", "2022-07-28", "--json").data

    [notice] = [notice for notice in climbed["notices"] if notice["item"] == item]
    assert set(notice) == {"key", "level", "item", "request", "recipients", "due"}
    assert (notice["level"], notice["request"], notice["due"]) == ("warn", None, "2022-07-29")
    assert "jxj.liaison" in notice["recipients"]
    assert "jxj.head" in notice["recipients"]


@ONLY_SQLITE
def test_delivery_counts_what_went_and_repeats_nothing(office: Duban, home: Path) -> None:
    matter(office, "市经信局")

    night = office("deliver", "--at", "2022-07-01T20:00:00+08:00", "--json").data
    morning = office("deliver", "--at", "2022-07-04T09:00:00+08:00", "--json").data
    again = office("deliver", "--at", "2022-07-04T09:05:00+08:00", "--json").data

    assert set(morning) == {"sent", "deferred", "failed"}
    assert (night["sent"], morning["sent"], again["sent"]) == (0, 1, 0)
    assert len(list((home / "mail" / "new").iterdir())) == 1


@ONLY_SQLITE
def test_a_run_that_could_not_finish_prints_what_it_made_and_is_1(
    office: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, as_of: date) -> Made:
        raise Incomplete(Made(as_of, {"items": 3}), ["事项 7：日历未发布"])

    monkeypatch.setattr(cycle_commands.cycle, "supervise_plan", stopped)

    done = office("supervise", "--as-of", "2022-07-01", "--json")

    assert done.code == 1
    assert json.loads(done.out)["created"] == {"items": 3}
    assert "事项 7" in done.complaint


def test_a_run_that_failed_a_thousand_times_says_how_often_and_names_the_first() -> None:
    failures = [f"事项 {number}：日历未发布" for number in range(1, 1001)]

    incomplete = Incomplete(Made(date(2022, 7, 1), {}), failures)

    assert incomplete.failures == tuple(failures)
    assert str(incomplete).startswith("1000 项未能处理")
    assert "事项 10：" in str(incomplete) and "事项 11：" not in str(incomplete)
    assert str(incomplete).endswith("另有 990 项")


@ONLY_SQLITE
def test_papers_wait_for_two_signatures(office: Duban) -> None:
    [item] = matter(office, "市经信局", due="2022-07-08")
    for day in ("2022-07-11", "2022-07-12", "2022-07-13", "2022-07-14"):
        office("escalate", "--as-of", day)
        assert office("deliver", "--at", f"{day}T09:00:00+08:00").code == 0
    [paper] = office("paper", "list", "--state", "drafted", "--json").data["papers"]
    assert (paper["item"], paper["kind"], paper["number"]) == (item, "supervision_notice", None)
    at = ("--at", "2022-07-14T10:00:00+08:00")

    assert office("paper", "sign", paper["id"], "--by", "leader.signer", *at).code == 3
    assert office("paper", "review", paper["id"], "--by", "office.chief", *at, "--json").data["state"] == "reviewed"
    assert office("paper", "sign", paper["id"], "--by", "office.chief", *at).code == 3
    signed = office("paper", "sign", paper["id"], "--by", "leader.signer", *at, "--json").data
    assert signed["state"] == "issued" and "〔2022〕1号" in signed["number"]
    served = office("paper", "serve", paper["id"], "--by", "office.clerk", "--how", "当面送交", *at, "--json").data
    assert served["state"] == "served"
    assert office("paper", "receipt", paper["id"], "--by", "jxj.liaison", *at, "--json").data["state"] == "receipted"


@ONLY_SQLITE
def test_a_notice_served_by_phone_counts_as_delivered(office: Duban) -> None:
    [item] = matter(office, "市经信局")
    [notice] = office("notices", "--item", item, "--json").data["notices"]
    served = ("served", notice["id"], "--to", "jxj.liaison", "--how", "电话告知", "--by", "office.clerk")

    not_office = [*served[:-1], "330102.liaison", "--at", "2022-07-01T09:20:00+08:00"]
    assert office(*not_office).code == 3, "only the office may say that a unit was served"
    assert office(*served, "--at", "2022-07-01T09:30:00+08:00", "--json").data["to"] == "jxj.liaison"

    [after] = office("notices", "--item", item, "--json").data["notices"]
    assert datetime.fromisoformat(after["delivered_at"]) == datetime.fromisoformat("2022-07-01T09:30:00+08:00")
    assert office(*served, "--at", "2022-07-01T09:40:00+08:00").code == 3
