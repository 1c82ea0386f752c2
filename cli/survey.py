"""`duban survey`: estimates from a sample survey."""

from __future__ import annotations

import hashlib
import json as json_format
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import output, reading
from cli.office import acting, for_reading
from cli.options import AsOf, At, Json
from config.errors import BadInput, UnknownName
from config.plan.schema.surveys import Survey
from config.terms import Cadence
from documents.data_files import read_data_file
from supervision.exact import exact, half_up
from supervision.indices import OWN
from supervision.indices.sample_reading import (
    FRAME_COLUMNS,
    FRAME_REQUIRED,
    read_frame,
    read_sample,
    sample_columns,
    sample_required,
)
from supervision.indices.survey import Findings, findings
from supervision.ledger.surveys import record_survey
from supervision.periods import Period, parse_period, periods
from supervision.queries.surveys import survey_results

app = typer.Typer(add_completion=False)

KINDS = {"mean": "均值", "total": "总量", "share": "比例"}


@app.command(
    "list", help="列出抽样调查：问题、分组、不予显示的下限。", epilog="duban survey list\nduban survey list --json"
)
def list_surveys(json: Json = False) -> None:
    """Print the surveys of the plan."""
    with for_reading() as (_, force):
        found = force.plan.statistics.surveys
    if json:
        output.as_json({"surveys": [survey.model_dump(mode="json") for survey in found]})
        return
    rows = [
        [survey.code, survey.title, Cadence(survey.frequency).label, question.code, question.title,
         KINDS[question.kind], question.unit_of_measure, "、".join(b.title for b in survey.breakdowns),
         survey.min_respondents]
        for survey in found
        for question in survey.questions
    ]  # fmt: skip
    output.table("抽样调查", ["代码", "名称", "频率", "问题", "内容", "推算", "单位", "分组", "显示下限"], rows)


@app.command(
    "estimate",
    help="由抽样文件推算总体。\n\nFILE 是样本（抽中而未答的也要列），--frame 是各层的总体单位数。列出样本量、应答率、"
    "估计值和标准误；样本不足的格子不显示，能由合计倒推的格子也不显示。原始答案不入库。",
    epilog="duban survey estimate 样本.csv --frame 总体.csv --survey operations --period 2022Q2\n"
    "duban survey estimate 样本.csv --frame 总体.csv --survey operations --period 2022Q2 --record --by office.clerk",
)
def estimate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="样本文件（.csv）")],
    frame: Annotated[Path, typer.Option("--frame", metavar="FILE", help="总体文件（.csv）：层、总体数")],
    survey: Annotated[str, typer.Option("--survey", metavar="CODE", help="抽样调查的代码（duban survey list）")],
    period: Annotated[str, typer.Option("--period", metavar="P", help="周期，如 2022Q2")],
    record: Annotated[bool, typer.Option("--record", help="把推算结果（不含原始答案）记入数据库")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="LOGIN", help="记入人的登录名，--record 时必填")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Estimate the population from the sample in FILE; record the result when told to."""
    wanted = parse_period(period)
    reading.moment_if(at, "--at")  # what is wrong is said also where nothing is written
    if record and by is None:
        raise BadInput("记入调查结果须用 --by 写明记入人")
    with for_reading() as (_, force):
        defined = force.plan.statistics.survey_of(survey)
    found, digest = _found(defined, wanted, file, frame)
    content: dict[str, Any] = found.as_json()
    if record and by is not None:
        with acting(by, at) as (session, force, who, moment):
            kept = record_survey(session, force, found, digest, by=who, at=moment)
        content |= {"version": kept.version, "unchanged": kept.unchanged}
    _print(content, json)


def _found(survey: Survey, period: Period, file: Path, frame: Path) -> tuple[Findings, str]:
    (own,) = periods(Cadence(survey.frequency), start=period.first, end=period.first)
    if own != period:
        raise BadInput(f"“{period}”不是调查 {survey.code} 的周期，应写成 {own} 的形式")
    frame_table = read_data_file(frame, FRAME_COLUMNS, required=FRAME_REQUIRED)
    population = read_frame(frame_table)
    table = read_data_file(file, sample_columns(survey), required=sample_required(survey))
    sample = read_sample(table, survey, population)
    defined = json_format.dumps(survey.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    parts = f"{table.digest}{frame_table.digest}{defined}"
    return findings(survey, str(period), sample, population), hashlib.sha256(parts.encode()).hexdigest()


@app.command(
    "show",
    help="显示记入的一次调查结果。",
    epilog="duban survey show operations 2022Q2\nduban survey show operations 2022Q2 --as-of 2022-08-01 --json",
)
def show(
    survey: Annotated[str, typer.Argument(metavar="CODE", help="抽样调查的代码（duban survey list）")],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="周期，如 2022Q2")],
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Print the newest recorded result of a survey, as known on a day."""
    wanted, given = parse_period(period), reading.day_if(as_of, "--as-of")
    with for_reading() as (session, force):
        force.plan.statistics.survey_of(survey)
        kept = survey_results(session, force, survey=survey, period=str(wanted), as_of=given)
    if not kept:
        raise UnknownName(f"{survey} 没有记入 {wanted} 的结果；请用 duban survey estimate … --record 记入")
    _print({**kept[-1].content, "version": kept[-1].version}, json)


def _print(content: Mapping[str, Any], json: bool) -> None:
    if json:
        output.as_json(content)
        return
    version = f"，第 {content['version']} 版" if "version" in content else ""
    unchanged = "（与上次记入的相同）" if content.get("unchanged") else ""
    output.sentence(f"{content['title']} {content['period']}（{OWN}{version}）{unchanged}")
    plain, weighted = content["response_rates"], content["weighted_response_rates"]
    output.sentence(
        f"总体 {content['population']}，抽样 {content['sample']}，有效回答 {content['respondents']}；"
        f"应答率 RR2 {_percent(plain['rr2'])}（加权 {_percent(weighted['rr2'])}），"
        f"其中完整回答 RR1 {_percent(plain['rr1'])}（加权 {_percent(weighted['rr1'])}），"
        f"RR3 {_percent(plain['rr3'])}（加权 {_percent(weighted['rr3'])}）"
    )
    for table in content["tables"]:
        if table["breakdown"] is None and any(_also_broken_down(content, table)):
            continue
        title = f"{table['title']}（{table['unit_of_measure']}，{KINDS[table['kind']]}，{OWN}）"
        rows = [_row(cell) for cell in table["cells"]]
        output.table(title, ["分组", "估计值", "标准误", "变异系数", "有效回答", "说明"], rows)


def _also_broken_down(content: Mapping[str, Any], total: Mapping[str, Any]) -> list[bool]:
    return [t["question"] == total["question"] and t["breakdown"] is not None for t in content["tables"]]


def _row(cell: Mapping[str, Any]) -> list[object]:
    variation = None if cell["variation"] is None else _percent(cell["variation"])
    remarks = "；".join(text for text in (cell["mark"], cell["because"]) if text)
    error = cell["standard_error"] if cell["shown"] == "shown" else "…"
    return [cell["group"], cell["text"], error, variation, cell["respondents"], remarks]


def _percent(share: str) -> str:
    return f"{half_up(exact(Decimal(share)) * 100, 1)}%"
