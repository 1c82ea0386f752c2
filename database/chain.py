"""The audit chain: every act is a link whose hash covers the one before it.

Appending takes the tenant's head row for the rest of the transaction, so the writers of one tenant queue up and a
check made after `lock` holds until the commit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlmodel import Session, col

from models import ChainHead, Event

GENESIS = "0" * 64
"""What the first link holds in place of a previous hash."""

ROWS_AT_ONCE = 1000
"""Links held in memory while a chain is verified."""


@dataclass(frozen=True)
class Entry:
    """One act to be recorded. `actor` is a login or `flow:<name>`; `data` holds JSON values, numbers as text."""

    action: str
    at: datetime
    actor: str
    plan_id: int | None = None
    acting_for: str | None = None
    item_id: int | None = None
    request_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Broken:
    """A link that does not hold, and why."""

    seq: int
    why: str


def open_chain(session: Session, tenant_id: int) -> None:
    """Lay the head of a new tenant's chain; nothing happens when it is there."""
    if session.get(ChainHead, tenant_id) is None:
        session.add(ChainHead(tenant_id=tenant_id, seq=0, hash=GENESIS))
        session.flush()


def lock(session: Session, tenant_id: int) -> tuple[int, str]:
    """Take the head of the chain until the end of the transaction; return its number and hash."""
    seq, digest = session.connection().execute(_LOCK, {"tenant": tenant_id}).one()
    return seq, digest


def head(session: Session, tenant_id: int) -> str:
    """Return the hash of the last link, without taking the head: it says whether anything was done since."""
    return session.connection().execute(_HASH, {"tenant": tenant_id}).scalar_one_or_none() or GENESIS


def _head(tenant_id: int) -> Select[tuple[int, str]]:
    return select(col(ChainHead.seq), col(ChainHead.hash)).where(col(ChainHead.tenant_id) == tenant_id)


def append(session: Session, tenant_id: int, entries: Sequence[Entry]) -> None:
    """Record `entries` in order as the next links."""
    if not entries:
        return
    seq, digest = lock(session, tenant_id)
    rows = []
    for entry in entries:
        seq += 1
        row = _row(tenant_id, seq, digest, entry)
        digest = row["hash"] = link_hash(row)
        rows.append(row)
    connection = session.connection()
    connection.execute(_PUT, rows)
    connection.execute(_MOVE, {"tenant": tenant_id, "to": seq, "digest": digest})


# Every act of everybody passes here: the statements are built once, and go past the session to its connection.
_ours = col(ChainHead.tenant_id) == bindparam("tenant")
_HASH = select(col(ChainHead.hash)).where(_ours)
_LOCK = select(col(ChainHead.seq), col(ChainHead.hash)).where(_ours).with_for_update()
_PUT = insert(Event)
_MOVE = update(ChainHead).where(_ours).values(seq=bindparam("to"), hash=bindparam("digest"))


def link_hash(row: dict[str, Any]) -> str:
    """Return the SHA-256 over a link's number, content and predecessor, as canonical JSON."""
    covered = {key: row[key] for key in _COVERED} | {"at": row["at"].astimezone(UTC).isoformat()}
    return hashlib.sha256(_CANONICAL.encode(covered).encode()).hexdigest()


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
"""How a link is written down to be hashed; made once, for making it takes as long as writing."""


def verify(session: Session, tenant_id: int) -> list[Broken]:
    """Return every link that was edited, removed or inserted; an empty list proves the chain whole.

    Takes no lock: what others append meanwhile is left for the next time.
    """
    head = session.execute(_head(tenant_id)).one_or_none()
    if head is None:
        return [Broken(0, "审计链的链尾登记缺失")]
    columns = [getattr(Event, key) for key in (*_COVERED, "at", "hash")]
    statement = select(*columns).where(col(Event.tenant_id) == tenant_id, col(Event.seq) <= head.seq)
    rows = session.execute(statement.order_by(col(Event.seq)).execution_options(yield_per=ROWS_AT_ONCE)).mappings()
    broken, seq, digest = [], 0, GENESIS
    for row in rows:
        broken += _compare(dict(row), seq, digest)
        seq, digest = row["seq"], row["hash"]
    if (seq, digest) != (head.seq, head.hash):
        broken.append(Broken(seq, f"链尾与登记不符：第 {seq} 条之后有记录被删除或改动"))
    return broken + _beyond_head(session, tenant_id)


def _compare(row: dict[str, Any], seq: int, digest: str) -> list[Broken]:
    """Return what is wrong with `row` as the link after number `seq` and hash `digest`."""
    found = []
    if row["seq"] != seq + 1:
        found.append(Broken(seq + 1, f"第 {seq + 1} 至 {row['seq'] - 1} 条缺失"))
    elif row["previous_hash"] != digest:
        found.append(Broken(row["seq"], f"第 {row['seq']} 条与前一条不衔接"))
    if link_hash(row) != row["hash"]:
        found.append(Broken(row["seq"], f"第 {row['seq']} 条内容与其校验值不符"))
    return found


def _beyond_head(session: Session, tenant_id: int) -> list[Broken]:
    """Return the links that were put behind the tail. One statement, so that a writer cannot come in between."""
    last = select(func.max(col(Event.seq))).where(col(Event.tenant_id) == tenant_id).scalar_subquery()
    seq, newest = session.execute(_head(tenant_id).with_only_columns(col(ChainHead.seq), last)).one()
    if newest is None or newest <= seq:
        return []
    return [Broken(seq + 1, f"第 {seq + 1} 至 {newest} 条不在登记的链上")]


_COVERED = (
    "tenant_id", "seq", "plan_id", "actor", "acting_for", "action", "item_id", "request_id", "data", "previous_hash",
)  # fmt: skip


def _row(tenant_id: int, seq: int, previous: str, entry: Entry) -> dict[str, Any]:
    return {
        "tenant_id": tenant_id,
        "seq": seq,
        "plan_id": entry.plan_id,
        "at": entry.at,
        "actor": entry.actor,
        "acting_for": entry.acting_for,
        "action": entry.action,
        "item_id": entry.item_id,
        "request_id": entry.request_id,
        "data": entry.data,
        "previous_hash": previous,
    }
