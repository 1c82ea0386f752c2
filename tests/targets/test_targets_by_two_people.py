"""Who set a target does not confirm it for the district, in whatever capacity."""

from __future__ import annotations

from datetime import date

import pytest
from targets.target_office import BINJIANG, CLERK, Office, at, on_sqlite

from config.errors import Refused
from config.terms import Role
from database import writing
from supervision.ledger import people, targets
from supervision.queries.people import actor

pytestmark = on_sqlite

HEAD = f"{BINJIANG}.head"


def confirm(office: Office, by: str, when: str = "03-10") -> list[str]:
    with writing(office.database) as session:
        who = actor(session, office.force.tenant_id, by, on=at(when).date())
        return targets.confirm_targets(session, office.force, unit=BINJIANG, indicators=["T06"], by=who, at=at(when))


def stands_in_for_the_head(office: Office) -> None:
    with writing(office.database) as session:
        people.delegate(
            session, office.force.tenant_id, login=HEAD, to=CLERK, since=date(2022, 3, 2), until=date(2022, 3, 31),
            reason="出差", at=at("03-02"), by="console",
        )  # fmt: skip


def moves_to_the_district(office: Office) -> None:
    with writing(office.database) as session:
        people.appoint(
            session, office.force.tenant_id, login=CLERK, role=Role.LIAISON, unit_id=office.force.unit_ids[BINJIANG],
            since=date(2022, 3, 2), at=at("03-02"), by="console",
        )  # fmt: skip


def is_handed_the_heads_post(office: Office) -> None:
    with writing(office.database) as session:
        people.hand_over(
            session, office.force.tenant_id, login=HEAD, to=CLERK, on=date(2022, 3, 2), at=at("03-02"), by="console"
        )


@pytest.mark.parametrize(
    "route", [stands_in_for_the_head, moves_to_the_district, is_handed_the_heads_post], ids=lambda each: each.__name__
)
def test_who_set_a_target_cannot_confirm_it_for_the_district(office: Office, route: object) -> None:
    office.set_one(130)
    assert callable(route)
    route(office)
    with pytest.raises(Refused, match="确认须由另一人办理"):
        confirm(office, CLERK)


def test_the_districts_own_head_confirms_it(office: Office) -> None:
    office.set_one(130)
    assert confirm(office, HEAD) == ["T06"]
