"""`duban serve`: the page at once, and behind it the clock and the engine, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import logging
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import uvicorn

from cli import output
from cli.installed import file_of, is_absent
from config.clock import now
from config.errors import BadInput, Refused, StoreError
from config.reasons import reason
from config.settings import Settings
from database import Database, ensure_current, reading
from demo.accounts import lies_at
from flows.clock import Clock
from flows.watch import Watch, silent_flows
from supervision.in_force import InForce
from supervision.ledger.silences import Silence
from web.app import create_app
from web.hosts import is_loopback
from web.status import NextRun, Outlook

GRACE_SECONDS = 5
"""How long an answer in hand may take once the end is asked for."""


@dataclass(frozen=True)
class Tls:
    """A certificate with its key, both as files in PEM."""

    cert: Path
    key: Path

    @classmethod
    def of(cls, cert: Path | None, key: Path | None) -> Tls | None:
        """Return the pair, None when neither is given. Raises BadInput for one alone, or when they do not fit."""
        if cert is None and key is None:
            return None
        if cert is None or key is None:
            raise BadInput("--tls-cert 和 --tls-key 须同时给出")
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
        except (OSError, ssl.SSLError) as error:
            why = error.strerror or str(error)
            raise BadInput(f"证书 {cert} 或私钥 {key} 不能使用（{why}）：请核对文件、格式（PEM）和是否配对") from None
        return cls(cert, key)


def serve(settings: Settings, *, clock: bool = True, tls: Tls | None = None) -> None:
    """Serve the portal and, with `clock`, run the schedule on an embedded engine. Either way keep watch over the flows.

    Plain HTTP on loopback; beyond this machine with `tls`, or behind a trusted proxy. Where `engine_url` names a
    server of one's own, that server keeps the schedule, and no clock runs here.
    Raises Refused for a host beyond this machine without either, BadInput for a port that is taken, StoreError for a
    database that is not initialised.
    """
    _log_to_terminal()
    with ExitStack() as stack:
        listening = stack.enter_context(_listening(settings, tls))
        database = _database(settings)
        stack.callback(database.dispose)
        stack.enter_context(Watch(settings, database).watching())
        keeps_time = clock and not settings.engine_url
        ticking = stack.enter_context(Clock(settings, database).ticking()) if keeps_time else None
        outlook = _outlook(database, ticking)
        app = create_app(settings, database, outlook=outlook)
        quiet = uvicorn.Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE_SECONDS, lifespan="off",
            server_header=False, proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies or None,
            ssl_certfile=str(tls.cert) if tls else None, ssl_keyfile=str(tls.key) if tls else None,
        )  # fmt: skip
        host, port = listening.getsockname()[:2]
        scheme = "https" if tls else "http"
        output.line(f"页面：{scheme}://{f'[{host}]' if ':' in host else host}:{port}/（Ctrl-C 停止）")
        with reading(database) as session:
            password = lies_at(session, settings.home)
        if password is not None:
            output.line(f"模拟数据：各登录名的口令在 {password}")
        _until_asked_to_end(lambda: uvicorn.Server(quiet).run(sockets=[listening]))


def _database(settings: Settings) -> Database:
    if is_absent(settings):
        raise StoreError(f"数据库 {file_of(settings)} 尚未初始化：请先运行 duban init")
    database = Database(settings.database_url)
    ensure_current(database)
    return database


@contextmanager
def _listening(settings: Settings, tls: Tls | None) -> Iterator[socket.socket]:
    if not is_loopback(settings.host) and tls is None and not settings.trusted_proxies:
        raise Refused(
            f"不能用 http 监听 {settings.host}，口令会被截获：请用 --tls-cert、--tls-key 给出证书，"
            "或设 DUBAN_TRUSTED_PROXIES 由反向代理提供 https，或把 DUBAN_HOST 设为 127.0.0.1 只在本机使用"
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise BadInput(f"{where} 不能监听（{reason(error)}）：请停止占用它的程序，或另设 DUBAN_PORT") from None
    with listening:
        # An answer goes out in two pieces. Without this the second waits for word of the first, 40 ms, on every page.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listening


def _outlook(database: Database, running: Clock | None) -> Callable[[], Outlook]:
    def silent(force: InForce) -> Sequence[Silence]:
        return silent_flows(database, force, at=now())

    def told() -> Outlook:
        if running is None:
            return Outlook(silent=silent)
        return Outlook(
            clock="运行中",
            engine=running.engine_state,
            engine_page=running.engine_page,
            titles=running.titles,
            next_runs=[NextRun(run.plan, run.title, run.at) for run in running.next_runs()],
            silent=silent,
        )

    return told


def _until_asked_to_end(run: Callable[[], None]) -> None:
    """Run until SIGINT or SIGTERM; either is the ordinary end, after which clock and engine are stopped."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)  # uvicorn hands on what it caught once its own answers are out
    try:
        run()
    except KeyboardInterrupt:
        output.remark("正在停止……")
    finally:
        signal.signal(signal.SIGTERM, before)


def _log_to_terminal() -> None:
    """Let what the clock does be seen where `duban serve` was started."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%m-%d %H:%M:%S"))
    log = logging.getLogger("duban")
    log.setLevel(logging.INFO)
    log.addHandler(handler)
