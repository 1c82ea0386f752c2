"""The papers as files: what is written where, what is refused, and what a machine without Chinese fonts gets."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from calling import ONLY_SQLITE, Duban, act, matter
from needed import missing

from config.errors import FontsMissing
from documents import fonts

LATE = "2022-08-15"


@pytest.fixture(autouse=True)
def _chinese() -> None:
    """Skip where no page can be set; fail where CI runs the tests."""
    try:
        fonts.find()
    except FontsMissing as error:
        missing(str(error))


@pytest.fixture
def item(office: Duban) -> int:
    """An item that 市经信局 signed for and did not finish; urged on 2022-08-01."""
    [number] = matter(office, "市经信局")
    act(office, number, "acknowledge", "jxj.liaison")
    assert office("escalate", "--as-of", "2022-08-01", "--json").code == 0
    return number


def is_whole(path: Path) -> bool:
    """Return whether the file is what its ending says, whole."""
    if path.suffix == ".pdf":
        return path.read_bytes().startswith(b"%PDF-") and path.read_bytes().rstrip().endswith(b"%%EOF")
    return zipfile.ZipFile(path).testzip() is None


def files(office: Duban, *arguments: object) -> list[Path]:
    """Return what the command wrote."""
    done = office(*arguments, "--json")
    paths = [Path(path) for path in done.data["files"]]
    assert all(is_whole(path) for path in paths)
    return paths


@ONLY_SQLITE
def test_every_kind_of_document_is_written(office: Duban, item: int, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    for arguments, names in (
        (("document", "assign", item), {f"交办单-{item}.docx", f"交办单-{item}.pdf"}),
        (("document", "urge", item), {f"催办单-{item}.docx", f"催办单-{item}.pdf"}),
        (
            ("document", "ledger", "--overdue", "--as-of", LATE),
            {f"台账-{LATE}.docx", f"台账-{LATE}.pdf", f"台账-{LATE}.xlsx"},
        ),
        (("document", "progress", "2022Q3", "--as-of", LATE), {"进展汇总-2022Q3.docx", "进展汇总-2022Q3.pdf"}),
        (("document", "briefing", "2022Q3", "--as-of", LATE), {"工作简报-2022Q3.docx", "工作简报-2022Q3.pdf"}),
        (
            ("document", "briefing", "2022Q3", "--for", "province", "--as-of", LATE),
            {"工作报告-2022Q3.docx", "工作报告-2022Q3.pdf"},
        ),
    ):
        assert {path.name for path in files(office, *arguments, "--out", out)} == names
    assert not list(out.glob(".*"))


@ONLY_SQLITE
def test_a_paper_is_called_by_its_number_once_it_has_one(office: Duban, item: int, tmp_path: Path) -> None:
    notice = office("notices", "--item", item, "--json").data["notices"][0]["id"]
    served = ("--to", "jxj.liaison", "--how", "电话", "--by", "office.clerk", "--at", "2022-08-01T11:00:00+08:00")
    assert office("served", notice, *served).code == 0
    office("escalate", "--as-of", "2022-08-03")
    [paper] = [each["id"] for each in office("paper", "list", "--json").data["papers"]]
    drafted = files(office, "paper", "print", paper, "--out", tmp_path)
    assert [path.name for path in drafted] == [f"文书（拟稿）-{paper}.docx", f"文书（拟稿）-{paper}.pdf"]
    office("paper", "review", paper, "--by", "office.chief", "--at", "2022-08-03T14:00:00+08:00")
    office("paper", "sign", paper, "--by", "leader.signer", "--at", "2022-08-03T15:00:00+08:00")
    signed = files(office, "paper", "print", paper, "--out", tmp_path)
    assert signed[0].name == f"杭小微办督〔2022〕1号-{paper}.docx"
    before = [path.read_bytes() for path in signed]
    assert [path.read_bytes() for path in files(office, "paper", "print", paper, "--out", tmp_path)] == before


@ONLY_SQLITE
def test_without_chinese_fonts_the_docx_is_written_and_the_pdf_refused_with_what_to_install(
    office: Duban, item: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoFonts:
        def fonts(self) -> list[object]:
            return []

    monkeypatch.setattr(fonts, "typesetter", lambda folders=(): NoFonts())
    done = office("document", "assign", item, "--out", tmp_path)
    assert done.code == 1
    assert "apt install fonts-noto-cjk" in done.complaint and "其余文件已写好" in done.complaint
    assert f"交办单-{item}.docx" in done.out and "pdf" not in done.out
    assert [path.name for path in tmp_path.glob("交办单*")] == [f"交办单-{item}.docx"]


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("document", "assign", "999"), 2, "没有编号为 999 的交办事项"),
        (("document", "assign", "x"), 2, "不是整数"),
        (("document", "urge", "999", "--request"), 2, "没有编号为 999 的报送任务"),
        (("document", "progress", "2022"), 2, "季度“2022”无法识别"),
        (("document", "briefing", "2022Q2", "--for", "mayor"), 2, "没有读者"),
        (("document", "ledger", "--unit", "没有这个局"), 2, "没有单位"),
        (("document", "ledger", "--task", "99"), 2, "99"),
        (("paper", "print", "999"), 2, "没有编号为 999 的文书"),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_line_and_nothing_is_written(
    office: Duban, tmp_path: Path, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    done = office(*arguments, "--out", tmp_path / "out")
    assert (done.code, done.out) == (code, "")
    assert complaint in done.complaint
    assert not (tmp_path / "out").exists()


@ONLY_SQLITE
def test_a_place_that_is_no_folder_is_refused(office: Duban, item: int, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", " "):
        done = office("document", "assign", item, "--out", place)
        assert done.code == 2 and "--out" in done.complaint
    assert office("document", "assign", item, "--out", tmp_path / "file" / "below").code in (1, 2)
