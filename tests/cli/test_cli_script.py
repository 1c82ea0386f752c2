"""The installed script: exit codes, streams, and how little it imports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from calling import ROOT, SCRIPT, Duban


def test_success_is_0_and_says_nothing_on_stderr(script: Duban) -> None:
    done = script("workdays", "add", "2022-01-28", "3")

    assert (done.code, done.out, done.err) == (0, "2022-02-07\n", "")


def test_bad_input_is_2_in_one_line_and_prints_nothing(script: Duban) -> None:
    done = script("workdays", "between", "2022-07-20", "2022-07-01")

    assert (done.code, done.out) == (2, "")
    assert "2022-07-20" in done.complaint


def test_a_wrong_usage_is_2_in_one_line(script: Duban) -> None:
    done = script("workdays", "add", "2022-07-20")

    assert (done.code, done.out) == (2, "")
    assert "缺少参数 N" in done.complaint


def test_what_was_never_initialised_is_1_and_says_what_to_do(script: Duban, home: Path) -> None:
    done = script("items")

    assert (done.code, done.out) == (1, "")
    assert "请先运行 duban init" in done.complaint
    assert not home.exists(), "asking must not create a database"


def test_a_refusal_is_3(script: Duban) -> None:
    assert script("init").code == 0
    added = ("user", "add", "wang.fang", "--name", "王芳", "--role", "office")
    assert script(*added).code == 0

    again = script(*added)

    assert (again.code, again.out) == (3, "")
    assert "wang.fang" in again.complaint


def test_json_goes_to_stdout_in_utf8_whatever_the_terminal_speaks(script: Duban) -> None:
    done = script("plan", "show", "--json", PYTHONIOENCODING="gbk", LC_ALL="C", PYTHONUTF8="0")

    assert done.err == ""
    assert json.loads(done.out)["plan"]["title"].startswith("杭州市")


def test_a_reader_that_leaves_is_no_failure_to_report(home: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [*SCRIPT, "plan", "show", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=home.parent
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 128 + signal.SIGPIPE


def test_an_interruption_is_130_without_a_traceback(home: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*SCRIPT, "score", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=home.parent,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # tests in the background ignore it
    ) as process:
        _wait_until_it_reads(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 128 + signal.SIGINT
        assert process.stderr is not None
        assert process.stderr.read() == b""


def _wait_until_it_reads(pid: int) -> None:
    """Wait until the process sleeps on its standard input: then it has been told how to end."""
    for _ in range(2400):  # two minutes: an interruption in the middle of an import may be lost
        if "pipe_read" in _sleeps_in(pid):
            return
        time.sleep(0.05)


def _sleeps_in(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/wchan").read_text()
    except OSError:
        return ""


def test_a_full_disk_is_told_in_one_line(script: Duban, home: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*SCRIPT, "workdays", "add", "2022-07-20", "1"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=home.parent,
        )
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1 and b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], {"sqlalchemy", "prefect", "pydantic", "numpy", "rich.table"}),
        (["workdays", "add", "2022-07-20", "1"], {"sqlalchemy", "prefect", "numpy", "rich.table"}),
        (["items"], {"prefect", "alembic", "numpy", "apscheduler", "fastapi"}),
        (["act", "1", "close", "--by", "nobody"], {"prefect", "alembic", "numpy", "apscheduler", "fastapi"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_imports_only_what_it_needs(home: Path, arguments: list[str], unwanted: set[str]) -> None:
    program = f"import sys; from cli import main; main({arguments!r}); print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, cwd=home.parent, check=True
    )

    assert unwanted.isdisjoint(done.stdout.split())
