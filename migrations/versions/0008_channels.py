"""By which channels a person is reached, and what robots have said in work groups

Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from config.errors import StoreError
from config.terms import Channel
from database.columns import TERM_LENGTH, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DELIVERY = sa.table("delivery", sa.column("channel"))


def upgrade() -> None:
    """Keep a person's order of channels, null for the office's, and the posts of robots."""
    op.add_column("person", sa.Column("channels", sa.String(), nullable=True))
    op.create_table(
        "group_post",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "tenant_id", "plan_id")),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("status", sa.String(TERM_LENGTH), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("detail", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_group_post"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"], ["plan.tenant_id", "plan.id"], name="fk_group_post_tenant_id_plan_id"
        ),
        sa.UniqueConstraint("plan_id", "key", name="uq_group_post_plan_id_key"),
    )


def downgrade() -> None:
    """Forget the orders and the posts; a delivery by the gateway is evidence and keeps the database from going back."""
    by_gateway = sa.select(sa.func.count()).where(DELIVERY.c.channel == Channel.GATEWAY.value)
    if many := op.get_bind().execute(by_gateway).scalar_one():
        raise StoreError(f"有 {many} 条送达记录经短信或政务消息发出，旧版本读不懂，不能退回，数据未作任何改动")
    op.drop_table("group_post")
    op.drop_column("person", "channels")  # in place: others point to people
