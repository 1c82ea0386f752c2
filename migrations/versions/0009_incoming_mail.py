"""Mails by which units answer reporting requests, and the answers to them

Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from database.columns import TERM_LENGTH, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WAITING = sa.text("next_try_at IS NOT NULL")


def upgrade() -> None:
    """Keep a row for each mail that was met in the mailbox."""
    op.create_table(
        "incoming_mail",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "tenant_id", "plan_id")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("key", "message_id", "sender", "subject")),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(TERM_LENGTH), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("references", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answer_status", sa.String(TERM_LENGTH), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answer_detail", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_incoming_mail"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plan.tenant_id", "plan.id"], name="fk_incoming_mail_tenant_id_plan_id"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "request_id"],
            ["reporting_request.plan_id", "reporting_request.id"],
            name="fk_incoming_mail_plan_id_request_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["person.tenant_id", "person.id"],
            name="fk_incoming_mail_tenant_id_person_id",
        ),
        sa.UniqueConstraint("plan_id", "key", name="uq_incoming_mail_plan_id_key"),
    )
    op.create_index("ix_incoming_mail_seen", "incoming_mail", ["plan_id", "seen_at"])
    op.create_index(
        "ix_incoming_mail_waiting",
        "incoming_mail",
        ["plan_id", "next_try_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    """Forget the mails: what was filed by them is in the ledger, and the mails themselves are in the mailbox."""
    op.drop_table("incoming_mail")
