"""`duban supervise`, `collect`, `escalate`: what ought to exist by now is made, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable

import typer

from cli import output, reading
from cli.office import opened
from cli.options import AsOf, Json
from config.terms import Level
from supervision import cycle
from supervision.cycle import Incomplete, Made

app = typer.Typer(add_completion=False)

_REPEATABLE = "可以随时重复运行：已有的不会重复生成。"


@app.command(
    "supervise",
    help=f"生成到期事项并交办。\n\n{_REPEATABLE}",
    epilog="duban supervise\nduban supervise --as-of 2022-07-01 --json",
)
def supervise(as_of: AsOf = None, json: Json = False) -> None:
    """Make and assign the items that ought to exist by now."""
    _run(cycle.supervise_plan, as_of, json)


@app.command(
    "collect",
    help=f"开启、催报、截止报送。\n\n{_REPEATABLE}",
    epilog="duban collect --as-of 2022-07-01",
)
def collect(as_of: AsOf = None, json: Json = False) -> None:
    """Open the reporting requests that are due and close those whose window has passed."""
    _run(cycle.collect_figures, as_of, json)


@app.command(
    "escalate",
    help=f"按阶梯提醒、催办、督办。\n\n督办单、通报只拟稿，由人审核、签发（duban paper）。{_REPEATABLE}",
    epilog="duban escalate --as-of 2022-07-21 --json",
)
def escalate(as_of: AsOf = None, json: Json = False) -> None:
    """Climb the ladder for items and requests."""
    _run(cycle.escalate_overdue, as_of, json)


Step = Callable[..., Made]


def _run(step: Step, as_of: str | None, json: bool) -> None:
    day = reading.day_if(as_of, "--as-of")
    with opened() as office:
        force = office.in_force()
        try:
            _show(step(office.database, office.plan_key(force), as_of=day or force.today), json)
        except Incomplete as incomplete:  # what could be done is done, and is told before the failures are
            _show(incomplete.made, json)
            raise


def _show(made: Made, json: bool) -> None:
    if json:
        output.as_json(made.as_json())
        return
    output.sentence(f"截至 {made.as_of}：" + (_created(made) or "没有新增"))
    if made.notices:
        output.table(
            "通知",
            ["级别", "事项", "报送任务", "期限", "收件人"],
            ([_level(n.level), n.item, n.request, n.due, "、".join(n.recipients)] for n in made.notices),
        )


def _created(made: Made) -> str:
    return "，".join(f"{_WORDS.get(kind, kind)} {count}" for kind, count in made.created.items() if count)


_WORDS = {
    "items": "交办事项",
    "retrospective": "追溯登记",
    "requests": "报送任务",
    "confirmed": "逾时视同审核通过",
    "missing": "未报",
    "notices": "通知",
}


def _level(level: str) -> str:
    return Level(level).label
