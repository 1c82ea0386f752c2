"""Registering the flows on a Prefect server of one's own: `duban deploy`.

A deployment is a flow, a plan and a cadence; each key task has its own, so that work is spread over workers by plan
and key task. Workers find the code as the installed package, and everything else in their environment.
No concurrency limit is set: a run whose worker was killed keeps its slot, and its successors never start. Two runs
at once are harmless, because every row they make has a unique key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from config.clock import ZONE
from config.errors import BadInput
from config.settings import Settings
from database import Database
from flows.catalogue import known_flow
from flows.client import connected, prepare
from flows.engine import engine
from flows.engine_child import QUIET
from flows.heartbeat import KEY_TASK, MAKE_UP, PLAN, SAFEGUARDS
from flows.plans import plans_in_force
from flows.schedule import Scheduled, schedule, strikes
from supervision.in_force import InForce

OURS = "duban"
"""The tag and the slug by which we know our own deployments and schedules again."""

MAKE_UP_CRON = "*/10 * * * *"
"""How often a worker looks for what another one left undone: well within half the shortest grace."""

SETTLE_SECONDS = 6
"""Longer than one round of the server's scheduler, which may still be making runs by what it read before."""


@dataclass(frozen=True)
class Deployment:
    """One deployment as it is to be registered. `cron` is read on the wall clock of `zone`."""

    flow: str
    name: str
    cron: str
    zone: str
    tags: tuple[str, ...]
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Return the name the engine knows it by: `flow/deployment`."""
        return f"{self.flow.replace('_', '-')}/{self.name}"


def deployments(force: InForce, entries: Sequence[Scheduled]) -> tuple[Deployment, ...]:
    """Return the deployments of one plan: one for each key task and the safeguards, one for each other flow."""
    found: list[Deployment] = []
    for entry in entries:
        if entry.flow == PLAN:
            found += [_deployment(force, entry, KEY_TASK, number=task.number) for task in force.plan.key_tasks]
            found.append(_deployment(force, entry, SAFEGUARDS))
        else:
            found.append(_deployment(force, entry, entry.flow))
    return (*found, _making_up(force))


def _making_up(force: InForce) -> Deployment:
    """Return what takes the place of the embedded clock's making up."""
    code = force.plan.code
    return Deployment(MAKE_UP, code, MAKE_UP_CRON, ZONE.key, (OURS, code), {"plan": code})


def _deployment(force: InForce, entry: Scheduled, flow: str, number: int | None = None) -> Deployment:
    code = force.plan.code
    part = [] if number is None else [f"task-{number:02d}"]
    return Deployment(
        flow=flow,
        name="-".join([code, *part]),
        cron=_every_day(entry) if entry.move else entry.cron,
        zone=entry.zone.key,
        tags=(OURS, code, *part),
        parameters={"plan": code} | ({} if number is None else {"number": number}),
    )


def _every_day(entry: Scheduled) -> str:
    """Return the hour of `entry` on every day: a cron cannot move along working days, so the flow looks for itself."""
    minute, hour, *_ = entry.cron.split()
    return f"{minute} {hour} * * *"


@dataclass(frozen=True)
class Deployed:
    """What is registered now, and the names of what was removed because nothing calls for it any more."""

    work_pool: str
    deployments: tuple[Deployment, ...]
    removed: tuple[str, ...]


def deploy(settings: Settings, database: Database) -> Deployed:
    """Register the deployments of every plan (of `settings.plan`, when set) and their work pool.

    A demonstration keeps its own day and is left out. Run twice it leaves the same deployments with one schedule
    each; whether one is paused stays as it is.
    Raises BadInput without `engine_url`, EngineError when nothing answers there.
    """
    if not settings.engine_url:
        raise BadInput(
            "尚未指定流程引擎：请先运行 prefect server start，并设 DUBAN_ENGINE_URL（如 http://主机:4200/api）"
        )
    real = [force for force in plans_in_force(settings, database) if not force.demonstrated_until]
    wanted = {force.plan.code: deployments(force, schedule()) for force in real}
    prepare(settings.home)
    with engine(settings) as running:

        async def register() -> tuple[str, ...]:
            async with connected(running):
                return await _register(settings.work_pool, wanted)

        removed = asyncio.run(register())
    return Deployed(settings.work_pool, tuple(each for plan in wanted.values() for each in plan), removed)


async def _register(work_pool: str, wanted: dict[str, tuple[Deployment, ...]]) -> tuple[str, ...]:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        await _ensure_pool(client, work_pool)
        moved = [each for plan in wanted.values() for each in plan if await _apply(client, each, work_pool)]
        removed = []
        for code, plan in wanted.items():
            removed += await _remove_others(client, code, {each.full_name for each in plan})
        if moved:
            await asyncio.sleep(SETTLE_SECONDS)
            for each in moved:
                await _remove_stale_runs(client, each)
    return tuple(removed)


async def _ensure_pool(client: Any, work_pool: str) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    try:
        await client.create_work_pool(WorkPoolCreate(name=work_pool, type="process"))
    except ObjectAlreadyExists:
        pass  # of whatever type: an office may run its workers in containers


async def _apply(client: Any, each: Deployment, work_pool: str) -> bool:
    """Register one deployment; return whether its schedule was another before.

    The slug keeps the schedule's identity, and so the identity of its runs: registered without one, a schedule is
    replaced, and the runs that the server was just then making for the old one stay beside the new ones.
    """
    from prefect.client.schemas.objects import VersionInfo
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    before = await _schedule_before(client, each)
    active = before is None or before.active
    registered = (
        await known_flow(each.flow)
        .load()
        .ato_deployment(
            name=each.name,
            schedule=Cron(each.cron, timezone=each.zone, slug=OURS, active=active),
            parameters=each.parameters,
            tags=list(each.tags),
            job_variables={"env": dict(QUIET)},
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
    )
    version = VersionInfo(type="prefect:simple", version=metadata.version("duban"))
    await registered.aapply(work_pool_name=work_pool, version_info=version)
    return before is not None and (before.schedule.cron, before.schedule.timezone) != (each.cron, each.zone)


async def _schedule_before(client: Any, each: Deployment) -> Any:
    from prefect.exceptions import ObjectNotFound

    try:
        found = await client.read_deployment_by_name(each.full_name)
    except ObjectNotFound:
        return None
    return next((schedule for schedule in found.schedules if schedule.slug == OURS), None)


async def _remove_stale_runs(client: Any, each: Deployment) -> None:
    """Remove the runs that the server was making by the old cadence while it was told the new one."""
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
    from prefect.client.schemas.objects import StateType

    found = await client.read_deployment_by_name(each.full_name)
    waiting = await client.read_flow_runs(
        deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [found.id]}}),
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": [StateType.SCHEDULED]}}}),
    )
    for run in waiting:
        if run.auto_scheduled and not strikes(each.cron, each.zone, run.expected_start_time):
            await client.delete_flow_run(run.id)


async def _remove_others(client: Any, code: str, wanted: set[str]) -> list[str]:
    """Remove our deployments of this plan that nothing calls for: left behind, they would go on running."""
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

    mine = DeploymentFilter(tags=DeploymentFilterTags(all_=[OURS, code]))
    removed = []
    for found in await client.read_deployments(deployment_filter=mine):
        flow = await client.read_flow(found.flow_id)
        name = f"{flow.name}/{found.name}"
        if name not in wanted:
            await client.delete_deployment(found.id)
            removed.append(name)
    return removed
