"""Endpoints that say who may call them, what they give, and every way in which they may refuse."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.responses import Response

from web.api.shapes.base import Problem
from web.rules import Rule, under

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "没有令牌，或令牌无效、过期、已停用"},
    403: {"model": Problem, "description": "令牌的权限或本人的身份不够"},
    404: {"model": Problem, "description": "没有，或无权查看"},
    409: {"model": Problem, "description": "规则不允许，或刚被他人办理"},
    413: {"model": Problem, "description": "请求过大"},
    422: {"model": Problem, "description": "请求有误"},
    503: {"model": Problem, "description": "数据库暂时不可用"},
}
_NOT_CHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "与 If-None-Match 所指的相同"}}

_BRACED = re.compile(r"/\{\w+\}")
"""What stands for one of many in an address."""


class Endpoints:
    """The endpoints of one area, under its name in the description."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._routes: list[dict[str, Any]] = []

    def get(self, path: str, who: Rule, gives: type[BaseModel], summary: str) -> Callable[[Endpoint], Endpoint]:
        """Put a read at `path`."""
        shown = {"response_model": gives, "responses": {**_REFUSALS, **_NOT_CHANGED}}
        return self._at(path, "GET", who, summary, shown)

    def file(self, path: str, who: Rule, types: Sequence[str], summary: str) -> Callable[[Endpoint], Endpoint]:
        """Put a file of one of these media types at `path`, to be saved."""
        content = {each: {"schema": {"type": "string", "format": "binary"}} for each in types}
        responses = {**_REFUSALS, **_NOT_CHANGED, 200: {"description": "文件", "content": content}}
        shown = {"response_model": None, "response_class": Response, "responses": responses}
        return self._at(path, "GET", who, summary, shown)

    def post(self, path: str, who: Rule, gives: type[BaseModel], summary: str) -> Callable[[Endpoint], Endpoint]:
        """Put a write at `path`."""
        return self._at(path, "POST", who, summary, {"response_model": gives, "responses": _REFUSALS})

    def put_into(self, app: FastAPI) -> None:
        """Add the endpoints, in order, to the application."""
        for route in self._routes:
            app.add_api_route(**route)

    def _at(
        self, path: str, method: str, who: Rule, summary: str, shown: dict[str, Any]
    ) -> Callable[[Endpoint], Endpoint]:
        def put(endpoint: Endpoint) -> Endpoint:
            under(who, endpoint)
            self._routes.append(
                {
                    "path": path, "endpoint": endpoint, "methods": [method], "summary": summary, "tags": [self._tag],
                    "operation_id": f"{method.lower()}{_BRACED.sub('-one', path).replace('/', '-')}", **shown,
                }
            )  # fmt: skip
            return endpoint

        return put
