"""What a command prints: JSON to stdout alone, or a table that a terminal can hold."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from io import StringIO
from shutil import get_terminal_size

UNLIMITED = 10_000
"""Terminal columns that no table reaches: a file or a pipe gets whole lines."""

_made_up: ContextVar[bool] = ContextVar("made_up", default=False)

UNBROKEN = 12
"""Terminal columns: a table's column with nothing longer in it is never broken over lines, so that dates stay whole."""


def printable(text: str) -> str:
    """Return `text` without control characters, which could forge or recolour a terminal's lines."""
    return "".join(character if character.isprintable() else " " for character in text)


def one_line(text: str) -> str:
    """Return `text` as one printable line."""
    return printable("；".join(line.strip() for line in text.splitlines() if line.strip()))


class NobodyReads(Exception):
    """The reader of our output has gone (`| head`): there is nobody to tell, and nothing to tell."""


def as_json(data: object) -> None:
    """Print `data` as JSON: decimals as strings, dates and times as ISO 8601."""
    line(json.dumps(data, ensure_ascii=False, indent=2, default=_text))


def line(text: str) -> None:
    """Print `text` and end the line. Raises NobodyReads when the reader has gone."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise NobodyReads from None


def mark(made_up: bool) -> None:
    """Say from now on, in every sentence and table, whether what they show is made up (模拟数据)."""
    _made_up.set(made_up)


def sentence(text: str) -> None:
    """Print one sentence, which says so when it is about made-up data."""
    line(_marked(text))


def _marked(text: str) -> str:
    return f"【模拟数据】{text}" if _made_up.get() else text


def remark(text: str) -> None:
    """Print one line to stderr: something to know that is no failure of the command."""
    sys.stderr.write(one_line(text) + "\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print `rows` under `columns`; nothing is coloured or read as markup, whatever the cells hold."""
    from rich.box import SIMPLE
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=Text(_marked(title)), box=SIMPLE, title_justify="left", pad_edge=False)
    cells = [[cell(value) for value in row] for row in rows]
    for column, texts in zip(columns, zip(*cells, strict=True) if cells else [()] * len(columns), strict=True):
        is_short = all(cell_len(text) <= UNBROKEN for text in texts)
        grid.add_column(Text(column), overflow="fold", no_wrap=is_short)
    for row in cells:
        grid.add_row(*map(Text, row))
    width = get_terminal_size().columns if sys.stdout.isatty() else UNLIMITED
    text = StringIO()
    Console(file=text, width=width, highlight=False, emoji=False, markup=False).print(grid)
    line("\n".join(row.rstrip() for row in text.getvalue().rstrip().splitlines()))


def cell(value: object) -> str:
    """Return what a table shows for `value`: nothing for None, 是 or 否, the label of a term, else its text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return printable(str(getattr(value, "label", value)))


def component(code: str) -> str:
    """Return what a component of the score is called in a column."""
    return _COMPONENTS.get(code, code)


_COMPONENTS = {"targets": "目标", "key_tasks": "重点任务", "reporting": "报送", "supervision": "督办"}


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be printed as JSON")
