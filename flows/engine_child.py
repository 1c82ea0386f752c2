"""One Prefect server as a child process on loopback: started, waited for, stopped."""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import EngineError

LOOPBACK = "127.0.0.1"
STARTUP_SECONDS = 120
"""A first start migrates the engine's database and compiles its code; on a slow disk that takes a while."""
STOP_SECONDS = 5
"""Then it is killed: its database survives that, and holds nothing of ours."""
_POLL_SECONDS = 0.2
_PROBE_SECONDS = 5.0
_FIRST_PROBE_SECONDS = 1.0
"""While it starts, its socket takes a request and leaves it lying: so each is short, to see an end asked for."""
_SECRET_BYTES = 24
_KEEP_RUNS_SECONDS = 30 * 24 * 60 * 60
_KEEP_EVENTS = "P7D"

QUIET: Mapping[str, str] = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
}
"""Everything that would phone home or measure, off. prefect.toml says the same for servers and workers."""

_EMBEDDED: Mapping[str, str] = {
    # The clock is ours, and there are no deployments: what would look for late or scheduled runs has nothing to do.
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    # A run every five minutes for years: the engine's book of runs is no record of ours, it may forget.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(_KEEP_RUNS_SECONDS),
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": _KEEP_EVENTS,
}


@dataclass(frozen=True)
class Engine:
    """A Prefect server that flows report to. `auth` is `user:password`, empty for a server without one."""

    api_url: str
    auth: str = ""

    def answers(self, within: float = _PROBE_SECONDS) -> bool:
        """Return whether the server takes requests, and takes ours, `within` seconds each."""
        try:
            with urllib.request.urlopen(_request(self, "/health"), timeout=within) as answer:  # noqa: S310
                healthy = json.load(answer) is True
            with urllib.request.urlopen(_request(self, "/version"), timeout=within):  # noqa: S310
                return healthy
        except (OSError, ValueError):
            return False


class Child:
    """A Prefect server started by this process, which ends with it whatever happens."""

    def __init__(self, home: Path) -> None:
        """Start the server, its files under `home`/engine and its output in `home`/logs/engine.log. Does not wait."""
        folder = (home / "engine").absolute()
        self._served = False
        with socket.create_server((LOOPBACK, 0)) as listening:
            port = listening.getsockname()[1]
            self.engine = Engine(f"http://{LOOPBACK}:{port}/api", f"duban:{secrets.token_urlsafe(_SECRET_BYTES)}")
            self.log = _fresh_log(home)
            with self.log.open("w", encoding="utf-8") as output:
                self._process = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-P", "-m", "flows.engine_server", str(listening.fileno())],
                    env=_environment(folder, self.engine),
                    stdin=subprocess.PIPE,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    pass_fds=[listening.fileno()],
                    start_new_session=True,  # Ctrl-C is for the parent, which stops the child when it is done with it
                )

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def wait_until_ready(self, stop: threading.Event | None = None) -> Engine:
        """Return the engine once it answers.

        Raises EngineError when the process ends first, `stop` is set, or it takes longer than STARTUP_SECONDS.
        """
        stop = stop or threading.Event()
        given_up = time.monotonic() + STARTUP_SECONDS
        while self.alive and not stop.wait(_POLL_SECONDS) and time.monotonic() < given_up:
            if self.engine.answers(within=_FIRST_PROBE_SECONDS):
                self._served = True
                return self.engine
        self.stop()
        raise EngineError(f"流程引擎未能启动，原因见 {self.log}")

    def stop(self) -> None:
        """End the server and wait until it is gone; one that has not served anything yet is not waited for."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS if self._served else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _request(engine: Engine, path: str) -> urllib.request.Request:
    headers = {}
    if engine.auth:
        headers["Authorization"] = "Basic " + base64.b64encode(engine.auth.encode()).decode()
    return urllib.request.Request(engine.api_url + path, headers=headers)  # noqa: S310


def _environment(folder: Path, engine: Engine) -> dict[str, str]:
    """Return the child's environment: ours without any PREFECT_ setting of the user's, and all of its own."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    code = str(Path(__file__).resolve().parent.parent)
    folder.mkdir(parents=True, exist_ok=True)
    return {
        **inherited,
        **QUIET,
        **_EMBEDDED,
        "PYTHONPATH": os.pathsep.join(part for part in (code, inherited.get("PYTHONPATH", "")) if part),
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": engine.api_url,
        "PREFECT_SERVER_API_AUTH_STRING": engine.auth,
        "PREFECT_API_AUTH_STRING": engine.auth,
        # Any web page may send requests to loopback: only the engine's own pages may read the answers.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": engine.api_url.removesuffix("/api"),
        "PREFECT_SERVER_UI_API_URL": engine.api_url,
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(folder / "ui"),
    }


def _fresh_log(home: Path) -> Path:
    """Return the path of a new log; the one of the run before is kept beside it."""
    log = (home / "logs" / "engine.log").absolute()
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))
    return log
