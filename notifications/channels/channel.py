"""What every channel takes and gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from config.terms import DeliveryStatus
from notifications.facts import Recipient


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A composed message. `name` is what it is called outside the database, the same each time it is sent."""

    message_id: int
    name: str
    address: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: delivered, temporary, permanent or technical; and why, for the office to read.

    `wait`: how long the other side asks to be left alone; it is tried again no sooner.
    """

    message_id: int
    status: DeliveryStatus
    detail: str = ""
    wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a batch. A message without an outcome was not tried: the time for the batch was used up.

    `usable` is false when the channel itself is in trouble: whatever else is handed to it now would fail as well.
    """

    outcomes: tuple[Outcome, ...]
    usable: bool = True


class Channel(Protocol):
    """A way out of the house."""

    def address_of(self, recipient: Recipient) -> str | None:
        """Return where messages to `recipient` go, None when there is no address to use."""
        ...

    async def send(self, batch: Sequence[Outgoing]) -> Report:
        """Try to hand over every message; a refused one never stops the others. No transaction is open."""
        ...
