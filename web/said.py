"""What is said once, on the page after the one where something was done: it travels in a cookie of a minute."""

from __future__ import annotations

import base64
import binascii

from starlette.requests import Request
from starlette.responses import Response

_COOKIE = "duban_said"
_SECONDS = 60
_LONGEST = 600


def keep(answer: Response, words: str) -> None:
    """Send `words` along to the next page."""
    value = base64.urlsafe_b64encode(words[:_LONGEST].encode()).decode()
    answer.set_cookie(_COOKIE, value, max_age=_SECONDS, path="/", secure=True, httponly=True, samesite="lax")


def taken(request: Request) -> str:
    """Return what the page before had to say; empty for nothing, or for what cannot be read."""
    try:
        return base64.urlsafe_b64decode(request.cookies.get(_COOKIE, "")).decode()[:_LONGEST]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def forget(request: Request, answer: Response) -> None:
    """Take the words back once they are shown."""
    if _COOKIE in request.cookies:
        answer.delete_cookie(_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
