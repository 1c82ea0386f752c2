"""Which entries of the outline are tasks, with their units, deadlines and measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from documents.plans.deadlines import deadlines, main_one
from documents.plans.entries import Entries
from documents.plans.found import Found, first_words
from documents.plans.model import DraftMeasure, Team
from documents.plans.node import Node
from documents.plans.passage import Responsibility
from documents.plans.responsibility import responsibilities
from documents.plans.sections import role_of

_LIST_KINDS = ("1.", "（1）", "1）", "①", "1.1")
_OPENING = re.compile(r"(?:如下|制定本[^。]{1,8}|印发[^。]{0,30}|提出以下[^。]{0,8})[。：]")


@dataclass
class TaskFinder(Entries):
    """Finds the tasks of one document and collects what is doubtful on the way."""

    def find(self, tops: Sequence[Node]) -> list[Found]:
        """Return the tasks and safeguards in the order of the text."""
        found: list[Found] = []
        for top in tops:
            found += self._inside(top)
        return found

    def find_unnumbered(self, start: int, end: int) -> list[Found]:
        """Return the tasks of a text without any numbering: what stands before each passage on responsibility."""
        passages = [passage for passage in responsibilities(self.mended, start, end) if passage.units]
        return self._pieces(None, passages, start)

    def _has_units(self, node: Node) -> bool:
        return any(passage.units for passage in self.spoken(node))

    def _any_inside(self, node: Node) -> bool:
        return any(self._has_units(inner) for inner in node.walk())

    def _inside(self, node: Node) -> Iterator[Found]:
        role = role_of(node)
        own, kids = self._has_units(node), [child for child in node.children if self._any_inside(child)]
        if role in ("goals", "opening") and not kids and not (own and role == "opening" and node.depth):
            return
        if role == "goals":
            return
        if not node.children:
            if own:
                yield from self._leaf(node)
            return
        if self._belongs_to_all(node, kids):
            self._lift(node)
            yield self._task(node)
        elif own and (node.depth or not kids):
            yield self._task(node)
        elif kids:
            for child in node.children:
                if child in kids:
                    yield from self._inside(child)
                elif len(kids) * 2 >= len(node.children) and not child.children:
                    self._doubt(child.start, f"“{child.title}”没有写责任单位，请补填")
                    yield self._task(child)
                else:
                    self._doubt(child.start, f"“{child.title}”没有写责任单位，没有列为任务，请核对")

    def _leaf(self, node: Node) -> Iterator[Found]:
        passages = [passage for passage in self.spoken(node) if passage.units]
        if len(passages) > 1 and node.parent is None:
            yield from self._pieces(node, passages, node.title_end)
        else:
            yield self._task(node)

    def _belongs_to_all(self, node: Node, kids: Sequence[Node]) -> bool:
        """Return whether the passage at the end of the last of several entries is about all of them."""
        if len(node.children) < 2 or len(kids) != 1 or kids[0] is not node.children[-1] or self._has_units(node):
            return False
        last = kids[0]
        passages = [passage for passage in self.spoken(last) if passage.units]
        if last.children or len(passages) != 1:
            return False
        behind = self.mended.text[passages[0].end : last.end].strip("。； ")
        if behind:
            return False
        if passages[0].is_paragraph:
            return True
        return node.depth > 0 and last.kind in _LIST_KINDS

    def _lift(self, node: Node) -> None:
        last = node.children[-1]
        if not self.spoken(last)[-1].is_paragraph:
            self._doubt(last.start, f"“{node.title}”只在最后一项写了责任单位，按管到各项理解，请核对")
        self.said[node.start] = self.said.pop(last.start)
        self.said[last.start] = []

    def _pieces(self, node: Node | None, passages: Sequence[Responsibility], start: int) -> list[Found]:
        """Return one task for each passage: its text is what stands before it."""
        found = []
        if node is None and passages:
            start = self._last_paragraph(start, passages[0].start)
        for passage in passages:
            text = self.mended.text[start : passage.start].strip()
            title = first_words(text)
            if title:
                self._doubt(start, f"“{title}”没有编号，按责任单位分段列为一项任务，请核对")
                found.append(
                    Found(
                        title=title,
                        clause=node.clause if node else "",
                        start=start,
                        line=self.mended.line(start),
                        team=self._team([passage], title),
                        deadline=self._deadline([passage], text, start),
                        part=node,
                        text=text,
                    )
                )
            start = passage.end
        return found

    def _last_paragraph(self, start: int, end: int) -> int:
        """Return where the text behind the opening begins: behind 如下, else at the last line behind a full stop."""
        openings = list(_OPENING.finditer(self.mended.text, start, end))
        if openings:
            return openings[-1].end()
        index = self.mended.index(max(start, end - 1))
        while index and (begins := self.mended.starts[index]) > start:
            if self.mended.text[begins - 1] in "。：":
                return begins
            index -= 1
        return start

    def _task(self, node: Node) -> Found:
        """Return the entry as a task, with what is numbered inside it, or said sentence by sentence, as measures."""
        spoken = self.spoken(node)
        passages = [passage for passage in spoken if passage.units]
        inner = [p for child in node.children for n in child.walk() for p in self.spoken(n) if p.units]
        title = self._title(node)
        if not node.titled:
            self._doubt(node.start, f"“{title}”没有单独的标题，按首句列出，请核对")
        if node.skipped:
            self._doubt(node.start, f"编号“{node.label}”与前后不连续，请核对原文是否有缺漏")
        text = self.plain_text(node)
        return Found(
            title=title,
            clause=node.clause,
            start=node.start,
            line=self.mended.line(node.start),
            team=self._team(passages or inner, title) if passages or inner else self._inline(node),
            deadline=self._deadline(spoken, text, node.start),
            measures=list(self._measures(node, passages)),
            node=node,
            part=node.parent,
            number=node.number,
            is_safeguard=role_of(node) == "safeguards",
            text=text,
        )

    def safeguard(self, node: Node) -> Found:
        """Return an entry of the part on safeguards that names no units: with the reports and meetings it sets."""
        return replace(self._task(node), is_safeguard=True)

    def _measures(self, node: Node, passages: Sequence[Responsibility]) -> Iterator[DraftMeasure]:
        if node.children:
            for child in node.children:
                yield self._measure(
                    self._title(child), child.clause, child.start, self.spoken(child), self._text_of(child)
                )
            return
        pieces = list(self._sentences(node, passages))
        for start, text, passage in pieces:
            due = deadlines(text, years=self.years)
            own = passage if len(passages) > 1 else None
            if (own or due) and (len(pieces) > 1):
                yield self._measure(first_words(text), node.clause, start, [own] if own else [], text)

    def _measure(
        self, title: str, clause: str, start: int, passages: Sequence[Responsibility], text: str
    ) -> DraftMeasure:
        units = [passage for passage in passages if passage.units]
        team = self._team(units, title) if units else Team()
        labelled = "；".join(passage.due for passage in passages if passage.due)
        found = deadlines(labelled, years=self.years, is_label=True) or deadlines(text, years=self.years)
        return DraftMeasure("", title, clause, self.mended.line(start), team, main_one(found))

    def _sentences(
        self, node: Node, passages: Sequence[Responsibility]
    ) -> Iterator[tuple[int, str, Responsibility | None]]:
        """Yield the pieces of a task's text: up to each passage when there are several, else sentence by sentence."""
        start = node.title_end if node.titled else node.body
        if len(passages) > 1:
            for passage in passages:
                yield start, self.mended.text[start : passage.start].strip(" 。"), passage
                start = passage.end
            return
        end = passages[0].start if passages else node.end
        for found in re.finditer(r"[^。；]+", self.mended.text[start:end]):
            if found[0].strip():
                yield start + found.start(), found[0].strip(), None
