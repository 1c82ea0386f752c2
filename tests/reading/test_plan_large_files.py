"""The work of reading grows with the length of the text and no faster, and what is longer than any plan is refused."""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from plan_documents import add_table, read, saved, text_of
from test_plan_odd_files import SCRAPS

from config.errors import BadInput
from documents.plans import source
from documents.plans.reading import draft_of, read_plan
from documents.plans.source import MAX_CHARACTERS, plain

SHORT, LONG = 2_500, 10_000
"""Characters of the two texts that are compared: one is four times the other."""

FASTER = 8
"""Times as much work as that for the shorter text which the longer may take: square growth takes sixteen times."""

UNMEASURABLE = 0.5
"""Seconds that say nothing: what is quicker may take as much longer as it likes."""

PHRASES = [
    *SCRAPS,
    "（责任单位：市经信局、市财政局）",
    "\n1.做好工作。（责任单位：市经信局）",
    "\n一、目标\n新增企业5家。",
    "\n（一）做好",
    "市经信局\n",
    "、市",
    "到2025年新增企业5家，",
    "总额5亿元，",
    "分别达到1家和",
    "每年",
    "达到",
    "约为",
    "不低于",
    "其中5家、",
    "1",
    "一",
    "1+1",
    "…",
    "（）",
    "市政府 县政府 区政府 镇政府 乡政府 2023年1月1日\n",
]


def _seconds(text: str) -> float:
    """Return the least of two runs, without the collector: what other tests have left is not the reader's."""
    gc.disable()
    try:
        return min(_once(text), _once(text))
    finally:
        gc.enable()


def _once(text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start


@pytest.mark.parametrize("phrase", PHRASES)
def test_one_phrase_repeated_takes_time_in_proportion_to_its_length(phrase: str) -> None:
    short, long = ("计划\n一、工作目标\n" + (phrase * (size // len(phrase) + 1))[:size] for size in (SHORT, LONG))
    assert _seconds(long) < max(UNMEASURABLE, FASTER * _seconds(short))


def _digits(size: int) -> str:
    choose = random.Random(2021)
    return "".join(choose.choice("0123456789()（）[]【】一二三%.,，、。") for _ in range(size))


def _lines(size: int) -> str:
    return "\n".join(["市经信局", "加强领导。", "1.", "（一）加强", "2025年", "序号"][n % 6] for n in range(size // 4))


SHAPES: dict[str, Callable[[int], str]] = {
    "a plan again and again": lambda size: text_of("wrapped-city") * (size // 2000),
    "one line": lambda size: text_of("wrapped-city").replace("\n", "") * (size // 2000),
    "short lines": _lines,
    "digits and brackets": lambda size: _digits(1000) * (size // 1000),
    "entries without units": lambda size: "\n①做好" * (size // 4),
    "brackets in brackets": lambda size: ("（" * 500 + "市经信局" + "）" * 500) * (size // 1000),
    "tasks and goals with the same number": lambda size: "".join(
        f"\n{part}\n" + "".join(f"{n}.{letter}{n}园区新增企业5家。\n" for n in range(1, size // 30))
        for part, letter in (("一、工作目标", "甲"), ("二、重点任务", "乙"))
    ),
}


def _calls(work: Callable[[], object]) -> int:
    """Return how many functions are called: the same number every time, on every machine."""
    called = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return called


@pytest.mark.parametrize("shape", SHAPES)
def test_the_steps_are_in_proportion_to_the_length(shape: str) -> None:
    short, long = (plain(f"计划\n{SHAPES[shape](size)}") for size in (5_000, 15_000))
    draft_of(short)  # what is only done once is done
    assert _calls(lambda: draft_of(long)) < 3.6 * _calls(lambda: draft_of(short))


def test_a_text_longer_than_any_plan_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text("字" * (MAX_CHARACTERS + 1), encoding="utf-8")
    with pytest.raises(BadInput, match=r"plan\.txt 的文字超过 100 万字") as refused:
        read_plan(file)
    assert "\n" not in str(refused.value)


def test_cells_of_tables_count_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = docx.Document()
    add_table(document, [["任务", "责任单位"], ["整治河道" * 50, "市水利局"]])
    file = saved(document, tmp_path / "plan.docx")
    read_plan(file)
    monkeypatch.setattr(source, "MAX_CHARACTERS", 200)
    with pytest.raises(BadInput, match="的文字超过"):
        read_plan(file)
