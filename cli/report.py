"""`duban report`: bulletin, explanation, scoring workbook and charts of an assessed quarter, as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import output, reading
from cli.options import Json, Quarter
from config.errors import BadInput, FontsMissing, UnknownName
from config.terms import Population

if TYPE_CHECKING:
    from sqlmodel import Session

    from documents.bulletin.report import Material, Report
    from supervision.in_force import InForce
    from supervision.periods import Period

app = typer.Typer(add_completion=False)


@app.command(
    "report",
    help="生成考核通报、得分说明、评分工作簿和图表。\n\n"
    "用已存档的最近一次考核结果；还没有的，请先运行 duban assess。"
    "不写 --population 时，区、县（市）的放在 DIR，成员单位的（有存档的话）放在 DIR 下的“成员单位”目录。"
    "没有中文字体的机器上只生成 .docx 和 .xlsx。",
    epilog="duban report 2022Q2 --out report-2022Q2\nduban report 2022Q2 --population units --out units-2022Q2 --json",
)
def report(
    quarter: Quarter,
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="写到哪个目录，没有的会建立；同名文件会被替换")],
    population: Annotated[
        str | None,
        typer.Option("--population", metavar="P", help="考核对象：districts（区、县（市））或 units（成员单位）"),
    ] = None,
    json: Json = False,
) -> None:
    """Write the files of the report on QUARTER and print their names."""
    from cli.office import for_reading
    from documents.bulletin import report as reports
    from supervision.periods import parse_quarter

    of = parse_quarter(quarter)
    wanted = reading.term_if(Population, population, "考核对象")
    folder = _folder(out)
    with for_reading() as (session, force):
        found = _stored(session, force, of, wanted)
    made = [reports.report(each) for each in found]
    files = [
        reports.File(_below(place, each) + file.name, file.content)
        for place, each in enumerate(made)
        for file in each.files
    ]
    paths = reports.write(files, folder)
    _show(quarter, made, paths, json)
    refused: FontsMissing | None = next((each.refused for each in made if each.refused is not None), None)
    if refused is not None:
        raise FontsMissing(f"PDF 和图表没有生成，其余文件已写好：{refused}")


def _folder(out: str) -> Path:
    folder = Path(out)
    if not out.strip() or "\0" in out:
        raise BadInput("--out 应为一个目录")
    # Told before anything is drawn, which takes a while.
    nearest = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    if not nearest.is_dir():
        raise BadInput(f"--out {folder} 不能用作目录：{nearest} 是文件")
    return folder


def _below(place: int, made: Report) -> str:
    """Return the folder of the second population below the first one's."""
    return f"{made.facts.who}/" if place else ""


def _stored(session: Session, force: InForce, quarter: Period, wanted: Population | None) -> list[Material]:
    """Return what the wanted population's report is made from; without one, every population's that was assessed.

    Raises UnknownName, which says how to make one, when there is none.
    """
    from documents.bulletin.report import material

    if wanted is not None:
        return [material(session, force, quarter, wanted)]
    found: list[Material] = []
    missing: UnknownName | None = None
    for population in Population:
        try:
            found.append(material(session, force, quarter, population))
        except UnknownName as error:
            missing = missing or error
    if not found and missing is not None:
        raise missing
    return found


def _show(quarter: str, made: Sequence[Report], paths: Sequence[Path], json: bool) -> None:
    if json:
        runs = [
            {
                "population": each.facts.population.value,
                "vintage": each.facts.run.vintage,
                "as_of": each.facts.run.as_of,
                "state": each.facts.run.state.value,
            }
            for each in made
        ]
        output.as_json({"quarter": quarter, "runs": runs, "files": [str(path) for path in paths]})
        return
    for each in made:
        run = each.facts.run
        output.sentence(
            f"{each.facts.quarter.in_words}{each.facts.who}考核结果第 {run.vintage} 版，"
            f"数据截至 {run.as_of}，{run.state.label}"
        )
    for path in paths:
        output.line(f"  {path}")
