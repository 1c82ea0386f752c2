"""Who is responsible, with its place in the text: in brackets, behind labels, in sentences of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from documents.plans.mending import Mended
from documents.plans.passage import Responsibility, begins_line, merged, passage_of
from documents.plans.roles import (
    labelled,
    roles_in,
)
from documents.plans.unbracketed import free_lists, last_sentence

_BRACKETS = re.compile(r"[（〔）〕]")

_LONGEST_BRACKET = 1500
_DEEPEST = 4
"""Brackets inside one another that a list of units may have: 市数据局（大数据中心（筹）） has two."""


def responsibilities(mended: Mended, start: int, end: int) -> list[Responsibility]:
    """Return what [start, end) of the text says about who is responsible, in order; adjoining passages as one."""
    text = labelled(mended.text[start:end])
    found = list(_bracketed(mended, start, text))
    found += free_lists(mended, start, text, found)
    found += last_sentence(mended, start, text, found)
    return merged(sorted(found, key=lambda passage: passage.start), mended)


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
            alone = begins_line(mended, base + opened)
            yield passage_of(roles, words, base + opened, base + closed, is_paragraph=alone)


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
