"""Who calls the API, what they may, and how a write happens once."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from access import answers, tokens
from access.sign_ins import SignedIn
from access.tokens import Bearer, TokenScope
from config import clock
from config.errors import Refused
from database import chain, reading, writing
from supervision.in_force import InForce
from supervision.queries.people import Actor
from supervision.queries.sight import Sight, sight_of
from web.portal import Portal
from web.rules import rule_of

_bearer = HTTPBearer(auto_error=False, description="个人令牌：在“我的账号”中生成")


class Unauthorized(Exception):
    """There is no token, or it does not stand for anybody."""


class Forbidden(Exception):
    """The token's scopes, or its person's roles, do not reach so far."""


@dataclass
class Caller:
    """One call: whose it is, and what it reads and may write."""

    request: Request
    portal: Portal
    bearer: Bearer
    session: Session
    force: InForce
    actor: Actor

    @property
    def sight(self) -> Sight:
        """Return what of the plan this person sees."""
        return sight_of(self.session, self.force, self.actor)

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, InForce, Actor]]:
        """Give a session for writes, which holds the chain, with plan and person as they are at that moment.

        What was read before is let go, with its connection.
        """
        self.session.close()
        signed = _as_signed(self.bearer)
        with writing(self.portal.database) as session:
            chain.lock(session, signed.tenant_id)
            force = self.portal.plan_of(session, signed)
            yield session, force, self.portal.actor(session, force, signed)

    def once(
        self, key: str | None, digest: str, do: Callable[[Session, InForce, Actor], Mapping[str, Any]]
    ) -> JSONResponse:
        """Do a write and answer it; with a key, the same call again is answered the same and does nothing."""
        with self.writing() as (session, force, actor):
            if key is not None:
                known = answers.kept(session, self.bearer.known, key=key, digest=digest)
                if known is not None:
                    return JSONResponse(dict(known[1]), known[0], headers={"Idempotent-Replayed": "true"})
            body = do(session, force, actor)
            if key is not None:
                answers.keep(session, self.bearer.known, key=key, digest=digest, status=200, body=body, at=clock.now())
        return JSONResponse(dict(body))


def digest_of(request: Request, body: str) -> str:
    """Return what tells one write from another: method, path and body."""
    return hashlib.sha256(f"{request.method} {request.url.path}\n{body}".encode()).hexdigest()


async def _calling(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> AsyncIterator[Caller]:
    portal: Portal = request.app.state.portal
    async with portal.places:
        with reading(portal.database) as session:
            yield _caller(request, portal, session, given.credentials if given else None)


def _caller(request: Request, portal: Portal, session: Session, token: str | None) -> Caller:
    """Return who calls. Raises Unauthorized or Forbidden."""
    rule = rule_of(request.scope["endpoint"])
    bearer = tokens.bearer(session, token, at=clock.now()) if token else None
    if bearer is None:
        raise Unauthorized
    signed = _as_signed(bearer)
    force = portal.plan_of(session, signed)
    try:
        actor = portal.actor(session, force, signed)
    except Refused:
        raise Unauthorized from None
    wanted = TokenScope.READ if request.method == "GET" else TokenScope.WRITE
    if wanted not in bearer.scopes or rule is None or not rule.admits(actor):
        raise Forbidden
    return Caller(request, portal, bearer, session, force, actor)


def _as_signed(bearer: Bearer) -> SignedIn:
    known = bearer.known
    return SignedIn(known.tenant_id, known.person_id, known.login, "", False, None, 0, "", False)


Calling = Annotated[Caller, Depends(_calling, scope="function")]
"""What every endpoint asks for."""

Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=answers.LONGEST_KEY, pattern=r"^[\x21-\x7e]+$",
        description="同一个键的请求只办理一次，重复发送得到同样的回答",
    ),
]  # fmt: skip
"""The key under which a write happens once."""
