"""In which order a person is reached: the one kept with the person, else the office's; and who comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from config.errors import BadInput, Conflict, UnknownName
from config.settings import Settings
from config.terms import EXTERNAL_CHANNELS, Channel, DeliveryStatus
from database import chain
from models import Delivery, Notice, Person
from notifications.queue import Scope, unfinished

Order = tuple[Channel, ...]

PUT_CHANNELS = "put_channels"
FALL_BACK = "fall_back"

ORDERS: Sequence[Order] = (
    (Channel.EMAIL, Channel.GATEWAY), (Channel.GATEWAY, Channel.EMAIL), (Channel.EMAIL,), (Channel.GATEWAY,),
)  # fmt: skip
"""Every order there is."""

_NAMES = "、".join(f"{channel.value}（{channel.label}）" for channel in EXTERNAL_CHANNELS)


def parse(text: str, where: str) -> Order:
    """Return the channels named in `text`, in their order; `where` says whose order it is.

    Raises BadInput for none, for a name that is not known and for one that comes twice.
    """
    names = [name.strip() for name in text.split(",")]
    known = {channel.value: channel for channel in EXTERNAL_CHANNELS}
    if set(names) - set(known) or len(set(names)) < len(names):
        raise BadInput(f"{where}应为用逗号隔开、互不重复的通知渠道，可用 {_NAMES}，现为“{text}”")
    return tuple(known[name] for name in names)


@dataclass(frozen=True)
class Ways:
    """By which channels this installation can reach people, and the office's order of them."""

    office: Order = (Channel.EMAIL,)
    usable: frozenset[Channel] = frozenset({Channel.EMAIL})

    def of(self, kept: str | None) -> Order:
        """Return the channels for a person with the order `kept`, one at least: what cannot be used is passed over."""
        own = tuple(Channel(name) for name in kept.split(",") if Channel(name) in self.usable) if kept else ()
        return own or self.office


ONLY_MAIL = Ways()


def read_ways(settings: Settings) -> Ways:
    """Return the ways out that the settings give: e-mail is always there, as a Maildir at least.

    Raises BadInput for an order that cannot be read.
    """
    usable = frozenset(EXTERNAL_CHANNELS) if settings.gateway_url else frozenset({Channel.EMAIL})
    order = tuple(each for each in parse(settings.channels, "设置项 channels ") if each in usable)
    return Ways(order or (Channel.EMAIL,), usable)


def written(order: Sequence[Channel]) -> str:
    """Return an order as it is kept."""
    return ",".join(order)


def in_words(text: str | None, office: str) -> str:
    """Return for people how somebody is reached: the order kept with them, else the `office`'s."""
    labels = "，发不到再用".join(Channel(name).label for name in (text or office).split(","))
    return labels if text else f"按办公室规定（{labels}）"


def order_of(session: Session, tenant_id: int, login: str) -> str | None:
    """Return the order kept with the person, None for the office's. Raises UnknownName for the login."""
    statement = select(col(Person.channels)).where(col(Person.tenant_id) == tenant_id, col(Person.login) == login)
    found = session.execute(statement).one_or_none()
    if found is None:
        raise UnknownName(f"没有登录名为 {login} 的人员；请用 duban user list 查看")
    kept: str | None = found[0]
    return kept


def put_channels(
    session: Session, tenant_id: int, *, login: str, order: Sequence[Channel] | None, at: datetime, by: str
) -> None:
    """Keep in which order the person is reached; None: as the office says.

    What is on its way stays on it. Raises UnknownName for the login, Conflict for a repetition.
    """
    chain.lock(session, tenant_id)
    statement = select(Person).where(col(Person.tenant_id) == tenant_id, col(Person.login) == login)
    person = session.scalars(statement).one_or_none()
    if person is None:
        raise UnknownName(f"没有登录名为 {login} 的人员；请用 duban user list 查看")
    new = written(order) if order else None
    if new == person.channels:
        raise Conflict(f"{login} 的通知渠道已经是这样，不必重复设置")
    old, person.channels = person.channels, new
    session.add(person)
    chain.append(session, tenant_id, [chain.Entry(PUT_CHANNELS, at, by, data={"login": login, "from": old, "to": new})])


