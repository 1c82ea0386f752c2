"""What every request passes before a page is thought of: its name, its size, where it came from."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.settings import Settings
from web.hosts import is_loopback, is_ours
from web.rendering import rendered

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Sent with every answer: nothing from outside is loaded, nothing is framed, nothing is kept."""

STRICT_TRANSPORT = "max-age=31536000"
STATIC_CACHE = "public, max-age=86400"

FILES_AT_ONCE = 5
"""How many files of the greatest size one form may bring: a single file that is too large is refused by the page it
came from, which keeps what was typed."""

_FORBIDDEN, _TOO_LARGE = 403, 413
_BESIDE_FILES = 2**16
"""Bytes that the fields of a form may take beside its files."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Safeguards:
    """The outermost layer. Refuses a foreign Host, a body over the limit, and a form sent from another site."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        guarded = _with_headers(scope, send)
        why = self._refused(scope, headers)
        if why is not None:
            await _told(scope, *why)(scope, receive, guarded)
            return
        await self._app(scope, _limited(receive, self._megabytes(scope) * 2**20 + _BESIDE_FILES), guarded)

    def _megabytes(self, scope: Scope) -> int:
        most = self._settings.upload_megabytes
        return most if is_program(scope) else most * FILES_AT_ONCE

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        if not is_ours(headers.get("host", ""), self._settings):
            return _FORBIDDEN, "请使用本系统的地址访问（设置项 DUBAN_PORTAL_URL）"
        if scope["scheme"] != "https" and not is_loopback((scope.get("client") or ("localhost",))[0]):
            return _FORBIDDEN, "请用 https 访问本系统，把地址开头的 http 改为 https"
        length = headers.get("content-length", "0")
        most = self._megabytes(scope)
        if not length.isdigit() or int(length) > most * 2**20 + _BESIDE_FILES:
            return _TOO_LARGE, too_large(most)
        if scope["method"] not in _SAFE and headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return _FORBIDDEN, "该请求来自其他网站，没有受理；请打开本系统，在页面上重新办理"
        return None


def too_large(megabytes: int) -> str:
    """Return what is said of a request over the limit of so many megabytes."""
    return f"上传内容超过 {megabytes} MB，没有保存，请压缩或拆分后再传"


def _told(scope: Scope, status: int, words: str) -> Response:
    if is_program(scope):
        return JSONResponse({"error": "forbidden" if status == _FORBIDDEN else "too_large", "message": words}, status)
    return HTMLResponse(rendered("failure.html", visit=None, menu=[], told="", signed=None, words=words), status)


def is_program(scope: Scope) -> bool:
    """Return whether a program asks, which is answered as the API answers."""
    return bool(scope["path"].startswith("/api/"))


class BodyTooLarge(Exception):
    """A body that said nothing of its size turned out to be over the limit."""


def _limited(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise BodyTooLarge
        return message

    return counted


def _with_headers(scope: Scope, send: Send) -> Send:
    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if scope["path"].startswith("/static/") and message["status"] == 200:
                headers["Cache-Control"] = STATIC_CACHE
            if scope["scheme"] == "https":
                headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        await send(message)

    return headed
