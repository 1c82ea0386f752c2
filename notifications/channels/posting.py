"""One HTTP request and its answer, for channels that are programs on the web: bounded in time and in size.

What is asked holds secrets, in address, headers and body, so nothing of it is ever part of an error or a log.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from config import clock
from config.errors import BadInput
from config.reasons import reason
from config.terms import DeliveryStatus

ANSWER_LIMIT = 65536
"""Bytes of an answer that are read: what decides stands at its beginning, or it is no answer for us."""

LONGEST_WAIT = timedelta(days=1)
"""However long the other side asks to be left alone: the next day it is tried."""

# httpx writes every address at INFO, and a robot's address is its password.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class NotReached(Exception):
    """No connection: it is certain that nothing has arrived. `status`: temporary, or technical for a certificate."""

    def __init__(self, detail: str, status: DeliveryStatus = DeliveryStatus.TEMPORARY) -> None:
        super().__init__(detail)
        self.status = status


class NotAnswered(Exception):
    """The connection broke or stayed silent after it was opened: the message may have arrived."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `wait`: how long we are asked to wait (Retry-After), zero when nothing is said."""

    status: int
    body: bytes
    wait: timedelta

    def value(self, path: str) -> str | None:
        """Return what stands at `path` (`result.code`, `0.status`) of the JSON, in words; None: nothing plain there."""
        try:
            found = json.loads(self.body)
            for step in path.split("."):
                found = found[int(step)] if isinstance(found, list) else found[step]
        except (ValueError, LookupError, TypeError, RecursionError):
            return None
        if isinstance(found, bool):
            return "true" if found else "false"
        return str(found) if isinstance(found, str | int | float) else None


def trusting(ca_file: str, setting: str) -> ssl.SSLContext:
    """Return a context that checks certificates against the system's authorities and those of `ca_file`.

    Raises BadInput that names the setting when the file cannot be used.
    """
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:
            raise BadInput(f"设置项 {setting} 的证书文件不能用（{reason(error)}），请核对路径和内容") from None
    return context


def client(*, timeout: float, trust: ssl.SSLContext) -> httpx.AsyncClient:
    """Return a client that goes where it is told: no redirects, no proxy and no passwords from the environment.

    It waits `timeout` seconds for a connection and as long again for an answer.
    """
    return httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=timeout, verify=trust)


async def ask(http: httpx.AsyncClient, request: httpx.Request) -> Answer:
    """Send `request` and return the answer, however slowly it comes within twice the client's timeout.

    Raises NotReached or NotAnswered, worded for the office.
    """
    host = request.url.netloc.decode().rpartition("@")[2]
    seconds = http.timeout.read or 0
    try:
        async with asyncio.timeout(2 * seconds):
            answer = await http.send(request, stream=True)
            try:
                body = await _beginning(answer)
            finally:
                await answer.aclose()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as broken:
        if "CERTIFICATE_VERIFY_FAILED" in str(broken):
            raise NotReached(f"{host} 的证书不可信：请用 _ca_file 指明可信的证书", DeliveryStatus.TECHNICAL) from None
        raise NotReached(f"{host} 连不上（{type(broken).__name__}）：请检查地址、端口和网络") from None
    except (TimeoutError, httpx.TimeoutException):
        raise NotAnswered(f"{host} 在 {seconds:g} 秒内没有应答") from None
    except httpx.HTTPError as broken:
        raise NotAnswered(f"与 {host} 的连接中断（{type(broken).__name__}），没有得到应答") from None
    return Answer(answer.status_code, body, waiting(answer.headers.get("retry-after", ""), at=clock.now()))


async def _beginning(answer: httpx.Response) -> bytes:
    """Return the first ANSWER_LIMIT bytes of the answer; what follows is not read."""
    read = bytearray()
    async for part in answer.aiter_bytes():
        read += part
        if len(read) >= ANSWER_LIMIT:
            break
    return bytes(read[:ANSWER_LIMIT])


def waiting(said: str, *, at: datetime) -> timedelta:
    """Return the wait that a Retry-After asks for at the instant `at`: seconds or a date; zero for anything else.

    At most LONGEST_WAIT. Source: RFC 9110 10.2.3.
    """
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=int(said[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return timedelta()
    if until.tzinfo is None:
        return timedelta()
    return max(timedelta(), min(until - at, LONGEST_WAIT))
