"""A numbered entry of a document, and what is inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Node:
    """A numbered entry of the outline.

    `start` is where its marker begins, `body` where its words begin, `title_end` where its title ends and `end` where
    the next entry begins: all offsets in the mended text. `children` are the entries inside.
    """

    kind: str
    number: int
    label: str
    start: int
    body: int
    end: int = 0
    title_end: int = 0
    title: str = ""
    titled: bool = True
    skipped: bool = False
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list, repr=False)

    @property
    def depth(self) -> int:
        """Return 0 for an entry at the top."""
        return 0 if self.parent is None else self.parent.depth + 1

    @property
    def clause(self) -> str:
        """Return where the entry stands, written as 三（一）2."""
        above = self.parent.clause if self.parent and self.kind != "1.1" else ""
        return f"{above}{self.label}"

    @property
    def last(self) -> int:
        """Return where the entry ends with all that is inside it."""
        return self.children[-1].last if self.children else self.end

    def walk(self) -> Iterator[Node]:
        """Yield the entry, then all inside it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()
