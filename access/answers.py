"""Answers kept under an idempotency key: a write that is sent twice happens once, and is answered the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from access.accounts import Known
from config.errors import BadInput, Conflict
from models import KeptAnswer

LONGEST_KEY = 200


def kept(session: Session, known: Known, *, key: str, digest: str) -> tuple[int, Mapping[str, Any]] | None:
    """Return status and body answered under the key before, None for a new one.

    The caller holds the chain, so that two with one key queue up. Raises BadInput for a key that is too long,
    Conflict when the key came with another request.
    """
    if len(key) > LONGEST_KEY:
        raise BadInput(f"幂等键最多 {LONGEST_KEY} 个字符")
    row = session.scalars(
        select(KeptAnswer).where(
            col(KeptAnswer.tenant_id) == known.tenant_id, col(KeptAnswer.person_id) == known.person_id,
            col(KeptAnswer.key) == key,
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    if row.digest != digest:
        raise Conflict("该幂等键已用于另一请求，请换一个键")
    return row.status, row.body


def keep(
    session: Session, known: Known, *, key: str, digest: str, status: int, body: Mapping[str, Any], at: datetime
) -> None:
    """Keep an answer under its key."""
    session.add(
        KeptAnswer(
            tenant_id=known.tenant_id, person_id=known.person_id, key=key, digest=digest, status=status,
            body=dict(body), kept_at=at,
        )
    )  # fmt: skip
    session.flush()
