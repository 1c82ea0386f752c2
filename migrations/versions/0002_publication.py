"""An assessment goes through publicity, objections and publication; districts answer to their targets

Revises: 0001
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from database.columns import UtcDateTime, document

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS: dict[str, dict[str, Any]] = {
    "adjustment": {"comment": sa.String()},
    "assessment": {
        "corrects": sa.Integer(), "reason": sa.String(), "opened_at": UtcDateTime(), "objections_until": sa.Date(),
        "published_at": UtcDateTime(),
    },
    "district_target": {
        "base": sa.String(), "reason": sa.String(), "confirmed_at": UtcDateTime(), "objected_at": UtcDateTime(),
        "comment": sa.String(), "answered_at": UtcDateTime(), "answer": sa.String(),
    },
}  # fmt: skip
PERSONS = {
    "assessment": ("opened_by", "published_by"),
    "district_target": ("set_by", "confirmed_by", "objected_by", "answered_by"),
}


def upgrade() -> None:
    op.create_table(
        "veto",
        *_keys("veto"),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("proposed_by_person_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decision", sa.String(32), nullable=False),
        sa.Column("decided_by_person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        *_references("veto", units=["unit_id"], persons=["proposed_by_person_id", "decided_by_person_id"]),
        sa.UniqueConstraint("plan_id", "quarter", "unit_id", "reason", name="uq_veto_plan_id_quarter_unit_id_reason"),
    )
    op.create_table(
        "objection",
        *_keys("objection"),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column("raised_by_person_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("ruling_due", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(32), nullable=False),
        sa.Column("decided_by_person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("ruling", sa.String(), nullable=True),
        _assessment("objection"),
        *_references("objection", units=["unit_id"], persons=["raised_by_person_id", "decided_by_person_id"]),
    )
    op.create_index(
        "uq_objection_pending", "objection", ["plan_id", "assessment_id", "unit_id", "subject"], unique=True,
        sqlite_where=sa.text("decision = 'pending'"), postgresql_where=sa.text("decision = 'pending'"),
    )  # fmt: skip
    op.create_table(
        "flag",
        *_keys("flag"),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("evidence", document(), nullable=False),
        sa.Column("finding", sa.String(32), nullable=False),
        sa.Column("decided_by_person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        _assessment("flag"),
        *_references("flag", units=["unit_id"], persons=["decided_by_person_id"]),
        sa.UniqueConstraint(
            "plan_id", "assessment_id", "unit_id", "subject", "kind",
            name="uq_flag_plan_id_assessment_id_unit_id_subject_kind",
        ),
    )  # fmt: skip
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind, nullable=True))
    state = sa.Column("state", sa.String(32), nullable=False, server_default="proposed")
    op.add_column("district_target", state)
    for table, names in PERSONS.items():
        for name in names:
            # In one statement: SQLite would have to copy a whole table to add the constraint afterwards.
            reference = f"CONSTRAINT fk_{table}_{name} REFERENCES person (id)"
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} INTEGER {reference}")


def downgrade() -> None:
    for table, names in PERSONS.items():
        for name in names:
            op.drop_column(table, name)
    op.drop_column("district_target", "state")
    for table, columns in COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
    for table in ("flag", "objection", "veto"):
        op.drop_table(table)


def _keys(table: str) -> list[sa.schema.SchemaItem]:
    return [
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "tenant_id", "plan_id")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plan.tenant_id", "plan.id"], name=f"fk_{table}_tenant_id_plan_id"
        ),
    ]


def _references(table: str, *, units: list[str], persons: list[str]) -> list[sa.ForeignKeyConstraint]:
    pairs = [*((name, "unit") for name in units), *((name, "person") for name in persons)]
    return [
        sa.ForeignKeyConstraint(
            ["tenant_id", name], [f"{target}.tenant_id", f"{target}.id"], name=f"fk_{table}_tenant_id_{name}"
        )
        for name, target in pairs
    ]


def _assessment(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_plan_id_assessment_id"
    return sa.ForeignKeyConstraint(["plan_id", "assessment_id"], ["assessment.plan_id", "assessment.id"], name=name)
