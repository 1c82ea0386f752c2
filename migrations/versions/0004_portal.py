"""The portal: accounts, sign-ins, tokens, calendar links, saved views, drafts of forms

Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from database.columns import UtcDateTime, document

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        *_of_person("account"),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("password_set_at", UtcDateTime(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("last_sign_in_at", UtcDateTime(), nullable=True),
        sa.UniqueConstraint("tenant_id", "person_id", name="uq_account_tenant_id_person_id"),
        sa.UniqueConstraint("tenant_id", "subject", name="uq_account_tenant_id_subject"),
    )
    op.create_table(
        "sign_in",
        *_of_person("sign_in"),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("browser", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="fk_sign_in_plan_id_plan"),
        sa.UniqueConstraint("token_digest", name="uq_sign_in_token_digest"),
    )
    op.create_index("ix_sign_in_person", "sign_in", ["tenant_id", "person_id"])
    op.create_table(
        "access_token",
        *_of_person("access_token"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("scopes", document(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.UniqueConstraint("token_digest", name="uq_access_token_token_digest"),
        sa.UniqueConstraint("tenant_id", "person_id", "name", name="uq_access_token_tenant_id_person_id_name"),
    )
    op.create_table(
        "kept_answer",
        *_of_person("kept_answer"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", document(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("tenant_id", "person_id", "key", name="uq_kept_answer_tenant_id_person_id_key"),
    )
    op.create_table(
        "calendar_link",
        *_of_person("calendar_link"),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("token_digest", name="uq_calendar_link_token_digest"),
        sa.UniqueConstraint("tenant_id", "person_id", name="uq_calendar_link_tenant_id_person_id"),
    )
    op.create_table(
        "saved_view",
        *_of_plan("saved_view"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        _person("saved_view", "person_id"),
        sa.UniqueConstraint("plan_id", "person_id", "page", "name", name="uq_saved_view_plan_id_person_id_page_name"),
    )
    op.create_table(
        "form_draft",
        *_of_plan("form_draft"),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("cells", document(), nullable=False),
        sa.Column("saved_by_person_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by_person_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id", "request_id"],
            ["reporting_request.plan_id", "reporting_request.id"],
            name="fk_form_draft_plan_id_request_id",
        ),
        _person("form_draft", "saved_by_person_id"),
        _person("form_draft", "asked_by_person_id"),
        sa.UniqueConstraint("plan_id", "request_id", name="uq_form_draft_plan_id_request_id"),
    )


def downgrade() -> None:
    for table in ("form_draft", "saved_view", "calendar_link", "kept_answer", "access_token"):
        op.drop_table(table)
    op.drop_index("ix_sign_in_person", "sign_in")
    op.drop_table("sign_in")
    op.drop_table("account")


def _of_person(table: str) -> list[sa.schema.SchemaItem]:
    return [
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("id", "tenant_id", "person_id")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=f"fk_{table}_tenant_id_tenant"),
        _person(table, "person_id"),
    ]


def _of_plan(table: str) -> list[sa.schema.SchemaItem]:
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
