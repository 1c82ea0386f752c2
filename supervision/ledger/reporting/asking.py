"""Telling a unit's head that a draft waits for the word without which it does not leave the unit (报表待确认)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput
from config.plan import Form, Indicator, Unit
from config.terms import FigureState, NoticeKind
from models import Event, FormDraft, Notice, Person, ReportingRequest
from supervision.collection.filing import areas
from supervision.collection.values import BLANK, Value, read_value
from supervision.deadlines import is_overdue
from supervision.in_force import InForce
from supervision.ledger import notices
from supervision.ledger.reporting.rows import form_of, newest_submission
from supervision.periods import day_in_words, parse_period
from supervision.queries.people import Actor, Recipient

GIVE_BACK = "give_back"
"""What the head's giving a draft back is called in the chain: after it, the same figures are a new question."""

NAMED = 3
"""Figures that the notice names; the rest is counted, and stands on the page. Source: office ruling."""


def tell_head(
    session: Session, force: InForce, request: ReportingRequest, draft: FormDraft, heads: tuple[Recipient, ...], *,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    """Tell the heads, with the day's digest, that the draft waits for their word.

    Key: the request, the filing it would be, how often it was given back, and what is in it; the draft's revision
    only tells one that was taken back unsent from the next. So the same draft asked about twice is told once, and
    whoever asks is not told by themselves.
    """
    told = tuple(head for head in heads if head.person_id != by.person_id)
    about = _key(session, request, draft)
    standing = select(col(Notice.id)).where(
        col(Notice.plan_id) == force.plan_id, col(Notice.request_id) == request.id,
        col(Notice.key).startswith(about), col(Notice.cancelled_at).is_(None),
    )  # fmt: skip
    if not told or session.scalars(standing.limit(1)).first() is not None:
        return
    waiting = notices.Draft(
        key=f"{about}r{draft.revision}",
        kind=NoticeKind.FORM_TO_CONFIRM,
        unit_id=request.unit_id,
        because=_because(session, force, request, draft, by, at),
        recipients=told,
        request_id=request.id,
        due_version=request.due_version,
        due=request.due,
        not_before=notices.digest_moment(force, at),
    )
    notices.make(session, force, [waiting], at=at)


def no_longer_asked(session: Session, force: InForce, request_id: int, *, at: datetime) -> None:
    """Take back what has reached no head yet: the draft is written again, given back, filed, or too late."""
    notices.take_back(session, force, NoticeKind.FORM_TO_CONFIRM, request_id=request_id, at=at)


def _key(session: Session, request: ReportingRequest, draft: FormDraft) -> str:
    """Return what every notice about this very draft begins with."""
    given_back = select(func.count()).where(
        col(Event.plan_id) == request.plan_id, col(Event.request_id) == request.id, col(Event.action) == GIVE_BACK
    )
    last = newest_submission(session, request)
    content = hashlib.sha256(json.dumps(draft.cells, sort_keys=True).encode()).hexdigest()[:16]
    filing, round_ = (last.version if last else 0) + 1, session.scalars(given_back).one()
    return f"{notices.subject_key(None, request.id)}/to-confirm/v{filing}.{round_}/{content}/"


def _because(
    session: Session, force: InForce, request: ReportingRequest, draft: FormDraft, by: Actor, at: datetime
) -> str:
    form, unit = form_of(session, force, request), force.plan.unit(force.unit_codes[request.unit_id])
    period = parse_period(request.period).in_words
    drafter = session.get_one(Person, draft.saved_by_person_id)
    hands = f"{drafter.name}填好" if drafter.id == by.person_id else f"{drafter.name}填好、{by.name}送审"
    when = f"请于{day_in_words(request.due)}前确认报送"
    if is_overdue(request.due, as_of=day_of(at)):
        when = f"报送期限{day_in_words(request.due)}已过，{day_in_words(request.closes)}前仍可补报"
    return f"《{form.title}》{period}报表由{hands}，待您确认：{at_a_glance(force, form, unit, draft.cells)}；{when}"


def at_a_glance(force: InForce, form: Form, unit: Unit, cells: Mapping[str, Mapping[str, str]]) -> str:
    """Return how much of the form is filled in and its first `NAMED` figures, in words.

    A cell that cannot be read counts as filled in and is shown as it was typed.
    """
    lines = list(_lines(force, form, unit, cells))
    filled = [(name, text) for name, text, state in lines if state is not FigureState.BLANK]
    claimed = sum(state is FigureState.NOT_APPLICABLE for _, _, state in lines)
    counted = f"应填{len(lines)}个数，已填{len(filled)}个"
    counted += f"（其中不适用{claimed}个）" if claimed else ""
    counted += f"，空缺{len(lines) - len(filled)}个" if len(filled) < len(lines) else ""
    named = "、".join(f"{name}{text}" for name, text in filled[:NAMED])
    return counted + (f"；{named}{'等' if len(filled) > NAMED else ''}" if named else "")


def _lines(
    force: InForce, form: Form, unit: Unit, cells: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, FigureState]]:
    """Yield name, figure with its unit of measure, and state of every line of the form, in its order."""
    about = areas(force.plan, form, unit)
    for code in form.indicators:
        indicator = force.plan.indicator(code)
        for area in about:
            typed = cells.get(f"{code}/{area.code}", {}).get("value", "")
            text, state = _figure(typed, indicator)
            yield indicator.name + (f"（{area.name}）" if len(about) > 1 else ""), text, state


def _figure(typed: str, indicator: Indicator) -> tuple[str, FigureState]:
    try:
        value = read_value(typed, indicator.unit_of_measure)
    except BadInput:
        return f"“{typed[:20]}”", FigureState.NUMBER
    return _with_unit(value, indicator.unit_of_measure), value.state


def _with_unit(value: Value, unit_of_measure: str) -> str:
    if value == BLANK or value.number is None:
        return value.text
    return f"{value.text}{unit_of_measure}"
