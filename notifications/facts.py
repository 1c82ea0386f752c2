"""What a message is made of: values read from the tables once per batch, before anything is composed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from config.terms import NoticeKind, UnitKind

PAPERS = frozenset({NoticeKind.SUPERVISION_NOTICE, NoticeKind.CIRCULAR, NoticeKind.BULLETIN})
"""Notices that a person signs: each goes on its own message, never in a digest."""

RUNGS = frozenset({
    NoticeKind.REMIND, NoticeKind.WARN, NoticeKind.URGE, NoticeKind.SUPERVISION_NOTICE, NoticeKind.CIRCULAR,
})  # fmt: skip
"""Notices that are rungs of the ladder: the ladder waits for their delivery."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The person a message is for. `synthetic`: made up for a demonstration (模拟数据)."""

    person_id: int
    login: str
    name: str
    email: str | None = None
    synthetic: bool = False
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One notice as one person is told of it.

    `title` names the item or the form, `period` is empty or a period like 2022Q3; `of_unit` is false for somebody
    outside the unit addressed, who gets a copy.
    """

    notice_id: int
    kind: NoticeKind
    unit: str
    unit_kind: UnitKind
    title: str
    because: str
    period: str = ""
    due: date | None = None
    item_id: int | None = None
    request_id: int | None = None
    urgent: bool = False
    of_unit: bool = True
    paper_series: str | None = None
    paper_year: int | None = None
    paper_number: int | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed message: its recipient, what it tells, the deliveries it carries, and how often it was tried."""

    message_id: int
    key: str
    recipient: Recipient
    notices: tuple[NoticeFacts, ...]
    delivery_ids: tuple[int, ...]
    attempts: int = 0

    @property
    def urgent(self) -> bool:
        """Whether it goes outside working time too, and before the others."""
        return any(notice.urgent for notice in self.notices)


@dataclass(frozen=True)
class Sender:
    """Who writes: the office as the plan and the settings describe it.

    `unit_names` gives the name that a unit bears today by its code; `words` how a kind of notice is called towards a
    kind of unit, where that differs from the usual.
    `simulated`: the plan is a demonstration, so everything about it is made up (模拟数据).
    """

    plan_id: int
    office: str
    address: str
    portal_url: str
    reply_to: str = ""
    simulated: bool = False
    reply_secret: str = ""
    """Signs reply numbers; empty: mails bear none, because nobody reads what comes back."""
    unit_names: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[tuple[UnitKind, NoticeKind], str] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The domain of the address, under which Message-IDs are made."""
        return self.address.rpartition("@")[2]
