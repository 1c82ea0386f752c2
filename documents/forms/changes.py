"""What was changed in a form that is not for the unit to change, and what the plan changed since it was made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from documents.forms.columns import MEANINGS, columns_of
from documents.forms.definition import AS_ABOVE, Definition, Line
from documents.forms.returned_lines import ReturnedLine, Table
from documents.forms.stamp import Stamp, head_digest, trace

_SHORT = 20
"""Characters of a cell that a complaint repeats."""

_NAMED = 5
"""Indicators that the complaint about an outdated form names."""


def changes(table: Table, stamp: Stamp, definition: Definition, lines: Sequence[ReturnedLine]) -> list[str]:
    """Return every change in words, by cell where it has one; none for a form as it was made.

    The order of lines and columns, their sizes and colours, further sheets, remarks below the table: none of these
    is a change. Neither is what a program writes otherwise when it saves the file.
    """
    columns = columns_of(has_areas=definition.has_areas)
    found = [f"缺少“{column}”列" for column in columns if column not in table.columns]
    found += [f"“{column}”列重复" for column in columns if column in table.twice]
    if found:
        return found
    if head_digest(table.head) != stamp.head:
        found.append("表格上方的标题或说明文字有改动")
    found += [f"合并了单元格 {area}，请取消合并" for area in table.merged_inputs]
    return found + list(_of_lines(table, stamp, definition, lines))


def _of_lines(table: Table, stamp: Stamp, definition: Definition, lines: Iterable[ReturnedLine]) -> Iterator[str]:
    asked = {(line.code, line.area): (place, line) for place, line in enumerate(definition.lines)}
    seen: dict[tuple[str, str], ReturnedLine] = {}
    for line in lines:
        place, expected = asked.get(line.words, (-1, None))
        if expected is None:
            if line.is_filled:
                yield f"第 {line.number} 行（{_named(*line.words)}）不是本表的行"
        elif (first := seen.setdefault(line.words, line)) is not line:
            yield f"第 {line.number} 行与第 {first.number} 行重复（{_named(*line.words)}）"
        else:
            yield from _of_line(table, expected, line, stamp.traces[place] if place < len(stamp.traces) else "")
    for words in asked:
        if words not in seen:
            yield f"缺少 {_named(*words)} 一行"


def _of_line(table: Table, expected: Line, line: ReturnedLine, known: str) -> Iterator[str]:
    meaning = expected.name, expected.definition, expected.unit_of_measure
    if line.meaning != meaning:
        for column, now, then in zip(MEANINGS, line.meaning, meaning, strict=True):
            if now != then:
                yield f"{table.cell(line, column)} 应为“{_short(then)}”，现为“{_short(now)}”"
    if trace(line.numbers) != known:
        yield f"第 {line.number} 行（{_named(*line.words)}）锁定的目标值、应达值或上期值有改动"


def changed_since(definition: Definition, lines: Iterable[ReturnedLine]) -> str:
    """Return in words what the plan defines otherwise than the form does."""
    then = {line.code: line.meaning for line in lines if line.code and AS_ABOVE not in line.meaning}
    full = [line for line in definition.lines if line.definition != AS_ABOVE]
    now = {line.code: (line.name, line.definition, line.unit_of_measure) for line in full}
    parts = {
        "增加了指标": [code for code in now if code not in then],
        "取消了指标": [code for code in then if code not in now],
        "修改了名称、口径或计量单位": [code for code in now if code in then and then[code] != now[code]],
    }
    said = [f"{words} {_list(codes)}" for words, codes in parts.items() if codes]
    return "，".join(said) if said else "报表的名称、范围或模板格式已有变化"


def _list(codes: Sequence[str]) -> str:
    return "、".join(_short(code) for code in codes[:_NAMED]) + (" 等" if len(codes) > _NAMED else "")


def _named(code: str, area: str) -> str:
    return " ".join(part for part in (_short(code) or "没有代码", _short(area)) if part)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
