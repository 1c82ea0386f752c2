"""Where the title of a numbered entry ends: at its full stop, or with the line that holds nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from documents.plans.mending import Mended
from documents.plans.node import Node

MAY_NOT_END = "的和与及或为对以在由至到第、，（(“《‘约达超—-"

_BEGINS_TEXT = re.compile(
    r"(?:到|至|截至)(?:20|2?$)|力争|为(?:了|加|进|推|规|促|深|贯)|根据|本(?:办法|措施|方案|规定|计划)|对[^，]{2,20}(?:的|，)"
)

_LONG_TITLE = 60
"""Characters of a sentence from which it is taken for text, not for a title."""

_SHORTENED = 40
_USUAL = re.compile(
    "总体要求|指导思想|基本原则|工作原则|总体思路|工作思路|总体目标|工作目标|主要目标|发展目标|行动目标|目标任务|重点任务|主要任务|工作任务|重点工作|主要措施|工作举措"
    "|政策措施|保障措施|组织保障|组织实施|组织领导|工作要求|工作安排|实施步骤|监督管理"
)
"""Headings that plans have in common: where one stands, the title goes to its end at least."""

_SHORT_TITLE = 24
_MAJORITY = 3
"""How many times as many entries must do something for it to be the document's way."""

_NEAR = 5000
"""Characters before and behind a place in which the same words are looked for."""

_STOP = re.compile(r"[。！；：:](?!$)|[。！；]|[（(〔【\[](?=[^）)]{0,12}(?:单位|部门|领导|时限)[^）)]{0,6}[：:])")


def entitle(nodes: Sequence[Node], mended: Mended) -> None:
    """Give every entry its title. How most titles of a kind end decides on those that a line break leaves open."""
    votes = _running_titles(nodes, mended)
    usual = _usual_lengths(nodes, mended)
    for node in nodes:
        _name(node, mended, _votes_on(node, votes), usual[node.kind])


