"""A task as it was found in a document, before it is numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from documents.plans.deadline import Deadline
from documents.plans.model import DraftMeasure, Team
from documents.plans.node import Node

_LONG_TITLE = 60


@dataclass
class Found:
    """A task as it was found, not yet numbered. `node` is None for one that stands in no entry of its own."""

    title: str
    clause: str
    start: int
    line: int
    team: Team = field(default_factory=Team)
    deadline: Deadline | None = None
    measures: list[DraftMeasure] = field(default_factory=list)
    node: Node | None = None
    part: Node | None = None
    number: int = 0
    is_safeguard: bool = False
    text: str = ""


def first_words(text: str) -> str:
    """Return the title of a text without one: its first sentence, of a long one the part before a comma."""
    sentence = re.split(r"[。；！]", text.strip(" 。；，、"), maxsplit=1)[0].strip()
    if len(sentence) <= _LONG_TITLE:
        return sentence
    comma = re.search(r"[，：]", sentence[10:_LONG_TITLE])
    return sentence[: 10 + comma.start()] if comma else sentence[:40]


def renumbered(found: Sequence[Found]) -> list[Found]:
    """Return the tasks with numbers that are used once: the document's own when they rise, else counted from 1."""
    own = [task.number for task in found]
    if all(own) and all(a < b for a, b in pairwise(own)):
        return list(found)
    return [replace(task, number=number) for number, task in enumerate(found, start=1)]
