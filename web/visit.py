"""One request of somebody: who it is, which plan they look at, what they read, and what they may change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from access import sign_ins
from access.sign_ins import SignedIn
from config import clock
from config.errors import BadInput, DubanError, Refused, StoreError, UnknownName
from database import chain, explained, writing
from supervision.in_force import InForce
from supervision.queries.people import Actor
from supervision.queries.register import is_simulated
from supervision.queries.sight import Sight, sight_of
from web import said
from web.navigation import Entry, menu
from web.portal import Portal
from web.rendering import rendered
from web.rules import rule_of

COOKIE = "duban"
SEE_OTHER = 303

FILES_IN_A_FORM = 20
"""How many files one form or one call may bring."""

_BEFORE_A_PASSWORD_OF_ONES_OWN = frozenset({"/account/password", "/sign-out"})
"""What is open to somebody whose password was made up by another."""


class SignInNeeded(Exception):
    """The route wants somebody signed in, and nobody is, or not any more."""


class NotAdmitted(Exception):
    """Somebody is signed in whom the route's rule does not admit."""


class FormForged(Exception):
    """A form came back without the secret that its page was given."""


class PasswordDue(Exception):
    """The password was made up by somebody else, and nothing is shown before it is changed."""


@dataclass
class Visit:
    """A request with everything that its page needs. `signed`, `force` and `actor` are there unless it is public."""

    request: Request
    portal: Portal
    signed: SignedIn | None = None
    _force: InForce | None = None
    _actor: Actor | None = None
    simulated: bool = False
    form: FormData = field(default_factory=FormData)
    _open: Session | None = None
    _sight: Sight | None = None

    @property
    def me(self) -> SignedIn:
        """Return who is signed in."""
        if self.signed is None:
            raise SignInNeeded
        return self.signed

    @property
    def force(self) -> InForce:
        """Return the plan that is looked at."""
        if self._force is None:
            raise SignInNeeded
        return self._force

    @property
    def actor(self) -> Actor:
        """Return the person with the roles of the day."""
        if self._actor is None:
            raise SignInNeeded
        return self._actor

    def looks_at(self, force: InForce, actor: Actor) -> None:
        """Say which plan it is, and who the person is under it."""
        self._force, self._actor = force, actor

    @property
    def sight(self) -> Sight:
        """Return what of the plan this person sees."""
        if self._sight is None:
            self._sight = sight_of(self.session, self.force, self.actor)
        return self._sight

    @property
    def now(self) -> datetime:
        """Return the instant it is for the plan: acts are dated by it."""
        return self.force.now

    @property
    def session(self) -> Session:
        """Return the session for reads; it lasts until the page is made."""
        if self._open is None:
            self._open = Session(self.portal.database.engine)
        return self._open

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, InForce, Actor]]:
        """Give a session for writes, which holds the chain, with plan and person as they are at that moment.

        What was read before is let go, so that a page made afterwards shows what was written.
        """
        self.close()
        with writing(self.portal.database) as session:
            chain.lock(session, self.me.tenant_id)
            force = self.portal.plan_of(session, self.me)
            yield session, force, self.portal.actor(session, force, self.me)

    def page(self, template: str, *, status: int = 200, **shown: Any) -> Response:
        """Return the page with what all pages show."""
        html = rendered(template, visit=self, menu=self.menu(), told=said.taken(self.request), **shown)
        answer = HTMLResponse(html, status)
        said.forget(self.request, answer)
        return answer

    def menu(self) -> list[Entry]:
        """Return what this person can go to; nothing for nobody."""
        return [] if self._actor is None else menu(self._actor, self.request.url.path)

    def done(self, where: str, words: str = "") -> Response:
        """Return the way to the page that shows what was done; `words` are said there once."""
        answer = RedirectResponse(where, SEE_OTHER)
        if words:
            said.keep(answer, words)
        return answer

    def close(self) -> None:
        """Let go of what was read, and of the connection."""
        if self._open is not None:
            self._open.close()
            self._open = None


async def _visiting(request: Request) -> AsyncIterator[Visit]:
    """Give the visit, once its route's rule has admitted it, and close it when its page is made.

    What a form brings is awaited without a place, and what was read until then is let go: a slow sender keeps no
    connection, and a page that writes shows what it wrote.
    """
    visit = Visit(request, request.app.state.portal)
    if request.method == "POST":
        async with _seated(visit):
            await _admit(visit)
        visit.form = await _form(visit)
    async with _seated(visit):
        if request.method != "POST":
            await _admit(visit)
        yield visit


Visiting = Annotated[Visit, Depends(_visiting, scope="function")]
"""What every page asks for. A page that writes is a plain `def`, so that waiting for a lock stops nobody else.

It is over before the answer is sent: who reads slowly keeps no connection either.
"""


@asynccontextmanager
async def _seated(visit: Visit) -> AsyncIterator[None]:
    """Hold a place at the database, and let go of what was read when it is given back."""
    async with visit.portal.places:
        try:
            yield
        finally:
            visit.close()


async def _admit(visit: Visit) -> None:
    rule = rule_of(visit.request.scope["endpoint"])
    recognise(visit)
    if rule is None or not rule.public:
        if visit.signed is None:
            raise SignInNeeded
        if rule is None or not rule.admits(visit.actor):
            raise NotAdmitted
        if visit.signed.must_change and visit.request.url.path not in _BEFORE_A_PASSWORD_OF_ONES_OWN:
            raise PasswordDue
    if visit.signed is not None and visit.signed.stale:
        visit.close()
        await run_in_threadpool(_seen, visit.portal, visit.signed)


async def _form(visit: Visit) -> FormData:
    """Return what the form brought. Raises FormForged without the secret of whoever is signed in."""
    form = await visit.request.form(
        max_files=FILES_IN_A_FORM, max_part_size=visit.portal.settings.upload_megabytes * 2**20
    )
    if visit.signed is not None and form.get("csrf") != visit.signed.csrf:
        raise FormForged
    return form


def recognise(visit: Visit) -> None:
    """Let the visit know its person, plan and roles, if the browser is signed in."""
    token = visit.request.cookies.get(COOKIE)
    if not token:
        return
    portal = visit.portal
    with explained(portal.database):
        session = visit.session
        signed = sign_ins.found(session, token, at=clock.now(), terms=portal.terms)
        if signed is None:
            return
        force = portal.plan_of(session, signed)
        try:
            actor = portal.actor(session, force, signed)
        except Refused:
            return
        visit.signed, visit.simulated = signed, is_simulated(session, force)
        visit.looks_at(force, actor)


def _seen(portal: Portal, signed: SignedIn) -> None:
    try:
        with writing(portal.database) as session:
            sign_ins.seen(session, signed.number, at=clock.now())
    except StoreError:
        pass  # a database that cannot be written can still be read; the sign-in merely ends earlier


def sign_in_address(request: Request) -> str:
    """Return the way to the sign-in page and back."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "/sign-in" if here == "/" or request.method != "GET" else f"/sign-in?next={quote(here, safe='')}"


def status_of(error: DubanError) -> int:
    """Return the HTTP status that says what kind of refusal it is."""
    if isinstance(error, UnknownName):
        return 404
    if isinstance(error, BadInput):
        return 422
    if isinstance(error, Refused):
        return 409
    return 503
