"""The outline of a document: 第一章, 一、, （一）, 1., （1）, ①, 第一条 and how they are nested."""

from __future__ import annotations

import re

from config.plan.numerals import whole_number
from documents.plans.mending import Mended
from documents.plans.node import Node
from documents.plans.titles import MAY_NOT_END, entitle

_NUMERALS = "一二三四五六七八九十百零〇"

_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("篇", re.compile(rf"第([{_NUMERALS}\d]{{1,4}})(?:部分|篇|编)[：:、]?")),
    ("章", re.compile(rf"第([{_NUMERALS}\d]{{1,4}})章[：:、]?")),
    ("节", re.compile(rf"第([{_NUMERALS}\d]{{1,4}})节[：:、]?")),
    ("条", re.compile(rf"第([{_NUMERALS}\d]{{1,4}})条[：:、]?(?!第|款|和|及|、|规定)")),
    ("一、", re.compile(rf"([{_NUMERALS}]{{1,4}})[、.](?![{_NUMERALS}]{{1,3}}(?:[、.产级]|是))")),
    ("（一）", re.compile(rf"[（(]([{_NUMERALS}]{{1,4}})[)）][、.]?")),
    ("1.1", re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})[.、]?(?=[^\d.%‰万亿千百元个家户项年月日倍米公平人件吨亩])")),
    ("1.", re.compile(r"(\d{1,3})[.、](?!\d)|(\d{1,3})[.、](?=(?:19|20)\d\d年)")),
    ("（1）", re.compile(r"[（(](\d{1,2})[)）][、.]?(?!号)")),
    ("1）", re.compile(r"(\d{1,2})[)）]")),
    ("①", re.compile(r"([①-⑳])")),
    ("任务", re.compile(rf"(?:重点)?(?:任务|行动|工程|专项|举措|措施|事项)([{_NUMERALS}]{{1,3}}|\d{{1,2}})[：:、.]")),
)

_SPACED = re.compile(rf"([{_NUMERALS}]{{1,3}}|\d{{1,2}})(?![年月日个家户项人万亿千百倍米吨亩元])(?=[\u4e00-\u9fff])")
"""一 总体要求: a numeral with nothing but a space behind it."""

_BEFORE_DIGIT = re.compile(r"(\d{1,3})[.、](?=\d)")
"""2. 5G…: a number whose text begins with a digit, told from 2.5 by the space between."""

_RANKS = ("篇", "章", "节", "条", "一、")
"""Kinds that stand above all others, in this order; the others are nested as they come."""

CLOSING = re.compile(
    r"附[件表](?:\d{1,2})?(?:[：:]|(?=[一-龥]{4,30}(?:表|清单|分工|计划|方案)))|(?:本|此)(?:三年|专项|实施|行动|工作)*(?:计划|方案|意见|措施|办法|要点|通知|规划|细则|规定)(?:由|自|从|有效期|的?解释|印发|施行|实施)"
)
"""How the last paragraph begins, which belongs to no section."""

TABLE_HEAD = re.compile(r"(?:序号|编号)[^，。；：]{0,40}(?:单位|部门|时限|目标)[^，。；：]{0,30}")
"""The headings of a table whose cells have become lines of text."""

