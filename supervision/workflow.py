"""What may be done to an item: one table says status × action × role → next status.

Source: the life cycle of an assigned item (立项 → 交办 → 签收 → 报请办结 → 退回 or 办结 → 销号 → 归档).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.errors import Refused
from config.terms import FINISHED_STATUSES, Action, Role, Status


class Need(StrEnum):
    """What an act must bring along, beside the person."""

    COMMENT = "comment"
    DATE = "date"
    UNIT = "unit"
    REASON = "reason"


class Back(StrEnum):
    """A next status that is not fixed: the one the item had before the dispute or suspension."""

    BEFORE = "before"


@dataclass(frozen=True)
class Move:
    """One line of the table: who may do it, from where, to where, and what it takes.

    `second_person`: somebody other than the person whose act is being decided on, and not of the item's own unit.
    An act that decides on nobody's act, but gives or takes time or work, is only refused to the own unit.
    """

    action: Action
    by: frozenset[Role]
    start: frozenset[Status]
    to: Status | Back | None
    """The next status; None: the status stays."""
    needs: frozenset[Need] = frozenset()
    second_person: bool = False


UNIT = frozenset({Role.LIAISON, Role.UNIT_HEAD})
OFFICE = frozenset({Role.OFFICE})
DECIDERS = frozenset({Role.OFFICE, Role.LEADER})
ASSIGNERS = DECIDERS | {Role.SYSTEM}

_S, _A, _N = Status, Action, Need
_WORKING = frozenset({_S.ASSIGNED, _S.ACKNOWLEDGED, _S.RETURNED})
_EXTENDABLE = _WORKING | {_S.COMPLETION_REPORTED, _S.DISPUTED, _S.SUSPENDED}
_UNFINISHED = _EXTENDABLE | {_S.REGISTERED}

MOVES: tuple[Move, ...] = (
    Move(_A.ASSIGN, ASSIGNERS, frozenset({_S.REGISTERED}), _S.ASSIGNED),
    Move(_A.ACKNOWLEDGE, UNIT, frozenset({_S.ASSIGNED, _S.RETURNED}), _S.ACKNOWLEDGED),
    Move(_A.REPORT_PROGRESS, UNIT, frozenset({_S.ACKNOWLEDGED, _S.RETURNED}), None, frozenset({_N.COMMENT})),
    Move(_A.REPORT_COMPLETION, UNIT, frozenset({_S.ACKNOWLEDGED, _S.RETURNED}), _S.COMPLETION_REPORTED,
         frozenset({_N.COMMENT})),
    Move(_A.VERIFY, DECIDERS, frozenset({_S.COMPLETION_REPORTED}), _S.COMPLETED, second_person=True),
    Move(_A.RETURN_FOR_REWORK, DECIDERS, frozenset({_S.COMPLETION_REPORTED}), _S.RETURNED,
         frozenset({_N.COMMENT, _N.DATE}), second_person=True),
    Move(_A.REQUEST_EXTENSION, UNIT, _WORKING, None, frozenset({_N.COMMENT, _N.DATE})),
    Move(_A.APPROVE_EXTENSION, DECIDERS, _EXTENDABLE, None, second_person=True),
    Move(_A.REJECT_EXTENSION, DECIDERS, _EXTENDABLE, None, frozenset({_N.COMMENT}), second_person=True),
    Move(_A.DISPUTE, UNIT, _WORKING, _S.DISPUTED, frozenset({_N.COMMENT})),
    Move(_A.ACCEPT_DISPUTE, DECIDERS, frozenset({_S.DISPUTED}), _S.REGISTERED, second_person=True),
    Move(_A.REJECT_DISPUTE, DECIDERS, frozenset({_S.DISPUTED}), Back.BEFORE, frozenset({_N.COMMENT}),
         second_person=True),
    Move(_A.REASSIGN, DECIDERS, _WORKING | {_S.REGISTERED, _S.DISPUTED}, _S.ASSIGNED,
         frozenset({_N.UNIT, _N.COMMENT}), second_person=True),
    Move(_A.SUSPEND, DECIDERS, _WORKING, _S.SUSPENDED, frozenset({_N.REASON, _N.COMMENT}), second_person=True),
    Move(_A.RESUME, DECIDERS, frozenset({_S.SUSPENDED}), Back.BEFORE, second_person=True),
    Move(_A.WITHDRAW, DECIDERS, _UNFINISHED, _S.WITHDRAWN, frozenset({_N.COMMENT}), second_person=True),
    Move(_A.CLOSE, OFFICE, frozenset({_S.COMPLETED}), _S.CLOSED),
    Move(_A.ARCHIVE, OFFICE, frozenset({_S.CLOSED, _S.WITHDRAWN}), _S.ARCHIVED),
)  # fmt: skip

PAUSED = frozenset({Status.DISPUTED, Status.SUSPENDED})
"""From these an item goes back to the status it had before."""

_BY_ACTION: Mapping[Action, Move] = {move.action: move for move in MOVES}


def table() -> Mapping[tuple[Status, Action, Role], Move]:
    """Return the whole table, one entry per permitted status × action × role."""
    return {(status, move.action, role): move for move in MOVES for status in move.start for role in move.by}


def permitted(status: Status, roles: Iterable[Role]) -> list[Action]:
    """Return what somebody with these roles may do to an item in `status`, in the order of the table."""
    held = frozenset(roles)
    return [move.action for move in MOVES if status in move.start and held & move.by]


def decide(status: Status, action: Action, roles: Iterable[Role]) -> Move:
    """Return the line of the table that permits the act.

    Raises Refused with the reason and what can be done instead.
    """
    move, held = _BY_ACTION[action], frozenset(roles)
    if not held & move.by:
        raise Refused(_wrong_person(move, held))
    if status not in move.start:
        raise Refused(_wrong_status(move, status, held))
    return move


def next_status(move: Move, status: Status, before: Status | None) -> Status:
    """Return the status after `move`; `before` is the one kept when the item was disputed or suspended."""
    if move.to is None:
        return status
    if isinstance(move.to, Back):
        return before or Status.ASSIGNED
    return move.to


def _wrong_person(move: Move, held: frozenset[Role]) -> str:
    who = "、".join(role.label for role in sorted(move.by))
    yours = "、".join(role.label for role in sorted(held)) or "与该事项无关的人员"
    return f"“{move.action.label}”由{who}办理，您的身份是{yours}"


def _wrong_status(move: Move, status: Status, held: frozenset[Role]) -> str:
    if move.to == status or status in _ALREADY.get(move.action, frozenset()):
        return f"该事项当前为“{status.label}”，“{move.action.label}”已经办过，不必重复"
    if status is Status.ASSIGNED and Status.ACKNOWLEDGED in move.start:
        return f"该事项尚未签收，请先签收再“{move.action.label}”"
    options = "、".join(action.label for action in permitted(status, held)) or "无"
    return f"该事项当前为“{status.label}”，不能“{move.action.label}”；您现在可以办理：{options}"


_ALREADY: Mapping[Action, frozenset[Status]] = {
    Action.ASSIGN: frozenset(Status) - {Status.REGISTERED, Status.WITHDRAWN},
    Action.ACKNOWLEDGE: frozenset({Status.ACKNOWLEDGED, Status.COMPLETION_REPORTED}) | FINISHED_STATUSES,
    Action.REPORT_COMPLETION: frozenset({Status.COMPLETION_REPORTED}) | FINISHED_STATUSES,
    Action.VERIFY: FINISHED_STATUSES,
    Action.CLOSE: frozenset({Status.CLOSED, Status.ARCHIVED}),
}
"""Statuses in which an act has plainly been done before."""
