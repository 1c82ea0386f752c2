"""A signed paper keeps the series of its 文号; letters to central units have a series of their own

Revises: 0004
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from config.errors import StoreError
from database.columns import document

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OLD, NEW = "uq_paper_plan_id_level_year_number", "uq_paper_tenant_id_series_year_number"
NUMBERED = "(series IS NULL) = (number IS NULL) AND (year IS NULL) = (number IS NULL)"
KINDS = {"supervision_notice": "督", "circular": "通"}
"""What stood between 机关代字 and year before this migration, by level."""
NUMBER = re.compile(r"(?P<series>.+)〔(?P<year>[0-9]+)〕(?P<number>[0-9]+)号")

PAPER = sa.table(
    "paper", sa.column("id"), sa.column("tenant_id"), sa.column("plan_id"), sa.column("level"), sa.column("series"),
    sa.column("year"), sa.column("number"),
)  # fmt: skip
PLAN = sa.table("plan", sa.column("id"), sa.column("content_id"))
VERSION = sa.table("plan_version", sa.column("id"), sa.column("content", document()))
EVENT = sa.table("event", sa.column("action"), sa.column("data", document()))


def upgrade() -> None:
    """Name the series of every number given so far: as the chain recorded it, else by the plan's word of today."""
    with op.batch_alter_table("paper") as table:
        table.add_column(sa.Column("series", sa.String(), nullable=True))
        table.drop_constraint(OLD, type_="unique")
    given, words = dict(_recorded()), _words()
    for row in _rows(sa.select(PAPER)):
        if row.id in given:
            _put(row.id, *given[row.id])
        elif row.number is not None:
            _put(row.id, f"{words[row.plan_id]}{KINDS[row.level]}", row.year, row.number)
    _refuse_repeated()
    with op.batch_alter_table("paper") as table:
        table.create_unique_constraint(NEW, ["tenant_id", "series", "year", "number"])
        table.create_check_constraint("numbered", NUMBERED)


def downgrade() -> None:
    """Take back the numbers that the older version would print as another 文号; the chain keeps them."""
    words = _words()
    for row in _rows(sa.select(PAPER).where(PAPER.c.series.is_not(None))):
        if row.series != f"{words[row.plan_id]}{KINDS[row.level]}":
            _put(row.id, None, None, None)
    with op.batch_alter_table("paper") as table:
        table.drop_constraint("numbered", type_="check")
        table.drop_constraint(NEW, type_="unique")
        table.create_unique_constraint(OLD, ["plan_id", "level", "year", "number"])
        table.drop_column("series")


def _recorded() -> Iterator[tuple[int, tuple[str, int, int]]]:
    """Yield each signed paper with series, year and number of the 文号 that the chain says it was given."""
    for row in _rows(sa.select(EVENT.c.data).where(EVENT.c.action == "sign_paper")):
        if found := NUMBER.fullmatch(row.data.get("number", "")):
            yield row.data["paper"], (found["series"], int(found["year"]), int(found["number"]))


def _words() -> dict[int, str]:
    """Return the 机关代字 of each plan in force, by the plan's number."""
    join = PLAN.join(VERSION, VERSION.c.id == PLAN.c.content_id)
    rows = _rows(sa.select(PLAN.c.id, VERSION.c.content["office"]["word"].as_string().label("word")).select_from(join))
    return defaultdict(str, {row.id: row.word for row in rows})


def _refuse_repeated() -> None:
    papers: dict[tuple[int, str, int, int], int] = {}
    for row in _rows(sa.select(PAPER).where(PAPER.c.series.is_not(None)).order_by(PAPER.c.id)):
        key = (row.tenant_id, row.series, row.year, row.number)
        if key in papers:
            number = f"{row.series}〔{row.year}〕{row.number}号"
            raise StoreError(
                f"文书 {papers[key]} 与文书 {row.id} 的文号同为“{number}”，不能升级，数据未作任何改动："
                "请先更正其中一份的编号，再运行 duban init"
            )
        papers[key] = row.id


def _rows(statement: sa.Select[Any]) -> list[sa.Row[Any]]:
    return list(op.get_bind().execute(statement))


def _put(paper: int, series: str | None, year: int | None, number: int | None) -> None:
    change = sa.update(PAPER).where(PAPER.c.id == paper).values(series=series, year=year, number=number)
    op.get_bind().execute(change)