_DAY = re.compile(
    r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日|二[〇零○О0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_BEHIND_DATE = re.compile(r"[（(]此|抄送|附件")

_SIGNATURE = 40
"""Characters that the line above the date of signature does not exceed."""

_SPEECH_ENDS = "。！？；：!?;:”’）)】〕》…"
_LARGEST_GAP = 3


def outline(mended: Mended, until: int) -> list[Node]:
    """Return the entries at the top of the text before the offset `until`, each with what is inside it."""
    tops: list[Node] = []
    stack: list[Node] = []
    nodes: list[Node] = []
    highest: dict[str, int] = {}
    for index, start in enumerate(mended.starts):
        if start >= until:
            break
        if nodes and start < nodes[-1].body:
            continue  # a line that ends inside a marker
        if nodes and _closes(mended, index):
            nodes[-1].end = nodes[-1].end or start
            stack.clear()
            continue
        if (node := _marker(mended, index, highest)) is None:
            continue
        if nodes:
            nodes[-1].end = nodes[-1].end or start
        _hang(node, stack, tops)
        highest[node.kind] = node.number
        nodes.append(node)
    if nodes:
        nodes[-1].end = nodes[-1].end or until
    entitle(nodes, mended)
    return tops


def signed(mended: Mended, start: int) -> re.Match[str] | None:
    """Return the date of signature at `start`, where a line begins: one that is followed by nothing in its line."""
    found = _DAY.match(mended.text, start)
    if found is None:
        return None
    end = found.end()
    is_alone = end == len(mended.text) or mended.starts[mended.index(end)] == end
    return found if is_alone or _BEHIND_DATE.match(mended.text, end) else None


def _closes(mended: Mended, index: int) -> bool:
    """Return whether the line belongs to no entry: the last paragraph, an annex, or a signature with its date."""
    start = mended.starts[index]
    if CLOSING.match(mended.text, start) or signed(mended, start):
        return True
    end = mended.end_of_line(index)
    if TABLE_HEAD.fullmatch(mended.text, start, end):
        return True
    return (
        end - start <= _SIGNATURE
        and end < len(mended.text)
        and signed(mended, end) is not None
        and mended.text[end - 1] not in "。；，、"
    )


def _marker(mended: Mended, index: int, highest: dict[str, int]) -> Node | None:
    start = mended.starts[index]
    if (found := _BEFORE_DIGIT.match(mended.text, start)) and _is_spaced(mended, index, found.end()):
        number = int(found[1])
        if number == highest.get("1.", 0) + 1 and _belongs(mended, index, "1.", number, highest):
            return Node("1.", number, found[1], start, found.end())
    for kind, pattern in _MARKERS:
        if found := pattern.match(mended.text, start):
            number = _number(found[found.lastindex or 1])
            if not number or not _belongs(mended, index, kind, number, highest):
                return None
            if kind == "任务" and found[0][-1] in ".、" and mended.end_of_line(index) < found.end():
                continue  # …提升行动 and 1. behind it
            skipped = kind in highest and number not in (1, highest[kind] + 1)
            return Node(kind, number, _label(kind, found), start, found.end(), skipped=skipped)
    found = _SPACED.match(mended.text, start)
    if found is None or found.end() - start not in mended.breaks_between(start, found.end() + 1):
        return None
    kind, number = ("1." if found[1].isdecimal() else "一、"), _number(found[1])
    if number != highest.get(kind, 0) + 1 or not mended.closed[index]:
        return None
    return Node(kind, number, found[1], start, found.end()) if _belongs(mended, index, kind, number, highest) else None


def _is_spaced(mended: Mended, index: int, offset: int) -> bool:
    """Return whether there is a space at `offset`; the end of a line only behind a full stop."""
    start = mended.starts[index]
    if offset - start not in mended.breaks_between(start, offset + 1):
        return False
    return mended.index(offset) == index or mended.text[start - 1 : start] in ("。", "；")


def _number(text: str) -> int:
    if "." in text:
        return int(text.rpartition(".")[2])
    if text.isdecimal():
        return int(text)
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    return whole_number(text) or 0


def _label(kind: str, found: re.Match[str]) -> str:
    if kind in ("篇", "章", "节", "条"):
        return found[0].rstrip("：:、")
    if kind in ("（一）", "（1）"):
        return f"（{found[1]}）"
    return (
        found[0].rstrip("：:、.") if kind == "任务" else found[found.lastindex or 1] + ("）" if kind == "1）" else "")
    )


def _belongs(mended: Mended, index: int, kind: str, number: int, highest: dict[str, int]) -> bool:
    """Return whether what looks like a marker is one: its number goes on, and the text before it has come to an end."""
    start = mended.starts[index]
    before = mended.text[start - 1] if start else "。"
    if before in MAY_NOT_END or before.isdecimal():
        return False
    follows = number == 1 or number == highest.get(kind, -1) + 1
    ended = before in _SPEECH_ENDS or mended.closed[index - 1] if index else True
    if kind == "1.1":
        return follows and ended
    if follows:
        return ended or number > 1 or kind not in ("1.", "1）", "条")
    last = highest.get(kind)
    return before in _SPEECH_ENDS and last is not None and last < number <= last + _LARGEST_GAP


def _hang(node: Node, stack: list[Node], tops: list[Node]) -> None:
    """Put `node` where it belongs: beside the last of its kind, else below the last entry that can be above it."""
    kinds = [above.kind for above in stack]
    if node.kind in kinds:
        del stack[kinds.index(node.kind) :]
    elif node.kind in _RANKS:
        above = _RANKS[: _RANKS.index(node.kind)]
        del stack[next((i for i, kind in enumerate(kinds) if kind not in above), len(kinds)) :]
    node.parent = stack[-1] if stack else None
    (node.parent.children if node.parent else tops).append(node)
    stack.append(node)
