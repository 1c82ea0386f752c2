"""Which entries of the outline are tasks, with their units, deadlines and measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from documents.plans.deadline import Deadline, Years
from documents.plans.deadlines import deadlines, main_one
from documents.plans.found import Found, first_words
from documents.plans.mending import Mended
from documents.plans.model import Doubt, DraftMeasure, Team
from documents.plans.node import Node
from documents.plans.passage import Responsibility
from documents.plans.responsibility import responsibilities
from documents.plans.sections import role_of
from documents.plans.units import is_group, is_surely_unit, names

_LIST_KINDS = ("1.", "（1）", "1）", "①", "1.1")
_INLINE = re.compile(
    r"由(?P<lead>[^，。；由]{2,20}?)(?:负责)?牵头"
    r"|(?:(?<=[。；])|(?<=\s)|^)(?P<first>[^，。；、]{3,20}?)会同(?P<others>[^，。；]{2,40}?)"
    r"(?=每|定期|适时|组织|开展|建立|加强|做好|研究|制定|负责|对)"
)
_OPENING = re.compile(r"(?:如下|制定本[^。]{1,8}|印发[^。]{0,30}|提出以下[^。]{0,8})[。：]")


@dataclass
class TaskFinder:
    """Finds the tasks of one document and collects what is doubtful on the way."""

    mended: Mended
    years: Years
    doubts: list[Doubt] = field(default_factory=list)
    said: dict[int, list[Responsibility]] = field(default_factory=dict)

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

    def spoken(self, node: Node) -> list[Responsibility]:
        """Return what the entry's own text says about responsibility, not that of the entries inside it."""
        if node.start not in self.said:
            self.said[node.start] = responsibilities(self.mended, node.body, node.end)
        return self.said[node.start]

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

    def _title(self, node: Node) -> str:
        """Return the title, without what it says about responsibility."""
        for passage in self.spoken(node):
            if node.body <= passage.start < node.title_end:
                return self.mended.text[node.body : passage.start].strip("。；，：:、 ")
        return node.title

    def plain_text(self, node: Node) -> str:
        """Return the words of the entry, with blanks for passages on responsibility and full stops for numbers.

        The title is left out when anything follows it; an entry of one sentence is its own text. Offsets are those
        behind the entry's number.
        """
        text = self._blanked(node)
        title = node.title_end - node.body if node.titled else 0
        rest = text[title:].strip("　。；，、 ")
        return "　" * title + text[title:] if rest else text

    def _blanked(self, node: Node) -> str:
        spans = [(p.start, p.end, "　") for inner in node.walk() for p in self.spoken(inner)]
        spans += [(inner.start, inner.body, "。") for inner in node.walk() if inner is not node]
        pieces, at = [], node.body
        for start, end, fill in sorted(spans):
            start, end = max(at, start), min(max(at, end), node.last)
            pieces += [self.mended.text[at:start], fill * (end - start)]
            at = max(at, end)
        return "".join([*pieces, self.mended.text[at : node.last]])

    def _team(self, passages: Sequence[Responsibility], title: str) -> Team:
        """Return the units of one or several passages, the first passage's lead first."""
        first = passages[0]
        for passage in passages:
            if passage.broken:
                self._doubt(passage.start, f"“{title}”的责任单位括号不成对，请核对")
            if passage.remark:
                self._doubt(passage.start, f"“{title}”的责任单位之后另有说明“{passage.remark}”，请核对")
            if passage.by_duty and len(passage.units) > 1:
                self._doubt(passage.start, f"“{title}”写的是按职责分工负责，没有指明牵头单位，暂以第一位牵头，请核对")
            if passage.names_others:
                self._doubt(passage.start, f"“{title}”的责任单位后面写有“等”，其余单位没有列出，请核对")
            if passage.units and not passage.leads:
                self._doubt(passage.start, f"“{title}”没有写牵头单位，请补填")
        leads = list(dict.fromkeys(lead for passage in passages for lead in passage.leads))
        if len(passages) > 1 and len(leads) > 1:
            self._doubt(first.start, f"“{title}”分段写有{len(leads)}个牵头单位，已逐段列为举措，请核对")
        leading = set(leads)
        supporting = [n for passage in passages for n in passage.supporting if n not in leading]
        groups = [n for passage in passages for n in passage.groups]
        wording = "；".join(passage.text for passage in passages)
        return Team(tuple(leads), tuple(dict.fromkeys(supporting)), tuple(dict.fromkeys(groups)), wording)

    def _inline(self, node: Node) -> Team:
        """Return the unit that the text itself names (由市经信局牵头…), which a person should confirm."""
        found = _INLINE.search(self.mended.text, node.title_end if node.titled else node.body, node.last)
        if found is None:
            return Team()
        lead, others = found["lead"] or found["first"], names(found["others"] or "")
        if found["first"] and not is_surely_unit(lead):
            return Team()
        self._doubt(found.start(), f"“{node.title}”的牵头单位“{lead}”取自正文，请核对")
        units = tuple(name for name in others if not is_group(name))
        return Team((lead,), units, tuple(name for name in others if is_group(name)), found[0])

    def _deadline(self, passages: Sequence[Responsibility], text: str, start: int) -> Deadline | None:
        """Return the deadline: the one behind 完成时限, else the one that the text names."""
        labelled = "；".join(passage.due for passage in passages if passage.due)
        found = deadlines(labelled, years=self.years, is_label=True) if labelled else []
        if labelled and not found:
            self._doubt(start, f"完成时限“{labelled}”无法写成时限规则，请补填")
        if not found:
            found = deadlines(text, years=self.years)
            if len(found) > 1 and (main := main_one(found)):
                words = "、".join(dict.fromkeys(deadline.text for deadline in found))
                self._doubt(start, f"正文有多个时限（{words}），任务时限取“{main.text}”，请核对")
        elif len(found) > 1:
            self._doubt(start, f"完成时限“{labelled}”分几步，任务时限取最后一个，请核对")
        main = main_one(found)
        if main and main.doubt:
            self._doubt(start, main.doubt)
        return main

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

    def _text_of(self, node: Node) -> str:
        return self.mended.text[node.body : node.last]

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

    def _doubt(self, offset: int, message: str) -> None:
        self.doubts.append(Doubt(self.mended.line(offset), message))
