"""The API's application: its endpoints, its description, and its refusals as JSON."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from config.errors import BadInput, Conflict, DubanError, Refused, UnknownName
from web.api import assessments, items, reports
from web.api.calling import Forbidden, Unauthorized
from web.api.routing import Endpoints
from web.portal import Portal
from web.rules import PUBLIC, under
from web.safeguards import BodyTooLarge
from web.wording import for_page

VERSION = "1.0"
_AREAS: tuple[Endpoints, ...] = (items.endpoints, reports.endpoints, assessments.endpoints)
_log = logging.getLogger("duban.web")


def create_api(portal: Portal) -> FastAPI:
    """Return the application to be mounted at /api/v1. Its description is at /api/v1/openapi.json, for everybody."""
    api = FastAPI(
        title="督办接口", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None,
        description="与网页相同的办理和查询。令牌在“我的账号”中生成，权限不超过本人的身份。",
    )  # fmt: skip
    api.state.portal = portal
    for area in _AREAS:
        area.put_into(api)

    async def description() -> JSONResponse:
        return JSONResponse(api.openapi())

    under(PUBLIC, description)
    api.add_api_route("/openapi.json", description, include_in_schema=False)
    api.servers = [{"url": "/api/v1"}]
    api.middleware("http")(_with_etag)
    handlers: dict[Any, Any] = {
        Unauthorized: _unauthorized,
        Forbidden: _forbidden,
        DubanError: _refused,
        DBAPIError: _unavailable,
        RequestValidationError: _invalid,
        BodyTooLarge: _too_large,
        HTTPException: _http,
        Exception: _broken,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
    return api


async def _with_etag(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Mark what is read by its content, and say so when the reader has it already."""
    response = await answer(request)
    if request.method != "GET" or response.status_code != 200:
        return response
    body = b"".join([part async for part in response.body_iterator])  # type: ignore[attr-defined]
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, 200, headers={"ETag": tag}, media_type=response.headers.get("content-type"))


def _problem(status: int, error: str, message: str, **headers: str) -> JSONResponse:
    return JSONResponse({"error": error, "message": message}, status, headers=headers)


async def _unauthorized(_request: Request, _error: Exception) -> Response:
    words = "请在 Authorization 中给出有效的令牌（Bearer …）"
    return _problem(401, "unauthorized", words, **{"WWW-Authenticate": "Bearer"})


async def _forbidden(_request: Request, _error: Exception) -> Response:
    return _problem(403, "forbidden", "令牌的权限或您的身份不能这样做")


async def _refused(_request: Request, error: DubanError) -> Response:
    kinds: tuple[tuple[type[DubanError], int, str], ...] = (
        (UnknownName, 404, "not_found"), (BadInput, 422, "bad_input"), (Conflict, 409, "conflict"),
        (Refused, 409, "refused"),
    )  # fmt: skip
    status, code = next(
        ((status, code) for kind, status, code in kinds if isinstance(error, kind)), (503, "unavailable")
    )
    return _problem(status, code, for_page(str(error)))


async def _unavailable(_request: Request, _error: Exception) -> Response:
    return _problem(503, "unavailable", "数据库暂时不可用，没有作任何改动")


async def _invalid(_request: Request, error: RequestValidationError) -> Response:
    told = "；".join(f"{'.'.join(map(str, each['loc']))}：{each['msg']}" for each in error.errors()[:10])
    return _problem(422, "bad_input", told or "请求无法读取")


async def _too_large(_request: Request, _error: Exception) -> Response:
    return _problem(413, "too_large", "请求过大，没有受理")


async def _http(_request: Request, error: HTTPException) -> Response:
    codes = {404: "not_found", 405: "not_allowed"}
    headers = dict(error.headers or {})
    return _problem(
        error.status_code, codes.get(error.status_code, "bad_input"), "没有这个接口，或不接受这种请求", **headers
    )


async def _broken(request: Request, error: Exception) -> Response:
    _log.error("unexpected failure at %s %s", request.method, request.url.path, exc_info=error)
    return _problem(500, "broken", "系统出错，没有保存这次操作")
