"""What must hold of the rows whatever happened: the invariants of the ladder and of the outbox, checked from the data.

Each check yields, in words, every row that breaks it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from cycle.data import Data, due_of

from config.clock import day_of
from config.terms import RUNNING_STATUSES, Channel, DeliveryStatus, DueReason, Level, PaperState, Status
from models import DueDate, Item, Message, ReportingRequest
from notifications.facts import PAPERS


def unwarned(data: Data) -> Iterator[str]:
    """1. A rung after the due date comes after the one before it was delivered, and so many working days later."""
    steps = [rung.offset for rung in data.ladder.after_due]
    for case, notices in data.rungs.items():
        overdue = [notice for notice in notices if (notice.rung or 0) > 0]
        if [notice.rung for notice in overdue] != steps[: len(overdue)]:
            yield f"{case}: {[notice.rung for notice in overdue]} is not the ladder from its bottom"
        for notice in overdue:
            if data.working_days(due_of(notice), day_of(notice.created_at)) < (notice.rung or 0):
                yield f"{notice.key}: made on {notice.created_at}, due {notice.due}"
        for before, after in pairwise(overdue):
            warned, gap = data.warned_on(before), (after.rung or 0) - (before.rung or 0)
            if warned is None or data.working_days(warned, day_of(after.created_at)) < gap:
                yield f"{after.key}: made on {after.created_at}, warned on {warned}"


def urged_first(data: Data) -> Iterator[str]:
    """1. The first overdue rung is always 催办, and never a paper."""
    for case, notices in data.rungs.items():
        levels = [notice.kind.value for notice in notices if (notice.rung or 0) > 0]
        if levels and levels[0] != Level.URGE:
            yield f"{case}: begins with {levels[0]}"


def twice(data: Data) -> Iterator[str]:
    """2. One notice per case and rung, one delivery per notice, person and channel, one mail per message."""
    for case, notices in data.rungs.items():
        for rung, number in Counter(notice.rung for notice in notices).items():
            if number > 1:
                yield f"{case}: rung {rung} {number} times"
    deliveries = [each for some in data.deliveries.values() for each in some]
    kept = Counter((each.notice_id, each.person_id, each.channel) for each in deliveries)
    yield from (f"delivery {key} {number} times" for key, number in kept.items() if number > 1)
    mails = Counter(mail.identity for mail in data.taken)
    yield from (f"mail {identity} {number} times" for identity, number in mails.items() if number > 1)
    sent = [message for message in data.rows(Message) if message.sent_at]
    if len(mails) != len(sent):
        yield f"{len(mails)} mails taken, {len(sent)} messages sent"


def lapsed(data: Data) -> Iterator[str]:
    """3. A rung before the due date is made neither after it, nor when its day precedes the version; one a day."""
    for case, notices in data.rungs.items():
        early = [notice for notice in notices if (notice.rung or 0) < 0]
        for notice in early:
            planned = data.force.calendar.add(due_of(notice), notice.rung or 0)
            if not data.begun[case] <= planned <= day_of(notice.created_at) <= due_of(notice):
                yield f"{notice.key}: planned {planned}, made {notice.created_at}, due {notice.due}"
        days = Counter(day_of(notice.created_at) for notice in notices)
        yield from (f"{case}: {number} rungs on {day}" for day, number in days.items() if number > 1)


def at_night(data: Data) -> Iterator[str]:
    """4. Only 特急 leaves outside working time."""
    for message, carried in data.carried():
        if message.sent_at is not None and not data.force.working_time.is_working_time(message.sent_at):
            if not any(data.notices[each.notice_id].urgent for each in carried):
                yield f"{message.key}: sent at {message.sent_at}"


def mixed(data: Data) -> Iterator[str]:
    """5. A paper and an urgent notice go alone; everything else of a person and day is one digest."""
    for message, carried in data.carried():
        notices = [data.notices[each.notice_id] for each in carried]
        alone = [notice for notice in notices if notice.kind in PAPERS or notice.urgent]
        if alone and (len(notices) > 1 or message.key.startswith("digest/")):
            yield f"{message.key}: carries {[notice.key for notice in notices]}"
        if not alone and not message.key.startswith("digest/"):
            yield f"{message.key}: is no digest"


def unsigned(data: Data) -> Iterator[str]:
    """1. A paper is delivered only when it is signed, by somebody else than its reviewer; numbers have no gaps."""
    numbers: dict[tuple[str | None, int | None], list[int | None]] = defaultdict(list)
    for paper in data.papers.values():
        signed = paper.state in {PaperState.ISSUED, PaperState.SERVED, PaperState.RECEIPTED}
        if signed:
            numbers[paper.series, paper.year].append(paper.number)
        if signed != (paper.issued_at is not None) or (signed and paper.reviewed_by == paper.issued_by):
            yield f"paper {paper.id}: {paper.state} signed by {paper.issued_by}, reviewed by {paper.reviewed_by}"
        if not signed and data.deliveries[paper.notice_id]:
            yield f"paper {paper.id}: {paper.state}, and delivered"
    gaps = ((key, found) for key, found in numbers.items() if {*found} != {*range(1, len(found) + 1)})
    yield from (f"{key}: {found}" for key, found in gaps)


def out_of_step(data: Data) -> Iterator[str]:
    """6. A rung is made only while the clock of its item runs, and for the due-date version then in force."""
    versions: dict[int, list[DueDate]] = defaultdict(list)
    for version in data.rows(DueDate):
        versions[version.item_id].append(version)
    lives = data.lives
    for notices in data.rungs.values():
        for notice in notices:
            if notice.item_id is None:
                continue
            in_force = [v.version for v in versions[notice.item_id] if v.set_at <= notice.created_at]
            status = [status for at, status in lives[notice.item_id] if at <= notice.created_at][-1]
            if status not in RUNNING_STATUSES or notice.due_version != in_force[-1]:
                yield f"{notice.key}: made while {status}, version {in_force[-1]}"


def after_the_end(data: Data) -> Iterator[str]:
    """6. What ends a ladder ends its mail: no unsigned rung is handed over after it."""
    lives, versions = data.lives, {(v.item_id, v.version): v.set_at for v in data.rows(DueDate)}
    for notices in data.rungs.values():
        for notice in notices:
            if notice.item_id is None or notice.kind in PAPERS:
                continue
            ends = [at for at, status in lives[notice.item_id] if status in _ENDED and at >= notice.created_at]
            ends += [versions[key] for key in [(notice.item_id, notice.due_version + 1)] if key in versions]
            for delivery in data.deliveries[notice.id or 0]:
                by_mail = delivery.channel is Channel.EMAIL and delivery.status is DeliveryStatus.DELIVERED
                if by_mail and delivery.delivered_at and any(end < delivery.delivered_at for end in ends):
                    yield f"{notice.key}: handed over {delivery.delivered_at}, ended {min(ends)}"


_ENDED = frozenset(Status) - RUNNING_STATUSES - {Status.DISPUTED}


def judged(data: Data) -> Iterator[str]:
    """A due date is a working day; the date that judges is never one that a return has set."""
    calendar = data.force.calendar
    last: dict[int, date] = {}
    for version in data.rows(DueDate):
        if not calendar.is_working(version.due):
            yield f"item {version.item_id} v{version.version}: due on a day off, {version.due}"
        if version.judges and version.reason is DueReason.RETURNED:
            yield f"item {version.item_id} v{version.version}: judged by a return"
        if version.judges:
            last[version.item_id] = version.due
    for item in data.rows(Item):
        if item.judged_due != last[item.id or 0]:
            yield f"item {item.id}: judged by {item.judged_due}, not {last[item.id or 0]}"
    yield from (f"request {r.id}: due {r.due}" for r in data.rows(ReportingRequest) if not calendar.is_working(r.due))


CHECKS: Sequence[Callable[[Data], Iterable[str]]] = (
    unwarned, urged_first, twice, lapsed, at_night, mixed, unsigned, out_of_step, after_the_end, judged,
)  # fmt: skip
