"""Files that are not there and places that take none: one line, exit code 2, and what to do."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from calling import ONLY_SQLITE, Duban, act, matter

from config.errors import BadInput, NotWritten
from config.reasons import not_written, reason
from documents.opened import content_of

SUBMIT = ("submit", "district-quarterly", "上城区", "2022Q2")


@pytest.fixture
def below_a_file(tmp_path: Path) -> Path:
    """A folder that cannot be made, whoever asks."""
    (tmp_path / "file").write_text("in the way")
    return tmp_path / "file" / "papers"


@ONLY_SQLITE
def test_a_paper_for_a_place_that_takes_none_is_refused_in_one_line(office: Duban, below_a_file: Path) -> None:
    [item] = matter(office, "市经信局")
    act(office, item, "acknowledge", "jxj.liaison")

    for out in (below_a_file, Path("/dev/null/x")):
        done = office("document", "assign", item, "--out", out)
        assert (done.code, done.out) == (2, "")
        assert str(out) in done.complaint and "无法写入" in done.complaint and "--out" in done.complaint


@ONLY_SQLITE
def test_a_form_for_a_place_that_takes_none_is_refused_in_one_line(office: Duban, below_a_file: Path) -> None:
    done = office("form", *SUBMIT[1:], "--out", below_a_file / "form.xlsx")

    assert (done.code, done.out) == (2, "")
    assert "无法写入" in done.complaint and "没有这个文件或目录" not in done.complaint


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*SUBMIT, "absent.xlsx"), "找不到文件 absent.xlsx，请核对路径和文件名"),
        ((*SUBMIT, "absent.csv"), "找不到文件 absent.csv，请核对路径和文件名"),
        (("plan", "read", "absent.docx"), "找不到文件 absent.docx，请核对路径和文件名"),
        (("score", "absent.json"), "absent.json 无法读取（没有这个文件或目录），请核对路径和权限"),
    ],
)
def test_a_missing_file_is_answered_with_what_to_do(duban: Duban, arguments: tuple[str, ...], said: str) -> None:
    done = duban(*arguments)

    assert (done.code, done.complaint) == (2, said)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.mkdir(), "是目录，请指明其中的文件"),
        (lambda path: path.write_bytes(b"x" * 2048), "超过 0 MB，不是报送表"),
        (lambda path: path.symlink_to(path), "找不到文件|链接互相指向"),
    ],
)
def test_what_is_no_readable_file_is_said_to_be_none(tmp_path: Path, make: Callable[[Path], object], said: str) -> None:
    path = tmp_path / "表.xlsx"
    make(path)

    with pytest.raises(BadInput, match=said):
        content_of(path, path.name, limit=1024, wanted="报送表")


def test_a_full_disk_is_no_mistake_of_the_caller() -> None:
    told = not_written(OSError(errno.ENOSPC, "No space left on device"), Path("通报.docx"))

    assert isinstance(told, NotWritten) and told.exit_code == 1
    assert str(told) == "通报.docx 无法写入（磁盘已满）：请清理空间或检查磁盘后再试"


def test_a_rare_reason_is_told_in_the_words_of_the_system() -> None:
    assert reason(OSError(errno.EPROTO, "Protocol error")) == "Protocol error"
    assert reason(PermissionError(errno.EACCES, "Permission denied")) == "没有权限"
