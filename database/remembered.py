"""What was read once is kept until somebody acts: every act of supervision is a link of the tenant's audit chain.

So as long as the chain's head is the same, the same question has the same answer. A head's hash never comes back, and
no two databases share one once they differ. What changes without a link (deliveries, drafts, what a sweep puts off)
is never kept here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from sqlalchemy import URL
from sqlmodel import Session

from database import chain
from database.engine import is_writing

Answer = TypeVar("Answer")

MOST = 500
"""Answers kept for one head: a page of numbers each. The one that was asked for longest ago makes room."""
TENANTS = 64
"""Tenants whose answers are kept; the one that came first makes room."""

_NOTHING = object()
_HEADS = "heads of chains"
"""What a session notes: the heads that its present transaction has seen, by tenant."""

_KEPT: OrderedDict[tuple[URL, int], tuple[str, OrderedDict[Hashable, object]]] = OrderedDict()
"""By database and tenant: the head's hash, and the answers by question, the one asked for last at the end."""
_KEEPING = Lock()


def remembered(session: Session, tenant_id: int, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """Return what `read` returns; it is called once for each question and head of the chain.

    `question` names all that the answer depends on beside what the database holds: the plan, the day, who sees what.
    The answer must not be changed afterwards. A session that writes reads for itself, and nobody learns of it.
    """
    if is_writing(session):
        return read()
    where = session.get_bind().engine.url, tenant_id
    head = _head(session, tenant_id)  # before the reading: what is kept is never older than its head
    found = _kept(where, head, question)
    if found is _NOTHING:
        found = read()
        _keep(where, head, question, found)
    return cast(Answer, found)


def _head(session: Session, tenant_id: int) -> str:
    """Return the chain's head as it was when this transaction first asked for it."""
    transaction = session.get_transaction()
    noted = session.info.get(_HEADS)
    if noted is None or noted[0] is not transaction:
        noted = session.info[_HEADS] = transaction, {}
    heads: dict[int, str] = noted[1]
    if tenant_id not in heads:
        heads[tenant_id] = chain.head(session, tenant_id)
    return heads[tenant_id]


def _kept(where: tuple[URL, int], head: str, question: Hashable) -> object:
    with _KEEPING:
        known = _KEPT.get(where)
        if known is None or known[0] != head or question not in known[1]:
            return _NOTHING
        known[1].move_to_end(question)
        return known[1][question]


def _keep(where: tuple[URL, int], head: str, question: Hashable, answer: object) -> None:
    with _KEEPING:
        known = _KEPT.get(where)
        if known is None or known[0] != head:
            if known is None and len(_KEPT) >= TENANTS:
                _KEPT.popitem(last=False)
            known = _KEPT[where] = head, OrderedDict()
        if len(known[1]) >= MOST:
            known[1].popitem(last=False)
        known[1][question] = answer
