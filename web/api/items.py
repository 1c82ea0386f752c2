"""Items: listing, one with what can be done to it, its timeline, and acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session

from config.terms import Level, MatterKind, Status
from supervision.deadlines import Light
from supervision.in_force import InForce
from supervision.ledger.acts import Act, perform
from supervision.queries import items as queries
from supervision.queries.item_page import item_page
from supervision.queries.ledger_page import SORTS, Scope, Wanted, ledger_page
from supervision.queries.people import Actor
from web.api.calling import Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import Number, PageNumber, PageSize
from web.api.shapes.items import (
    ActDone,
    ActGiven,
    AskedShape,
    Board,
    DueShape,
    Event,
    History,
    ItemDetail,
    ItemList,
    ItemShape,
    ReportShape,
    TaskShape,
)
from web.rules import EVERYBODY, OVERSIGHT

endpoints = Endpoints("事项")


@endpoints.get("/items", EVERYBODY, ItemList, "列出事项")
async def listed(
    call: Calling,
    scope: Scope = Scope.OPEN,
    task: Annotated[int | None, Query(ge=1, le=9999, description="重点任务的序号")] = None,
    unit: Annotated[str | None, Query(max_length=100, description="责任单位的名称或代码")] = None,
    status: Status | None = None,
    light: Light | None = None,
    level: Level | None = None,
    source: MatterKind | None = None,
    due_from: dt.date | None = None,
    due_to: dt.date | None = None,
    words: Annotated[str, Query(max_length=100)] = "",
    sort: Annotated[str, Query(pattern=f"^({'|'.join(SORTS)})$")] = SORTS[0],
    descending: bool = False,
    page: PageNumber = 1,
    size: PageSize = 50,
) -> ItemList:
    """Give a page of the items that the caller sees and that meet every condition."""
    wanted = Wanted(
        scope=scope, task=task, unit=unit or "", status=status, light=light, level=level, source=source,
        due_from=due_from, due_to=due_to, words=words, sort=sort, descending=descending,
    )  # fmt: skip
    found = ledger_page(call.session, call.force, call.sight, wanted, as_of=call.force.today, page=page, size=size)
    rows = [ItemShape(**asdict(row)) for row in found.rows]
    return ItemList(items=rows, total=found.total, page=found.page, pages=found.pages)


@endpoints.get("/items/{number}", EVERYBODY, ItemDetail, "一个事项")
async def one(call: Calling, number: Number) -> ItemDetail:
    """Give an item with its basis, what comes next, and what the caller may do."""
    item = call.sight.item(call.session, call.force, number)
    found = item_page(call.session, call.force, item, call.actor, as_of=call.force.today)
    return ItemDetail(
        **asdict(found.line), basis=found.origin.basis, next_step=found.climb.next_words if found.climb else None,
        actions=[each.action for each in found.doable if not each.recorded], merges=found.merges,
        extension=AskedShape(**asdict(found.extension)) if found.extension else None,
        dues=[DueShape(**asdict(each)) for each in found.dues],
        reports=[ReportShape(**asdict(each)) for each in found.reports],
        parts=[ItemShape(**asdict(each.line)) for each in found.parts],
    )  # fmt: skip


@endpoints.get("/items/{number}/history", EVERYBODY, History, "办理过程")
async def history(call: Calling, number: Number) -> History:
    """Give everything that happened to an item."""
    call.sight.item(call.session, call.force, number)
    lines = queries.history(call.session, call.force, number)
    return History(events=[Event(**asdict(line)) for line in lines])


@endpoints.post("/items/{number}/acts", EVERYBODY, ActDone, "办理一个事项")
def act(call: Calling, request: Request, number: Number, given: ActGiven, key: Once = None) -> JSONResponse:
    """Do one act to an item: the same rules as everywhere else."""
    call.sight.item(call.session, call.force, number)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        done = perform(session, force, Act(
            number, given.action, actor, force.now, comment=given.comment, date=given.date, to_unit=given.to_unit,
            reason=given.reason, source=given.source, problems=given.problems, next_steps=given.next_steps,
            revision=given.revision,
        ))  # fmt: skip
        answer = ActDone(
            item=done.item_id, action=done.action, status=done.status, due=done.due, revision=done.revision
        )
        return answer.model_dump(mode="json")

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.get("/board", OVERSIGHT, Board, "重点任务的亮灯")
async def board(call: Calling) -> Board:
    """Give the lights of all key tasks."""
    rows = queries.board(call.session, call.force, as_of=call.force.today)
    tasks = [
        TaskShape(
            number=row.number, title=row.title, lead_unit=row.lead_unit, light=row.light, units=list(row.units),
            counts={light.value: many for light, many in row.counts.items()}, items=row.items,
        )
        for row in rows
    ]  # fmt: skip
    return Board(as_of=call.force.today, tasks=tasks)
