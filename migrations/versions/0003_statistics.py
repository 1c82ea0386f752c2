"""Statistical series with vintages, what surveys found, and what was released

Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from database.columns import ExactDecimal, UtcDateTime, document

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series",
        *_keys("series"),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("unit_of_measure", sa.String(), nullable=False),
        sa.Column("frequency", sa.String(32), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.UniqueConstraint("plan_id", "code", name="uq_series_plan_id_code"),
        sa.UniqueConstraint("plan_id", "id", name="uq_series_plan_id_id"),
    )
    op.create_table(
        "series_value",
        *_keys("series_value"),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=True),
        sa.Column("growth", ExactDecimal(), nullable=True),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id", "series_id"], ["series.plan_id", "series.id"], name="fk_series_value_plan_id_series_id"
        ),
        _person("series_value", "recorded_by_person_id"),
        sa.UniqueConstraint(
            "plan_id", "series_id", "area", "period", "vintage",
            name="uq_series_value_plan_id_series_id_area_period_vintage",
        ),
    )  # fmt: skip
    op.create_table(
        "survey_result",
        *_keys("survey_result"),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", document(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_person_id", sa.Integer(), nullable=False),
        _person("survey_result", "recorded_by_person_id"),
        sa.UniqueConstraint(
            "plan_id", "survey", "period", "version", name="uq_survey_result_plan_id_survey_period_version"
        ),
    )
    op.create_table(
        "data_release",
        *_keys("data_release"),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", document(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=False),
        sa.Column("released_by_person_id", sa.Integer(), nullable=False),
        _person("data_release", "released_by_person_id"),
        sa.UniqueConstraint("plan_id", "code", "period", "version", name="uq_data_release_plan_id_code_period_version"),
    )


def downgrade() -> None:
    for table in ("data_release", "survey_result", "series_value", "series"):
        op.drop_table(table)


def _keys(table: str) -> list[sa.schema.SchemaItem]:
    return [
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "tenant_id", "plan_id")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plan.tenant_id", "plan.id"], name=f"fk_{table}_tenant_id_plan_id"
        ),
    ]


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_tenant_id_{column}"
    return sa.ForeignKeyConstraint(["tenant_id", column], ["person.tenant_id", "person.id"], name=name)
