"""Failures: one line, the right exit code, and the details where they can be found."""

from __future__ import annotations

from pathlib import Path

import pytest
from calling import Duban
from hypothesis import given
from hypothesis import strategies as st

from cli import root
from cli.failures import reported
from cli.output import one_line
from config.errors import BadInput, Conflict, Refused, StoreError


def _raising(error: BaseException) -> int:
    def command() -> int:
        raise error

    return reported(command)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("写错了"), 2),
        (Refused("不行"), 3),
        (Conflict("别人先办了"), 3),
        (StoreError("打不开"), 1),
        (OSError(28, "磁盘已满", "报表.xlsx"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_error_has_its_exit_code(error: BaseException, code: int) -> None:
    assert _raising(error) == code


def test_an_error_of_many_lines_becomes_one(capsys: pytest.CaptureFixture[str]) -> None:
    _raising(BadInput("B7：不是数字\nB9：为空\n"))

    assert capsys.readouterr().err == "B7：不是数字；B9：为空\n"


@given(st.text())
def test_no_message_can_take_over_the_terminal(text: str) -> None:
    shown = one_line(text)

    assert "\n" not in shown and shown.isprintable()


def test_an_unexpected_failure_is_one_line_and_its_traceback_is_in_the_log(
    duban: Duban, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(monkeypatch, RuntimeError("内部" * 1000))

    done = duban("workdays", "add", "2022-07-20", "1")

    log = home / "logs" / "duban-errors.log"
    assert done.code == 1
    assert str(log) in done.complaint and len(done.complaint) < 500
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert "内部" * 1000 in log.read_text(encoding="utf-8")


def test_an_unexpected_failure_says_so_even_where_no_log_can_be_written(
    duban: Duban, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text("a file, where the folder should be")
    _break(monkeypatch, RuntimeError("坏了"))

    done = duban("workdays", "add", "2022-07-20", "1")

    assert done.code == 1
    assert "坏了" in done.complaint and "DUBAN_DEBUG=1" in done.complaint


def test_debugging_sends_the_traceback_to_stderr(duban: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    _break(monkeypatch, RuntimeError("坏了"))
    monkeypatch.setenv("DUBAN_DEBUG", "1")

    done = duban("workdays", "add", "2022-07-20", "1")

    assert done.code == 1
    assert "Traceback" in done.err


def _break(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make every command fail as a bug in the program would."""

    def load(_entry: root.Entry) -> None:
        raise error

    monkeypatch.setattr(root, "load", load)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["itmes"], "是不是：items"),
        (["--json"], "没有选项 --json"),
        (["user", "ad"], "是不是：add"),
        (["items", "--overdu"], "是不是 --overdue"),
        (["items", "extra"], "多余的参数：extra"),
        (["items", "--unit"], "选项 --unit 后面缺少取值"),
        (["act", "1", "close"], "缺少选项 --by"),
        (["act", "x", "close", "--by", "a"], "不是整数"),
        (["act", "0", "close", "--by", "a"], "不是编号"),
        (["act", "1", "clsoe", "--by", "a"], "是不是：close"),
        (["items", "--status", "close"], "是不是：closed"),
        (["items", "--as-of", "20220701"], "应写成 2022-07-01"),
        (["items", "--as-of", "2022-02-30"], "不是日期"),
        (["items", "--as-of", "２０２２-07-01"], "不是日期"),
        (["deliver", "--at", "2022-07-01T09:00:00"], "2022-07-01T09:00:00+08:00"),
        (["deliver", "--at", "2022-07-01"], "不是时刻"),
        (["deliver", "--at", "9999-12-31T23:59:59-23:00"], "不是时刻"),
        (["act", "1", "close", "--by", "a", "--at", "0001-01-01T00:00:00+23:00"], "不是时刻"),
        (["assess", "2022-07"], "2022Q3"),
        (["assess", "2022Q2", "--population", "district"], "是不是：districts"),
        (["user", "add", "王 芳", "--name", "王芳", "--role", "office"], "登录名"),
        (["score", "absent.json"], "absent.json 无法读取"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_is_answered_in_one_line_with_exit_code_2(duban: Duban, arguments: list[str], said: str) -> None:
    done = duban(*arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.complaint


@pytest.mark.parametrize("supervised_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["items", "--unit", "市市场监督局"], "是不是：市市场监管局"),
        (["items", "--task", "13"], "13"),
        (["submit", "district-quarter", "上城区", "2022Q2", "{file}"], "是不是：district-quarterly"),
        (["act", "1", "close", "--by", "office.cleark"], "是不是：office.clerk"),
        (["act", "999999", "close", "--by", "office.clerk"], "999999"),
        (["user", "disable", "jxj.liason"], "是不是：jxj.liaison"),
        (["paper", "sign", "5", "--by", "leader.signer"], "没有编号为 5 的文书"),
        (["requests", "--period", "2022Q5"], "2022Q5"),
        (["history", "5"], "没有编号为 5 的交办事项"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_unknown_name_is_answered_with_the_nearest(
    office: Duban, tmp_path: Path, arguments: list[str], said: str
) -> None:
    file = tmp_path / "报送.csv"
    file.write_text("indicator,value,note\nT01,1,\n", encoding="utf-8")

    done = office(*(argument.format(file=file) for argument in arguments))

    assert (done.code, done.out) == (2, "")
    assert said in done.complaint
