"""One run of one flow through the engine, on demand: `duban run FLOW`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from config.errors import BadInput
from config.settings import Settings
from flows.catalogue import Known, known_flow
from flows.client import connected, prepare
from flows.engine import Engine, engine
from flows.installation import working_in

_WORDS = {"as_of": "日期", "at": "时刻", "number": "重点任务编号", "quarter": "季度"}


def run(name: str, settings: Settings, **parameters: date | datetime | int | str | None) -> Any:
    """Run the flow called `name` through the engine and return its result.

    Parameters that are None are left to the flow. Raises UnknownName for a flow that is not there, BadInput for a
    parameter it does not take or needs, EngineError without an engine, and whatever the flow raises.
    """
    flow = known_flow(name)
    given = checked(name, parameters)
    with engine(settings) as running:
        return asyncio.run(call(flow, settings, running, **given))


async def call(flow: Known, settings: Settings, running: Engine, **arguments: Any) -> Any:
    """Run `flow` in the installation of `settings`, reporting to `running`; return its result."""
    prepare(settings.home)
    async with connected(running):
        with working_in(settings):
            return await flow.load()(**arguments)


def checked(name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that are given. Raises UnknownName, and BadInput for one that is not taken, or missing."""
    flow = known_flow(name)
    given = {key: value for key, value in parameters.items() if value is not None}
    for key in given:
        if key not in flow.parameters | {"plan"}:
            raise BadInput(f"流程 {flow.name} 没有“{_WORDS.get(key, key)}”这个参数")
    if "number" in flow.parameters and "number" not in given:
        raise BadInput(f"流程 {flow.name} 需要重点任务编号，如 --task 3")
    return given
