"""One act of a form: done, and told on the page that shows it; or refused, and the page shown again."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session
from starlette.responses import Response

from config.errors import DubanError
from supervision.in_force import InForce
from supervision.queries.people import Actor
from web.visit import Visit, status_of
from web.wording import told

Step = Callable[[Session, InForce, Actor], tuple[str, str]]
"""Reads the form and writes; returns the page to go to and what is said there once."""

Again = Callable[[str, int], Response]
"""Makes the page once more, with the line that says why it was refused, and the status."""


def attempt(visit: Visit, step: Step, again: Again) -> Response:
    """Return the way to where the act of `step` shows, or the page `again` with everything that was typed.

    What `step` raises of the house's errors takes back what it wrote.
    """
    try:
        with visit.writing() as (session, force, actor):
            where, said = step(session, force, actor)
    except DubanError as refused:
        return again(told(refused), status_of(refused))
    return visit.done(where, said)
