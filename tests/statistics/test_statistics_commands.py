"""The commands of statistics as an official uses them, from files to printed tables."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from desk import on_sqlite

from cli import main


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


Call = Callable[..., Said]

pytestmark = on_sqlite


@pytest.fixture
def duban(
    supervised_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Call duban in this process, where the packaged plan is in the database."""
    for name in [name for name in os.environ if name.startswith("DUBAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DUBAN_DATABASE_URL", supervised_url)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return call


JULY, AUGUST = "2022-07-19T10:00:00+08:00", "2022-08-20T10:00:00+08:00"


def test_a_file_is_imported_shown_and_alarming(duban: Call, tmp_path: Path) -> None:
    (tmp_path / "缴费.csv").write_bytes(
        "序列,地区,周期,数值,来源\nfee-burden,杭州市,2021H2,0.420,表\nfee-burden,杭州市,2022H1,0.421,表\n".encode(
            "gb18030"
        )
    )
    done = duban("series", "import", "缴费.csv", "--by", "scjg.liaison", "--at", JULY)
    assert done.out.startswith("缴费.csv：新登记 2 个，更新 0 个，未变 0 个\n预警：企业缴费负担率上升：杭州市")
    again = duban("series", "import", "缴费.csv", "--by", "scjg.liaison", "--at", AUGUST, "--json").data
    assert (again["new"], again["revised"], again["unchanged"]) == (0, 0, 2)
    shown = duban("series", "show", "fee-burden", "--as-of", "2022-08-01", "--json").data
    assert [(v["value"], v["previous"], v["mark"]) for v in shown["values"]] == [
        ("0.42", None, "filed"), ("0.421", "0.001", "filed"),
    ]  # fmt: skip
    alerts = duban("series", "alerts", "--as-of", "2022-08-01", "--json").data
    assert [(a["code"], a["change"], a["in_points"]) for a in alerts["alerts"]] == [("fee-burden-rise", "0.001", True)]
    assert duban("series", "alerts", "--as-of", "2022-07-01").out == "截至 2022-07-01，2 条预警线均未触发\n"


def test_what_is_derived_or_computed_here_says_so(duban: Call) -> None:
    table = duban("series", "show", "growth-index", "--as-of", "2022-08-01").out
    (line,) = [line for line in table.splitlines() if " 119.41 " in line]
    assert "推算" in line
    assert "同比%（内部测算）" in table and "http" in table
    values = duban("series", "show", "growth-index", "--as-of", "2022-08-01", "--json").data["values"]
    assert {v["period"]: v["mark"] for v in values if v["area"] == "浙江省"}["2020"] == "derived"


def test_a_slip_is_one_line_and_nothing_is_stored(duban: Call, tmp_path: Path) -> None:
    (tmp_path / "坏.csv").write_text("序列,地区,周期,数值,来源\nfee-burden,杭州市,2022H1,一,表\n", encoding="utf-8")
    done = duban("series", "import", "坏.csv", "--by", "office.clerk", "--at", JULY)
    assert (done.code, done.err) == (2, "坏.csv 未收录：第 2 行“数值”列：“一”不是数，请只填阿拉伯数字\n")
    assert duban("series", "show", "fee-burden", "--json").data["values"] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "是空文件"),
        (b"\xff\xfe1\x00", "不是 UTF-8 或 GB18030 编码的文本"),
        ("数值\n1\n".encode(), "表头缺少列：周期"),
        ("周期,数值\n".encode(), "只有表头，没有数据"),
        ("周期,数值,数值\n2022H1,1,2\n".encode(), "表头重复"),
        ('周期,数值\n2022H1,"1\n'.encode(), "引号没有成对"),
        ("周期,数值\n2022H1,1,234\n".encode(), "第 2 行的列数多于表头"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_line(duban: Call, tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "坏.csv").write_bytes(content)
    done = duban("series", "import", "坏.csv", "--by", "office.clerk")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert says in done.err


def test_an_absent_file_and_an_unknown_series_are_told(duban: Call) -> None:
    assert duban("series", "import", "无.csv", "--by", "office.clerk").err == "找不到文件 无.csv，请核对路径和文件名\n"
    assert "是不是：growth-index" in duban("series", "show", "growth").err


def test_an_index_is_computed_explained_recorded_and_released(duban: Call, tmp_path: Path) -> None:
    code = "plan-progress-index"
    computed = duban("index", "compute", code, "2022Q2", "--area", "上城区", "--as-of", "2022-07-28", "--json").data
    (result,) = computed["results"]
    assert (result["value"], result["label"], result["coverage"]) == (None, "内部测算", "0.000000")
    assert "当季新增小微企业（缺数）" in result["because"]
    refused = duban("release", "publish", "progress-index", "2022Q2", "--by", "office.chief",
                    "--at", "2022-07-28T10:00:00+08:00")  # fmt: skip
    assert (refused.code, "缺 plan-progress-index 的数据" in refused.err) == (3, True)
    printed = duban("index", "compute", code, "2022Q2", "--as-of", "2022-07-28").out
    assert printed.startswith("杭州市小微企业成长计划推进指数（内部测算）2022Q2，2022Q1=100")
    assert duban("index", "compute", code, "2022Q2", "--record").code == 2


def test_the_definitions_are_listed(duban: Call) -> None:
    assert "内部测算" in duban("index", "list").out
    assert duban("survey", "list", "--json").data["surveys"][0]["min_respondents"] == 30
    calendar = duban("release", "list", "--as-of", "2022-08-01", "--json").data["releases"]
    assert {"upcoming", "overdue"} <= {line["state"] for line in calendar}
    returns = duban("series", "returns", "--as-of", "2022-08-01", "--json").data["returns"]
    assert {line["form"] for line in returns} == {"upgraded", "off-list", "trading", "fees"}
    kinds = {line["code"]: line["label"] for line in duban("series", "list", "--json").data["series"]}
    assert (kinds["plan-progress-index"], kinds["growth-index"]) == ("内部测算", None)


FRAME = "层,总体数\n工业层,600\n服务层,1400\n"

ANSWERS = "1,0,120.5,8,300"


def a_sample(*, industry: int = 40, construction: int = 10, services: int = 100) -> str:
    """Return a sampling file: groups by industry, everybody of small size, one refusal in each stratum."""
    lines = ["编号,层,结果,订单较上季增加的企业比例,预计下季经营好转的企业比例,户均营业收入,期末从业人员总数,"
             "户均涉企收费支出,行业,规模"]  # fmt: skip
    groups = [("工业层", "工业", industry), ("工业层", "建筑业", construction), ("服务层", "批发和零售业", services)]
    for stratum, group, many in groups:
        for k in range(many):
            size = "小型" if k % 2 else "微型"
            lines.append(f"{group}{k},{stratum},完成,{k % 2},1,{100 + k},{k},300,{group},{size}")
    lines += ["拒1,工业层,拒访,,,,,,,", "拒2,服务层,拒访,,,,,,,"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def survey_files(tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "样本.csv").write_text(a_sample(), encoding="utf-8")
    (tmp_path / "总体.csv").write_text(FRAME, encoding="utf-8")
    return ("survey", "estimate", "样本.csv", "--frame", "总体.csv", "--survey", "operations", "--period", "2022Q2")


def test_a_survey_says_sample_response_and_error_and_hides_what_is_thin(
    duban: Call, survey_files: tuple[str, ...]
) -> None:
    out = duban(*survey_files).out
    assert out.startswith(
        "小微企业经营状况抽样调查 2022Q2（内部测算）\n总体 2000，抽样 152，有效回答 150；应答率 RR2 98.7%"
    )
    assert "标准误" in out and "…（样本不足 30）" in out and "…（防止由合计倒推）" in out
    data = duban(*survey_files, "--json").data
    (table,) = [t for t in data["tables"] if (t["question"], t["breakdown"]) == ("revenue", "industry")]
    cells = {cell["group"]: cell for cell in table["cells"]}
    assert (cells["建筑业"]["shown"], cells["建筑业"]["value"]) == ("too_few", None)
    assert (cells["工业"]["shown"], cells["工业"]["value"], cells["工业"]["standard_error"]) == ("protects", None, None)
    assert cells["批发和零售业"]["shown"] == "shown" and cells["合计"]["value"] is not None


def test_a_recorded_survey_keeps_no_answers_and_nothing_withheld(duban: Call, survey_files: tuple[str, ...]) -> None:
    kept = duban(*survey_files, "--record", "--by", "office.clerk", "--at", JULY, "--json").data
    assert (kept["version"], kept["unchanged"]) == (1, False)
    again = duban(*survey_files, "--record", "--by", "office.clerk", "--at", AUGUST, "--json").data
    assert (again["version"], again["unchanged"]) == (1, True)
    shown = duban("survey", "show", "operations", "2022Q2", "--json").data
    assert shown["tables"] == kept["tables"]
    assert duban("survey", "show", "operations", "2022Q2", "--as-of", "2022-07-18").code == 2
    assert duban(*survey_files, "--record", "--by", "scjg.liaison", "--at", JULY).code == 3
    assert duban("audit", "verify").code == 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("工业0,", "工业1,", "“工业1”与第 2 行重复"),
        ("工业0,工业层", "工业0,农业层", "总体文件里没有层“农业层”"),
        ("拒访", "拒绝", "“拒绝”只能是 完成、部分完成、拒访"),
        (
            "工业0,工业层,完成,0",
            "工业0,工业层,完成,2",
            "第 2 行“订单较上季增加的企业比例”列：“2”只能是 1（是）、0（否）或留空",
        ),
        ("工业0,工业层,完成,0", "工业0,工业层,完成,", "写作“完成”，但没有回答：订单较上季增加的企业比例"),
        ("300,工业,微型", "300,农业,微型", "“农业”只能是 工业、建筑业"),
    ],
)
def test_a_slip_in_a_sample_is_named(
    duban: Call, survey_files: tuple[str, ...], tmp_path: Path, old: str, new: str, says: str
) -> None:
    (tmp_path / "样本.csv").write_text(a_sample().replace(old, new, 1), encoding="utf-8")
    done = duban(*survey_files)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert says in done.err


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ("层,总体数\n工业层,10\n服务层,1400\n", "层“工业层”抽了 51 个，总体只有 10 个"),
        ("层,总体数\n工业层,600\n服务层,1400\n农业层,5\n", "层“农业层”没有抽到样本"),
        ("层,总体数\n工业层,零\n服务层,1400\n", "第 2 行“总体数”列：“零”不是正整数"),
        ("层,总体数\n工业层,1\n工业层,1400\n", "“工业层”重复"),
    ],
)
def test_a_frame_that_does_not_fit_is_told(
    duban: Call, survey_files: tuple[str, ...], tmp_path: Path, frame: str, says: str
) -> None:
    (tmp_path / "总体.csv").write_text(frame, encoding="utf-8")
    done = duban(*survey_files)
    assert (done.code, says in done.err) == (2, True)


def test_a_stratum_that_never_answered_is_not_left_out_in_silence(
    duban: Call, survey_files: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "样本.csv").write_text(a_sample() + "农1,农业层,拒访,,,,,,,\n", encoding="utf-8")
    (tmp_path / "总体.csv").write_text(FRAME + "农业层,5\n", encoding="utf-8")
    assert "在层“农业层”没有一份有效回答" in duban(*survey_files).err
