"""A passage on responsibility: what it says, where it stands, and how passages that adjoin make one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from documents.plans.mending import Mended
from documents.plans.roles import LABEL, Roles, labelled, leads_and_rest
from documents.plans.units import is_group

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


def begins_line(mended: Mended, offset: int) -> bool:
    """Return whether a line begins at `offset`, and the one before it was not merely full."""
    index = mended.index(offset)
    return mended.starts[index] == offset and index > 0 and mended.closed[index - 1]


def passage_of(
    roles: Roles, words: str, start: int, end: int, *, is_paragraph: bool = False, broken: bool = False
) -> Responsibility:
    """Return the passage of `words`, whose `roles` were found, at [start, end) of the mended text."""
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


def lines_in(mended: Mended, start: int, end: int) -> Sequence[int]:
    """Return where lines begin in [start, end)."""
    return mended.starts[bisect_left(mended.starts, start) : bisect_left(mended.starts, end)]


def merged(found: list[Responsibility], mended: Mended) -> list[Responsibility]:
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
