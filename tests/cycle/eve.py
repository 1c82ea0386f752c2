"""The harbour city up to the evening before a day on which nearly everything happens at once.

On 2024-07-01 items are assigned, windows open and close, items and requests are reminded, warned and urged, a 督办单
and a 通报 are drafted, and a signed paper, an urgent matter and digests wait in the outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time

from cycle.days import Installation, whole_day, working_days
from cycle.hands import CHIEF, Hands, hands

from config.terms import Action

FIRST_DAY = date(2024, 6, 14)
EVE = date(2024, 6, 28)
THE_DAY = date(2024, 7, 1)

Afternoon = Callable[[Hands], None]


def _twenty_fourth(people: Hands) -> None:
    people.sign("K3-01/2024-06/hg")


def _twenty_sixth(people: Hands) -> None:
    people.complete("K2-02/2024Q2/swj", "swj.liaison")
    people.submit("points", "990001", "2024-05", {"A1": "12"})
    people.submit("points", "990002", "2024-05", {"A1": "7"})


def _twenty_seventh(people: Hands) -> None:
    people.act("K2-02/2024Q2/swj", Action.RETURN_FOR_REWORK, CHIEF, date=date(2024, 7, 8))
    due = date(2024, 7, 15)
    people.act("K1-02/2024-06/sjj", Action.REQUEST_EXTENSION, "sjj.liaison", date=due)
    people.confirm("points", "990002", "2024-05")


def _eve(people: Hands) -> None:
    people.complete("K1-02/2024-06/zwb", "zwb.liaison")
    people.sign("K3-01/2024-06/swj")
    people.matter("处置群众来信", ["市数据局", "市商务局"], date(2024, 7, 3), urgent=True)


_AFTERNOONS: Mapping[date, Afternoon] = {
    date(2024, 6, 24): _twenty_fourth,
    date(2024, 6, 26): _twenty_sixth,
    date(2024, 6, 27): _twenty_seventh,
    EVE: _eve,
}


def put_eve(installation: Installation) -> None:
    """Bring a city that has just been loaded to the evening of `EVE`: the flows ran every day, and people worked."""
    with installation.open() as database:
        for day in working_days(database, FIRST_DAY, EVE):
            whole_day(database, installation.settings, day)
            if day in _AFTERNOONS:
                with hands(database, day, time(15)) as people:
                    _AFTERNOONS[day](people)
