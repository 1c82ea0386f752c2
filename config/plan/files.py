"""Reading one YAML file of a plan folder into plain data that still knows its lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from config.plan.problems import Problem, explain
from config.plan.schema.base import Entry

Loc = tuple[str | int, ...]
"""A path into a file: keys and positions in lists."""

AFile = TypeVar("AFile", bound=Entry)

_BROKEN = "YAML 写法有误，请核对这一行和上一行的缩进、括号；含半角冒号、引号的文字请加引号"

_ROUNDS = 5
"""How often entries with errors are set aside before a file counts as unusable; nested entries need one each."""


@dataclass(frozen=True)
class Reading(Generic[AFile]):
    """A file as far as it could be read.

    `content` is None when nothing of it is usable; `whole` is False when entries with errors were set aside, so
    that sums over the file mean nothing. `declared` are all codes, names and numbers that the file mentions as
    such, also in entries set aside.
    """

    name: str
    content: AFile | None
    whole: bool
    lines: Mapping[Loc, int]
    declared: frozenset[object]
    problems: tuple[Problem, ...]

    def line(self, loc: Loc) -> int:
        """Return the line (from 1) of `loc`, or of the nearest entry around it."""
        return _line(self.lines, loc)


def _line(lines: Mapping[Loc, int], loc: Loc) -> int:
    while loc and loc not in lines:
        loc = loc[:-1]
    return lines.get(loc, 1)


@dataclass
class _Document:
    """Plain data of a node tree, its lines and the problems of form met on the way."""

    name: str
    lines: dict[Loc, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def data(self, node: Node, loc: Loc = ()) -> object:
        """Return the plain data of `node`, which stands at `loc`."""
        if id(node) in self.seen:  # an alias is the anchor's own node: its line is that of the key or list around it
            self._refuse(_line(self.lines, loc), "计划文件不用锚点和别名，请写全")
            return None
        self.seen.add(id(node))
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if isinstance(node, SequenceNode):
            return [self.data(item, (*loc, index)) for index, item in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return _scalar(node)
        return self._mapping(node, loc)

    def _mapping(self, node: Node, loc: Loc) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in data:
                self._refuse(key.start_mark.line + 1, f"键 {name} 重复，请只留一个")
                continue
            self.lines[(*loc, name)] = key.start_mark.line + 1
            data[name] = self.data(value, (*loc, name))
        return data

    def _refuse(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.name, line, message))


def _scalar(node: ScalarNode) -> object:
    """Return the value of a scalar: exact, and only in the forms that cannot be mistaken.

    Quoted text stays text; a plain number is an int or a Decimal, never a float; a plain date is a date.
    """
    text: str = node.value
    if node.style not in (None, ""):
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return Decimal(text)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text  # an impossible date: the model says so, with its key
    return text


def read_file(folder: Traversable, name: str, model: type[AFile]) -> Reading[AFile]:
    """Return what `name` in `folder` says as `model`, with every problem of form on its line."""
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return _unusable(name, 1, "计划目录缺少这个文件，请补上")
    except (OSError, UnicodeDecodeError) as error:
        return _unusable(name, 1, f"文件读不出来，须为 UTF-8 文本（{type(error).__name__}）")
    try:
        root = YAML(typ="safe").compose(text)
    except MarkedYAMLError as error:
        mark, begun = error.problem_mark or error.context_mark, error.context_mark
        since = f"，起于第 {begun.line + 1} 行" if begun else ""
        return _unusable(name, mark.line + 1 if mark else 1, f"{_BROKEN}（{error.problem or error.context}{since}）")
    except YAMLError as error:
        return _unusable(name, 1, f"{_BROKEN}（{str(error).splitlines()[0]}）")
    if not isinstance(root, MappingNode):
        return _unusable(name, 1, "文件应由“键: 值”组成")
    return _validated(name, root, model)


def _unusable(name: str, line: int, message: str) -> Reading[AFile]:
    return Reading(name, None, False, {}, frozenset(), (Problem(name, line, message),))


def _validated(name: str, root: MappingNode, model: type[AFile]) -> Reading[AFile]:
    """Validate; set entries with errors aside and try the rest, so that their neighbours are checked too.

    Only the first round's errors are reported: what a later round adds follows from what was set aside.
    """
    first = _Document(name)
    data = first.data(root)
    declared = frozenset(_declared(data))
    problems = first.problems
    for turn in range(_ROUNDS):
        document = _Document(name)
        try:
            content = model.model_validate(document.data(root))
        except ValidationError as error:
            errors = _first_causes(error.errors())
            if turn == 0:
                problems += [Problem(name, _line(first.lines, e["loc"]), explain(e)) for e in errors]
            doomed = _deepest_first(errors, document.lines)
            if () in doomed:
                break
            for loc in doomed:
                _set_aside(root, loc)
        else:
            return Reading(name, content, not problems, document.lines, declared, tuple(problems))
    return Reading(name, None, False, first.lines, declared, tuple(problems))


def _declared(data: object) -> set[object]:
    if isinstance(data, list):
        return {value for item in data for value in _declared(item)}
    if not isinstance(data, dict):
        return set()
    own = {data[key] for key in ("code", "name", "number") if isinstance(data.get(key), str | int)}
    return own | {value for item in data.values() for value in _declared(item)}


def _first_causes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out lists that are only too short because their entries have errors of their own."""
    inside = {e["loc"][:depth] for e in errors for depth in range(len(e["loc"]))}
    return [e for e in errors if e["type"] != "too_short" or e["loc"] not in inside]


def _deepest_first(errors: Sequence[ErrorDetails], lines: Mapping[Loc, int]) -> list[Loc]:
    """Return what to remove: an unknown key alone, otherwise the innermost list entry around the error."""
    doomed: set[Loc] = set()
    for error in errors:
        loc: Loc = error["loc"]
        while loc and error["type"] != "extra_forbidden" and not (loc in lines and isinstance(loc[-1], int)):
            loc = loc[:-1]
        doomed.add(loc)
    return sorted(doomed, key=_depth_and_position, reverse=True)


def _depth_and_position(loc: Loc) -> tuple[int, int]:
    last = loc[-1] if loc else 0
    return len(loc), last if isinstance(last, int) else -1


def _set_aside(root: Node, loc: Loc) -> None:
    """Remove what stands at `loc` from the tree."""
    node = root
    for step in loc[:-1]:
        node = _child(node, step)
    if isinstance(node, SequenceNode):
        del node.value[int(loc[-1])]
    else:
        node.value = [(key, value) for key, value in node.value if key.value != loc[-1]]


def _child(node: Node, step: str | int) -> Node:
    children: list[Node] = node.value
    if isinstance(node, SequenceNode):
        return children[int(step)]
    pairs: list[tuple[Node, Node]] = node.value
    return next(value for key, value in pairs if key.value == step)
