"""Passages on responsibility in no bracket: behind a label, or the last sentence of an entry."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from documents.plans.mending import Mended
from documents.plans.passage import Responsibility, lines_in, passage_of
from documents.plans.roles import BARE_LABEL, LABEL, by_labels, by_sentence, labelled, labels_in
from documents.plans.units import is_group, is_surely_unit, is_unit

_NOTE = re.compile(r"(?:备?注\s*[\d①-⑳]{0,2}\s*：?|[*＊※①-⑳]+|[\[〔]\d{1,2}[\]〕])\s*$")
"""What stands before a label in the manner of a footnote: 注：, *, ①."""

_LONGEST_NOTE = 8

_FREELABEL = 400
"""Characters that a list of units without a bracket may take."""


def free_lists(mended: Mended, base: int, text: str, taken: Sequence[Responsibility]) -> Iterator[Responsibility]:
    """Yield the passages in no bracket: a label behind a full stop or a lone bracket, or beginning a line."""
    end, places = 0, [passage.start - base for passage in taken]
    line_starts = {offset - base for offset in lines_in(mended, base, base + len(text))}
    for label in sorted((*labels_in(text), *_bare(mended, base, text)), key=lambda m: m.start()):
        start = label.start() - (mended.text[base + label.start() - 1 : base + label.start()] in ("【", "[", "〔"))
        inside = bisect_right(places, start) - 1
        if start < end or (inside >= 0 and start < taken[inside].end - base):
            continue
        said = start
        if mark := _NOTE.search(text, max(end, start - _LONGEST_NOTE), start):
            start = mark.start()
        begins = start == 0 or start in line_starts or text[start - 1] in "。；！）〕〔（"
        if not begins or _is_plain_word(label, text):
            continue
        end = _end_of_list(mended, base, text, label.end())
        words, breaks = _with_colon(mended, base + said, base + end, label)
        roles = by_labels(words, labels_in(labelled(words)), breaks)
        if roles.leads or roles.listed or roles.supporting or roles.due:
            broken = text[start - 1 : start] in ("（", "〔") or text[end : end + 1] in ("）", "〕")
            behind = base + end + (text[end : end + 1] in ("）", "〕", "。"))
            yield passage_of(
                roles, words, base + start, behind, is_paragraph=start in line_starts and start > 0, broken=broken
            )


def last_sentence(mended: Mended, base: int, text: str, taken: Sequence[Responsibility]) -> Iterator[Responsibility]:
    """Yield the last sentence, when it says who does what and nothing before it does."""
    if taken:
        return
    whole = text.rstrip("。；）〕 ")
    start = max(whole.rfind(mark) for mark in "。；") + 1
    words = mended.text[base + start : base + len(whole)]
    if not 4 <= len(words) <= _FREELABEL or start == 0:
        return
    roles = by_sentence(words, mended.breaks_between(base + start, base + len(whole)))
    if (
        roles
        and any(not is_group(name) for name in (*roles.leads, *roles.listed))
        and all(is_surely_unit(name) for name in (*roles.leads, *roles.listed, *roles.supporting))
    ):
        yield passage_of(
            roles,
            words,
            base + start,
            base + len(text),
            is_paragraph=base + start in set(lines_in(mended, base + start, base + start + 1)),
        )


def _bare(mended: Mended, base: int, text: str) -> Iterator[re.Match[str]]:
    """Yield the labels at the beginning of a line with nothing but a space behind them."""
    for line in lines_in(mended, base, base + len(text)):
        found = BARE_LABEL.match(text, line - base)
        if found and found.end() - (line - base) in mended.breaks_between(line, base + found.end() + 1):
            yield found


def _with_colon(mended: Mended, start: int, end: int, label: re.Match[str]) -> tuple[str, list[int]]:
    """Return the words of [start, end) and the breaks in them, with a colon behind the label where it has none."""
    words, breaks, size = mended.text[start:end], list(mended.breaks_between(start, end)), len(label[0])
    if "：" in label[0]:
        return words, breaks
    return f"{words[:size]}：{words[size:]}", [place + (place >= size) for place in breaks]


def _is_plain_word(label: re.Match[str], text: str) -> bool:
    """Return whether a label that is a common word too (责任：, 进度：) has no unit or date behind it."""
    if label.lastgroup == "due":
        return not re.match(r"\s*(?:\d|长期|持续|常态|每|全年|立即|即|年|上半年|下半年|第)", text[label.end() :][:12])
    first = re.match(r"[^、，；。（\s]*", text[label.end() :][:60])
    return label[0].rstrip("：") in ("责任", "牵头", "配合", "协办", "任务分工") and not (first and is_unit(first[0]))


def _end_of_list(mended: Mended, base: int, text: str, start: int) -> int:
    """Return where a list in no bracket ends: at a full stop, an odd bracket, or a line that is text again."""
    limit = min(len(text), start + _FREELABEL)
    depth, stop = 0, limit
    for offset in range(start, limit):
        if text[offset] in "（〔":
            depth += 1
        elif text[offset] in "）〕":
            depth -= 1
        if depth < 0 or text[offset] in "。！":
            stop = offset
            break
    for line in lines_in(mended, base + start + 1, base + stop):
        offset = line - base
        if _is_text_again(mended, base, text, offset, stop):
            return offset
    return stop


def _is_text_again(mended: Mended, base: int, text: str, offset: int, stop: int) -> bool:
    """Return whether the line that begins at `offset` is no part of a list of units."""
    if text[offset - 1] in "、，；：" or LABEL.match(text, offset):
        return False
    if BARE_LABEL.match(text, offset):
        return True
    line = text[offset : min(stop, offset + 60, mended.end_of_line(mended.index(base + offset)) - base)]
    first = re.match(r"[^、，；。：\s]*", line)
    word = first[0] if first else ""
    left = re.split(r"[、，；：\s]", text[max(0, offset - 40) : offset])[-1]
    if is_unit(word) or is_unit(left + word) or re.match(r"等|\d|年|月|前|底|上半年|下半年|全年|第?[一二三四]季", word):
        return False
    return is_unit(left) or bool(re.search(r"(?:前|底|末|长期|坚持|推进|常态化|等|）|年|月|日)$", left))
