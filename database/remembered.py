"""What was read once is kept until somebody acts: every act of supervision is a link of the tenant's audit chain.

So as long as the chain's head is the same, the same question has the same answer. A head's hash never comes back, and
no two databases share one once they differ. What changes without a link (deliveries, drafts, what a sweep puts off)
is never kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from sqlalchemy import URL
from sqlmodel import Session

from database import chain
from database.engine import is_writing

Answer = TypeVar("Answer")

MOST = 500
"""Answers kept for one head: a page of numbers each."""
TENANTS = 64
"""Tenants whose answers are kept; the one that came first makes room."""

_NOTHING = object()

_KEPT: dict[tuple[URL, int], tuple[str, dict[Hashable, object]]] = {}
"""By database and tenant: the head's hash, and the answers by question."""


def remembered(session: Session, tenant_id: int, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """Return what `read` returns; it is called once for each question and head of the chain.

    `question` names all that the answer depends on beside what the database holds: the plan, the day, who sees what.
    The answer must not be changed afterwards. A session that writes reads for itself, and nobody learns of it.
    """
    if is_writing(session):
        return read()
    where = session.get_bind().engine.url, tenant_id
    head = chain.head(session, tenant_id)  # before the reading: what is kept is never older than its head
    known = _KEPT.get(where)
    if known is None or known[0] != head:
        if known is None and len(_KEPT) >= TENANTS:
            _KEPT.pop(next(iter(_KEPT)), None)
        known = _KEPT[where] = head, {}
    answers = known[1]
    found = answers.get(question, _NOTHING)
    if found is _NOTHING:
        found = read()
        if len(answers) >= MOST:
            answers.clear()
        answers[question] = found
    return cast(Answer, found)