def direct(session: Session, scope: Scope, ways: Ways) -> None:
    """Put deliveries that nobody has touched on the first channel of their person: they are made for e-mail.

    Only what is bound to no message is moved, so that what was begun is finished as what it is.
    """
    if ways.usable == {Channel.EMAIL}:
        return
    other = aliased(Delivery)
    for channel, people in _first_differs(session, scope, ways).items():
        there = select(col(other.id)).where(
            col(other.notice_id) == col(Delivery.notice_id),
            col(other.person_id) == col(Delivery.person_id),
            col(other.channel) == channel,
        )
        statement = update(Delivery).where(*_untouched(scope), col(Delivery.person_id).in_(people), ~there.exists())
        session.connection().execute(statement.values(channel=channel))


def _first_differs(session: Session, scope: Scope, ways: Ways) -> dict[Channel, list[int]]:
    """Return who waits for something made for e-mail and wants to be reached otherwise first, by channel."""
    waiting = select(col(Delivery.person_id)).where(*_untouched(scope))
    people = select(col(Person.id), col(Person.channels)).where(col(Person.id).in_(waiting))
    if ways.office[0] is Channel.EMAIL:
        people = people.where(col(Person.channels).is_not(None))
    found: dict[Channel, list[int]] = {}
    for number, kept in session.execute(people):
        channel = ways.of(kept)[0]
        if channel is not Channel.EMAIL and number is not None:
            found.setdefault(channel, []).append(number)
    return found


def _untouched(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        unfinished(scope.plan_id),
        col(Delivery.channel) == Channel.EMAIL,
        col(Delivery.status) == DeliveryStatus.CREATED,
        col(Delivery.message_id).is_(None),
    )


def fall_back(
    session: Session, scope: Scope, ways: Ways, messages: Sequence[int], *, at: datetime
) -> list[chain.Entry]:
    """Open the next channel for what `messages` carried and has failed for good; return what the audit is to say.

    Opened are deliveries of their own, once per notice, person and channel, and only while the notice stands and the
    person has not got it another way.
    """
    if len(ways.usable) == 1 or not messages:
        return []
    opened: dict[Channel, list[dict[str, Any]]] = {}
    for row in _failed(session, messages):
        following = _next(row["channel"], ways.of(row.pop("kept")))
        if following is not None:
            opened.setdefault(following, []).append(row | {"channel": following})
    return [entry for channel, fresh in opened.items() for entry in _open(session, scope, channel, fresh, at)]


def _next(failed: Channel, order: Order) -> Channel | None:
    """Return the channel after the one that failed; the first one when that is none of the person's any more."""
    later = order[order.index(failed) + 1 :] if failed in order else order
    return later[0] if later else None


def _failed(session: Session, messages: Sequence[int]) -> list[dict[str, Any]]:
    """Return what has failed for good with `messages`, less what the person has otherwise: opened, served, sent."""
    other = aliased(Delivery)
    has_it = exists().where(
        col(other.notice_id) == col(Delivery.notice_id),
        col(other.person_id) == col(Delivery.person_id),
        col(other.status) == DeliveryStatus.DELIVERED,
    )
    statement: Select[Any] = (
        select(
            col(Delivery.notice_id), col(Delivery.person_id), col(Delivery.channel), col(Delivery.of_unit),
            col(Person.channels).label("kept"),
        )
        .join(Notice, col(Notice.id) == col(Delivery.notice_id))
        .join(Person, col(Person.id) == col(Delivery.person_id))
        .where(
            col(Delivery.message_id).in_(messages),
            col(Delivery.status) == DeliveryStatus.PERMANENT,
            col(Notice.cancelled_at).is_(None),
            ~has_it,
        )
        .order_by(col(Delivery.id))
    )  # fmt: skip
    return [dict(row) for row in session.execute(statement).mappings()]


def _open(
    session: Session, scope: Scope, channel: Channel, rows: Sequence[Mapping[str, Any]], at: datetime
) -> list[chain.Entry]:
    made = {
        "tenant_id": scope.tenant_id, "plan_id": scope.plan_id, "status": DeliveryStatus.CREATED, "attempts": 0,
        "next_try_at": at,
    }  # fmt: skip
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement: Any = dialect.insert(Delivery).on_conflict_do_nothing().returning(col(Delivery.id))
    numbers = sorted(connection.scalars(statement, [{**row, **made} for row in rows]))
    data = {"channel": channel.value, "deliveries": numbers}
    return [chain.Entry(FALL_BACK, at, "flow:deliver", plan_id=scope.plan_id, data=data)] if numbers else []