def _votes_on(node: Node, votes: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Return how titles of the entry's kind end; of those beside it, where they run on and the rest leave it open."""
    of_kind, (alone, in_line) = votes.get(node.kind, (0, 0)), votes.get(_part(node), (0, 0))
    is_open = of_kind[1] < _MAJORITY * max(of_kind[0], 1)
    return (alone, in_line) if is_open and in_line and in_line >= alone else of_kind


def _part(node: Node) -> str:
    return f"{node.kind} in {node.parent.start}" if node.parent else node.kind


def _usual_lengths(nodes: Sequence[Node], mended: Mended) -> dict[str, int]:
    """Return, for each kind, the length of the middle one of its first lines."""
    lengths: dict[str, list[int]] = {}
    for node in nodes:
        end = min(mended.end_of_line(mended.index(node.start)), node.end)
        lengths.setdefault(node.kind, []).append(max(0, end - node.body))
    return {kind: sorted(found)[len(found) // 2] for kind, found in lengths.items()}


def _running_titles(nodes: Sequence[Node], mended: Mended) -> dict[str, tuple[int, int]]:
    """Return, for each kind, in the whole text and in each part, how many titles end with their line, and how many
    with a full stop in the middle of it.
    """
    votes: dict[str, list[int]] = {}
    for node in nodes:
        end = min(mended.end_of_line(mended.index(node.start)), node.end)
        stop = _first_stop(mended.text[node.body : node.end])
        in_line = stop is not None and node.body + stop < end
        if in_line or mended.closed[mended.index(node.start)]:
            for group in {node.kind, _part(node)}:
                votes.setdefault(group, [0, 0])[in_line] += 1
    return {group: (alone, in_line) for group, (alone, in_line) in votes.items()}


def _runs_on(title: str, sentence: str | None, votes: tuple[int, int]) -> bool:
    """Return whether a title whose line ends without a full stop runs on to the stop, as most of its kind do.

    `sentence` is the text up to the stop, None for one that is too long for a title.
    """
    alone, in_line = votes
    if in_line >= _MAJORITY * max(alone, 1):
        return sentence is not None or "，" in title
    rest = sentence[len(title) :] if sentence else "，"
    return bool(in_line) and in_line >= alone - 1 and len(title) + len(rest) <= _SHORT_TITLE and "，" not in rest


def _name(node: Node, mended: Mended, votes: tuple[int, int], usual: int) -> None:
    """Find the title: up to the first full stop, or to the end of a line that is not a full one."""
    text = mended.text[node.body : node.end]
    if (found := re.match(r"[【〔\[]([^】〕\]：:。]{2,30})[】〕\]]", text)) and node.kind in ("条", "1.", "一、"):
        node.title, node.title_end = found[1], node.body + found.end()
        return
    stop = _first_stop(text)
    line_end = _end_of_heading(node, mended, usual)
    sentence = text[:stop] if stop is not None and stop <= _LONG_TITLE else None
    if line_end is not None and stop is not None and _runs_on(text[: line_end - node.body], sentence, votes):
        line_end = None
    if line_end is not None and (stop is None or line_end - node.body <= stop):
        end, skip = line_end - node.body, 0
    elif stop is not None and stop <= _LONG_TITLE:
        end, skip = stop, 1
    else:
        end, skip = _shortened(text), 0
        node.titled = False
    node.title = re.sub(r"[：:，,；;。、]+$", "", text[:end])
    node.title_end = min(node.body + end + skip, node.end)


def _first_stop(text: str) -> int | None:
    depth = 0
    for found in re.finditer(r"[“《”》]|" + _STOP.pattern, text[:400]):
        if found[0] in "“《":
            depth += 1
        elif found[0] in "”》":
            depth = max(0, depth - 1)
        elif depth == 0:
            return found.start()
    return None


def _end_of_heading(node: Node, mended: Mended, usual: int) -> int | None:
    """Return the end of the line, or lines, that hold nothing but the title; None when text follows in the line."""
    index = mended.index(node.start)
    while (end := mended.end_of_line(index)) < node.end:
        line = mended.text[node.body : end]
        if re.search(r"[。；！]", line) or len(line) > _LONG_TITLE or _BEGINS_TEXT.match(line):
            return None
        if line and mended.closed[index] and not _goes_on(mended, node, end, usual):
            return end
        index += 1
    whole = mended.text[node.body : node.end]
    return node.end if len(whole) <= _LONG_TITLE and not re.search(r"[。；！]", whole) else None


def _goes_on(mended: Mended, node: Node, end: int, length: int) -> bool:
    """Return whether the title runs on behind the end of its line."""
    if (usual := _USUAL.match(mended.text, node.body)) and usual.end() >= end:
        return usual.end() > end
    title, rest = mended.text[node.body : end], mended.text[end : min(node.end, end + _LONG_TITLE)]
    if title[-1] in MAY_NOT_END or title.count("“") > title.count("”") or title.count("《") > title.count("》"):
        return True
    if not re.search(r"[。；：！，]", rest) and len(title) + len(rest) <= _LONG_TITLE and not has_label(rest):
        return True
    following = mended.text[end : min(mended.end_of_line(mended.index(end)), node.end)]
    if (
        end + len(following) < node.end
        and not re.search(r"[。；：！，、]", following)
        and len(following) < _SHORT_TITLE
    ):
        whole = len(title) + len(following)  # a line was broken: in the title, or in the text behind it
        return not (has_label(following) or _BEGINS_TEXT.match(following)) and abs(whole - length) < abs(
            len(title) - length
        )
    return len(title) < 2 or (mended.ragged and (len(title) < 3 or _is_one_word(mended.text, end)))


def has_label(text: str) -> bool:
    """Return whether `text` begins with a label such as 责任单位：."""
    return bool(re.match(r"[（(〔【\[]?[^，。；（(]{2,10}[：:]", text))


def _is_one_word(text: str, offset: int) -> bool:
    """Return whether the characters around `offset` stand together elsewhere too: then no title ends here."""
    around = (text[offset - 2 : offset + 1], text[offset - 1 : offset + 2])
    low, high = max(0, offset - _NEAR), offset + _NEAR
    return any(len(part) == 3 and text.count(part, low, high) > 1 for part in around)


def _shortened(text: str) -> int:
    """Return where a sentence without a title is cut: at its first comma that leaves enough, else after some words."""
    for found in re.finditer(r"[，,：:]", text[:_LONG_TITLE]):
        if found.start() >= 6:
            return found.start()
    return min(len(text), _SHORTENED)
