"""The database under the commands: made, upgraded, refused, proved."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from calling import ONLY_SQLITE, ROOT, Duban, matter


@pytest.mark.parametrize("folder", [None, ROOT / "tests" / "plan" / "another-city"], ids=["packaged", "another"])
def test_init_may_be_repeated(duban: Duban, folder: Path | None) -> None:
    options = ["--plan", str(folder)] if folder else []

    first, again = duban("init", *options, "--json").data, duban("init", *options, "--json").data

    assert set(first) == {"database", "plan", "counts"}
    assert first["database"]["before"] is None
    assert again["database"]["before"] == first["database"]["after"] == again["database"]["after"]
    assert first["counts"] == again["counts"]
    assert duban("plan", "show", "--json").data["plan"]["code"] == first["plan"]
    assert duban("audit", "verify", "--json").data["links"] > 0


def test_init_with_a_wrong_plan_leaves_nothing_behind(duban: Duban, home: Path, tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()

    done = duban("init", "--plan", tmp_path / "plan")

    assert (done.code, done.out) == (2, "")
    assert not home.exists()


def test_init_where_nothing_can_be_written_is_one_line(duban: Duban, home: Path) -> None:
    home.write_text("a file, where the folder should be")

    done = duban("init")

    assert done.code == 1
    assert "DUBAN_HOME" in done.complaint


@ONLY_SQLITE
def test_a_database_from_a_newer_version_is_left_alone(office: Duban, supervised_url: str) -> None:
    file = Path(supervised_url.removeprefix("sqlite:///"))
    with sqlite3.connect(file) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = file.read_bytes()

    for command in ("items", "init"):
        done = office(command)
        assert (done.code, done.out) == (1, "")
        assert "更新版本" in done.complaint
    assert file.read_bytes() == before


def test_what_is_no_database_is_one_line(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.db").write_text("this is a letter, not a database" * 100)
    monkeypatch.setenv("DUBAN_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")

    assert (duban("items").code, "不是 SQLite" in duban("items").complaint) == (1, True)
    monkeypatch.setenv("DUBAN_DATABASE_URL", "mysql://x/y")
    assert duban("items").code == 2


@ONLY_SQLITE
def test_a_tampered_chain_is_1_and_names_the_link(office: Duban, supervised_url: str) -> None:
    matter(office, "市经信局")
    with sqlite3.connect(supervised_url.removeprefix("sqlite:///")) as raw:
        raw.execute("UPDATE event SET actor = 'somebody' WHERE seq = 2")
    raw.close()

    done = office("audit", "verify", "--json")

    assert done.code == 1
    result = json.loads(done.out)
    assert result["whole"] is False and {"seq", "why"} == set(result["broken"][0])
    assert "第 2 条" in done.complaint


@ONLY_SQLITE
def test_what_a_demonstration_shows_says_so_and_its_day_is_today(office: Duban, supervised_url: str) -> None:
    matter(office, "市经信局")
    with sqlite3.connect(supervised_url.removeprefix("sqlite:///")) as raw:
        raw.execute("UPDATE plan SET demonstrated_until = '2022-07-25'")
    raw.close()

    for command in (["items"], ["notices"], ["assess", "2022Q2"], ["supervise"], ["user", "list"]):
        assert office(*command).out.startswith("【模拟数据】"), command
    assert "截至 2022-07-25" in office("items").out
    assert office("escalate", "--json").data["as_of"] == "2022-07-25"
    assert office("workdays", "add", "2022-07-25", "1").out == "2022-07-26\n"
