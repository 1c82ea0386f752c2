"""Putting claimed messages into the shape in which they leave. Pure: no transaction is open, nothing is sent yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.terms import DeliveryStatus
from notifications.channels import Channel, Outcome, Outgoing
from notifications.facts import Parcel, Recipient, Sender
from notifications.messages import Rendered, render
from notifications.mime import compose, name_of
from notifications.wording import one_line, shortened

DETAIL_LIMIT = 200
"""Characters that are kept of an error of our own."""


@dataclass(frozen=True)
class Prepared:
    """What can be sent, in its order; what cannot, and why; and the subject of each message by its number."""

    outgoing: Sequence[Outgoing]
    refused: Sequence[Outcome]
    subjects: Mapping[int, str]


@dataclass(frozen=True)
class Shape:
    """How messages look on a channel: their bytes, and what the office reads about somebody without an address."""

    compose: Callable[[Parcel, Rendered, Sender, str, datetime], bytes]
    missing: Callable[[Recipient], str]


def _mail(parcel: Parcel, rendered: Rendered, sender: Sender, address: str, at: datetime) -> bytes:
    return compose(rendered, sender, key=parcel.key, name=parcel.recipient.name, address=address, at=at)


def _no_address(recipient: Recipient) -> str:
    if not recipient.email:
        return "没有邮箱地址"
    return f"邮箱地址不能用（{shortened(one_line(recipient.email), DETAIL_LIMIT)}）"


MAIL = Shape(_mail, _no_address)


def prepare(
    parcels: Sequence[Parcel], sender: Sender, channel: Channel, *, at: datetime, shape: Shape = MAIL
) -> Prepared:
    """Return the messages composed for `channel`, dated `at`. One that cannot be composed never keeps the others."""
    outgoing: list[Outgoing] = []
    refused: list[Outcome] = []
    subjects: dict[int, str] = {}
    for parcel in sorted(parcels, key=_turn):
        try:
            rendered = render(parcel.recipient, parcel.notices, sender, at=at)
            subjects[parcel.message_id] = rendered.subject
            address = channel.address_of(parcel.recipient)
            if address is None:
                missing = shape.missing(parcel.recipient)
                refused.append(Outcome(parcel.message_id, DeliveryStatus.PERMANENT, missing))
            else:
                content = shape.compose(parcel, rendered, sender, address, at)
                outgoing.append(Outgoing(parcel.message_id, name_of(sender.plan_id, parcel.key), address, content))
        except Exception as error:
            # Whatever is wrong with one notice is reported with the run; the others must reach their people.
            detail = shortened(one_line(f"通知无法生成（{type(error).__name__}：{error}）"), DETAIL_LIMIT)
            refused.append(Outcome(parcel.message_id, DeliveryStatus.TECHNICAL, detail))
    return Prepared(outgoing, refused, subjects)


def _turn(parcel: Parcel) -> tuple[bool, int, str]:
    """Return the place in the batch: urgent ones first, then those that failed least often.

    Among equals the order changes with each try, so that a recipient on whom the server chokes does not stand before
    the same others for ever.
    """
    return not parcel.urgent, parcel.attempts, name_of(parcel.attempts, parcel.key)
