"""Reading the address of a list: what is wanted, and the address of something slightly different."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from config.terms import Level, MatterKind, Status
from supervision.deadlines import Light
from supervision.queries.ledger_page import SORTS, Scope, Wanted
from web import inputs

NUMBERS = {"task": "重点任务", "overdue_from": "逾期不少于", "overdue_to": "逾期不多于"}


def wanted_of(given: QueryParams) -> Wanted:
    """Return what of the ledger an address asks for. Raises BadInput in words for a value that cannot be."""
    sort = inputs.text(given, "sort")
    numbers = {name: inputs.whole(given, name, label, default=-1, highest=9999) for name, label in NUMBERS.items()}
    return Wanted(
        scope=inputs.term(Scope, given, "scope", "范围") or Scope.OPEN,
        unit=inputs.text(given, "unit", "责任单位", longest=100),
        status=inputs.term(Status, given, "status", "状态"),
        light=inputs.term(Light, given, "light", "亮灯"),
        level=inputs.term(Level, given, "level", "督办级别"),
        source=inputs.term(MatterKind, given, "source", "来源"),
        due_from=inputs.day(given, "due_from", "期限起"),
        due_to=inputs.day(given, "due_to", "期限止"),
        asks_extension=given.get("asks_extension") == "yes",
        open_only=given.get("open_only") == "yes",
        words=inputs.text(given, "words", "关键字", longest=100),
        sort=sort if sort in SORTS else SORTS[0],
        descending=given.get("descending") == "yes",
        **{name: None if number < 0 else number for name, number in numbers.items()},
    )


@lru_cache(maxsize=4096)  # a board links to hundreds of lists, and the next board to the same
def address(path: str, wanted: Wanted, **more: object) -> str:
    """Return the address of a list that shows what is wanted; only what differs from everything is written."""
    usual = Wanted()
    values = {
        each.name: getattr(wanted, each.name)
        for each in fields(wanted)
        if getattr(wanted, each.name) != getattr(usual, each.name)
    }
    written = {name: "yes" if value is True else str(value) for name, value in (values | more).items()}
    return f"{path}?{urlencode(written)}" if written else path
