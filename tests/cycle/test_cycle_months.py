"""Months of supervision with outages, failing mail and people of every kind: what must hold, holds of every row."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from cycle.data import Data
from cycle.days import Installation, force_of
from cycle.eve import FIRST_DAY
from cycle.invariants import CHECKS
from cycle.mail_sink import MailSink, serving
from cycle.year import TROUBLE, UNKNOWN_MAILBOXES, Life

from config.terms import Level, NoticeKind
from database import chain, reading

LIVES = [("sqlite", 1, date(2024, 8, 16)), ("sqlite", 2, date(2024, 8, 16)), ("postgresql", 3, date(2024, 7, 26))]
ACTS = ("dispute", "approve_extension", "reassign", "suspend", "return_for_rework", "sign", "personal", "opened")


@pytest.mark.parametrize(("_loaded", "seed", "last"), LIVES, indirect=["_loaded"])
def test_every_invariant_holds_whatever_happens(harbour: Installation, seed: int, last: date) -> None:
    sink = MailSink(seed, UNKNOWN_MAILBOXES, TROUBLE)
    with serving(sink) as port, harbour.open() as database:
        life = Life(harbour, database, seed, FIRST_DAY, last, port, sink)
        life.live()
        force = force_of(database)
        with reading(database) as session:
            data = Data(session, force, sink.taken)
            assert [f"{check.__name__}: {row}" for check in CHECKS for row in check(data)] == []
            assert chain.verify(session, force.tenant_id) == []
            levels = Counter(notice.kind for notices in data.rungs.values() for notice in notices)
    assert life.findings == []
    little = [kind.value for kind in map(NoticeKind, Level) if levels[kind] < 3]
    little += [act for act in ACTS if not life.everybody.done[act]]
    assert little == [], "too little happened to prove anything"
