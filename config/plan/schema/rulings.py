"""rulings.yaml: the register of ambiguities and how the office ruled on them."""

from __future__ import annotations

import datetime as dt

from config.plan.schema.base import Code, Entry, Source, Text


class Ruling(Entry):
    """How a contested definition (口径) is read, since when, and which indicators or measures it touches."""

    topic: Text
    question: Text
    ruling: Text
    date: dt.date
    affects: tuple[Code, ...] = ()
    source: Source


class RulingsFile(Entry):
    """rulings.yaml."""

    rulings: tuple[Ruling, ...] = ()
