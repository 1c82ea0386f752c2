"""Who acts on a day: the holders of the posts, with the roles they have on it."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from config.terms import Role
from supervision.in_force import InForce
from supervision.queries.people import Actor, actor, unit_people


class Staff:
    """The people of one day, read once each.

    `yesterday` is the staff of the day before: where every post is held as it was then, so are the roles.
    """

    def __init__(self, session: Session, force: InForce, *, on: date, yesterday: Staff | None = None) -> None:
        self._session, self._force, self._on = session, force, on
        self._posts = unit_people(session, force.tenant_id, on=on)
        unchanged = yesterday is not None and yesterday._posts == self._posts
        self._actors: dict[str, Actor] = yesterday._actors if yesterday and unchanged else {}
        accounts = force.plan.accounts()
        self._office = [account.login for account in accounts if account.role == Role.OFFICE.value]
        self._leaders = [account.login for account in accounts if account.role == Role.LEADER.value]

    def person(self, login: str) -> Actor:
        """Return the person of that login with the roles of the day."""
        if login not in self._actors:
            self._actors[login] = actor(self._session, self._force.tenant_id, login, on=self._on)
        return self._actors[login]

    def of_unit(self, unit: str) -> list[Actor]:
        """Return who acts for the unit of that code: the liaison first, then the head, stand-ins in their place."""
        number = self._force.unit_ids[unit]
        held = [self._posts.get((number, role), ()) for role in (Role.LIAISON, Role.UNIT_HEAD)]
        return [self.person(login) for login in dict.fromkeys(login for posts in held for _, login in posts)]

    def liaison(self, unit: str) -> Actor:
        """Return who does the unit's ordinary acts."""
        return self.of_unit(unit)[0]

    def head(self, unit: str) -> Actor:
        """Return who asks for something in the unit's name; the liaison where there is no head."""
        return self.of_unit(unit)[-1]

    def clerk(self) -> Actor:
        """Return who does the office's daily work."""
        return self.person(self._office[0])

    def colleague(self) -> Actor | None:
        """Return who of the office or the leading group looks at what the clerk has done; None without anybody."""
        return next((self.person(login) for login in (*self._office[1:], *self._leaders)), None)

    def leader(self) -> Actor | None:
        """Return who decides for the leading group; None when the plan has no such post."""
        return self.person(self._leaders[0]) if self._leaders else None

    def second(self, unit: str) -> Actor | None:
        """Return who decides on what the unit or the clerk has done; None when there is nobody who may."""
        number = self._force.unit_ids[unit]
        others = [self.person(login) for login in (*self._office[1:], *self._leaders, self._office[0])]
        return next((each for each in others if number not in each.unit_ids), None)

    def signer(self, unit: str) -> Actor | None:
        """Return who signs a paper to the unit that the clerk has reviewed; None when there is nobody who may."""
        found = self.second(unit)
        return found if found is not None and found.login != self.clerk().login else None
