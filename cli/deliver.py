"""`duban deliver`: what is waiting goes out."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from cli import output, reading
from cli.office import opened
from cli.options import Json
from notifications import outbox

app = typer.Typer(add_completion=False)


@app.command(
    "deliver",
    help="发出待发的通知。\n\n只在工作时间发，特急的随时发；未到时间的留待下一工作时间。",
    epilog="duban deliver\nduban deliver --at 2022-07-21T09:00:00+08:00 --json",
)
def deliver(
    at: Annotated[str | None, typer.Option("--at", metavar="T", help="时刻（含时区），默认现在")] = None,
    json: Json = False,
) -> None:
    """Empty the outbox through the channels; what did not go is told on stderr, and is tried again later."""
    moment = reading.moment_if(at, "--at")
    with opened() as office:
        force = office.in_force()
        sending = outbox.deliver(
            office.database,
            office.settings,
            tenant_id=force.tenant_id,
            plan_id=force.plan_id,
            at=moment or force.now,
            working_time=force.working_time,
        )
        delivered = asyncio.run(sending)
    if json:
        output.as_json({"sent": delivered.sent, "deferred": delivered.deferred, "failed": delivered.failed})
    else:
        output.sentence(f"发出 {delivered.sent}，留待以后 {delivered.deferred}，失败 {delivered.failed}")
    if delivered.problems:
        output.remark("未能发出（将再试）：" + "；".join(delivered.problems))
