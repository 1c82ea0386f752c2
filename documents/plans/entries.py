"""What one entry of a plan says: its words, its title, its units and its deadline, with what is doubtful in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.plans.deadline import Deadline, Years
from documents.plans.deadlines import deadlines, main_one
from documents.plans.mending import Mended
from documents.plans.model import Doubt, Team
from documents.plans.node import Node
from documents.plans.passage import Responsibility
from documents.plans.responsibility import responsibilities
from documents.plans.units import is_group, is_surely_unit, names

_INLINE = re.compile(
    r"由(?P<lead>[^，。；由]{2,20}?)(?:负责)?牵头"
    r"|(?:(?<=[。；])|(?<=\s)|^)(?P<first>[^，。；、]{3,20}?)会同(?P<others>[^，。；]{2,40}?)"
    r"(?=每|定期|适时|组织|开展|建立|加强|做好|研究|制定|负责|对)"
)


@dataclass
class Entries:
    """The entries of one document: what was read of them, once each, and the doubts collected on the way."""

    mended: Mended
    years: Years
    doubts: list[Doubt] = field(default_factory=list)
    said: dict[int, list[Responsibility]] = field(default_factory=dict)

    def spoken(self, node: Node) -> list[Responsibility]:
        """Return what the entry's own text says about responsibility, not that of the entries inside it."""
        if node.start not in self.said:
            self.said[node.start] = responsibilities(self.mended, node.body, node.end)
        return self.said[node.start]

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

    def _title(self, node: Node) -> str:
        """Return the title, without what it says about responsibility."""
        for passage in self.spoken(node):
            if node.body <= passage.start < node.title_end:
                return self.mended.text[node.body : passage.start].strip("。；，：:、 ")
        return node.title

    def _text_of(self, node: Node) -> str:
        return self.mended.text[node.body : node.last]

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

    def _doubt(self, offset: int, message: str) -> None:
        self.doubts.append(Doubt(self.mended.line(offset), message))
