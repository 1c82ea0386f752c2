"""Reporting and assessment by command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from calling import ONLY_SQLITE, Duban


def csv_for(folder: Path, plan: dict[str, Any], form: str, value: str = "1") -> Path:
    [found] = [known for known in plan["forms"] if known["code"] == form]
    file = folder / f"{form}.csv"
    rows = [f"{code},{value}," for code in found["indicators"]]
    file.write_text("\n".join(["indicator,value,note", *rows]) + "\n", encoding="utf-8")
    return file


def test_figures_are_filed_returned_filed_again_and_confirmed(office: Duban, tmp_path: Path) -> None:
    plan = office("plan", "show", "--json").data
    file = csv_for(tmp_path, plan, "district-upgrade-monthly")
    opened = office("collect", "--as-of", "2022-07-01", "--json").data
    assert opened["created"]["requests"] > 0
    what = ("submit", "district-upgrade-monthly", "上城区", "2022-06")

    filed = office(*what, file, "--at", "2022-07-05T10:00:00+08:00", "--json").data
    same = office(*what, file, "--at", "2022-07-05T11:00:00+08:00", "--json").data

    assert set(filed) == {"request", "state", "version", "late", "figures"}
    assert (filed["state"], filed["version"], filed["late"], filed["figures"]) == ("filed", 1, False, 1)
    assert (same["state"], same["version"]) == ("unchanged", 1)
    assert "unchanged" in office(*what, file, "--at", "2022-07-05T12:00:00+08:00").out

    request = filed["request"]
    by = ("--by", "office.clerk", "--json")
    sent_back = office("return", request, *by, "--comment", "少报", "--at", "2022-07-06T09:00:00+08:00").data
    assert sent_back["state"] == "returned"
    file = csv_for(tmp_path, plan, "district-upgrade-monthly", "2")
    assert office(*what, file, "--at", "2022-07-07T10:00:00+08:00", "--json").data["version"] == 2
    confirmed = office("confirm", request, *by, "--at", "2022-07-08T10:00:00+08:00").data
    assert confirmed["state"] == "confirmed"

    chosen = ("--unit", "上城区", "--period", "2022-06", "--as-of", "2022-07-08")
    [line] = office("requests", *chosen, "--json").data["requests"]
    assert (line["id"], line["state"], line["returned"], line["late"]) == (request, "confirmed", 1, False)


@ONLY_SQLITE
def test_a_cell_that_cannot_be_accepted_is_named(office: Duban, tmp_path: Path) -> None:
    plan = office("plan", "show", "--json").data
    file = csv_for(tmp_path, plan, "district-upgrade-monthly", "许多")
    office("collect", "--as-of", "2022-07-01")

    done = office("submit", "district-upgrade-monthly", "上城区", "2022-06", file, "--at", "2022-07-05T10:00:00+08:00")

    assert done.code == 2
    assert "第 2 行" in done.complaint and "许多" in done.complaint


def test_an_assessment_is_stored_in_the_shape_of_a_score(office: Duban) -> None:
    run = ("assess", "2022Q1", "--as-of", "2022-04-25", "--json")

    first, again = office(*run).data, office(*run).data

    assert set(first) == {"quarter", "districts", "scheme_hash", "input_digest"}
    assert first == again
    assert len(first["districts"]) == 13
    units = office("assess", "2022Q1", "--population", "units", "--as-of", "2022-04-25", "--json").data
    assert {district["name"] for district in units["districts"]} >= {"市经信局"}
    assert office("assess", "2022Q1", "--as-of", "2022-03-31").code == 3
