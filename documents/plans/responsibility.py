"""Who is responsible, with its place in the text: in brackets, behind labels, in sentences of their own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from documents.plans.mending import Mended
from documents.plans.roles import (
    BARE_LABEL,
    LABEL,
    Roles,
    by_labels,
    by_sentence,
    labelled,
    labels_in,
    leads_and_rest,
    roles_in,
)
from documents.plans.units import is_group, is_surely_unit, is_unit

_BRACKETS = re.compile(r"[（〔）〕]")

_NOTE = re.compile(r"(?:备?注\s*[\d①-⑳]{0,2}\s*：?|[*＊※①-⑳]+|[\[〔]\d{1,2}[\]〕])\s*$")
"""What stands before a label in the manner of a footnote: 注：, *, ①."""

_LONGEST_NOTE = 8

_FREELABEL = 400
"""Characters that a list of units without a bracket may take."""

_LONGEST_BRACKET = 1500
_DEEPEST = 4
"""Brackets inside one another that a list of units may have: 市数据局（大数据中心（筹）） has two."""

_AND_OTHERS = re.compile(
    r"等(?:[一-龥]{0,4}(?:部门|单位|委办局|地区))?"
    r"(?=$|[；;，,。）]|按|分|共同|联合|参|配|负责|牵头|落实|协|指导|支持)"
)


@dataclass(frozen=True)
class Responsibility:
    """What one passage says about responsibility.

    `leads` are the leading units, several only where the text says so; `supporting` and `groups` in the order of the
    text; `due` the wording behind 完成时限. `text` is the wording without bracket and label, `start` and `end` its
    place in the mended text. `first_leads` is whether the lead is only the first-named, `by_duty` whether the units
    are said to be responsible each for its own part. `is_paragraph`: it stands in a line of its own.
    """

    start: int
    end: int
    text: str
    leads: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    due: str = ""
    first_leads: bool = False
    by_duty: bool = False
    is_paragraph: bool = False
    broken: bool = False
    remark: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """Return all names, the leading ones first."""
        return (*self.leads, *self.supporting, *self.groups)

    @property
    def names_others(self) -> bool:
        """Return whether the wording has further units that it does not name (市公安局等)."""
        return bool(_AND_OTHERS.search(self.text))


def responsibilities(mended: Mended, start: int, end: int) -> list[Responsibility]:
    """Return what [start, end) of the text says about who is responsible, in order; adjoining passages as one."""
    text = labelled(mended.text[start:end])
    found = list(_bracketed(mended, start, text))
    found += _free(mended, start, text, found)
    found += _last_sentence(mended, start, text, found)
    return _merged(sorted(found, key=lambda passage: passage.start), mended)


def _bracketed(mended: Mended, base: int, text: str) -> Iterator[Responsibility]:
    """Yield the brackets that say who is responsible; an inner one only when the outer one is about other things."""
    taken = 0
    for opened, closed in sorted(_pairs(text)):
        if opened < taken or closed - opened > _LONGEST_BRACKET:
            continue
        inside = (base + opened + 1, base + closed - 1)
        words = mended.text[inside[0] : inside[1]]
        at_end = closed >= len(text) or text[closed] in "。；;" or text[opened - 1 : opened] in ("。", "；", "！")
        roles = roles_in(words, mended.breaks_between(*inside), at_end=at_end)
        if roles is not None:
            taken = closed
            alone = _begins_line(mended, base + opened)
            yield _passage(roles, words, base + opened, base + closed, is_paragraph=alone)


def _begins_line(mended: Mended, offset: int) -> bool:
    """Return whether a line begins at `offset`, and the one before it was not merely full."""
    index = mended.index(offset)
    return mended.starts[index] == offset and index > 0 and mended.closed[index - 1]


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where brackets begin and end; not those around more brackets than any list of units has."""
    stack: list[int] = []
    depths = [0]  # of what is inside each open bracket, and outside all of them
    for found in _BRACKETS.finditer(text):
        if found[0] in "（〔":
            stack.append(found.start())
            depths.append(0)
        elif stack:
            start, inside = stack.pop(), depths.pop()
            depths[-1] = max(depths[-1], inside + 1)
            if inside < _DEEPEST:
                yield start, found.end()


def _passage(
    roles: Roles, words: str, start: int, end: int, *, is_paragraph: bool = False, broken: bool = False
) -> Responsibility:
    label = LABEL.match(labelled(words.lstrip()))
    wording = words.lstrip()[label.end() if label else 0 :].strip()
    leads, rest, first = leads_and_rest(roles)
    return Responsibility(
        start=start,
        end=end,
        text=wording.rstrip("。；"),
        leads=tuple(leads),
        supporting=tuple(name for name in rest if not is_group(name)),
        groups=tuple(name for name in rest if is_group(name)),
        due="；".join(roles.due),
        first_leads=first,
        by_duty=roles.by_duty,
        is_paragraph=is_paragraph,
        broken=broken,
        remark="；".join(roles.remarks),
    )


def _free(mended: Mended, base: int, text: str, taken: Sequence[Responsibility]) -> Iterator[Responsibility]:
    """Yield the passages in no bracket: a label behind a full stop or a lone bracket, or beginning a line."""
    end, places = 0, [passage.start - base for passage in taken]
    line_starts = {offset - base for offset in _lines_in(mended, base, base + len(text))}
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
            yield _passage(
                roles, words, base + start, behind, is_paragraph=start in line_starts and start > 0, broken=broken
            )


def _last_sentence(mended: Mended, base: int, text: str, taken: Sequence[Responsibility]) -> Iterator[Responsibility]:
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
        yield _passage(
            roles,
            words,
            base + start,
            base + len(text),
            is_paragraph=base + start in set(_lines_in(mended, base + start, base + start + 1)),
        )


def _bare(mended: Mended, base: int, text: str) -> Iterator[re.Match[str]]:
    """Yield the labels at the beginning of a line with nothing but a space behind them."""
    for line in _lines_in(mended, base, base + len(text)):
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


def _lines_in(mended: Mended, start: int, end: int) -> Sequence[int]:
    return mended.starts[bisect_left(mended.starts, start) : bisect_left(mended.starts, end)]


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
    for line in _lines_in(mended, base + start + 1, base + stop):
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


def _merged(found: list[Responsibility], mended: Mended) -> list[Responsibility]:
    """Put passages together that follow one another with nothing between them."""
    merged: list[Responsibility] = []
    for passage in found:
        last = merged[-1] if merged else None
        if (
            last
            and not mended.text[last.end : passage.start].strip(" 。；，、")
            and _complete_each_other(last, passage)
        ):
            merged[-1] = _joined(last, passage)
        else:
            merged.append(passage)
    return merged


def _complete_each_other(one: Responsibility, other: Responsibility) -> bool:
    return not (one.leads and other.leads and not one.first_leads) or not other.leads or one.first_leads


def _joined(one: Responsibility, other: Responsibility) -> Responsibility:
    leads = one.leads or other.leads
    supporting = [*one.supporting, *(other.leads if one.leads else ()), *other.supporting]
    return replace(
        one,
        end=other.end,
        text="；".join(part for part in (one.text, other.text) if part),
        leads=leads,
        supporting=tuple(name for name in dict.fromkeys(supporting) if name not in leads),
        groups=tuple(dict.fromkeys((*one.groups, *other.groups))),
        due="；".join(part for part in (one.due, other.due) if part),
        by_duty=one.by_duty or other.by_duty,
    )
