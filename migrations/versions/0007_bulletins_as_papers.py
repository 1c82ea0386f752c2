"""The bulletin of a published result is a paper: reviewed, signed and numbered, with a copy for each unit

Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from config.errors import StoreError
from database.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SUBJECT = "(notice_id IS NULL) <> (assessment_id IS NULL)"
PAPER = sa.table("paper", sa.column("id"), sa.column("assessment_id"), sa.column("number"))


def upgrade() -> None:
    """Let a paper be about an assessment in place of a notice, and give it copies."""
    with op.batch_alter_table("paper") as table:
        table.alter_column("notice_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("assessment_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("drafted_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("drafted_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("remark", sa.String(), nullable=True))
        table.create_foreign_key(
            "fk_paper_plan_id_assessment_id", "assessment", ["plan_id", "assessment_id"], ["plan_id", "id"]
        )
        table.create_foreign_key("fk_paper_drafted_by", "person", ["drafted_by"], ["id"])
        table.create_unique_constraint("uq_paper_plan_id_id", ["plan_id", "id"])
        table.create_unique_constraint("uq_paper_plan_id_assessment_id", ["plan_id", "assessment_id"])
        table.create_check_constraint("subject", SUBJECT)
    op.create_table(
        "paper_copy",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "tenant_id", "plan_id")),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("receipted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_paper_copy"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plan.tenant_id", "plan.id"], name="fk_paper_copy_tenant_id_plan_id"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "paper_id"], ["paper.plan_id", "paper.id"], name="fk_paper_copy_plan_id_paper_id"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "notice_id"], ["notice.plan_id", "notice.id"], name="fk_paper_copy_plan_id_notice_id"
        ),
        sa.UniqueConstraint("plan_id", "notice_id", name="uq_paper_copy_plan_id_notice_id"),
    )
    op.create_index("ix_paper_copy_paper", "paper_copy", ["plan_id", "paper_id"])


def downgrade() -> None:
    """Take the bulletins back; one that bears a number is in the world, and keeps the database from going back."""
    signed = sa.select(sa.func.count()).where(PAPER.c.assessment_id.is_not(None), PAPER.c.number.is_not(None))
    if many := op.get_bind().execute(signed).scalar_one():
        raise StoreError(f"有 {many} 份考核通报已经签发编号，旧版本存不下，不能退回，数据未作任何改动")
    op.drop_table("paper_copy")
    op.get_bind().execute(sa.delete(PAPER).where(PAPER.c.assessment_id.is_not(None)))
    with op.batch_alter_table("paper") as table:
        table.drop_constraint("subject", type_="check")
        table.drop_constraint("uq_paper_plan_id_assessment_id", type_="unique")
        table.drop_constraint("uq_paper_plan_id_id", type_="unique")
        table.drop_constraint("fk_paper_drafted_by", type_="foreignkey")
        table.drop_constraint("fk_paper_plan_id_assessment_id", type_="foreignkey")
        for name in ("remark", "drafted_at", "drafted_by", "assessment_id"):
            table.drop_column(name)
        table.alter_column("notice_id", existing_type=sa.Integer(), nullable=False)
