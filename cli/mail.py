"""`duban mail`: the mailbox to which units answer, and what came of what they sent."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from cli import output, reading
from cli.office import for_reading, opened
from cli.options import Json
from config.terms import MailOutcome
from flows.by_mail.fetched import FetchedReplies, MailFailed

app = typer.Typer(add_completion=False)

_MOST = 500
"""Mails that a list shows unless told otherwise."""


@app.command(
    "fetch",
    help="收取各单位回信报送的报表，办理并答复。\n\n"
    "可以随时重复运行：同一封邮件只办一次。办结的移入“已办”文件夹，其余移入“未办”文件夹，由办公室阅处。",
    epilog="duban mail fetch\nduban mail fetch --json",
)
def fetch(json: Json = False) -> None:
    """Look into the mailbox once and print what came of it."""
    from flows.by_mail.fetching import fetch_replies
    from flows.plans import plans_in_force

    with opened() as office:
        force = office.in_force()
        first = plans_in_force(office.settings, office.database)[0]
        looking = fetch_replies(
            office.database, office.settings, office.plan_key(force), at=force.now,
            takes_strays=first.plan_id == force.plan_id,
        )  # fmt: skip
        try:
            _show(asyncio.run(looking), json)
        except MailFailed as failed:  # what could be done is done, and is told before the failures are
            _show(failed.fetched, json)
            raise


def _show(fetched: FetchedReplies, json: bool) -> None:
    if json:
        output.as_json(fetched.as_json())
    else:
        output.sentence(fetched.in_words())
    if fetched.answered.problems:
        output.remark("答复未能发出（将再试）：" + "；".join(fetched.answered.problems))


@app.command(
    "list",
    help="列出收到的邮件及其办理结果，新的在前。",
    epilog="duban mail list\nduban mail list --outcome refused --json",
)
def listed(
    outcome: Annotated[
        str | None, typer.Option("--outcome", metavar="O", help=f"办理结果：{'、'.join(MailOutcome)}")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="最多列出几封")] = _MOST,
    json: Json = False,
) -> None:
    """Print the mails that came in, newest first."""
    from notifications.correspondence import received

    wanted = reading.term_if(MailOutcome, outcome, "办理结果")
    with for_reading() as (session, force):
        found = received(session, force.plan_id, outcome=wanted, limit=limit)
    if json:
        output.as_json({"mails": [asdict(mail) for mail in found]})
        return
    rows = (
        [mail.seen_at.strftime("%Y-%m-%d %H:%M"), mail.sender, mail.subject, mail.outcome, mail.detail, mail.answered]
        for mail in found
    )
    output.table(f"来信（{len(found)} 封）", ["时间", "发件人", "主题", "结果", "说明", "答复"], rows)
