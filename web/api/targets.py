"""The districts' targets: reading them, a district's word on them, and the office's changes and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import JSONResponse
from sqlmodel import Session

from config.clock import day_ends
from config.errors import UnknownName
from config.terms import TargetState
from supervision.apportion import Given, Overridden, Proposed, Resplit, Wanted
from supervision.apportion.written import number_of, refuse_other_units
from supervision.exact import plain, plain_or_none
from supervision.in_force import InForce
from supervision.ledger import targets as ledger
from supervision.queries import targets as queries
from supervision.queries.people import Actor
from supervision.queries.targets import KnownTarget
from web.api.calling import Caller, Calling, Once, digest_of
from web.api.routing import Endpoints
from web.api.shapes.base import Day
from web.api.shapes.targets import (
    BaselineGiven,
    ConfirmationGiven,
    IndicatorTargets,
    ObjectionGiven,
    SplitGiven,
    TargetChange,
    TargetGiven,
    TargetList,
    TargetsAnswered,
    TargetsChanged,
    TargetShape,
    TargetVersions,
    UpholdingGiven,
)
from web.rules import EVERYBODY, OFFICE, WORKERS

endpoints = Endpoints("目标任务")

Indicator = Annotated[str, Path(max_length=40, pattern=r"^[^\x00]+$", description="指标编号，如 T06")]
District = Annotated[str, Path(max_length=100, pattern=r"^[^\x00]+$", description="区、县（市）的名称或代码")]


@endpoints.get("/targets", EVERYBODY, TargetList, "列出目标")
async def listed(
    call: Calling,
    indicator: Annotated[str | None, Query(max_length=40, description="指标编号")] = None,
    unit: Annotated[str | None, Query(max_length=100, description="区、县（市）的名称或代码")] = None,
    state: TargetState | None = None,
    as_of: Annotated[Day | None, Query(description="当日终了时已知的，默认今日")] = None,
) -> TargetList:
    """Give the targets that the caller sees and that meet every condition."""
    force, day = call.force, as_of or call.force.today
    code = None if unit is None else _district(call, unit)
    board = queries.district_board(
        call.session, force, known_at=day_ends(day), indicator=indicator, unit=code, state=state
    )
    seen = [(each, [line for line in each.lines if _sees(call, line.district)]) for each in board]
    return TargetList(as_of=day, indicators=[_of_indicator(force, each, lines) for each, lines in seen if lines])


@endpoints.get("/targets/{indicator}/{unit}", EVERYBODY, TargetVersions, "一个目标的历次版本")
async def versions(call: Calling, indicator: Indicator, unit: District) -> TargetVersions:
    """Give every version of one district's target, with what was said to each."""
    code = _district(call, unit)
    found = queries.target_versions(
        call.session, call.force, indicator=call.force.plan.indicator(indicator).code, unit=code,
        known_at=day_ends(call.force.today),
    )  # fmt: skip
    return TargetVersions(versions=[_shape(call.force, each) for each in found])


@endpoints.post("/districts/{unit}/targets/confirm", WORKERS, TargetsAnswered, "确认目标")
def confirm(
    call: Calling, request: Request, unit: District, given: ConfirmationGiven, key: Once = None
) -> JSONResponse:
    """Confirm a district's targets: those named, else all that wait for its word."""
    code = _district(call, unit)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        done = ledger.confirm_targets(
            session, force, unit=code, indicators=given.indicators, by=actor, at=force.now, recorded_from=given.source
        )
        return _answered(force, code, done, TargetState.CONFIRMED)

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.post("/targets/{indicator}/{unit}/objection", WORKERS, TargetsAnswered, "提出异议")
def object_to(
    call: Calling, request: Request, indicator: Indicator, unit: District, given: ObjectionGiven, key: Once = None
) -> JSONResponse:
    """Object to one target, with a reason. It holds until the office changes it."""
    code = _district(call, unit)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        ledger.object_to_target(
            session, force, unit=code, indicator=indicator, comment=given.comment, by=actor, at=force.now,
            recorded_from=given.source,
        )  # fmt: skip
        return _answered(force, code, [indicator], TargetState.OBJECTED)

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.post("/targets/{indicator}/{unit}/uphold", OFFICE, TargetsAnswered, "维持目标并答复")
def uphold(
    call: Calling, request: Request, indicator: Indicator, unit: District, given: UpholdingGiven, key: Once = None
) -> JSONResponse:
    """Uphold a target in spite of an objection, with the reason."""
    code = _district(call, unit)

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        ledger.uphold_target(
            session, force, unit=code, indicator=indicator, reason=given.reason, by=actor, at=force.now
        )
        return _answered(force, code, [indicator], TargetState.UPHELD)

    return call.once(key, digest_of(request, given.model_dump_json()), do)


