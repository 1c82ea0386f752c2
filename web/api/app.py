"""The API's application: its endpoints, its description, and its refusals as JSON."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Any, Protocol, runtime_checkable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from config.errors import BadInput, Conflict, DubanError, Refused, UnknownName
from web.api.areas import AREAS
from web.api.calling import Forbidden, Unauthorized
from web.portal import Portal
from web.rules import PUBLIC, under
from web.safeguards import BodyTooLarge, too_large
from web.wording import told

VERSION = "1.0"
_log = logging.getLogger("duban.web")


def create_api(portal: Portal) -> FastAPI:
    """Return the application to be mounted at /api/v1. Its description is at /api/v1/openapi.json, for everybody."""
    api = FastAPI(
        title="督办接口", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None,
        description="与网页相同的办理和查询。令牌在“我的账号”中生成，权限不超过本人的身份。",
    )  # fmt: skip
    api.state.portal = portal
    for area in AREAS:
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


@runtime_checkable
class _Streamed(Protocol):
    """What a middleware gets back: the answer's body has still to be read."""

    body_iterator: AsyncIterable[bytes]


async def _with_etag(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Mark what is read by its content, and say so when the reader has it already."""
    response = await answer(request)
    if request.method != "GET" or response.status_code != 200 or not isinstance(response, _Streamed):
        return response
    body = b"".join([part async for part in response.body_iterator])
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, 200, headers={**response.headers, "ETag": tag})


def _problem(status: int, error: str, message: str, **headers: str) -> JSONResponse:
    return JSONResponse({"error": error, "message": message}, status, headers=headers)


async def _unauthorized(_request: Request, _error: Exception) -> Response:
    words = "请在 Authorization 中给出有效的令牌（Bearer …）；没有或已过期的，请在“我的账号”中生成"
    return _problem(401, "unauthorized", words, **{"WWW-Authenticate": "Bearer"})


async def _forbidden(_request: Request, _error: Exception) -> Response:
    return _problem(
        403, "forbidden", "令牌的权限或您的身份不能这样做；请换用权限足够的令牌，身份不够的请联系领导小组办公室"
    )


async def _refused(_request: Request, error: DubanError) -> Response:
    kinds: tuple[tuple[type[DubanError], int, str], ...] = (
        (UnknownName, 404, "not_found"), (BadInput, 422, "bad_input"), (Conflict, 409, "conflict"),
        (Refused, 409, "refused"),
    )  # fmt: skip
    status, code = next(
        ((status, code) for kind, status, code in kinds if isinstance(error, kind)), (503, "unavailable")
    )
    return _problem(status, code, told(error))


async def _unavailable(_request: Request, _error: Exception) -> Response:
    return _problem(503, "unavailable", "数据库暂时不可用，没有作任何改动；请稍后用同一个 Idempotency-Key 重新发送")


async def _invalid(_request: Request, error: RequestValidationError) -> Response:
    wrong = "；".join(f"{'.'.join(map(str, each['loc']))}：{each['msg']}" for each in error.errors()[:10])
    return _problem(422, "bad_input", f"{wrong or '请求无法读取'}；请对照接口说明改正后重新发送")


async def _too_large(request: Request, _error: Exception) -> Response:
    return _problem(413, "too_large", too_large(request.app.state.portal.settings.upload_megabytes))


async def _http(request: Request, error: HTTPException) -> Response:
    if _is_too_large(error.__cause__):
        return await _too_large(request, error)
    codes = {404: "not_found", 405: "not_allowed"}
    headers = dict(error.headers or {})
    words = "没有这个接口，或不接受这种请求；请核对 /api/v1/openapi.json 中的地址和方法"
    if error.status_code not in codes:
        words = "请求无法读取；请对照接口说明改正后重新发送"
    status = 422 if error.status_code == 400 else error.status_code  # what cannot be read is answered one way
    return _problem(status, codes.get(error.status_code, "bad_input"), words, **headers)


def _is_too_large(cause: BaseException | None) -> bool:
    """Return whether the body's size stopped the reading: the framework calls whatever stops it a bad request."""
    if isinstance(cause, BaseExceptionGroup):
        return cause.subgroup(BodyTooLarge) is not None
    return isinstance(cause, BodyTooLarge)


async def _broken(request: Request, error: Exception) -> Response:
    _log.error("unexpected failure at %s %s", request.method, request.url.path, exc_info=error)
    return _problem(500, "broken", "系统出错，没有保存这次操作；请稍后重新发送，仍出错的请联系系统管理员")
