"""What the commands about targets share: reading names and numbers, the preview of a change, the printed lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cli import output, reading
from cli.office import acting, for_reading, unit_id
from config.errors import BadInput
from config.terms import TargetState
from supervision.apportion import Proposed, Wanted
from supervision.apportion.written import number_of, refuse_other_units
from supervision.exact import plain, plain_or_none
from supervision.in_force import InForce
from supervision.ledger import targets as ledger
from supervision.queries.targets import IndicatorTargets, KnownTarget

Asked = Callable[[InForce], Wanted]
"""What is asked for, once the plan in force is known."""


def indicator_code(force: InForce, text: str) -> str:
    """Return the code of the indicator of that code or name. Raises UnknownName with the nearest codes."""
    for indicator in force.plan.indicators:
        if text in (indicator.code, indicator.name):
            return indicator.code
    raise reading.unknown(f"没有指标“{text}”", text, [each.code for each in force.plan.indicators])


def district_code(force: InForce, text: str) -> str:
    """Return the code of the district of that name or code.

    Raises UnknownName with the nearest names, BadInput for a unit of another kind: targets go to districts.
    """
    code = force.unit_codes[unit_id(force, text)]
    refuse_other_units(force.plan, code, called=text)
    return code


def base_code(force: InForce, text: str | None) -> str | None:
    """Return the code of the base of that code or title; None when none was given. Raises UnknownName."""
    bases = force.plan.assessment.bases
    if text is None:
        return None
    for base in bases:
        if text in (base.code, base.title):
            return base.code
    raise reading.unknown(f"没有分解基数“{text}”", text, [base.code for base in bases])


def number(force: InForce, code: str, text: str) -> Decimal:
    """Return the number written as `text` in the indicator's unit of measure. Raises BadInput."""
    return number_of(force.plan, code, text)


def change(
    asked: Asked,
    *,
    by: str | None,
    reason: str | None,
    dry_run: bool,
    at: str | None,
    json: bool,
    reasons: Mapping[tuple[str, str], str] | None = None,
    document: str = "",
) -> None:
    """Do what is asked and print the lines that it changes; with `dry_run` print them and write nothing.

    Raises BadInput when it is to be written without saying who does it and why.
    """
    reading.moment_if(at, "--at")  # what is wrong is said also where nothing is written
    if dry_run:
        with for_reading() as (session, force):
            lines = ledger.preview(session, force, asked(force))
            _print(force, lines, {}, (), json, applied=False)
        return
    if by is None or reason is None:
        raise BadInput("写入须有 --by（办理人）和 --reason（理由）；只看结果请加 --dry-run")
    with acting(by, at) as (session, force, who, moment):
        done = ledger.change_targets(
            session, force, asked(force), reason=reason, by=who, at=moment, reasons=reasons, document=document
        )
    _print(force, done.lines, done.versions, done.told, json, applied=True)


def _print(
    force: InForce,
    lines: Sequence[Proposed],
    versions: Mapping[tuple[str, str], int],
    told: Sequence[str],
    json: bool,
    *,
    applied: bool,
) -> None:
    names = [force.plan.unit(code).name for code in told]
    if json:
        rows = [_change_as_json(force, line, versions.get((line.indicator, line.district))) for line in lines]
        output.as_json({"applied": applied, "changes": rows, "told": names})
        return
    title = "目标已变动" if applied else "目标变动试算（未写入）"
    columns = ("指标", "区、县（市）", "原目标", "新目标", "基期值", "依据")
    output.table(f"{title}，共 {len(lines)} 项", columns, (_change_row(force, line) for line in lines))
    if names:
        output.sentence(f"已列入待发通知：{'、'.join(names)}")


def _change_as_json(force: InForce, line: Proposed, version: int | None) -> dict[str, Any]:
    return {
        "indicator": line.indicator,
        "unit": force.plan.unit(line.district).name,
        "before": line.before.target if line.before else None,
        "target": line.after.target,
        "baseline": line.after.baseline,
        "base": line.after.base,
        "source": line.source,
        "version": version,
    }


def _change_row(force: InForce, line: Proposed) -> Sequence[object]:
    before = plain(line.before.target) if line.before else None
    name, after = force.plan.unit(line.district).name, line.after
    return line.indicator, name, before, plain(after.target), plain_or_none(after.baseline), line.source


COLUMNS = ("代码", "区、县（市）", "目标", "基期值", "版本", "状态", "依据", "理由", "异议与答复")


def row(force: InForce, line: KnownTarget) -> Sequence[object]:
    """Return a target as a line of the table."""
    name, said = force.plan.unit(line.district).name, "；".join(_said(line))
    about = (line.district, name, plain_or_none(line.target), plain_or_none(line.baseline), line.version, line.state)
    return (*about, line.source, line.reason, said)


def _said(line: KnownTarget) -> Iterator[str]:
    if line.comment:
        yield f"异议：{line.comment}"
    if line.answer:
        yield f"维持：{line.answer}"


def title(each: IndicatorTargets) -> str:
    """Return an indicator's heading: what it is, the city's target, and what the districts add up to."""
    indicator = each.indicator
    city = "无目标值" if indicator.target is None else f"{plain(indicator.target)}{indicator.unit_of_measure}"
    total = "" if each.total is None else f"，各区、县（市）合计 {plain(each.total)}"
    return f"{indicator.code} {indicator.name}：全市 {city}（{indicator.text}，{indicator.source}）{total}"


def basis(each: IndicatorTargets) -> list[str]:
    """Return what an indicator's targets rest on, a line each: the base with its label, and the rulings."""
    lines = [f"裁定（{ruling.date}）{ruling.topic}：{ruling.ruling}" for ruling in each.rulings]
    if each.base is not None:
        base = each.base
        lines.insert(0, f"分解基数：{base.title}（{base.label}；{base.source}）")
    return lines


def as_json(force: InForce, each: IndicatorTargets) -> dict[str, Any]:
    """Return an indicator's targets as `--json` prints them."""
    indicator, base = each.indicator, each.base
    return {
        "code": indicator.code,
        "name": indicator.name,
        "text": indicator.text,
        "clause": indicator.source,
        "unit_of_measure": indicator.unit_of_measure,
        "target": indicator.target,
        "total": each.total,
        "base": base and {"code": base.code, "title": base.title, "label": base.label, "source": base.source},
        "rulings": [{"topic": r.topic, "ruling": r.ruling, "date": r.date} for r in each.rulings],
        "districts": [_line_as_json(force, line) for line in each.lines],
    }


def _line_as_json(force: InForce, line: KnownTarget) -> dict[str, Any]:
    keys = (
        "version", "target", "baseline", "base", "by_hand", "source", "reason", "set_by", "set_at", "state",
        "confirmed_by", "confirmed_at", "objected_by", "objected_at", "comment", "answered_by", "answered_at", "answer",
    )  # fmt: skip
    named = {"code": line.district, "name": force.plan.unit(line.district).name}
    return named | {key: getattr(line, key) for key in keys}


def say(json: bool, force: InForce, unit: str, codes: Sequence[str], state: TargetState) -> None:
    """Print what a district's targets have become by an act."""
    name = force.plan.unit(unit).name
    if json:
        output.as_json({"unit": name, "indicators": list(codes), "state": state.value})
    else:
        output.sentence(f"{name} {'、'.join(codes)}：{state.label}")
