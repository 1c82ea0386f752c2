"""What must not be loaded: the engine's library costs seconds, so only a flow that runs may import it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LIGHT = (
    "flows.schedule", "flows.results", "flows.heartbeat", "flows.engine", "flows.clock", "flows.run", "flows.deploy",
    "flows.watch", "web.app", "cli.serve", "cli.engine_commands", "cli.heartbeat",
)  # fmt: skip

CODE = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    if "prefect" in sys.modules:
        sys.exit(f"{name} loads the engine's library")
"""


def test_no_module_that_commands_and_pages_load_loads_the_engine() -> None:
    done = subprocess.run([sys.executable, "-c", CODE, *LIGHT], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
