"""Pages that say who may enter, each beside its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import FastAPI
from starlette.convertors import IntegerConvertor, register_url_convertor

from web.rules import Rule, under

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class _Number(IntegerConvertor):
    """A number in an address, as the database can hold it: a longer one leads nowhere, like any that is not there."""

    regex = "0*[0-9]{1,9}"


register_url_convertor("int", _Number())


class Pages:
    """The pages of one area. `show` is for reading, `do` for what a form sends.

    A page that only reads is an `async def` and quick; one that writes, or takes long, is a plain `def`, which runs
    in a thread, so that waiting for a lock stops nobody else.
    """

    def __init__(self) -> None:
        self._routes: list[tuple[str, str, Callable[..., Any]]] = []

    def show(self, path: str, who: Rule) -> Callable[[Endpoint], Endpoint]:
        """Put a page at `path`, for whom the rule admits."""
        return self._at(path, "GET", who)

    def do(self, path: str, who: Rule) -> Callable[[Endpoint], Endpoint]:
        """Take what forms send to `path`, from whom the rule admits."""
        return self._at(path, "POST", who)

    def put_into(self, app: FastAPI) -> None:
        """Add the routes, in order, to the application."""
        for path, method, endpoint in self._routes:
            app.add_api_route(path, endpoint, methods=[method], response_model=None, include_in_schema=False)

    def _at(self, path: str, method: str, who: Rule) -> Callable[[Endpoint], Endpoint]:
        def put(endpoint: Endpoint) -> Endpoint:
            under(who, endpoint)
            self._routes.append((path, method, endpoint))
            return endpoint

        return put
