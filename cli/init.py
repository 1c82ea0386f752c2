"""`duban init`: creating or upgrading the database, and loading the plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.installed import make_room, packaged
from cli.options import Json
from config import clock
from config.plan import Plan, load_plan
from config.settings import settings
from database import Database, upgrade, writing
from supervision.ledger.plan import put_plan

app = typer.Typer(add_completion=False)


@app.command(
    "init",
    help="建立或升级数据库，并载入计划。\n\n可以重复运行：计划没有变化时什么也不改，有变化时存为新的版本。",
    epilog="duban init\nduban init --plan plans/another-city",
)
def init(
    plan: Annotated[Path | None, typer.Option("--plan", metavar="DIR", help="计划目录，默认随程序附带的计划")] = None,
    json: Json = False,
) -> None:
    """Upgrade the database and put the plan into it; print what the plan holds."""
    found = settings()
    loaded = load_plan(plan or packaged(found))
    make_room(found)
    database = Database(found.database_url)
    try:
        before, after = upgrade(database)
        with writing(database) as session:
            put_plan(session, loaded, at=clock.now())
    finally:
        database.dispose()
    counts = _counts(loaded)
    if json:
        output.as_json({"database": {"before": before, "after": after}, "plan": loaded.code, "counts": counts})
        return
    where = database.url.render_as_string(hide_password=True)
    output.line(f"数据库 {where}（结构 {after}）")
    output.line(f"计划 {loaded.code}：{loaded.title}")
    output.line("，".join(f"{_WORDS[name]} {count}" for name, count in counts.items()))


_WORDS = {
    "goals": "工作目标",
    "indicators": "指标",
    "key_tasks": "重点任务",
    "measures": "举措",
    "units": "单位",
    "forms": "报表",
    "accounts": "岗位账号",
}


def _counts(plan: Plan) -> dict[str, int]:
    return {
        "goals": len(plan.goals),
        "indicators": len(plan.indicators),
        "key_tasks": len(plan.key_tasks),
        "measures": sum(len(matter.measures) for matter in plan.matters),
        "units": len(plan.units),
        "forms": len(plan.forms),
        "accounts": len(plan.accounts()),
    }
