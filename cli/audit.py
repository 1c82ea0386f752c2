"""`duban audit`: proving that the audit chain is whole."""

from __future__ import annotations

from dataclasses import asdict

import typer

from cli import output
from cli.office import for_reading
from cli.options import Json
from config.errors import StoreError
from database import chain
from models import ChainHead

app = typer.Typer(add_completion=False)


@app.command(
    "verify",
    help="核验审计链：逐条重算校验值，找出被改动、删除或插入的记录。\n\n发现问题时退出码为 1。",
    epilog="duban audit verify --json",
)
def verify(json: Json = False) -> None:
    """Print every broken link; none proves the chain whole."""
    with for_reading() as (session, force):
        head = session.get(ChainHead, force.tenant_id)
        links = head.seq if head else 0
        broken = chain.verify(session, force.tenant_id)
    if json:
        output.as_json({"links": links, "whole": not broken, "broken": [asdict(link) for link in broken]})
    for link in broken if not json else ():
        output.line(link.why)
    if broken:
        raise StoreError(f"审计链不完整：{len(broken)} 处，首处为第 {broken[0].seq} 条（{broken[0].why}）")
    if not json:
        output.line(f"审计链完整，共 {links} 条")
