"""`duban run` from outside: JSON alone on stdout, one line on stderr, the exit code of the rule that spoke."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli import main
from config.settings import Settings
from flows.engine import Engine

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def duban(office: Settings, running: Engine):
    """Call the command in a process of its own, with the engine of the tests as the one that is set."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "DUBAN_"))}
    environment |= {
        "DUBAN_HOME": str(office.home), "DUBAN_DATABASE_URL": office.database_url, "PYTHONPATH": str(ROOT),
        "DUBAN_ENGINE_URL": running.api_url, "PREFECT_API_AUTH_STRING": running.auth,
    }  # fmt: skip

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "import sys, cli; sys.exit(cli.main())", *arguments]
        return subprocess.run(command, cwd=office.home, env=environment, capture_output=True, text=True, check=False)

    return call


def test_what_a_flow_did_is_json_alone_on_stdout(duban) -> None:
    done = duban("run", "supervise_key_task", "--task", "3", "--as-of", "2022-07-01", "--json")
    assert done.returncode == 0 and done.stderr == ""
    told = json.loads(done.stdout)
    assert set(told) == {"as_of", "created", "notices"}
    assert told["as_of"] == "2022-07-01" and told["created"]["items"] > 0


def test_a_flow_goes_by_its_verb_and_says_in_words_why_it_did_nothing(duban) -> None:
    done = duban("run", "escalate", "--as-of", "2022-10-03")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "2022-10-03 不是工作日，逾期提醒与升级不办理\n"


def test_a_failure_is_one_line_and_its_traceback_stays_in_the_log(duban, office: Settings) -> None:
    done = duban("run", "supervise_key_task", "--task", "13", "--as-of", "2022-07-01", "--json")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and "13" in done.stderr
    assert "Traceback" in (office.home / "logs" / "flows.log").read_text(encoding="utf-8")


def test_an_audit_that_finds_something_ends_with_one(duban) -> None:
    done = duban("run", "audit", "--json")
    assert done.returncode == 1 and done.stderr == ""
    assert any("从未运行" in finding for finding in json.loads(done.stdout)["findings"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "supervize"], "supervise_plan"),
        (["run", "escalate", "--quarter", "2022Q2"], "季度"),
        (["run", "supervise_key_task"], "--task"),
        (["run", "escalate", "--as-of", "01.07.2022"], "--as-of"),
    ],
)
def test_a_slip_is_bad_input_and_starts_no_engine(
    arguments: list[str], said: str, office: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("DUBAN_HOME", str(office.home))
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and said in printed.err
    assert not (office.home / "engine").exists()
