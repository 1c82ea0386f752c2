"""The portal over a long ledger: pages of a real `duban serve` to readers at the same time, against its bare answer.

The limits: with 100,000 items and 8 readers on two cores, board, list and item answer within 100 ms at the median and
300 ms at the 95th percentile (issue 4); one worker process answers 200 pages of an item and 120 lists of 100 rows in a
second, signed in and with access checked (issue 5). Every reader asks again as soon as it has read, so the server never
rests; the readers' own work runs on the same cores.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote

from benchmarks.figures import Goal, Measured
from benchmarks.portal_ledger import OFFICE, UNIT, fill, secrets, token_of
from database import Database

READERS = 8
SECONDS = 5.0
"""How long each page is asked for."""
UP_WITHIN_SECONDS = 60
RAW = "/healthz"
ROWS = 100
"""Rows of a list, where the asker says how many."""
MEDIAN, LATE = Goal(seconds=0.1), Goal(seconds=0.3)

_TASKS, _UNITS = 12, ("jxj", "scjg", "fgw", "czj", "kjj", "rsj", "330102", "330105", "330110", "330182")
_WORDS = ("数字化", "培育", "贷款", "知识产权", "模拟数据", "上城区", "市经信局", "专精特新", "2022Q3", "批示")
_LIGHTS = ("red", "yellow", "green", "blue")

Address = Callable[[int], str]


def measure(folder: Path, *, items: int) -> Iterator[Measured]:
    """Yield median and 95th percentile of each page with `items` items in the ledger."""
    database = Database(f"sqlite:///{folder / 'portal.db'}")
    fill(database, items)
    office, unit = secrets(database, OFFICE, READERS), secrets(database, UNIT, READERS)
    token = token_of(database, OFFICE)
    database.dispose()
    with serving(folder, "portal.db", "--no-clock") as port:
        raw = _asked(port, office, lambda _: RAW)
        for name, address in _pages(items):
            yield from _figures(name, _asked(port, office, address), raw)
        yield from _figures(
            "/ledger of a unit", _asked(port, unit, lambda number: f"/ledger?page={number % 9 + 1}"), raw
        )
        for name, address, least in _rates(items):
            yield _rate(name, _asked(port, office, address, token), raw, Goal(per_second=least))


def _pages(items: int) -> Iterator[tuple[str, Address]]:
    """Yield what is asked for; a page with a filter is a different one each time."""
    yield "/board", lambda _: "/board"
    yield "/ledger", lambda _: "/ledger"
    yield (
        "/ledger, filtered",
        lambda n: f"/ledger?task={n % _TASKS + 1}&unit={_UNITS[n // _TASKS % len(_UNITS)]}&light={_LIGHTS[n % 4]}",
    )
    yield "/ledger, by light", lambda n: f"/ledger?light={_LIGHTS[n % 4]}&page={n // 4 % 50 + 1}"
    yield "/ledger, searched", lambda n: f"/ledger?scope=all&words={quote(_words(n, items))}&page={n % 7 + 1}"
    yield "/ledger, sorted", lambda n: f"/ledger?sort={('unit', 'title', 'status', 'completed')[n % 4]}&scope=all"
    yield "/ledger, page 500", lambda n: f"/ledger?scope=all&page={500 + n % 100}"
    yield "/items/…", lambda n: f"/items/{n * 997 % items + 1}"


def _rates(items: int) -> Iterator[tuple[str, Address, int]]:
    """Yield what has to be answered so and so often in a second by one worker process."""
    yield "item's pages", lambda n: f"/items/{n * 997 % items + 1}", 200
    yield f"lists of {ROWS} rows", lambda n: f"/api/v1/items?scope=all&size={ROWS}&page={n % 100 + 1}", 120


def _rate(name: str, found: list[float], raw: list[float], goal: Goal) -> Measured:
    """Return how many were answered in the time, beside how often the bare answer was given in as long."""
    called = f"{name}, one worker process"
    return Measured(called, "sqlite", len(found), "pages", SECONDS, RAW, SECONDS, raw_work=len(raw), goal=goal)


def _words(number: int, items: int) -> str:
    """Return what is searched for: what others search for too, and each fifth time what nobody has asked before."""
    return f"第 {number * 61 % items} 号" if number % 5 == 0 else _WORDS[number % len(_WORDS)]


def _figures(name: str, found: list[float], raw: list[float]) -> Iterator[Measured]:
    for called, which, goal in (("median", 50, MEDIAN), ("95th percentile", 95, LATE)):
        seconds, bare = _percentile(found, which), _percentile(raw, which)
        yield Measured(
            f"{name}, {READERS} readers, {called}", "sqlite", READERS, "pages", seconds, RAW, bare, goal=goal
        )


def _percentile(found: list[float], which: int) -> float:
    return quantiles(found, n=100)[which - 1]


def _asked(port: int, cookies: list[str], address: Address, token: str = "") -> list[float]:
    """Return how long each answer took, in seconds, with one reader for each cookie; the first answers are left out."""
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(len(cookies)) as readers:
        found = [
            readers.submit(
                _reader, port, {"Cookie": f"duban={c}", "Authorization": f"Bearer {token}"}, address, place, until
            )
            for place, c in enumerate(cookies)
        ]
        return [seconds for each in found for seconds in each.result()[1:]]


def _reader(port: int, headers: dict[str, str], address: Address, place: int, until: float) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=UP_WITHIN_SECONDS)
    found: list[float] = []
    number = place
    while time.monotonic() < until or len(found) < 3:
        began = time.perf_counter()
        connection.request("GET", address(number), headers=headers)
        answer = connection.getresponse()
        answer.read()
        found.append(time.perf_counter() - began)
        if answer.status != http.client.OK:
            raise RuntimeError(f"{address(number)} answers {answer.status}")
        number += READERS
    connection.close()
    return found


def installed(folder: Path, name: str) -> dict[str, str]:
    """Return the environment of an installation in `folder`: nothing of ours in it, and bytecode is kept."""
    left_out = ("PREFECT_", "DUBAN_", "PYTHONDONTWRITEBYTECODE")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    return environment | {
        "DUBAN_HOME": str(folder), "DUBAN_DATABASE_URL": f"sqlite:///{folder / name}",
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }  # fmt: skip


@contextmanager
def serving(folder: Path, name: str, *options: str) -> Iterator[int]:
    """Run `duban serve` with `options` over a database in `folder`; give its port once it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    environment = installed(folder, name) | {"DUBAN_PORT": str(port)}
    duban = str(Path(sys.executable).with_name("duban"))
    process = subprocess.Popen([duban, "serve", *options], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=UP_WITHIN_SECONDS)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + UP_WITHIN_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("duban serve does not listen")
