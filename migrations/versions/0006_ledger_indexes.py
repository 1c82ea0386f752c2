"""Indexes that hold all that the board counts and the ledger filters by

Revises: 0005
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BOARD = ["plan_id", "key_task_id", "unit_id", "status", "due", "ladder_id", "retrospective", "completed_at"]
LEDGER = [
    "plan_id", "retrospective", "due", "status", "unit_id", "key_task_id", "ladder_id", "assignee_person_id", "rung",
    "source",
]  # fmt: skip


def upgrade() -> None:
    """Put the board's index in the place of the one that it begins like."""
    op.create_index("ix_item_board", "item", BOARD)
    op.create_index("ix_item_ledger", "item", LEDGER)
    op.drop_index("ix_item_task", "item")


def downgrade() -> None:
    """Bring the shorter index back."""
    op.create_index("ix_item_task", "item", ["plan_id", "key_task_id", "status"])
    op.drop_index("ix_item_ledger", "item")
    op.drop_index("ix_item_board", "item")