@endpoints.post("/targets/{indicator}/split", OFFICE, TargetsChanged, "重新分解")
def split(call: Calling, request: Request, indicator: Indicator, given: SplitGiven, key: Once = None) -> JSONResponse:
    """Split an indicator's target anew over the districts. The sum stays the city's target."""
    wanted = Resplit(indicator, given.base, given.keep_by_hand)
    return _change(call, request, wanted, given, key)


@endpoints.post("/targets/{indicator}/{unit}", OFFICE, TargetsChanged, "指定一个目标")
def put(
    call: Calling, request: Request, indicator: Indicator, unit: District, given: TargetGiven, key: Once = None
) -> JSONResponse:
    """Give one district another target; the others that were not given by hand share the rest."""
    target = number_of(call.force.plan, indicator, given.target)
    wanted = Overridden(indicator, _district(call, unit), target, given.keep_others)
    return _change(call, request, wanted, given, key)


@endpoints.post("/targets/{indicator}/{unit}/baseline", OFFICE, TargetsChanged, "核定基期值")
def put_baseline(
    call: Calling, request: Request, indicator: Indicator, unit: District, given: BaselineGiven, key: Once = None
) -> JSONResponse:
    """Establish a district's baseline."""
    baseline = number_of(call.force.plan, indicator, given.baseline)
    wanted = Given(baselines={(indicator, _district(call, unit)): baseline})
    return _change(call, request, wanted, given, key)


def _change(
    call: Caller, request: Request, wanted: Wanted, given: SplitGiven | TargetGiven | BaselineGiven, key: str | None
) -> JSONResponse:
    """Write what is wanted and answer it; of a trial nothing is kept, its answer neither."""
    if given.dry_run:
        lines = ledger.preview(call.session, call.force, wanted)
        return JSONResponse(_changed(call.force, lines, {}, (), applied=False))

    def do(session: Session, force: InForce, actor: Actor) -> Mapping[str, Any]:
        done = ledger.change_targets(session, force, wanted, reason=given.reason, by=actor, at=force.now)
        return _changed(force, done.lines, done.versions, done.told, applied=True)

    return call.once(key, digest_of(request, given.model_dump_json()), do)


def _changed(
    force: InForce, lines: Sequence[Proposed], versions: Mapping[tuple[str, str], int], told: Sequence[str], *,
    applied: bool,
) -> dict[str, Any]:  # fmt: skip
    changes = [
        TargetChange(
            indicator=line.indicator, unit=_name(force, line.district), target=plain(line.after.target),
            before=plain(line.before.target) if line.before else None, baseline=plain_or_none(line.after.baseline),
            base=line.after.base, source=line.source, version=versions.get((line.indicator, line.district)),
        )
        for line in lines
    ]  # fmt: skip
    names = [_name(force, code) for code in told]
    return TargetsChanged(applied=applied, changes=changes, told=names).model_dump(mode="json")


def _answered(force: InForce, unit: str, indicators: Sequence[str], state: TargetState) -> dict[str, Any]:
    shape = TargetsAnswered(unit=_name(force, unit), indicators=list(indicators), state=state)
    return shape.model_dump(mode="json")


def _district(call: Caller, text: str) -> str:
    """Return the code of a district that the caller sees.

    Raises UnknownName, in the same words, for a unit that is not there or not seen, BadInput for one of another kind.
    """
    try:
        number = call.force.unit_id(text)
    except UnknownName:
        number = None
    if number is None or not call.sight.sees_unit(number):
        raise UnknownName(f"没有单位“{text}”，或者您无权查看")
    code = call.force.unit_codes[number]
    refuse_other_units(call.force.plan, code, called=text)
    return code


def _sees(call: Caller, district: str) -> bool:
    return call.sight.sees_unit(call.force.unit_ids[district])


def _name(force: InForce, code: str) -> str:
    return force.plan.unit(code).name_on(force.today)


def _of_indicator(force: InForce, found: queries.IndicatorTargets, lines: Sequence[KnownTarget]) -> IndicatorTargets:
    indicator = found.indicator
    return IndicatorTargets(
        indicator=indicator.code, name=indicator.name, unit_of_measure=indicator.unit_of_measure,
        city_target=plain_or_none(indicator.target), clause=indicator.source,
        base=found.base.title if found.base else None, rulings=[each.ruling for each in found.rulings],
        total=plain_or_none(found.total), targets=[_shape(force, line) for line in lines],
    )  # fmt: skip


def _shape(force: InForce, line: KnownTarget) -> TargetShape:
    data = asdict(line)
    code = data.pop("district")
    numbers = {name: plain_or_none(data.pop(name)) for name in ("target", "baseline")}
    return TargetShape(unit=_name(force, code), code=code, **numbers, **data)
